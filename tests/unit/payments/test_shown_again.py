"""One transfer settles one invoice, whoever approved it and whatever is shown of it later."""

from datetime import timedelta

import pytest

from kasa.adapters.conformance.receipts import acleda
from kasa.adapters.conformance.strategies_payments import read
from kasa.application.payments.deciding import Approval
from kasa.application.payments.submitting import NewEvidence
from kasa.domain.invoicing.invoice import InvoiceState
from kasa.domain.kernel.events import JobFailed
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.payments.states import PaymentState
from tests.unit.payments.desk import Desk, transfer


@pytest.fixture
def desk() -> Desk:
    """Return an open shop."""
    return Desk.open()


def test_a_picture_approved_unread_is_registered(desk: Desk) -> None:
    """Approved by a person before it was read, its transfer still counts once when shown again."""
    first, second = desk.issue(), desk.issue()
    desk.reader.show(b"card", transfer(1))
    new = NewEvidence(pictures=(b"card",), invoice=first.id)
    (unread,) = desk.kasa.payments.submit(desk.owner, new).payments
    decision = Approval(version=unread.version, amount=Money(25_000, KHR))
    desk.kasa.payments.approve(desk.owner, unread.id, decision)
    desk.drain()
    again = desk.submit(transfer(1), second, picture=b"photo of the card")
    assert (PaymentState.DUPLICATE, unread.id) == (again.state, again.duplicate_of)
    assert InvoiceState.OPEN is desk.invoice(second).state


def test_a_receipt_that_names_a_stranger_s_invoice_is_reviewed(desk: Desk) -> None:
    """The remark names another open invoice of the shop, whoever its customer is."""
    meant, answered = desk.issue(), desk.issue()
    assert meant.number is not None
    payment = desk.submit(acleda(remark=read(meant.number.text)), answered)
    assert payment.verdict is not None
    assert (PaymentState.IN_REVIEW, "other_invoice") == (
        payment.state,
        payment.verdict.reasons[0].value,
    )


def test_a_remark_that_names_a_paid_invoice_names_nothing(desk: Desk) -> None:
    """An invoice of which nothing is due is not meant: the answered one is settled."""
    paid, answered = desk.issue(), desk.issue()
    desk.submit(transfer(1), paid)
    assert paid.number is not None
    payment = desk.submit(acleda(remark=read(paid.number.text)), answered)
    assert (PaymentState.APPROVED, answered.id) == (payment.state, payment.invoice)


def test_what_was_unread_when_approved_is_registered_by_its_job(desk: Desk) -> None:
    """A person approves what could not be read; its job, run again, makes its transfer known."""
    first, second = desk.issue(), desk.issue()
    new = NewEvidence(pictures=(b"not readable now",), invoice=first.id)
    (sent,) = desk.kasa.payments.submit(desk.owner, new).payments
    for _ in range(14):
        desk.drain()
        desk.clock.pass_time(timedelta(minutes=5))
    assert PaymentState.IN_REVIEW is desk.payment(sent).state
    seen = Approval(
        version=desk.payment(sent).version, amount=Money(25_000, KHR), reason="seen at the bank"
    )
    approved = desk.kasa.payments.approve(desk.owner, sent.id, seen)
    desk.reader.show(b"not readable now", transfer(1))
    with desk.ports.unit_of_work.read_only(desk.owner) as view:
        (failed,) = view.events.trail(kinds=(JobFailed.kind,)).items
    desk.kasa.operations.retry_job(desk.owner, failed.id)
    desk.drain()
    assert (approved.state, approved.amount) == (desk.payment(sent).state, approved.amount)
    again = desk.submit(transfer(1), second)
    assert (PaymentState.DUPLICATE, sent.id) == (again.state, again.duplicate_of)
