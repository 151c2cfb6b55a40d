"""What people decide: approve, reject, reopen, reverse, refund, record cash."""

from typing import Any

import attrs
import pytest

from kasa.adapters.conformance.strategies_payments import read
from kasa.application.payments.deciding import (
    AmountNotPositive,
    Approval,
    Cash,
    ReferenceUsed,
)
from kasa.application.workflows.settling import AmountInOtherCurrency, InvoiceRequired
from kasa.domain.identity.access import Role, RoleTooLow
from kasa.domain.invoicing.allocation import RefundTooMuch
from kasa.domain.invoicing.customer import CustomerDetails
from kasa.domain.invoicing.invoice import InvoiceState
from kasa.domain.kernel.errors import NotFound, VersionStale
from kasa.domain.kernel.ids import InvoiceId
from kasa.domain.kernel.money import KHR, USD, Money
from kasa.domain.kernel.text import name
from kasa.domain.payments.evidence import UNREADABLE, FieldReading, FieldState, Source
from kasa.domain.payments.payment import AmountMissing, Payment, ReasonRequired
from kasa.domain.payments.states import AlreadyDecided, PaymentState
from tests.unit.payments.desk import Desk, transfer


@pytest.fixture
def desk() -> Desk:
    """Return an open shop."""
    return Desk.open()


def approve(desk: Desk, payment: Payment, **facts: Any) -> Payment:
    """Approve a payment as it is now."""
    decision = attrs.evolve(Approval(version=payment.version, reason="seen at the bank"), **facts)
    return desk.kasa.payments.approve(desk.owner, payment.id, decision)


def test_a_person_approves_what_differs_with_a_reason(desk: Desk) -> None:
    """A part payment is allocated; the rest stays due; who and why are kept."""
    invoice = desk.issue()
    payment = desk.submit(transfer(1, 24_000), invoice)
    with pytest.raises(ReasonRequired):
        approve(desk, payment, reason="ok")
    approved = approve(desk, payment)
    assert (PaymentState.APPROVED, desk.owner.author, "seen at the bank") == (
        approved.state,
        approved.decided_by,
        approved.reason,
    )
    now = desk.invoice(invoice)
    assert (InvoiceState.OPEN, 1_000, ()) == (now.state, now.due_minor, now.reviews)
    assert 10 == desk.on_hand()
    assert approved == approve(desk, approved)


def test_a_payment_leaves_the_invoice_that_it_was_not_for(desk: Desk) -> None:
    """Approved for another invoice, the one that it had answered is no longer under review."""
    meant, chosen = desk.issue(), desk.issue()
    payment = desk.submit(transfer(1, 24_000), meant)
    assert (payment.id,) == desk.invoice(meant).reviews
    approved = approve(desk, payment, invoice=chosen.id)
    assert (chosen.id, 1_000) == (approved.invoice, desk.invoice(chosen).due_minor)
    assert ((), ()) == (desk.invoice(meant).reviews, desk.invoice(chosen).reviews)
    desk.kasa.invoicing.void(desk.owner, meant.id, reason="not wanted")


def test_what_cannot_be_read_needs_no_reason(desk: Desk) -> None:
    """Without a difference a person approves as they like, saying the amount they read."""
    invoice = desk.issue()
    unread = attrs.evolve(transfer(1), amount=UNREADABLE, currency=UNREADABLE)
    payment = desk.submit(unread, invoice)
    with pytest.raises(AmountMissing):
        approve(desk, payment)
    with pytest.raises(AmountNotPositive):
        approve(desk, payment, amount=Money(0, KHR))
    approved = approve(desk, payment, amount=Money(25_000, KHR), reason="")
    assert (PaymentState.APPROVED, "") == (approved.state, approved.reason)
    assert InvoiceState.PAID is desk.invoice(invoice).state
    assert 9 == desk.on_hand()


def test_a_surplus_is_the_customers_credit(desk: Desk) -> None:
    """What is paid too much goes to the customer; a walk-in's stays with the payment."""
    dara = desk.kasa.invoicing.add_customer(desk.owner, CustomerDetails(name=name("Chan Dara")))
    invoice = desk.issue(customer=dara.id)
    approved = approve(desk, desk.submit(transfer(1, 30_000), invoice))
    assert (5_000, None) == (desk.credit(dara), approved.unallocated)
    walk_in = desk.issue()
    kept = approve(desk, desk.submit(transfer(50, 30_000), walk_in))
    assert Money(5_000, KHR) == kept.unallocated
    assert InvoiceState.PAID is desk.invoice(walk_in).state


def test_further_payments_of_a_paid_invoice_are_credit(desk: Desk) -> None:
    """The invoice is paid once and its goods leave once, however many payments it gets."""
    dara = desk.kasa.invoicing.add_customer(desk.owner, CustomerDetails(name=name("Chan Dara")))
    invoice = desk.issue(customer=dara.id)
    for number in range(1, 6):
        payment = desk.submit(transfer(number * 1000), invoice)
        if payment.state is not PaymentState.APPROVED:
            approve(desk, payment)
    assert (4 * 25_000, 9) == (desk.credit(dara), desk.on_hand())
    with desk.ports.unit_of_work.read_only(desk.owner) as view:
        kinds = [row.event.kind for row in view.events.about(invoice.id)]
    assert 1 == kinds.count("invoicing.invoice_paid")


