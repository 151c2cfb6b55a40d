"""The command line takes amounts exactly, and refuses what is none before anything is stored."""

from pathlib import Path

import pytest

from kasa.application.ports.bundle import Ports
from kasa.domain.identity.access import Actor
from tests.unit.entrypoints.cli.conftest import Command
from tests.unit.test_exact_amounts import REFUSED

pytestmark = pytest.mark.A6

LARGEST = "9999999999999.99"


@pytest.fixture
def shop(command: Command) -> Command:
    """Return the command line of a shop that counts in dollars, with a product."""
    command("tenant", "open", "Sokha Textiles", "--currency", "USD")
    command("stock", "add", "CAP", "Cap", "--price", "15", "--on-hand", "5")
    return command


def _events(ports: Ports) -> list[int]:
    """Return how much ever happened in each shop."""
    with ports.unit_of_work.platform() as work:
        tenants = work.tenants.ids()
    found = []
    for tenant in tenants:
        with ports.unit_of_work.read_only(Actor.system(tenant)) as view:
            found.append(len(view.events.trail(limit=100).items))
    return found


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_amount_is_refused_and_stored_nowhere(
    shop: Command, ports: Ports, tmp_path: Path, text: str
) -> None:
    """A cost and a due of any bad form end with its code."""
    picture = tmp_path / "receipt.png"
    picture.write_bytes(b"a receipt")
    before = _events(ports)
    for arguments in (
        ("stock", "receive", "CAP", "1", f"--cost={text}"),
        ("match", "attack", picture, f"--amount={text}", "--recipient", "SOKHA"),
    ):
        ended = shop(*arguments, "--json")
        assert (2, REFUSED[text]) == (ended.code, ended.document["error"]["code"]), arguments
    assert before == _events(ports)


def test_the_largest_amount_comes_back_as_it_was_typed(shop: Command) -> None:
    """To the cent, through the store and back to the screen."""
    shop("stock", "receive", "CAP", "1", "--cost", LARGEST)
    (row,) = shop("stock", "show", "--json").data["items"]
    assert int(LARGEST.replace(".", "")) == row["value_minor"]
