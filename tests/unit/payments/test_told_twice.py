"""One transfer that a bank tells and a customer shows pays one invoice (sections 9 and 13)."""

from datetime import timedelta

import attrs
import pytest

from kasa.adapters.conformance.receipts import aba_success, acleda, alert, bank_found
from kasa.adapters.conformance.strategies_payments import NAMES, PAID_AT, read
from kasa.domain.payments.evidence import PaymentEvidence, Precision
from kasa.domain.payments.resemblance import resembles
from kasa.domain.payments.states import PaymentState
from tests.unit.payments.alerting import aba_text, take
from tests.unit.payments.bank_desk import TRANSFER, opened
from tests.unit.payments.desk import Desk

MINUTES = (-2, -1, 0, 1, 2)
KEY_LENGTH_MIN = 4


@pytest.mark.parametrize("minutes", MINUTES)
@pytest.mark.parametrize("shown", [aba_success(), acleda()], ids=["aba", "acleda"])
def test_a_picture_and_a_message_do_not_pay_two_invoices(
    minutes: int, shown: PaymentEvidence
) -> None:
    """Whichever comes first, the other one goes to a person, though their minutes differ."""
    at = PAID_AT + timedelta(minutes=minutes)
    for told_first in (False, True):
        desk = Desk.open()
        desk.clock.set(PAID_AT + timedelta(minutes=3))
        one, other = desk.issue(), desk.issue()
        assert other.number is not None
        text = aba_text(remark=other.number.text, at=at)
        if told_first:
            paid = take(desk, text).payment
            second = desk.submit(shown, one)
        else:
            paid = desk.submit(shown, one)
            made = take(desk, text).payment
            assert made is not None
            second = made
        assert paid is not None
        assert PaymentState.APPROVED is paid.state
        assert PaymentState.IN_REVIEW is second.state


@pytest.mark.parametrize("minutes", MINUTES)
def test_what_the_bank_found_is_near_a_picture_of_it(minutes: int) -> None:
    """The bank's own answer and the payer's screen print other ids, and perhaps other minutes."""
    found = bank_found(paid_at=read(PAID_AT + timedelta(minutes=minutes)))
    assert {"same_transfer"} == resembles(found, aba_success()) == resembles(aba_success(), found)


def test_further_apart_they_are_two_transfers() -> None:
    """So are those of other payers, of ids of one scheme that differ, and of whole days."""
    later = alert(paid_at=read(PAID_AT + timedelta(minutes=3)))
    assert not resembles(later, aba_success())
    soon = alert(paid_at=read(PAID_AT + timedelta(minutes=1)), payer_account=read("*564"))
    paid_from = {"payer_account": read("000 146 564")}
    assert {"same_transfer"} == resembles(soon, aba_success(**paid_from))
    assert not resembles(soon, aba_success(payer_account=read("000 146 565)")))
    other_id = {"payway.trx": read("178935612398765")}
    assert not resembles(soon, aba_success(references=other_id, **paid_from))
    assert not resembles(soon, aba_success(precision=Precision.DAY))


def test_two_pictures_a_minute_apart_are_two_transfers() -> None:
    """Only a bank's words are of a transfer that nobody else has to show."""
    later = acleda(paid_at=read(PAID_AT + timedelta(minutes=1)))
    assert not resembles(aba_success(), later)


POSTED = f"""Received Payment Amount 25,000 KHR
- Paid by: IPSUM SOKHANA / Wing Bank
- Shop ID: 123 / Shop Name: {NAMES[0]}
- Counter: A
- Received by: B
- Transaction Date: 14-Sep-26 10:21.05 AM"""


def test_a_message_without_an_id_that_is_posted_twice_pays_once() -> None:
    """Two chats, or two posts, name no two transfers; a key of theirs is long enough to keep."""
    desk = Desk.open()
    desk.clock.set(PAID_AT + timedelta(minutes=2))
    bot = "prasac_merchant_payment_bot"
    states = []
    for chat, invoice in ((1, desk.issue()), (-100200300, desk.issue())):
        alert = take(desk, POSTED, bot=bot, chat=chat, message=1).alert
        assert alert is not None
        assert all(len(key.value) >= KEY_LENGTH_MIN for key in alert.keys)
        states.append(desk.kasa.payments.assign_alert(desk.owner, alert.id, invoice.id).state)
    assert [PaymentState.APPROVED, PaymentState.IN_REVIEW] == states


@pytest.mark.parametrize("seconds", [0, 50, 110])
@pytest.mark.parametrize("found_first", [True, False])
def test_a_paid_code_and_a_picture_do_not_pay_two_invoices(
    seconds: int, *, found_first: bool
) -> None:
    """The bank finds the transfer for its code, and the payer shows it for another invoice."""
    shop = opened()
    one, other = shop.desk.issue(), shop.desk.issue()
    shown = shop.show(one)
    found = attrs.evolve(TRANSFER, created=PAID_AT + timedelta(seconds=seconds))
    if found_first:
        shop.bank.pay(found, md5=shown.md5)
    shop.later(timedelta(minutes=3))
    pictured = shop.desk.submit(aba_success(), other)
    if not found_first:
        shop.bank.pay(found, md5=shown.md5)
        shop.later(timedelta(minutes=3))
    (coded,) = shop.of(one)
    first, second = (coded, pictured) if found_first else (pictured, coded)
    assert (PaymentState.APPROVED, PaymentState.IN_REVIEW) == (first.state, second.state)
