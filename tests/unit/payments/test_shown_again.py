"""One transfer settles one invoice, whoever approved it and whatever is shown of it later."""

import pytest

from kasa.adapters.conformance.receipts import acleda
from kasa.adapters.conformance.strategies_payments import read
from kasa.application.payments.deciding import Approval
from kasa.application.payments.submitting import NewEvidence
from kasa.domain.invoicing.invoice import InvoiceState
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
