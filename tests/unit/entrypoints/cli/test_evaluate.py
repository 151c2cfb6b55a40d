"""`kasa match evaluate` and `match attack`: their options, exit codes and refusals."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kasa.adapters.memory.outside import StoppedClock
from kasa.application.ports.bundle import Ports
from tests.unit.entrypoints.cli.conftest import Command
from tests.unit.entrypoints.cli.test_payment import INVOICE, _receipt


@pytest.fixture
def shop(command: Command) -> Command:
    """Return the command line of a shop with an account and an open invoice of 40,000 riel."""
    command("tenant", "open", "Sokha Textiles")
    command("account", "add", "ABA", "001234567", "--name", "SOKHA TEXTILES")
    command("invoice", "new", "--item", "Scarf=2@20000", "--issue")
    return command


@pytest.fixture
def labelled(ports: Ports, tmp_path: Path) -> Path:
    """Return a folder with one honest receipt and its label."""
    return _labelled(ports, tmp_path)


def _labelled(ports: Ports, folder: Path, **changes: Any) -> Path:
    now = ports.clock.now()
    case = {
        "file": _receipt(ports, folder).name,
        "layout": "aba_success",
        "degrade": "clean",
        "hard": False,
        "decision": "approve",
        "attack": None,
        "invoice": {
            "number": INVOICE,
            "amount": "40000",
            "currency": "KHR",
            "recipients": ["SOKHA TEXTILES"],
            "accounts": ["001234567"],
            "bank": "ABA",
            "issued_at": (now - timedelta(hours=1)).isoformat(),
            "now": (now + timedelta(minutes=1)).isoformat(),
        },
        "printed": {
            "kind": "receipt",
            "bank": "ABA",
            "payee_name": "SOKHA TEXTILES",
            "ids": [{"role": "trx_id", "text": "56765745667"}],
        },
    }
    truth = {"format": 1, "cases": [{**case, **changes}]}
    (folder / "truth.json").write_text(json.dumps(truth), encoding="utf-8")
    return folder


def test_the_tables_tell_no_name_and_no_number(command: Command, labelled: Path) -> None:
    """By bank and by capture, with every measure, but nothing of any picture."""
    ended = command("match", "evaluate", labelled)
    assert ended.code == 0
    for words in ("by bank", "by capture", "honest receipts approved (hard)", "peak memory"):
        assert words in ended.out
    assert "kept back for the true reason" in ended.out
    for secret in ("SOKHA", "001234567", "56765745667", INVOICE):
        assert secret not in ended.out


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("bars.toml", "approved = 95\nfalse_approvals = 0\nreference_exact = 99.5\n", 0),
        ("bars.json", '{"approved": 100, "some_reference_exact": 99.9}', 0),
        ("bars.toml", "approved = 100.1\n", 1),
        ("bars.json", '{"milliseconds_p95": 0, "payee_name_unread": 0, "approved": 101}', 1),
    ],
)
def test_a_missed_bar_ends_with_1(
    command: Command, labelled: Path, name: str, text: str, code: int
) -> None:
    """Bars are printed with what was seen; one that is missed ends the command with 1."""
    (labelled / name).write_text(text, encoding="utf-8")
    ended = command("match", "evaluate", labelled, "--bars", labelled / name)
    assert ended.code == code
    assert ("missed" in ended.out) == (code == 1)
    bars = command("match", "evaluate", labelled, "--bars", labelled / name, "--json").data["bars"]
    assert any(bar["missed"] for bar in bars) == (code == 1)


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("bars.toml", None, "evaluation.bars_missing"),
        ("bars.toml", "approved", "evaluation.bars_invalid"),
        ("bars.json", "{", "evaluation.bars_invalid"),
        ("bars.json", "[" * 60_000, "evaluation.bars_invalid"),
        ("bars.json", '{"approved": NaN}', "evaluation.bars_invalid"),
        ("bars.json", '{"approved": 1e99999999999999999999}', "evaluation.bars_invalid"),
        ("bars.json", '{"beauty": 1}', "evaluation.bars_invalid"),
    ],
)
def test_other_bars_are_bad_input(
    command: Command, labelled: Path, name: str, text: str | None, code: str
) -> None:
    """A file that holds no bars ends with 2 before any picture is read."""
    if text is not None:
        (labelled / name).write_text(text, encoding="utf-8")
    ended = command("match", "evaluate", labelled, "--bars", labelled / name, "--json")
    assert (ended.code, ended.document["error"]["code"]) == (2, code)


def test_a_missing_picture_is_bad_input(command: Command, ports: Ports, tmp_path: Path) -> None:
    """A picture that is not there is told by its name before anything is read."""
    for file in ("gone.jpg", "../truth.json", ""):
        _labelled(ports, tmp_path, file=file)
        ended = command("match", "evaluate", tmp_path, "--json")
        assert (ended.code, ended.document["error"]["code"]) == (2, "evaluation.set_missing")


def test_a_second_engine_that_is_missing_is_refused(command: Command, labelled: Path) -> None:
    """The figures of both engines need both."""
    ended = command("match", "evaluate", labelled, "--engine", "both", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (3, "setup.second_engine_missing")


@pytest.mark.parametrize(
    "due",
    [
        ("--invoice", INVOICE),
        ("--amount", "40000", "--recipient", "SOKHA TEXTILES", "--account", "001 234 567"),
        (),
    ],
)
def test_no_lie_is_believed(
    shop: Command, ports: Ports, tmp_path: Path, due: tuple[str, ...]
) -> None:
    """Under each lie of the attack set the receipt goes to a person; without one it is right."""
    picture = _receipt(ports, tmp_path)
    ended = shop("match", "attack", picture, *due)
    assert ended.code == 0, ended.err
    assert "lies is believed" in ended.out
    found = shop("match", "attack", picture, *due, "--json").data
    assert found["honest"]["decision"] == "approve"
    assert {"amount", "currency", "recipient", "reference_used", "resent_later"} <= {
        one["name"] for one in found["attempts"]
    }
    assert found["approved"] == []


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--invoice", INVOICE, "--amount", "5"), "attack.expectation_twice"),
        (("--recipient", "SOKHA TEXTILES"), "attack.amount_missing"),
        (("--amount", "many", "--recipient", "SOKHA TEXTILES"), "money.syntax"),
    ],
)
def test_what_is_due_is_said_once_and_whole(
    shop: Command, ports: Ports, tmp_path: Path, options: tuple[str, ...], code: str
) -> None:
    """Half an expectation, or two, end with 2."""
    ended = shop("match", "attack", _receipt(ports, tmp_path), *options, "--json")
    assert (ended.code, ended.document["error"]["code"]) == (2, code)


def test_a_picture_without_an_amount_cannot_be_attacked(
    shop: Command, ports: Ports, tmp_path: Path
) -> None:
    """Where nothing is read and nothing said, there is nothing to lie about."""
    picture = tmp_path / "empty.png"
    picture.write_bytes(b"\x89PNG nothing")
    ended = shop("match", "attack", picture, "--json")
    assert (ended.code, ended.document["error"]["code"]) == (2, "attack.expectation_missing")


def test_a_receipt_that_pays_nothing_proves_little(
    shop: Command, ports: Ports, tmp_path: Path
) -> None:
    """A receipt that pays nothing proves little, and that is said."""
    picture = _receipt(ports, tmp_path)
    ended = shop("match", "attack", picture, "--amount", "39000", "--recipient", "SOKHA TEXTILES")
    assert ended.code == 0
    assert "this proves little" in ended.err


def test_an_old_receipt_is_attacked_on_its_own_day(
    shop: Command, ports: Ports, tmp_path: Path, clock: StoppedClock
) -> None:
    """Without an invoice the days are those of the picture, however long ago it was paid."""
    picture = _receipt(ports, tmp_path)
    clock.pass_time(timedelta(days=90))
    due = ("--amount", "40000", "--recipient", "SOKHA TEXTILES")
    for options in (due, ()):
        found = shop("match", "attack", picture, *options, "--json").data
        assert found["honest"]["decision"] == "approve"