def test_a_person_chooses_the_invoice(desk: Desk) -> None:
    """Evidence without an invoice is assigned; an unknown invoice is not found."""
    invoice = desk.issue()
    payment = desk.submit(transfer(1))
    with pytest.raises(InvoiceRequired):
        approve(desk, payment)
    with pytest.raises(NotFound):
        approve(desk, payment, invoice=InvoiceId(payment.id))
    approved = approve(desk, payment, invoice=invoice.id)
    assert (invoice.id, PaymentState.APPROVED) == (approved.invoice, approved.state)


def test_another_currency_needs_what_it_counts_as(desk: Desk) -> None:
    """Nothing is converted: a person says what dollars settle of a riel invoice."""
    invoice = desk.issue()
    dollars = attrs.evolve(transfer(1), amount=read(Money(625, USD)), currency=read(USD))
    payment = desk.submit(dollars, invoice)
    with pytest.raises(AmountInOtherCurrency):
        approve(desk, payment)
    with pytest.raises(AmountNotPositive):
        approve(desk, payment, counts_as=Money(-1, KHR))
    approve(desk, payment, counts_as=Money(25_000, KHR))
    assert InvoiceState.PAID is desk.invoice(invoice).state


def test_the_version_seen_decides(desk: Desk) -> None:
    """Who decides on an older version is told so."""
    payment = desk.submit(transfer(1, 24_000), desk.issue())
    with pytest.raises(VersionStale):
        approve(desk, payment, version=payment.version - 1)
    with pytest.raises(VersionStale):
        desk.kasa.payments.reject(desk.owner, payment.id, version=0, reason="too little")
    with pytest.raises(VersionStale):
        desk.kasa.payments.reopen(desk.owner, payment.id, version=0)


@pytest.mark.A5
def test_a_used_reference_is_never_approved_by_hand(desk: Desk) -> None:
    """A contested reference of another payment stops a person too."""
    desk.submit(transfer(1), desk.issue())
    other = desk.issue()
    used = transfer(1).references["aba.trx"].value
    assert used is not None
    contested = FieldReading(
        state=FieldState.CONTESTED, candidates=("00000000001", used), source=Source.SCREENSHOT
    )
    payment = desk.submit(attrs.evolve(transfer(50), references={"aba.trx": contested}), other)
    assert PaymentState.DUPLICATE is payment.state
    with pytest.raises((AlreadyDecided, ReferenceUsed)):
        approve(desk, payment)
    assert InvoiceState.OPEN is desk.invoice(other).state


def test_contested_references_are_registered_by_a_person(desk: Desk) -> None:
    """What a person approves takes every reference it may show."""
    contested = FieldReading(
        state=FieldState.CONTESTED,
        candidates=("00000000011", "00000000012"),
        source=Source.SCREENSHOT,
    )
    unsure = attrs.evolve(transfer(1), references={"aba.trx": contested})
    payment = desk.submit(unsure, desk.issue())
    assert PaymentState.IN_REVIEW is payment.state
    approve(desk, payment)
    again = attrs.evolve(transfer(50), references={"aba.trx": read("00000000012")})
    assert PaymentState.DUPLICATE is desk.submit(again, desk.issue()).state


def test_a_reference_taken_meanwhile_stops_the_approval(desk: Desk) -> None:
    """Another payment may have registered a candidate since the verdict."""
    contested = FieldReading(
        state=FieldState.CONTESTED,
        candidates=("00000000011", "00000000012"),
        source=Source.SCREENSHOT,
    )
    unsure = attrs.evolve(transfer(1), references={"aba.trx": contested})
    payment = desk.submit(unsure, desk.issue())
    sure = attrs.evolve(transfer(50, 24_000), references={"aba.trx": read("00000000012")})
    desk.submit(sure, desk.issue())
    with pytest.raises(ReferenceUsed):
        approve(desk, payment)


def test_rejecting_and_reopening(desk: Desk) -> None:
    """A rejection needs a reason, ends the review, and can be taken back."""
    invoice = desk.issue()
    payment = desk.submit(transfer(1, 24_000), invoice)
    with pytest.raises(ReasonRequired):
        desk.kasa.payments.reject(desk.owner, payment.id, version=payment.version, reason="no")
    rejected = desk.kasa.payments.reject(
        desk.owner, payment.id, version=payment.version, reason="too little"
    )
    assert (PaymentState.REJECTED, "too little", ()) == (
        rejected.state,
        rejected.reason,
        desk.invoice(invoice).reviews,
    )
    with pytest.raises(AlreadyDecided):
        desk.kasa.payments.reject(desk.owner, payment.id, version=rejected.version, reason="again")
    again = desk.kasa.payments.reopen(desk.owner, payment.id, version=rejected.version)
    assert (PaymentState.IN_REVIEW, (payment.id,)) == (again.state, desk.invoice(invoice).reviews)
    assert PaymentState.APPROVED is approve(desk, again).state
    assert ["payment_rejected", "payment_reopened", "payment_approved"] == desk.kinds(payment)[-3:]


