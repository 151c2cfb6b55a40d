"""`kasa invoice`: rates, long lists, void invoices; and every fault of a code."""

import pytest

from kasa.application.ports.bundle import Ports
from tests.unit.entrypoints.cli.conftest import Command

RIEL_CODE = "00020101021229180014kasa_shop@aclb520459995303999540115802XX5909Kasa Shop"


@pytest.fixture
def shop(command: Command) -> Command:
    """Return the command line of a shop that counts in riel."""
    command("tenant", "open", "Sokha Textiles")
    return command


def _new(shop: Command, *options: str) -> str:
    made = shop("invoice", "new", "--item", "Scarf=1@5", *options, "--issue", "--json").data
    number: str = made["number"]
    return number


def test_an_invoice_in_another_currency_takes_a_rate(shop: Command) -> None:
    """A dollar invoice is issued with the rate that is said; without any it needs one."""
    refused = shop("invoice", "new", "--item", "Scarf=1@5", "--currency", "USD", "--issue")
    assert refused.code == 2
    number = _new(shop, "--currency", "USD", "--rate", "4000")
    rate = shop("invoice", "show", number, "--json").data["content"]["rate"]
    assert (rate["base"], rate["quote"], rate["rate"]) == ("USD", "KHR", "4000")


@pytest.mark.parametrize("rate", ["0", "-1", "many", "1e3", "NaN", "99999999999999"])
def test_another_rate_is_bad_input(shop: Command, rate: str) -> None:
    """What is no rate ends with 2 and a code."""
    ended = shop(
        "invoice", "new", "--item", "Scarf=1@5", "--currency", "USD", f"--rate={rate}", "--json"
    )
    assert (ended.code, ended.document["ok"]) == (2, False)


def test_numbers_are_looked_for_among_all(shop: Command, ports: Ports) -> None:
    """The list by number finds an invoice however many came after it."""
    del ports
    first = _new(shop)
    for _ in range(101):
        _new(shop)
    found = shop("invoice", "list", "--number", first, "--json").data["items"]
    assert [first] == [one["number"] for one in found]


def test_nothing_is_due_of_a_void_invoice(shop: Command) -> None:
    """Lists and the invoice itself show no amount due once it is void."""
    number = _new(shop)
    assert "due 0៛" in shop("invoice", "void", number, "--reason", "typed wrongly").out.replace(
        "0 KHR", "0៛"
    )
    assert shop("invoice", "show", number, "--json").data["due"]["amount"] == "0"
    (row,) = shop("invoice", "list", "--json").data["items"]
    assert (row["state"], row["due"]["amount"]) == ("void", "0")


def test_every_fault_of_a_code_is_told(command: Command) -> None:
    """The document names all faults, not the first alone; the exit code is 2."""
    ended = command("khqr", "check", RIEL_CODE, "--json")
    error = ended.document["error"]
    assert ended.code == 2
    assert error["code"] == error["faults"][0]
    assert len(error["faults"]) > 3
    assert all(fault.startswith("khqr.") for fault in error["faults"])
