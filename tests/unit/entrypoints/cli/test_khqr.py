"""`kasa khqr` reads what it builds, and names what is wrong."""

import pytest

from tests.unit.entrypoints.cli.conftest import Command

BUILD = ("khqr", "build", "--account", "kasa_shop@aclb", "--name", "Kasa Shop")


def test_what_is_built_is_right_and_read_again(command: Command) -> None:
    """A built code passes the check and holds what was asked for."""
    code = command(*BUILD, "--amount", "40000", "--bill", "INV-1", "--json").data
    assert command("khqr", "check", code["payload"]).code == 0
    read = command("khqr", "read", code["payload"], "--json").data["codes"][0]
    assert (read["tags"]["54"], read["tags"]["62"]["01"]) == ("40000", "INV-1")
    assert code["md5"] == read["md5"]


def test_people_get_payload_and_digest_on_two_lines(command: Command) -> None:
    """Without `--json` the text stands alone on its line, ready to be copied."""
    lines = command(*BUILD).out.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("000201")


@pytest.mark.parametrize("amount", ["NaN", "1e9", "1_000", "１２", "12.5", "-1", "", "+1", "01"])
def test_amounts_that_are_none_are_refused(command: Command, amount: str) -> None:
    """A riel amount is whole digits and nothing else."""
    ended = command(*BUILD, f"--amount={amount}", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (2, "khqr.amount_invalid")


def test_a_broken_code_is_refused_with_its_fault(command: Command) -> None:
    """A wrong checksum is `khqr.not_khqr`, exit 2."""
    payload = command(*BUILD, "--json").data["payload"]
    ended = command("khqr", "check", payload[:-1] + ("0" if payload[-1] != "0" else "1"), "--json")
    assert (ended.code, ended.document["error"]["code"]) == (2, "khqr.not_khqr")


@pytest.mark.parametrize("source", ["hello", "missing.png"])
def test_what_is_no_code_is_not_read(command: Command, source: str) -> None:
    """A text without a single tag, such as the name of a missing file, is refused."""
    ended = command("khqr", "read", source, "--json")
    assert (2, "khqr.no_code") == (ended.code, ended.document["error"]["code"])