def test_reversing_undoes_everything(desk: Desk) -> None:
    """The invoice is due again, the goods are back, the credit is taken back; once more is not."""
    dara = desk.kasa.invoicing.add_customer(desk.owner, CustomerDetails(name=name("Chan Dara")))
    invoice = desk.issue(customer=dara.id)
    payment = approve(desk, desk.submit(transfer(1, 30_000), invoice))
    assert (9, 5_000) == (desk.on_hand(), desk.credit(dara))
    with pytest.raises(ReasonRequired):
        desk.kasa.payments.reverse(desk.owner, payment.id, reason="")
    reversed_one = desk.kasa.payments.reverse(desk.owner, payment.id, reason="bank took it back")
    now = desk.invoice(invoice)
    assert (PaymentState.REVERSED, None) == (reversed_one.state, reversed_one.unallocated)
    assert (InvoiceState.OPEN, 25_000) == (now.state, now.due_minor)
    assert (10, 0) == (desk.on_hand(), desk.credit(dara))
    with pytest.raises(AlreadyDecided):
        desk.kasa.payments.reverse(desk.owner, payment.id, reason="bank took it back")
    opened = desk.kasa.payments.reopen(desk.owner, payment.id, version=reversed_one.version)
    again = approve(desk, opened)
    assert (2, InvoiceState.PAID, 9) == (
        again.approvals,
        desk.invoice(invoice).state,
        desk.on_hand(),
    )


def test_a_reversed_surplus_of_a_walk_in_leaves_nothing(desk: Desk) -> None:
    """A payment of which nothing was allocated is reversed all the same."""
    invoice = desk.issue()
    desk.submit(transfer(1), invoice)
    further = approve(desk, desk.submit(transfer(50), invoice))
    assert Money(25_000, KHR) == further.unallocated
    desk.kasa.payments.reverse(desk.owner, further.id, reason="paid twice")
    assert InvoiceState.PAID is desk.invoice(invoice).state


def test_refunding_makes_it_due_again(desk: Desk) -> None:
    """A part refund leaves the goods gone; refunding all of it brings them back."""
    invoice = desk.issue()
    payment = desk.submit(transfer(1), invoice)
    refund = desk.kasa.payments.refund
    refund(desk.owner, payment.id, Money(10_000, KHR), reason="a hole in it")
    assert (10_000, 9) == (desk.invoice(invoice).due_minor, desk.on_hand())
    with pytest.raises(RefundTooMuch):
        refund(desk.owner, payment.id, Money(15_001, KHR), reason="a hole in it")
    with pytest.raises(ReasonRequired):
        refund(desk.owner, payment.id, Money(1, KHR), reason="")
    refund(desk.owner, payment.id, Money(15_000, KHR), reason="all of it")
    assert (25_000, InvoiceState.OPEN) == (
        desk.invoice(invoice).due_minor,
        desk.invoice(invoice).state,
    )
    assert 10 == desk.on_hand()
    assert "payment_refunded" == desk.kinds(payment)[-1]
    waiting = desk.submit(transfer(50, 1_000), invoice)
    with pytest.raises(AlreadyDecided):
        refund(desk.owner, waiting.id, Money(1, KHR), reason="too early")


def test_cash_is_approved_by_who_takes_it(desk: Desk) -> None:
    """Recorded cash settles at once, without gates, under the name of the member."""
    invoice = desk.issue()
    clerk = desk.person(Role.USER)
    cash = Cash(invoice=invoice.id, amount=Money(25_000, KHR), text="paid at the counter")
    paid = desk.kasa.payments.record(clerk, cash)
    assert (PaymentState.APPROVED, Source.MANUAL, clerk.author, "paid at the counter") == (
        paid.state,
        paid.source,
        paid.decided_by,
        paid.reason,
    )
    assert (InvoiceState.PAID, 9) == (desk.invoice(invoice).state, desk.on_hand())
    with pytest.raises(AmountNotPositive):
        desk.kasa.payments.record(clerk, attrs.evolve(cash, amount=Money(0, KHR)))


def test_deciding_needs_the_right(desk: Desk) -> None:
    """A clerk submits and records, and decides nothing."""
    payment = desk.submit(transfer(1, 24_000), desk.issue())
    clerk = desk.person(Role.USER)
    with pytest.raises(RoleTooLow):
        desk.kasa.payments.approve(clerk, payment.id, Approval(version=payment.version))
    with pytest.raises(RoleTooLow):
        desk.kasa.payments.refund(clerk, payment.id, Money(1, KHR), reason="a hole")
