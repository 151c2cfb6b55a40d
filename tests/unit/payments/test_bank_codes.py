"""Codes that are shown, and what somebody says to have paid: the bank is asked for them."""

from datetime import timedelta

import pytest

from kasa.adapters.conformance.strategies_payments import PAID_AT
from kasa.adapters.memory.payment_providers import NoBankChecker
from kasa.application.payments.deciding import Approval
from kasa.application.payments.showing import BankCannotBeAsked, LifeInvalid, NoCodeShown
from kasa.application.workflows.documenting import NoCodeAccount, NothingDue
from kasa.domain.invoicing.invoice import Invoice, InvoiceState
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import InvoiceId
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.payments.asking import CALLS_OF_INVOICE_LIMIT
from kasa.domain.payments.khqr_reading import md5 as md5_of
from kasa.domain.payments.states import PaymentState
from tests.unit.payments.bank_desk import (
    TRANSFER,
    BankDesk,
    codes,
    opened,
    replayed,
)
from tests.unit.payments.desk import Desk, transfer


@pytest.fixture(name="shop")
def _shop() -> BankDesk:
    """Open the shop."""
    return opened()


def test_a_shown_code_is_dynamic_and_remembered(shop: BankDesk) -> None:
    """It asks for what is due, names the invoice, lives 10 minutes, and is an own code of it."""
    invoice = shop.desk.issue()
    shown = shop.show(invoice)
    assert md5_of(shown.payload) == shown.md5
    assert invoice.number is not None
    assert invoice.number.text in shown.payload
    assert (Money(25_000, KHR), PAID_AT + timedelta(minutes=10)) == (
        shown.amount,
        shown.expires_at,
    )
    with shop.desk.ports.unit_of_work.read_only(shop.desk.owner) as view:
        assert shown.md5 in view.khqr.codes_of([invoice.id])[invoice.id]


def test_a_paid_code_settles_its_invoice_by_itself(shop: BankDesk) -> None:
    """Nobody sends a picture: the bank is asked, and what it found is approved with 1.00."""
    invoice = shop.desk.issue()
    shown = shop.show(invoice)
    shop.later(timedelta(seconds=2))
    assert [] == shop.of(invoice)
    shop.bank.pay(TRANSFER, md5=shown.md5)
    shop.later(timedelta(seconds=4))
    (payment,) = shop.of(invoice)
    assert payment.verdict is not None
    assert (PaymentState.APPROVED, 100) == (payment.state, payment.verdict.points)
    assert 108 == sum(row.points for row in payment.verdict.outcomes)
    assert InvoiceState.PAID is shop.desk.invoice(invoice).state
    assert replayed(payment)


def test_a_code_is_asked_for_by_the_schedule_and_then_no_more(shop: BankDesk) -> None:
    """2 s doubling to 60 s while it lives, five late questions, at most 60; no trace is left."""
    invoice = shop.desk.issue()
    shop.show(invoice)
    for _ in range(12 * 60 + 10):
        shop.later(timedelta(seconds=1))
    quick = len(shop.bank.asked)
    assert 14 <= quick <= 18
    shop.hours(26)
    assert quick + 5 == len(shop.bank.asked)
    shop.hours(26)
    assert quick + 5 == len(shop.bank.asked)
    assert [] == shop.of(invoice)
    assert () == shop.desk.ports.worker.failed(shop.desk.owner.tenant)


def test_saying_to_have_paid_asks_the_bank(shop: BankDesk) -> None:
    """Found at once it is approved; saying it again returns the same payment."""
    invoice = shop.desk.issue()
    shown = shop.show(invoice)
    shop.bank.pay(TRANSFER, md5=shown.md5)
    say = shop.desk.kasa.payments.say_paid
    claim = say(shop.desk.owner, invoice.id)
    assert claim == say(shop.desk.owner, invoice.id)
    shop.desk.drain()
    paid = shop.desk.payment(claim)
    assert PaymentState.APPROVED is paid.state
    assert paid == say(shop.desk.owner, invoice.id)
    shop.later(timedelta(minutes=1))
    assert [paid] == shop.of(invoice)


def test_a_claim_waits_and_is_settled_when_the_money_comes(shop: BankDesk) -> None:
    """It waits for the bank while the code lives; the found transfer settles it."""
    invoice = shop.desk.issue()
    shown = shop.show(invoice)
    claim = shop.desk.kasa.payments.say_paid(shop.desk.owner, invoice.id)
    shop.desk.drain()
    waits = shop.desk.payment(claim)
    assert (PaymentState.WAITING, True) == (waits.state, "bank_waiting" in codes(waits))
    assert replayed(waits)
    shop.bank.pay(TRANSFER, md5=shown.md5)
    shop.later(timedelta(minutes=1))
    (paid,) = shop.of(invoice)
    assert (PaymentState.APPROVED, claim.id) == (paid.state, paid.id)


