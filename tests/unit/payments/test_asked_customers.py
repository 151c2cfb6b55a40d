"""A customer is asked for a better receipt at most twice a day, and may insist (section 7)."""

from datetime import timedelta

import attrs
import pytest

from kasa.adapters.conformance.receipts import codes
from kasa.adapters.conformance.strategies_payments import read
from kasa.application.payments.deciding import Approval
from kasa.application.payments.submitting import NewEvidence
from kasa.domain.identity.access import Actor, Role
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import ContactId
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.payments.evidence import Outcome, PaymentEvidence, ReceiptKind, Source
from kasa.domain.payments.payment import CUSTOMER_WAIT, Payment
from kasa.domain.payments.states import AlreadyDecided, PaymentState
from tests.unit.payments.desk import Desk, transfer

CODE = PaymentEvidence(
    source=Source.SCREENSHOT, layout="generic", receipt=read(ReceiptKind.CODE), text_characters=90
)
PENDING = attrs.evolve(transfer(1), outcome=read(Outcome.PENDING))


@pytest.fixture
def desk() -> Desk:
    """Return an open shop."""
    return Desk.open()


@pytest.fixture
def customer(desk: Desk) -> Actor:
    """Return a customer of it."""
    return Actor.customer(desk.owner.tenant, ContactId(desk.ports.ids.new(desk.clock.now())))


def send(desk: Desk, actor: Actor, evidence: PaymentEvidence, invoice: Invoice) -> Payment:
    """Have somebody send a picture, and every job that is due done."""
    picture = f"picture {len(desk.reader.shown)}".encode()
    desk.reader.show(picture, evidence)
    new = NewEvidence(pictures=(picture,), invoice=invoice.id)
    (payment,) = desk.kasa.payments.submit(actor, new).payments
    desk.drain()
    return desk.payment(payment)


@pytest.mark.parametrize("evidence", [CODE, PENDING])
def test_the_customer_is_asked_first(
    desk: Desk, customer: Actor, evidence: PaymentEvidence
) -> None:
    """What is no receipt, or of an unfinished transfer, waits for the customer first."""
    invoice = desk.issue()
    payment = send(desk, customer, evidence, invoice)
    now = desk.clock.now()
    assert (PaymentState.WAITING, now, now + CUSTOMER_WAIT) == (
        payment.state,
        payment.asked_at,
        payment.waits_until,
    )
    assert "customer_asked" in desk.kinds(payment)
    assert "payment_sent_to_review" not in desk.kinds(payment)
    assert () == desk.invoice(invoice).reviews


def test_what_only_the_shop_can_tell_is_not_asked(desk: Desk, customer: Actor) -> None:
    """A wrong amount goes to the shop; what a member sent is before a person already."""
    wrong = send(desk, customer, transfer(1, 24_000), desk.issue())
    shown = send(desk, desk.person(Role.USER), CODE, desk.issue())
    assert [PaymentState.IN_REVIEW] * 2 == [wrong.state, shown.state]
    assert [None, None] == [wrong.asked_at, shown.asked_at]


def test_at_most_two_requests_a_day(desk: Desk, customer: Actor) -> None:
    """The third goes to the shop; a day later, or for another customer, it is asked again."""
    found = [send(desk, customer, CODE, desk.issue()).state for _ in range(4)]
    assert [PaymentState.WAITING] * 2 + [PaymentState.IN_REVIEW] * 2 == found
    other = Actor.customer(desk.owner.tenant, ContactId(desk.ports.ids.new(desk.clock.now())))
    assert PaymentState.WAITING is send(desk, other, CODE, desk.issue()).state
    desk.clock.pass_time(timedelta(hours=23, minutes=59))
    assert PaymentState.IN_REVIEW is send(desk, customer, CODE, desk.issue()).state
    desk.clock.pass_time(timedelta(minutes=1))
    assert PaymentState.WAITING is send(desk, customer, CODE, desk.issue()).state


def test_a_customer_insists(desk: Desk, customer: Actor) -> None:
    """Sent to the shop anyway, once, by the customer whose it is, and without a further request."""
    invoice = desk.issue()
    payment = send(desk, customer, PENDING, invoice)
    stranger = Actor.customer(desk.owner.tenant, ContactId(payment.id))
    with pytest.raises(NotFound):
        desk.kasa.payments.send_to_shop(stranger, payment.id)
    sent = desk.kasa.payments.send_to_shop(customer, payment.id)
    assert (PaymentState.IN_REVIEW, None) == (sent.state, sent.waits_until)
    assert (payment.id,) == desk.invoice(invoice).reviews
    assert sent == desk.kasa.payments.send_to_shop(customer, payment.id)
    assert 1 == desk.kinds(payment).count("payment_sent_to_review")
    decision = Approval(version=sent.version, reason="seen at the bank")
    approved = desk.kasa.payments.approve(desk.owner, payment.id, decision)
    assert PaymentState.APPROVED is approved.state
    with pytest.raises(AlreadyDecided):
        desk.kasa.payments.send_to_shop(customer, payment.id)


def test_a_member_forwards_what_a_customer_sent(desk: Desk, customer: Actor) -> None:
    """The shop need not wait for the customer."""
    payment = send(desk, customer, CODE, desk.issue())
    sent = desk.kasa.payments.send_to_shop(desk.person(Role.USER), payment.id)
    assert PaymentState.IN_REVIEW is sent.state


def test_nobody_waits_longer_than_two_days(desk: Desk, customer: Actor) -> None:
    """Without an answer it goes to the shop by itself, once."""
    invoice = desk.issue()
    payment = send(desk, customer, PENDING, invoice)
    desk.clock.pass_time(CUSTOMER_WAIT - timedelta(seconds=1))
    desk.drain()
    assert PaymentState.WAITING is desk.payment(payment).state
    desk.clock.pass_time(timedelta(seconds=1))
    desk.drain()
    late = desk.payment(payment)
    assert (PaymentState.IN_REVIEW, (payment.id,)) == (late.state, desk.invoice(invoice).reviews)
    assert late.verdict is not None
    assert "not_final" in codes(late.verdict)


def test_a_better_picture_of_the_same_transfer_is_merged(desk: Desk, customer: Actor) -> None:
    """It is judged again with what the second picture shows, and stays one payment."""
    invoice = desk.issue()
    unread = attrs.evolve(transfer(1), layout="generic", labels=0, success_word=False)
    first = send(desk, customer, unread, invoice)
    assert PaymentState.WAITING is first.state
    second = send(desk, customer, transfer(1), invoice)
    assert (PaymentState.DUPLICATE, first.id) == (second.state, second.duplicate_of)
    assert PaymentState.APPROVED is desk.payment(first).state
    assert 0 == desk.invoice(invoice).due_minor


def test_amounts_of_a_customers_request_are_kept(desk: Desk, customer: Actor) -> None:
    """What was read stays with the payment that waits."""
    payment = send(desk, customer, PENDING, desk.issue())
    assert Money(25_000, KHR) == payment.amount
