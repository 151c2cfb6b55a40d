"""Messages of a bank's bot, as tests post them in the merchant's chat."""

from datetime import datetime, timedelta
from typing import Any

import attrs

from kasa.adapters.conformance.receipts import aba_success
from kasa.adapters.conformance.strategies_payments import NAMES, PAID_AT, read
from kasa.application.payments.alerting import AlertMessage, TakenAlert
from kasa.domain.kernel.ids import AlertId
from kasa.domain.kernel.moments import zone
from kasa.domain.payments.alerts.reading import Envelope, Sender
from kasa.domain.payments.banks.tables import BANK_ZONE
from kasa.domain.payments.evidence import UNREADABLE, PaymentEvidence
from kasa.domain.payments.payment import Payment
from tests.unit.payments.desk import Desk

BOT = "PayWayByABA_bot"
ENVELOPE = Envelope(bot=BOT, chat=-1001, message=1, sender=Sender.BOUND_BOT, chat_bound=True)


def aba_text(
    amount: str = "៛25,000",
    *,
    at: datetime = PAID_AT,
    payer: str = "IPSUM SOKHANA (*564)",
    shop: str = NAMES[0],
    remark: str = "",
    number: int = 1,
) -> str:
    """Return what the bot of ABA posts about a payment."""
    local = at.astimezone(zone(BANK_ZONE))
    said = f" Remark: {remark}." if remark else ""
    return (
        f"{amount} paid by {payer} on {local:%b %d, %I:%M %p} via ABA PAY at {shop}.{said}"
        f" Trx. ID: {int(at.timestamp())}{number:05d}, APV: 691804."
    )


def take(desk: Desk, text: str, **envelope: Any) -> TakenAlert:
    """Post a message in the bound chat, a little after the payment."""
    message = AlertMessage(
        envelope=attrs.evolve(ENVELOPE, **envelope),
        text=text,
        received_at=PAID_AT + timedelta(seconds=40),
    )
    return desk.kasa.payments.take_alert(desk.owner, message)


def screen(**changes: Any) -> PaymentEvidence:
    """Return the payer's screen with the account that paid, its receiver not readable."""
    given = {"recipient_name": UNREADABLE, "payer_account": read("000 146 564")}
    return aba_success(**{**given, **changes})


def points(payment: Payment) -> int:
    """Return the points of a payment that was judged."""
    assert payment.verdict is not None
    return payment.verdict.points


def unassigned(desk: Desk) -> list[AlertId]:
    """Return the alerts that want a person."""
    return [line.id for line in desk.kasa.payments.alerts.alerts(desk.owner, unassigned=True).items]


def message(text: str) -> AlertMessage:
    """Return a message of the bound bot."""
    return AlertMessage(envelope=ENVELOPE, text=text, received_at=PAID_AT)
