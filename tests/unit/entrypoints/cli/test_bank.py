"""`kasa invoice qr`, `kasa payment ask`, and what the doctor says of the bank."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs
import pytest

from kasa.adapters.memory.payment_providers import ScriptedBankChecker
from kasa.application.ports.bundle import Ports
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.payments.bank_reply import CannotTell, CannotTellKind, Found
from kasa.domain.payments.khqr_reading import md5 as md5_of
from kasa.entrypoints.bootstrap import over
from kasa.entrypoints.cli.doctor import bank_checks, schema_told
from kasa.entrypoints.findings import Health
from kasa.entrypoints.opened import BankState
from kasa.entrypoints.settings import Settings
from tests.unit.entrypoints.cli.conftest import Command

INVOICE = "INV-2026-000001"
NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
HASH = "8465d722d7d5065f2886f0a474a4d34dc6a7855355b611836f7b6111228893e9"


@pytest.fixture
def bank() -> ScriptedBankChecker:
    """Return a bank that answers as it is told."""
    return ScriptedBankChecker()


@pytest.fixture
def ports(ports: Ports, bank: ScriptedBankChecker) -> Ports:
    """Return every port in memory, with a bank to ask."""
    return attrs.evolve(ports, bank=bank)


@pytest.fixture
def shop(command: Command) -> Command:
    """Return the command line of a shop with a Bakong account and an open invoice."""
    command("tenant", "open", "Sokha Textiles")
    named = ("--name", "SOKHA TEXTILES", "--bakong", "sokha@aclb")
    command("account", "add", "ACLEDA", "012345678", *named)
    command("invoice", "new", "--item", "Scarf=2@20000", "--issue")
    return command


def test_a_code_is_shown_and_drawn(shop: Command, tmp_path: Path) -> None:
    """The text with its MD5 and its end, and a picture of it; a file that exists stays."""
    file = tmp_path / "code.png"
    shown = shop("invoice", "qr", INVOICE, "--out", file, "--json").data
    assert md5_of(shown["payload"]) == shown["md5"]
    assert shown["payload"].startswith("000201010212")
    assert file.read_bytes().startswith(b"\x89PNG")
    text = shop("invoice", "qr", INVOICE, "--minutes", "5")
    assert "UTC" in text.out
    assert "md5" in text.out
    again = shop("invoice", "qr", INVOICE, "--out", file)
    assert again.code != 0


def test_a_code_needs_an_invoice_that_is_due(shop: Command) -> None:
    """A wrong number is not found, an odd life is refused."""
    assert 4 == shop("invoice", "qr", "INV-2026-000009").code
    assert 2 == shop("invoice", "qr", INVOICE, "--minutes", "600").code


def test_the_bank_is_asked_without_a_picture(shop: Command, bank: ScriptedBankChecker) -> None:
    """Found, the invoice is settled; before a code was shown there is nothing to ask for."""
    shown = shop("invoice", "qr", INVOICE, "--json").data
    paid = Found(hash=HASH, amount=Money(40_000, KHR), created=NOW)
    bank.pay(paid, md5=shown["md5"])
    ended = shop("payment", "ask", INVOICE)
    assert "approved" in ended.out
    assert "paid" == shop("invoice", "show", INVOICE, "--json").data["state"]
    assert 6 == shop("invoice", "qr", INVOICE).code


def test_an_unpaid_code_waits(shop: Command, bank: ScriptedBankChecker) -> None:
    """Not there yet: the payment waits for the bank."""
    shop("invoice", "qr", INVOICE)
    assert "waiting" in shop("payment", "ask", INVOICE).out
    assert bank.asked


def test_the_doctor_on_the_bank() -> None:
    """Off is well; out of reach, a foreign address and an ending token are warnings."""
    own = BankState(host="api-bakong.nbc.gov.kh")
    cases = (
        (BankState(), Health.OK, "off"),
        (own, Health.OK, "answers"),
        (attrs.evolve(own, lack="country"), Health.WARN, "country"),
        (attrs.evolve(own, lack="disagrees"), Health.WARN, "disagrees"),
        (attrs.evolve(own, own=False), Health.WARN, "not the central bank"),
        (attrs.evolve(own, token_ends=NOW + timedelta(days=15)), Health.OK, "answers"),
        (attrs.evolve(own, token_ends=NOW + timedelta(days=13)), Health.WARN, "2026-11-15"),
        (attrs.evolve(own, token_ends=NOW - timedelta(days=1)), Health.WARN, "2026-11-01"),
    )
    for state, health, word in cases:
        found = bank_checks(state, NOW)
        assert (health, True) == (found.health, word in found.seen)
        assert (health is Health.WARN) == bool(found.mend)


def test_the_doctor_on_an_older_schema() -> None:
    """An older schema is not told as if it were the needed one."""
    assert "schema r2" == schema_told("r2", "r2")
    assert "schema is made at the first start" == schema_told(None, "r2")
    assert "schema r1, which the next start brings to r2" == schema_told("r1", "r2")


def test_the_state_of_the_bank(ports: Ports, bank: ScriptedBankChecker) -> None:
    """Without a token nobody is asked; with one the lack is named, and the host."""
    assert BankState() == over(ports).bank()
    chosen = Settings(bakong_token="opaque", bakong_url="https://relay.example")
    bank.fail(CannotTell(kind=CannotTellKind.COUNTRY))
    state = over(ports, settings=chosen).bank()
    assert BankState(host="relay.example", own=False, lack="country") == state
