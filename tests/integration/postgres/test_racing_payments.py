"""Payments that race: one invoice, one transfer, one picture, a void, and a crash at any point."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from hashlib import sha256

import attrs
import pytest

from kasa.adapters.conformance.receipts import aba_success, unknown_bank
from kasa.adapters.conformance.strategies_payments import PAID_AT, read
from kasa.application.payments.deciding import Approval, Cash
from kasa.application.payments.submitting import NewEvidence
from kasa.application.ports.books import Difference
from kasa.application.ports.inventory import MovementFilter
from kasa.application.ports.jobs import Done, Job, Queue
from kasa.domain.inventory.movement import MovementKind
from kasa.domain.invoicing.customer import CustomerDetails
from kasa.domain.invoicing.invoice import Invoice, InvoiceState
from kasa.domain.kernel.errors import VersionStale
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.kernel.text import name
from kasa.domain.payments.events import EvidenceSubmitted
from kasa.domain.payments.evidence import PaymentEvidence
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.states import AlreadyDecided, PaymentState
from tests.integration.conftest import Database
from tests.integration.postgres.racing import at_once, wide_desk
from tests.unit.payments.desk import Desk

pytestmark = [pytest.mark.integration, pytest.mark.A1]

ROUNDS = 5
SMALL_AND_WHOLE = [20, pytest.param(200, marks=pytest.mark.deep)]
PAYERS = 20


@pytest.fixture
def desk(database: Database) -> Desk:
    """Return an open shop over PostgreSQL with connections for many."""
    return wide_desk(database)


def _transfer(desk: Desk, number: int) -> PaymentEvidence:
    """Return a receipt with a reference that no other shop and no other transfer resembles."""
    seed = f"{desk.owner.tenant} {number}".encode()
    reference = f"{int(sha256(seed).hexdigest(), 16) % 10**11:011d}"
    return aba_success(references={"aba.trx": read(reference)})


def _sent(desk: Desk, number: int, invoice: Invoice, picture: bytes) -> Payment:
    desk.reader.show(picture, _transfer(desk, number))
    new = NewEvidence(pictures=(picture,), invoice=invoice.id)
    (payment,) = desk.kasa.payments.submit(desk.owner, new).payments
    return payment


def _job(desk: Desk, payment: Payment) -> Job:
    with desk.ports.unit_of_work.read_only(desk.owner) as view:
        (submitted,) = (
            row for row in view.events.about(payment.id) if isinstance(row.event, EvidenceSubmitted)
        )
    return Job(
        tenant=desk.owner.tenant,
        event=submitted.id,
        reaction="payments.verify",
        queue=Queue.MONEY,
        made_at=submitted.at,
    )


def _kinds(desk: Desk) -> Counter[str]:
    with desk.ports.unit_of_work.read_only(desk.owner) as view:
        return Counter(row.event.kind for row in view.events.trail(limit=100).items)


def _read(desk: Desk, *payments: Payment) -> Counter[PaymentState]:
    jobs = [_job(desk, payment) for payment in payments]
    at_once(*(partial(desk.run, job) for job in (*jobs, *jobs)))
    return Counter(desk.payment(payment).state for payment in payments)


def test_two_transfers_pay_an_invoice_once(desk: Desk) -> None:
    """Of two transfers read at once one settles, the other goes to a person."""
    for turn in range(ROUNDS):
        invoice = desk.issue()
        sent = [_sent(desk, 2 * turn + n + 1, invoice, f"{turn} {n}".encode()) for n in range(2)]
        found = _read(desk, *sent)
        assert Counter({PaymentState.APPROVED: 1, PaymentState.IN_REVIEW: 1}) == found
        assert InvoiceState.PAID is desk.invoice(invoice).state
        assert 9 - turn == desk.on_hand()
    assert ROUNDS == _kinds(desk)["invoicing.invoice_paid"]


@pytest.mark.parametrize("pictures", [(b"card", b"card"), (b"card", b"photo of it")])
def test_one_transfer_pays_one_invoice(desk: Desk, pictures: tuple[bytes, bytes]) -> None:
    """One picture, or two of one transfer, sent for two invoices at once settle one of them."""
    invoices = [desk.issue(), desk.issue()]
    sent = [
        _sent(desk, 1, invoice, picture)
        for invoice, picture in zip(invoices, pictures, strict=True)
    ]
    found = _read(desk, *sent)
    desk.drain()
    assert Counter({PaymentState.APPROVED: 1, PaymentState.DUPLICATE: 1}) == found
    states = Counter(desk.invoice(invoice).state for invoice in invoices)
    assert Counter({InvoiceState.PAID: 1, InvoiceState.OPEN: 1}) == states
    assert 9 == desk.on_hand()


@pytest.mark.parametrize("contenders", SMALL_AND_WHOLE)
def test_rules_persons_and_jobs_settle_a_payment_once(
    desk: Desk, contenders: int, seed: int
) -> None:
    """Whoever is first approves it; the others find it approved, or are told that it moved on."""
    invoice = desk.issue(quantity=1)
    payment = _sent(desk, 1, invoice, b"one receipt")
    seen = Approval(version=payment.version, amount=Money(25_000, KHR), reason="seen in the app")
    again = partial(desk.run, _job(desk, payment))
    by_hand = partial(desk.kasa.payments.approve, desk.owner, payment.id, seen)
    calls: list[Callable[[], object]] = [again, by_hand] * (contenders // 2)
    random.Random(seed).shuffle(calls)
    ends = at_once(*calls)
    assert {type(end) for end in ends} <= {Done, Payment, VersionStale, AlreadyDecided}
    assert PaymentState.APPROVED is desk.payment(payment).state
    assert (InvoiceState.PAID, 9) == (desk.invoice(invoice).state, desk.on_hand())
    kinds = _kinds(desk)
    assert (1, 1) == (kinds["payments.payment_approved"], kinds["invoicing.invoice_paid"])
    assert [MovementKind.CONSUME] == _moved(desk, invoice)
    assert () == _differences(desk)


def test_what_20_payers_pay_too_much_is_their_credit(desk: Desk, seed: int) -> None:
    """Receipts that persons approve, and cash: the invoice is paid once, the rest is credit."""
    customer = desk.kasa.invoicing.add_customer(desk.owner, CustomerDetails(name=name("Dara")))
    invoice = desk.issue(customer=customer.id)
    sent = [
        _sent(desk, number, invoice, f"receipt {number}".encode())
        for number in range(1, PAYERS // 2 + 1)
    ]
    amount = Money(25_000, KHR)
    cash = Cash(invoice=invoice.id, amount=amount)
    calls: list[Callable[[], object]] = [
        partial(
            desk.kasa.payments.approve,
            desk.owner,
            payment.id,
            Approval(version=payment.version, amount=amount, reason="seen in the app"),
        )
        for payment in sent
    ]
    calls += [partial(desk.kasa.payments.record, desk.owner, cash)] * (PAYERS // 2)
    random.Random(seed).shuffle(calls)
    ends = at_once(*calls)
    assert {Payment} == {type(end) for end in ends}
    assert {PaymentState.APPROVED} == {end.state for end in ends if isinstance(end, Payment)}
    assert (InvoiceState.PAID, 9) == (desk.invoice(invoice).state, desk.on_hand())
    assert (PAYERS - 1) * 25_000 == desk.credit(customer)
    kinds = _kinds(desk)
    assert (PAYERS, 1) == (kinds["payments.payment_approved"], kinds["invoicing.invoice_paid"])
    assert [MovementKind.CONSUME] == _moved(desk, invoice)
    assert () == _differences(desk)


def _moved(desk: Desk, invoice: Invoice) -> list[MovementKind]:
    """Return how goods left for an invoice, a row for each movement."""
    wanted = MovementFilter(source=invoice.id, kinds=(MovementKind.CONSUME, MovementKind.OWE))
    with desk.ports.unit_of_work.read_only(desk.owner) as view:
        return [row.kind for row in view.stock.movements(wanted, limit=100).items]


def _differences(desk: Desk) -> tuple[Difference, ...]:
    with desk.ports.unit_of_work.read_only(desk.owner) as view:
        return view.books.differences()


def test_a_void_and_a_payment_exclude_each_other(desk: Desk) -> None:
    """An invoice voided while its receipt is read is void or paid, never both."""
    for turn in range(ROUNDS):
        invoice = desk.issue()
        before = desk.on_hand()
        payment = _sent(desk, turn + 1, invoice, f"{turn}".encode())
        at_once(
            partial(desk.run, _job(desk, payment)),
            partial(desk.kasa.invoicing.void, desk.owner, invoice.id, reason="not wanted"),
        )
        found = (desk.invoice(invoice).state, desk.payment(payment).state, desk.on_hand())
        assert found in {
            (InvoiceState.PAID, PaymentState.APPROVED, before - 1),
            (InvoiceState.VOID, PaymentState.IN_REVIEW, before),
        }


def test_same_id_of_another_day_is_seen_over_the_store(desk: Desk) -> None:
    """A transfer whose day was changed on the picture is not approved a second time."""
    first, second = desk.issue(), desk.issue()
    shown = unknown_bank(references={"generic.ref": read(desk.owner.tenant.hex[:20].upper())})
    assert PaymentState.APPROVED is desk.submit(shown, first).state
    again = attrs.evolve(shown, paid_at=read(PAID_AT.replace(hour=1, day=PAID_AT.day - 1)))
    assert PaymentState.APPROVED is not desk.submit(again, second).state


def _parts(desk: Desk, invoice: Invoice, turn: int, *amounts: int) -> tuple[Payment, ...]:
    pictures = tuple(f"{turn} part {place}".encode() for place in range(len(amounts)))
    for place, (picture, minor) in enumerate(zip(pictures, amounts, strict=True)):
        shown = _transfer(desk, 100 * turn + place + 7)
        desk.reader.show(picture, attrs.evolve(shown, amount=read(Money(minor, KHR))))
    new = NewEvidence(pictures=pictures, invoice=invoice.id)
    return desk.kasa.payments.submit(desk.owner, new).payments


def test_parts_read_at_once_pay_their_invoice_once(desk: Desk) -> None:
    """However the receipts of a submission are read, all of them are approved, or none."""
    for turn in range(ROUNDS):
        whole, short = desk.issue(), desk.issue()
        assert Counter({PaymentState.APPROVED: 4}) == _read(
            desk, *_parts(desk, whole, 2 * turn, 10_000, 9_000, 4_000, 2_000)
        )
        assert Counter({PaymentState.IN_REVIEW: 3}) == _read(
            desk, *_parts(desk, short, 2 * turn + 1, 10_000 + turn, 9_000 + turn, 1_000)
        )
        found = [(now.state, now.due_minor) for now in map(desk.invoice, (whole, short))]
        assert [(InvoiceState.PAID, 0), (InvoiceState.OPEN, 25_000)] == found
        assert 9 - turn == desk.on_hand()


def test_one_of_two_alike_is_approved(desk: Desk) -> None:
    """Two receipts whose ids are one character apart, read at once: one of them is suspected."""
    for turn in range(ROUNDS):
        base = (
            f"{int(sha256(f'{desk.owner.tenant} {turn}'.encode()).hexdigest(), 16) % 10**10:010d}"
        )
        sent: list[Payment] = []
        for digit in "13":
            picture = f"{turn} alike {digit}".encode()
            shown = aba_success(
                references={"aba.trx": read(base + digit)},
                paid_at=read(PAID_AT - timedelta(minutes=5 * turn)),
            )
            desk.reader.show(picture, shown)
            new = NewEvidence(pictures=(picture,), invoice=desk.issue().id)
            sent += desk.kasa.payments.submit(desk.owner, new).payments
        found = _read(desk, *sent)
        assert Counter({PaymentState.APPROVED: 1, PaymentState.IN_REVIEW: 1}) == found
