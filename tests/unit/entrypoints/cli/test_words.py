"""A verdict on the command line: the same words wherever it is shown, in both languages."""

from pathlib import Path

import attrs
import pytest

from kasa.adapters.babel.wording import BabelWording
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
def ports(ports: Ports) -> Ports:
    """Return the ports with real words."""
    return attrs.evolve(ports, wording=BabelWording())


def test_every_command_says_the_same(shop: Command, ports: Ports, tmp_path: Path) -> None:
    """What `match explain` says before, `payment show` and `review show` say afterwards."""
    picture = _receipt(ports, tmp_path, 39_000)
    told = shop("match", "explain", picture, "--invoice", INVOICE, "--json").data["words"]
    paid = shop("payment", "submit", picture, "--invoice", INVOICE, "--json").data["id"]
    for command in ("payment", "review"):
        shown = shop(command, "show", paid, "--json").data["words"]
        assert told == shown
    assert told["headline"] == "39,000៛ was paid, 40,000៛ is due: 1,000៛ too little."
    assert shop("review", "show", paid).out.count(told["headline"]) == 2


def test_khmer_is_said(shop: Command, ports: Ports, tmp_path: Path) -> None:
    """With --language km every word of the verdict is Khmer."""
    picture = _receipt(ports, tmp_path, 39_000)
    out = shop("match", "explain", picture, "--invoice", INVOICE, "--language", "km").out
    assert "បានបង់ 39,000៛ ត្រូវបង់ 40,000៛៖ ខ្វះ 1,000៛។" in out
    assert "was paid" not in out


def test_the_customer_reads_less(shop: Command, ports: Ports, tmp_path: Path) -> None:
    """With --for customer no check, no points and no suspicion is shown."""
    picture = _receipt(ports, tmp_path)
    shop("invoice", "new", "--item", "Scarf=2@20000", "--issue")
    shop("payment", "submit", picture, "--invoice", INVOICE)
    near = _receipt(ports, tmp_path, transfer="56765745668")
    paid = shop("payment", "submit", near, "--invoice", "INV-2026-000002", "--json").data["id"]
    told = shop("review", "show", paid, "--for", "customer", "--json").data["words"]
    assert [one["code"] for one in told["reasons"]] == ["checking"]
    assert told["rows"] == []
    out = shop("review", "show", paid, "--for", "customer").out
    assert "The shop is checking your receipt." in out
    assert "near_duplicate" not in out


@pytest.mark.parametrize("group", ["payment", "review"])
def test_an_unknown_payment_is_not_found(shop: Command, group: str) -> None:
    """An id that no payment has ends with 4."""
    assert shop(group, "show", "01900000-0000-7000-8000-000000000000").code == 4
    assert shop(group, "show", "nothing").code == 4


def test_payments_are_listed_by_state(shop: Command, ports: Ports, tmp_path: Path) -> None:
    """Approved payments and those in review are told apart."""
    paid = shop("payment", "submit", _receipt(ports, tmp_path), "--invoice", INVOICE, "--json").data
    found = shop("payment", "list", "--state", "approved", "--json").data["items"]
    assert [paid["id"]] == [one["id"] for one in found]
    assert shop("payment", "list", "--state", "in_review", "--json").data["items"] == []
