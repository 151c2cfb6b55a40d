"""What another shop has is not to be noticed: same answers as in an empty installation."""

import re
from collections.abc import Callable
from decimal import Decimal

import attrs
import pytest

from kasa.adapters.conformance.shops import with_key
from kasa.adapters.conformance.strategies_payments import NAMES, PAID_AT
from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.outside import StoppedClock
from kasa.application.files.storing import NewFile
from kasa.application.inventory.products import ProductFields
from kasa.application.payments.accounts import NewAccount
from kasa.application.ports.bundle import Ports
from kasa.domain.files.file import FileKind
from kasa.domain.invoicing.content import WantedInvoice
from kasa.domain.invoicing.customer import CustomerDetails
from kasa.domain.invoicing.line_item import WantedLine
from kasa.domain.kernel.errors import KasaError
from kasa.domain.kernel.idempotency import Answered
from kasa.domain.kernel.money import KHR
from kasa.domain.kernel.text import name, phone
from kasa.domain.subscriptions.plan import CAPACITY_PERIOD, Meter
from tests.integration.conftest import Database
from tests.unit.payments.alerting import aba_text, take
from tests.unit.payments.desk import Desk

pytestmark = [pytest.mark.integration, pytest.mark.C7]

UNIQUE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-zA-Z_-]{22,}\b")


def _answer(call: Callable[[], object]) -> str:
    try:
        return repr(call())
    except Answered as before:
        return f"again {before.value!r}"
    except KasaError as refusal:
        return f"{refusal.code} {refusal.facts}"


def transcript(ports: Ports) -> list[str]:
    """Return what a new shop is told when it takes every name, number and place there is."""
    desk = Desk.open(attrs.evolve(ports, clock=StoppedClock(PAID_AT)), StoppedClock(PAID_AT))
    kasa, owner = desk.kasa, desk.owner
    tea = ProductFields(
        name="Tea", code="TEA", price=Decimal(500), currency=KHR, barcode="8840000000017"
    )
    twin = attrs.evolve(tea, code="TEA2")
    dara = CustomerDetails(name=name("Dara"), phone=phone("012345678"), external_ref="fb:1")
    sok = CustomerDetails(name=name("Sok"), external_ref="fb:1")
    kept = NewFile(kind=FileKind.DOCUMENT, name="a.pdf", media_type="application/pdf", data=b"abc")
    line = WantedLine(product=desk.cloth.id, quantity=Decimal(1))
    wanted = WantedInvoice(lines=(line,))
    once = with_key(owner, "the same", route="POST /invoices")
    calls: list[Callable[[], object]] = [
        *(lambda: kasa.inventory.add_product(owner, tea),) * 2,
        lambda: kasa.inventory.add_product(owner, twin),
        lambda: kasa.inventory.queries.find(owner, "TEA").id,
        *(lambda: kasa.invoicing.add_customer(owner, dara),) * 2,
        lambda: kasa.invoicing.add_customer(owner, sok),
        *(
            lambda: kasa.payments.add_account(
                owner, NewAccount(bank="ABA", number="010959385", names=NAMES)
            ),
        )
        * 2,
        *(lambda: kasa.invoicing.draft(once, wanted),) * 2,
        *(lambda: kasa.invoicing.issue(owner, kasa.invoicing.draft(owner, wanted).id),) * 2,
        lambda: kasa.invoicing.queries.invoice_numbered(owner, "INV-2026-0001").invoice.id,
        lambda: kasa.invoicing.set_series_start(owner, "INV", first=900, year=2030),
        *(lambda: take(desk, aba_text()).alert,) * 2,
        *(lambda: kasa.files.store(owner, kept),) * 2,
        lambda: kasa.files.queries.files(owner).items,
        lambda: kasa.invoicing.queries.counts(owner),
    ]
    told = [_answer(call) for call in calls]
    with ports.unit_of_work(owner) as work:
        told += [str(work.usage.used(meter, period=CAPACITY_PERIOD)) for meter in Meter]
    return _named(told)


def _named(told: list[str]) -> list[str]:
    """Return texts in which what is new for each shop is named in the order of its coming."""
    seen: dict[str, str] = {}
    return [UNIQUE.sub(lambda found: seen.setdefault(found[0], f"#{len(seen)}"), t) for t in told]


def test_a_second_shop_is_told_what_the_first_one_was(database: Database) -> None:
    """Same SKU, barcode, phone, reference, account, number, key, message and file in two shops.

    Both are answered, refused and counted as the only shop of an installation in memory is.
    """
    alone = transcript(memory_ports(clock=StoppedClock(PAID_AT)))
    assert {"sku.taken", "customer.phone_taken", "account.taken"} <= set(map(_code, alone))
    ports = database.ports()
    first, second = transcript(ports), transcript(ports)
    assert first == second
    for lines in zip(map(_code, alone), map(_code, second), strict=True):
        assert 1 == len(set(lines)), "\n".join(lines)


def _code(told: str) -> str:
    """Return a refusal without its facts, an answer as its kind, a figure as it is."""
    return re.sub(r"^(.*?)[ ]?[({].*$", r"\1", told)
