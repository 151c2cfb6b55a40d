"""A shop leaves, from the command line."""

from datetime import timedelta
from pathlib import Path

import pytest

from kasa.adapters.memory.outside import StoppedClock
from tests.unit.entrypoints.cli.conftest import Command

SHOP = "Sokha Textiles"
pytestmark = pytest.mark.G8


@pytest.fixture(autouse=True)
def shop(command: Command) -> str:
    """Open a shop and return its id."""
    return str(command("tenant", "open", SHOP, "--json").data["id"])


@pytest.mark.parametrize("name", ["shop.zip", "shop"])
def test_a_shop_is_handed_out_once(command: Command, tmp_path: Path, name: str) -> None:
    """What was written is whole, verifies, and is not written over."""
    target = tmp_path / name
    made = command("tenant", "export", target, "--json").data
    assert (SHOP, []) == (made["shop"], made["missing"])
    assert made == command("tenant", "verify", target, "--json").data
    again = command("tenant", "export", target)
    assert (6, True) == (again.code, "(archive.exists)" in again.err)


def test_staff_does_not_hand_out(command: Command, tmp_path: Path) -> None:
    """Neither an administrator nor a clerk, and nothing is left of the attempt."""
    ended = command("tenant", "export", tmp_path / "shop.zip", "--as", "admin")
    assert (5, []) == (ended.code, list(tmp_path.iterdir()))


@pytest.mark.parametrize("part", ["manifest.json", "tables/events.jsonl", "tables/tenants.jsonl"])
@pytest.mark.parametrize("how", ["cut", "changed", "doubled", "gone", "added"])
def test_a_damaged_archive_is_refused(
    command: Command, tmp_path: Path, part: str, how: str
) -> None:
    """One byte less, one byte else, a part too few or too many: it is not called whole."""
    target = tmp_path / "shop"
    command("tenant", "export", target)
    data = (target / part).read_bytes()
    match how:
        case "cut":
            (target / part).write_bytes(data[:-2])
        case "changed":
            (target / part).write_bytes(data.replace(b"a", b"b", 1) + b" " * (b"a" not in data))
        case "doubled":
            (target / part).write_bytes(data + data)
        case "gone":
            (target / part).unlink()
        case "added":
            (target / f"{part}.more").write_bytes(data)
    ended = command("tenant", "verify", target)
    assert 2 == ended.code
    assert "(archive." in ended.err


def test_a_shop_is_erased_after_its_days(
    command: Command, clock: StoppedClock, tmp_path: Path
) -> None:
    """Not while it is open, not before its time, not under another name; then for ever."""
    erase = ("tenant", "erase", "--archive", tmp_path / "shop.zip")
    assert "(tenant.name_not_retyped)" in command(*erase, "--confirm", "Sokha").err
    assert "(tenant.wrong_state)" in command(*erase, "--confirm", SHOP).err
    assert 0 == command("tenant", "close").code
    clock.pass_time(timedelta(days=29))
    assert "(tenant.not_yet)" in command(*erase, "--confirm", SHOP).err
    assert [] == list(tmp_path.iterdir())
    clock.pass_time(timedelta(days=1))
    assert "erased" in command(*erase, "--confirm", SHOP).err
    assert [] == command("tenant", "list", "--json").data["items"]
    assert 0 == command("tenant", "verify", tmp_path / "shop.zip").code


def test_a_closed_shop_is_kept_after_all(command: Command) -> None:
    """Closing is withdrawn within its days."""
    assert "closed" == command("tenant", "close", "--json").data["state"]
    assert "open" == command("tenant", "close", "--withdraw", "--json").data["state"]


def test_an_interrupted_erasure_is_completed(command: Command, tmp_path: Path, shop: str) -> None:
    """With its archive at hand the same command goes on, and names what it is about."""
    command("tenant", "export", tmp_path / "shop.zip")
    erase = ("tenant", "erase", "--archive", tmp_path / "shop.zip", "--confirm", SHOP)
    assert "(archive.foreign)" in command(*erase, "--force", "mistake").err
    done = command(*erase, "--force", "mistake", "--tenant", shop, "--json").data
    assert done["erased"]["rows"] > 0
    assert "accounting" in done["law"].lower()
    again = command(*erase, "--force", "mistake", "--tenant", shop, "--json").data
    assert 0 == again["erased"]["rows"]
