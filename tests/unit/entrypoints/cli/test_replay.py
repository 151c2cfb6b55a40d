"""`match explain --save`, `match replay` and `payment replay`."""

import json
from pathlib import Path

import pytest

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
def file(shop: Command, ports: Ports, tmp_path: Path) -> Path:
    """Return a saved verdict."""
    file = tmp_path / "verdict.json"
    picture = _receipt(ports, tmp_path, 39_000)
    ended = shop("match", "explain", picture, "--invoice", INVOICE, "--save", file)
    assert ended.code == 0
    assert "keep it private" in ended.err
    return file


def test_a_saved_verdict_is_given_again(command: Command, file: Path) -> None:
    """The file is its owner's alone; judged again it gives the same verdict, and ends with 0."""
    assert file.stat().st_mode & 0o777 == 0o600
    ended = command("match", "replay", file)
    assert ended.code == 0
    assert "The same verdict." in ended.out
    assert "39,000៛ was paid, 40,000៛ is due: 1,000៛ too little." in ended.out
    assert command("match", "replay", file, "--json").data["same"] is True


def test_the_file_holds_what_is_documented(file: Path) -> None:
    """Kind, format, versions, inputs, verdict and words are the whole of the file."""
    document = json.loads(file.read_text(encoding="utf-8"))
    keys = ["kind", "format", "versions", "kasa", "made_at", "inputs", "verdict", "words"]
    assert keys == list(document)
    assert {"rules", "tables", "engines"} == set(document["versions"])


def test_another_verdict_ends_with_1(command: Command, file: Path) -> None:
    """A verdict that is not given again is shown row by row, with the versions of both."""
    document = json.loads(file.read_text(encoding="utf-8"))
    document["verdict"]["points"] = 90
    document["verdict"]["outcomes"][3]["cap"] = 100
    document["verdict"]["versions"]["rules"] = "2025.1"
    file.write_text(json.dumps(document), encoding="utf-8")
    ended = command("match", "replay", file)
    assert ended.code == 1
    assert "Another verdict than it was." in ended.out
    assert "rules 2025.1" in ended.err
    assert "amount" in ended.out
    found = command("match", "replay", file, "--json").data
    assert [one["rule"] for one in found["changes"]] == ["amount"]


def test_a_file_that_exists_stays(shop: Command, ports: Ports, tmp_path: Path, file: Path) -> None:
    """--save never writes over anything."""
    before = file.read_bytes()
    picture = _receipt(ports, tmp_path)
    ended = shop("match", "explain", picture, "--invoice", INVOICE, "--save", file, "--json")
    assert (ended.code, ended.document["error"]["code"]) == (2, "file.not_written")
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, "replay.file_missing"),
        ("{}", "replay.not_a_verdict"),
        ('{"kind": "kasa.verdict", "format": 99}', "replay.format_unknown"),
        ('{"kind": "kasa.verdict", "format": 1}', "replay.damaged"),
    ],
)
def test_other_files_are_bad_input(
    command: Command, tmp_path: Path, text: str | None, code: str
) -> None:
    """What is no saved verdict ends with 2 and its code."""
    file = tmp_path / "file.json"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    ended = command("match", "replay", file, "--json")
    assert (ended.code, ended.document["error"]["code"]) == (2, code)


def test_a_stored_payment_is_judged_again(shop: Command, ports: Ports, tmp_path: Path) -> None:
    """Judged again on its stored inputs, a payment gives its stored verdict."""
    picture = _receipt(ports, tmp_path)
    paid = shop("payment", "submit", picture, "--invoice", INVOICE, "--json").data["id"]
    ended = shop("payment", "replay", paid)
    assert (ended.code, "The same verdict." in ended.out) == (0, True)
    again = shop("payment", "submit", picture, "--invoice", INVOICE, "--json").data["id"]
    assert shop("payment", "replay", again).code == 0
    assert shop("payment", "replay", "nothing").code == 4