def test_a_claim_that_nobody_paid_ends_with_a_person(shop: BankDesk) -> None:
    """When the code's life is over the customer is asked for the receipt; no job is left."""
    invoice = shop.desk.issue()
    shop.show(invoice)
    claim = shop.desk.kasa.payments.say_paid(shop.desk.owner, invoice.id)
    shop.desk.drain()
    for _ in range(13 * 12):
        shop.later(timedelta(seconds=5))
    review = shop.desk.payment(claim)
    assert PaymentState.IN_REVIEW is review.state
    assert "bank_not_found" not in codes(review)
    assert replayed(review)
    shop.hours(27)
    asked = len(shop.bank.asked)
    assert asked <= CALLS_OF_INVOICE_LIMIT
    shop.hours(27)
    assert asked == len(shop.bank.asked)
    assert PaymentState.IN_REVIEW is shop.desk.payment(claim).state


def test_money_that_comes_late_still_settles_a_claim(shop: BankDesk) -> None:
    """A person looks at it already; the late question finds the transfer and approves."""
    invoice = shop.desk.issue()
    shown = shop.show(invoice)
    claim = shop.desk.kasa.payments.say_paid(shop.desk.owner, invoice.id)
    for _ in range(13 * 12):
        shop.later(timedelta(seconds=5))
    shop.bank.pay(TRANSFER, md5=shown.md5)
    shop.hours(1)
    assert PaymentState.APPROVED is shop.desk.payment(claim).state


def test_questions_do_not_disturb_who_reviews(shop: BankDesk) -> None:
    """While a person looks, an answer without news leaves the payment as they saw it."""
    invoice = shop.desk.issue()
    shop.show(invoice)
    claim = shop.desk.kasa.payments.say_paid(shop.desk.owner, invoice.id)
    for _ in range(13 * 12):
        shop.later(timedelta(seconds=5))
    seen = shop.desk.payment(claim)
    asked = len(shop.bank.asked)
    shop.hours(2)
    assert asked < len(shop.bank.asked)
    assert seen.version == shop.desk.payment(claim).version
    decision = Approval(version=seen.version, amount=Money(25_000, KHR), reason="seen in the app")
    done = shop.desk.kasa.payments.approve(shop.desk.owner, claim.id, decision)
    assert PaymentState.APPROVED is done.state
    asked = len(shop.bank.asked)
    shop.hours(27)
    assert asked == len(shop.bank.asked)


def test_without_a_bank_or_a_code_nobody_can_say_paid(shop: BankDesk) -> None:
    """There is nothing to ask: the receipt is wanted instead."""
    invoice = shop.desk.issue()
    with pytest.raises(NoCodeShown):
        shop.desk.kasa.payments.say_paid(shop.desk.owner, _bare(shop).id)
    shop.show(invoice)
    bare = Desk.open()
    with pytest.raises(BankCannotBeAsked):
        bare.kasa.payments.say_paid(bare.owner, bare.issue().id)
    assert isinstance(bare.ports.bank, NoBankChecker)


def _bare(shop: BankDesk) -> Invoice:
    """Return an invoice for which no code was made when it was issued."""
    return shop.desk.issue()


def test_a_code_is_refused_where_nothing_can_be_paid(shop: BankDesk) -> None:
    """No draft, nothing due, no account with a Bakong id, no odd life."""
    show, owner = shop.desk.kasa.payments.show_code, shop.desk.owner
    invoice = shop.desk.issue()
    with pytest.raises(NotFound):
        show(owner, InvoiceId(shop.desk.ports.ids.new(PAID_AT)))
    for minutes in (0, 61):
        with pytest.raises(LifeInvalid):
            show(owner, invoice.id, minutes=minutes)
    shop.desk.submit(transfer(1), invoice)
    with pytest.raises(NothingDue):
        show(owner, invoice.id)
    bare = Desk.open()
    with pytest.raises(NoCodeAccount):
        bare.kasa.payments.show_code(bare.owner, bare.issue().id)


def test_a_replaced_code_is_asked_for_at_its_end(shop: BankDesk) -> None:
    """Who opens the page again and again does not use the questions up; an old code counts too."""
    invoice = shop.desk.issue()
    first = shop.show(invoice)
    for _ in range(3):
        shop.later(timedelta(minutes=1))
        shop.show(invoice)
    shop.bank.pay(TRANSFER, md5=first.md5)
    for _ in range(10):
        shop.later(timedelta(minutes=1))
    (payment,) = shop.of(invoice)
    assert PaymentState.APPROVED is payment.state
    assert len(shop.bank.asked) < CALLS_OF_INVOICE_LIMIT // 2
    assert 2 == [value for _, value in shop.bank.asked].count(first.md5)
