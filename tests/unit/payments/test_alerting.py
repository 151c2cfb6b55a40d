"""A bank's alert is kept once, joins the receipt it belongs to, and approves only what it names."""

from datetime import timedelta
from typing import Any

import pytest

from kasa.adapters.conformance.strategies_payments import NAMES, PAID_AT, read
from kasa.domain.kernel.money import USD, Money
from kasa.domain.payments.alerts.reading import AlertFlag, Refusal, Sender
from kasa.domain.payments.evidence import UNREADABLE, Outcome, Source
from kasa.domain.payments.expected_payment import MatchPolicy
from kasa.domain.payments.reasons import Reason
from kasa.domain.payments.states import PaymentState
from tests.unit.payments.alerting import (
    aba_text,
    points,
    screen,
    take,
    unassigned,
)
from tests.unit.payments.desk import Desk


@pytest.fixture
def desk() -> Desk:
    """Return a shop whose clock stands a minute after the payment."""
    opened = Desk.open()
    opened.clock.set(PAID_AT + timedelta(minutes=1))
    return opened


def test_an_alert_without_an_invoice_waits(desk: Desk) -> None:
    """It is kept, listed, and settles nothing."""
    taken = take(desk, aba_text())
    assert taken.alert is not None
    assert (None, None, False) == (taken.payment, taken.refusal, taken.again)
    assert [taken.alert.id] == unassigned(desk)


def test_an_alert_that_names_its_invoice_approves(desk: Desk) -> None:
    """The invoice number in the remark settles that invoice, once."""
    invoice = desk.issue()
    assert invoice.number is not None
    taken = take(desk, aba_text(remark=invoice.number.text.lower()))
    assert taken.payment is not None
    assert (PaymentState.APPROVED, Source.BANK_ALERT) == (taken.payment.state, taken.payment.source)
    assert 92 == points(taken.payment)
    assert 0 == desk.invoice(invoice).due_minor
    assert [] == unassigned(desk)


@pytest.mark.parametrize(
    "text",
    [
        {"shop": "ANOTHER PLACE"},
        {"payer": f"{NAMES[0]} (*564)"},
        {"amount": "៛25,001"},
        {"amount": "$25,000.00"},
        {"at": PAID_AT - timedelta(days=9)},
    ],
)
def test_a_named_invoice_is_not_enough(desk: Desk, text: dict[str, Any]) -> None:
    """Another shop, the owner's own transfer, another amount or time: it waits for a person."""
    invoice = desk.issue()
    assert invoice.number is not None
    taken = take(desk, aba_text(remark=invoice.number.text, **text))
    assert taken.alert is not None
    assert taken.payment is None
    assert 25_000 == desk.invoice(invoice).due_minor


def test_an_id_of_another_time_never_approves(desk: Desk) -> None:
    """More than two minutes between the id and the printed minute is flagged and kept."""
    invoice = desk.issue()
    assert invoice.number is not None
    told = aba_text(remark=invoice.number.text)
    second = int(PAID_AT.timestamp())
    taken = take(desk, told.replace(str(second), str(second - 600)))
    assert taken.alert is not None
    assert (AlertFlag.TIME_DISAGREES.value,) == taken.alert.flags
    assert taken.payment is None


def test_an_alert_joins_the_receipt_in_review(desk: Desk) -> None:
    """Amount, minute and payer's tail agree: the receiver is known now, and it is approved."""
    invoice = desk.issue()
    payment = desk.submit(screen(), invoice)
    assert PaymentState.IN_REVIEW is payment.state
    taken = take(desk, aba_text())
    assert taken.payment is not None
    assert payment.id == taken.payment.id
    after = desk.payment(payment)
    assert (PaymentState.APPROVED, payment.id) == (after.state, after.id)
    assert after.verdict is not None
    assert Reason.ALERT_JOINED in after.verdict.reasons
    assert 10 == after.verdict.outcome("confirmation").points
    assert 0 == desk.invoice(invoice).due_minor
    assert [] == unassigned(desk)


def test_a_receipt_joins_the_alert_that_came_first(desk: Desk) -> None:
    """The order does not matter: the alert waited for its receipt."""
    invoice = desk.issue()
    first = take(desk, aba_text())
    assert first.payment is None
    payment = desk.submit(screen(), invoice)
    assert PaymentState.APPROVED is payment.state
    assert first.alert is not None
    line = desk.kasa.payments.alerts.alert(desk.owner, first.alert.id)
    assert payment.id == line.payment


def test_an_id_in_common_is_a_strong_join(desk: Desk) -> None:
    """The receipt shows the alert's id as its purchase: 20 points."""
    invoice = desk.issue()
    take(desk, aba_text(number=7))
    value = f"{int(PAID_AT.timestamp())}00007"
    shown = {"aba.trx": read("48010202442"), "payway.trx": read(value)}
    payment = desk.submit(screen(references=shown, payer_account=UNREADABLE), invoice)
    assert payment.verdict is not None
    assert 20 == payment.verdict.outcome("confirmation").points
    assert (PaymentState.APPROVED, 100) == (payment.state, points(payment))


