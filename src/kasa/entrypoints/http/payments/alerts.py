"""The banks' own messages over HTTP: listed, taken from a shop's program, assigned, put aside."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec

from kasa.application.payments.alerting import AlertMessage, TakenAlert
from kasa.domain.kernel.ids import AlertId, InvoiceId
from kasa.domain.payments.alerts.alert import AlertAssigned, AlertIgnored, BankAlert
from kasa.domain.payments.alerts.reading import Envelope, Sender
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.paging import PageOf
from kasa.entrypoints.http.payments.shapes import PaymentShown, payment_out
from kasa.entrypoints.http.routing import Route
from kasa.entrypoints.http.wire import Moment, Word, moment, money_out
from kasa.entrypoints.opened import OpenKasa
from kasa.entrypoints.shown.values import MoneyOut

BIG = 2**53 - 1
Chat = Annotated[int, msgspec.Meta(ge=-BIG, le=BIG)]
Message = Annotated[int, msgspec.Meta(ge=0, le=BIG)]
Words = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


class AlertsQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which alerts are listed: all, or those that belong to no payment and want a person."""

    unassigned: bool = False


class AlertShown(msgspec.Struct, frozen=True, kw_only=True):
    """A bank's message about money that came."""

    id: UUID
    source: str
    received_at: datetime
    family: str
    amount: MoneyOut
    paid_at: datetime
    payer: str
    payer_tail: str
    shop: str
    remark: str
    flags: tuple[str, ...]
    payment: UUID | None
    ignored_at: datetime | None


class AssignAlertIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The invoice that an alert pays."""

    invoice: UUID


class AlertIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A bank's message, word by word, as a program of the shop passes it on.

    ``chat`` and ``message`` name it in the messenger; the same one again changes nothing.
    """

    bot: Word
    chat: Chat
    message: Message
    text: Words
    received_at: Moment | None = None
    edited: bool = False
    forwarded: bool = False


class AlertTaken(msgspec.Struct, frozen=True, kw_only=True):
    """What was made of a message: an alert and its payment, or why it was not taken."""

    refusal: str | None
    alert: AlertShown | None
    payment: PaymentShown | None
    again: bool


def alert_out(line: Any) -> AlertShown:
    """Return a line of the list as it is answered."""
    return AlertShown(
        id=line.id,
        source=line.source.value,
        received_at=moment(line.received_at),
        family=line.family,
        amount=money_out(line.amount),
        paid_at=moment(line.paid_at),
        payer=line.payer,
        payer_tail=line.payer_tail,
        shop=line.shop,
        remark=line.remark,
        flags=line.flags,
        payment=line.payment,
        ignored_at=None if line.ignored_at is None else moment(line.ignored_at),
    )


def one_out(alert: BankAlert) -> AlertShown:
    """Return an alert as it is answered."""
    credit = alert.credit
    return AlertShown(
        id=alert.id,
        source=alert.source.value,
        received_at=moment(alert.received_at),
        family=credit.family,
        amount=money_out(credit.amount),
        paid_at=moment(credit.paid_at),
        payer=credit.payer,
        payer_tail=credit.payer_tail,
        shop=credit.shop or "",
        remark=credit.remark or credit.bill_number,
        flags=alert.flags,
        payment=alert.payment,
        ignored_at=None if alert.ignored_at is None else moment(alert.ignored_at),
    )


def page(call: Call) -> PageOf[AlertShown]:
    """List the banks' messages, oldest first."""
    wanted: AlertsQuery = call.query
    found = call.served(unassigned=wanted.unassigned, after=call.after, limit=call.limit)
    return call.page(found, of=alert_out)


def assign(call: Call) -> PaymentShown:
    """Say which invoice an alert pays; that makes a payment, which is judged."""
    given: AssignAlertIn = call.body
    made = call.served(AlertId(call.id("alert_id")), InvoiceId(given.invoice))
    return payment_out(made)


def ignore(call: Call) -> AlertShown:
    """Put an alert aside that is for no invoice."""
    return one_out(call.served(AlertId(call.id("alert_id"))))


def ingest(call: Call) -> AlertTaken:
    """Take a bank's message from a program of the shop; it never outranks a bound bot."""
    given: AlertIn = call.body
    envelope = Envelope(
        bot=given.bot,
        chat=given.chat,
        message=given.message,
        sender=Sender.PERSON,
        edited=given.edited,
        forwarded=given.forwarded,
        ingested=True,
    )
    taken: TakenAlert = call.served(
        AlertMessage(envelope=envelope, text=given.text, received_at=given.received_at)
    )
    return AlertTaken(
        refusal=None if taken.refusal is None else taken.refusal.value,
        alert=None if taken.alert is None else one_out(taken.alert),
        payment=None if taken.payment is None else payment_out(taken.payment),
        again=taken.again,
    )


def routes(opened: OpenKasa) -> tuple[Route, ...]:
    """Return the routes of the banks' messages."""
    use, alert = opened.kasa.payments, "/bank-alerts/{alert_id}"
    refused = (AlertAssigned, AlertIgnored)
    return (
        Route(
            method="GET",
            path="/bank-alerts",
            serves=use.alerts.alerts,
            handle=page,
            answers=PageOf[AlertShown],
            query=AlertsQuery,
            paged=True,
        ),
        Route(
            method="POST",
            path=f"{alert}/assign",
            serves=use.assign_alert,
            handle=assign,
            answers=PaymentShown,
            body=AssignAlertIn,
            refuses=refused,
        ),
        Route(
            method="POST",
            path=f"{alert}/ignore",
            serves=use.ignore_alert,
            handle=ignore,
            answers=AlertShown,
            refuses=(AlertAssigned,),
        ),
        Route(
            method="POST",
            path="/ingest/bank-alerts",
            serves=use.take_alert,
            handle=ingest,
            answers=AlertTaken,
            body=AlertIn,
            service=True,
        ),
    )