def test_two_that_fit_join_nothing(desk: Desk) -> None:
    """Two alerts of one payer, money and minute: a person chooses; both are shown to them."""
    invoice = desk.issue()
    for number in (1, 2):
        take(desk, aba_text(number=number), message=number)
    payment = desk.submit(screen(), invoice)
    assert PaymentState.IN_REVIEW is payment.state
    assert 2 == len(unassigned(desk))
    alerts = desk.kasa.payments.alerts
    shown = alerts.of_payment(desk.owner, payment.id)
    assert unassigned(desk) == sorted(line.id for line in shown)
    for line in shown:
        (fitting,) = alerts.may_belong_to(desk.owner, line.id)
        assert payment.id == fitting.id


def test_amount_and_time_alone_join_nothing(desk: Desk) -> None:
    """Without the payer the alert may belong to the receipt, and gives no points."""
    invoice = desk.issue()
    payment = desk.submit(screen(payer_account=UNREADABLE), invoice)
    taken = take(desk, aba_text())
    assert taken.payment is None
    assert payment == desk.payment(payment)


@pytest.mark.parametrize(
    "shown",
    [
        {"recipient_name": read("SOMEBODY ELSE LTD", engines=2)},
        {"outcome": read(Outcome.PENDING)},
        {"paid_at": read(PAID_AT + timedelta(minutes=3))},
        {"payer_account": read("000 146 565")},
        {"amount": read(Money(2_500, USD))},
    ],
)
def test_what_contradicts_is_not_joined(desk: Desk, shown: dict[str, Any]) -> None:
    """An alert heals nothing that differs, and another payer or minute is another transfer."""
    invoice = desk.issue()
    payment = desk.submit(screen(**shown), invoice)
    before = points(payment)
    taken = take(desk, aba_text())
    assert taken.payment is None
    assert (before, payment.state) == (points(desk.payment(payment)), payment.state)


def test_a_message_counts_once(desk: Desk) -> None:
    """Delivered twice it is the same; edited or posted again it is flagged and changes nothing."""
    invoice = desk.issue()
    first = take(desk, aba_text())
    assert first.alert is not None
    twice = take(desk, aba_text())
    assert (True, first.alert) == (twice.again, twice.alert)
    edited = take(desk, aba_text("៛90,000"), edited=True)
    assert edited.alert is not None
    assert (AlertFlag.EDITED.value,) == edited.alert.flags
    assert first.alert.credit == edited.alert.credit
    repeated = take(desk, aba_text(), message=2)
    assert repeated.alert is not None
    assert first.alert.id == repeated.alert.id
    assert {AlertFlag.EDITED.value, AlertFlag.REPEATED.value} == set(repeated.alert.flags)
    assert 1 == len(unassigned(desk))
    assert 25_000 == desk.invoice(invoice).due_minor


@pytest.mark.parametrize(
    "envelope",
    [
        {"sender": Sender.PERSON},
        {"sender": Sender.OTHER_BOT},
        {"sender": Sender.CHANNEL},
        {"chat_bound": False},
        {"forwarded": True},
        {"via_bot": True},
        {"edited": True},
        {"ingested": True, "forwarded": True},
    ],
)
def test_untrusted_words_are_not_kept(desk: Desk, envelope: dict[str, Any]) -> None:
    """Anything but the bound bot's own new words in its chat leaves nothing behind."""
    taken = take(desk, aba_text(), **envelope)
    assert (Refusal.NOT_TRUSTED, None) == (taken.refusal, taken.alert)
    assert [] == unassigned(desk)


def test_another_message_is_not_kept(desk: Desk) -> None:
    """What is no credit leaves nothing behind: one-time passwords stay with who got them."""
    taken = take(desk, "Your one-time password is 481 920. Do not share it with anyone.")
    assert (Refusal.NOT_A_CREDIT, None) == (taken.refusal, taken.alert)
    assert [] == unassigned(desk)


def test_a_waiting_payment_is_approved_by_its_alert(desk: Desk) -> None:
    """A shop that awaits alerts: the receipt waits, and the alert ends the waiting."""
    policy = MatchPolicy(await_alert=timedelta(minutes=30))
    desk.kasa.payments.set_policy(desk.owner, policy)
    invoice = desk.issue()
    payment = desk.submit(screen(recipient_name=read(NAMES[0])), invoice)
    assert PaymentState.WAITING is payment.state
    take(desk, aba_text())
    assert PaymentState.APPROVED is desk.payment(payment).state


def test_an_approved_receipt_takes_its_alert_along(desk: Desk) -> None:
    """The alert of a receipt that was approved before is not left over, nor counted again."""
    invoice = desk.issue()
    payment = desk.submit(screen(recipient_name=read(NAMES[0])), invoice)
    assert PaymentState.APPROVED is payment.state
    taken = take(desk, aba_text())
    assert taken.payment is not None
    assert (payment.id, []) == (taken.payment.id, unassigned(desk))
    assert 0 == desk.invoice(invoice).due_minor
    again = desk.submit(
        screen(references={"payway.trx": read(f"{int(PAID_AT.timestamp())}00001")}),
        desk.issue(),
    )
    assert (PaymentState.DUPLICATE, payment.id) == (again.state, again.duplicate_of)


def test_an_alert_is_old_after_thirty_days(desk: Desk) -> None:
    """A receipt that comes later than that joins no alert."""
    take(desk, aba_text())
    desk.clock.set(PAID_AT + timedelta(days=31))
    payment = desk.submit(screen(), desk.issue())
    assert payment.verdict is not None
    assert 0 == payment.verdict.outcome("confirmation").points
    assert 1 == len(unassigned(desk))
