"""`kasa alert`: what the bank's bot posts about money that came in."""

from typing import BinaryIO

import click

from kasa.application.payments.alerting import AlertMessage, TakenAlert
from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.ids import AlertId, PaymentId
from kasa.domain.payments.alerts.reading import (
    ALERT_LENGTH_MAX,
    AlertFlag,
    Envelope,
    Refusal,
    Sender,
)
from kasa.entrypoints.cli.given import identifier, invoice_id, naming
from kasa.entrypoints.cli.request import Request, asked
from kasa.entrypoints.cli.screen import table
from kasa.entrypoints.cli.verdict import payment_table
from kasa.entrypoints.shown.plain import moment

BYTES_MAX = 8 * ALERT_LENGTH_MAX
CHAT = click.IntRange(-(2**52), 2**52)
MESSAGE = click.IntRange(1, 2**31 - 1)
"""Numbers as Telegram gives them."""
REFUSALS = {
    Refusal.NOT_TRUSTED: "these words are not the bot's own, posted in your own chat.",
    Refusal.NOT_A_CREDIT: "in no wording that kasa knows does this bot say that money came in.",
    Refusal.AMOUNT_UNREADABLE: "its amount cannot be read surely.",
    Refusal.DATE_UNREADABLE: "its moment cannot be read surely.",
}
FLAGS = {
    AlertFlag.TIME_DISAGREES: "Its id was made at another time than it says; it approves nothing.",
    AlertFlag.REPEATED: "The same transfer came in another message too.",
    AlertFlag.EDITED: "The message was edited; what it said first counts.",
}


class AlertUnreadable(Invalid):
    """This file cannot be read, or it is no text in UTF-8."""

    code = "alert.file"


@click.group
def alert() -> None:
    r"""What the bank's bot posts about money that came in.

    \b
    Examples:
      kasa alert take message.txt --bot PayWayByABA_bot --chat -1001234 --message 17
      kasa alert list --unassigned
      kasa alert show ID
      kasa alert join ID --payment PAYMENT
      kasa alert assign ID --invoice INV-2026-000001
      kasa alert ignore ID
    """


@alert.command("take")
@click.argument("source", metavar="FILE|-", type=click.File("rb"))
@click.option("--bot", required=True, help="The user name of the bank's bot.")
@click.option("--chat", type=CHAT, required=True, help="The number of the chat it posted in.")
@click.option("--message", type=MESSAGE, required=True, help="The number of the message there.")
@click.option(
    "--ingested",
    is_flag=True,
    help="The words were passed on by a program: they never approve alone, unless you trust them.",
)
@asked
def take(
    request: Request, *, source: BinaryIO, bot: str, chat: int, message: int, ingested: bool
) -> None:
    """Take one message of a bank's bot, word by word as it stands.

    The bot and the chat that you name here are bound by it: you say, as the one at this machine,
    that the bank's own bot posted these words in your own chat. Words that reached you in any
    other way are ingested: say so with --ingested. The same message again changes nothing.
    """
    envelope = Envelope(
        bot=bot,
        chat=chat,
        message=message,
        sender=Sender.PERSON if ingested else Sender.BOUND_BOT,
        chat_bound=not ingested,
        ingested=ingested,
    )
    words = AlertMessage(envelope=envelope, text=_words(source))
    with request.open() as opened:
        actor = request.actor(opened, "alert.take")
        taken = opened.do(opened.kasa.payments.take_alert, actor, words)
        opened.work_off()
    request.screen.show(_told(taken))
    request.screen.answer(taken)


def _words(source: BinaryIO) -> str:
    """Return the message in a file, which an editor may have saved with its own line ends."""
    try:
        text = source.read(BYTES_MAX).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise AlertUnreadable from error
    return text.replace("\r\n", "\n")


def _told(taken: TakenAlert) -> str:
    if taken.alert is None:
        return "" if taken.refusal is None else _refused(taken.refusal)
    credit, payment = taken.alert.credit, taken.payment
    parts = [str(taken.alert.id), str(credit.amount)]
    parts += ["known already"] if taken.again else []
    where = "waits for its receipt, or for you"
    if payment is not None:
        where = f"payment {payment.id} {payment.state.value} {payment.invoice_number}".rstrip()
    flags = [f"- {FLAGS[AlertFlag(flag)]} ({flag})" for flag in taken.alert.flags]
    return "\n".join(["  ".join([*parts, where]), *flags])


def _refused(refusal: Refusal) -> str:
    return f"Not taken: {REFUSALS[refusal]} ({refusal.value})"


@alert.command("list")
@click.option("--unassigned", is_flag=True, help="Only those that belong to no payment.")
@asked
def list_alerts(request: Request, *, unassigned: bool) -> None:
    """List the alerts, oldest first."""
    with request.open() as opened:
        reader = request.reader(opened)
        page = opened.kasa.payments.alerts.alerts(reader, unassigned=unassigned, limit=100)
    heads = ("alert", "paid", "wording", ">amount", "payer", "remark", "payment", "flags")
    rows = [
        (
            line.id,
            moment(line.paid_at),
            line.family,
            line.amount,
            f"{line.payer} {line.payer_tail}".strip(),
            line.remark,
            "ignored" if line.ignored_at is not None else line.payment or "",
            ", ".join(line.flags),
        )
        for line in page.items
    ]
    request.screen.show(table(heads, rows))
    request.screen.answer({"items": page.items, "next_cursor": page.next})


@alert.command("show")
@click.argument("alert_id", metavar="ALERT")
@asked
def show(request: Request, *, alert_id: str) -> None:
    """Show an alert and the receipts that it may belong to, by amount and time."""
    with request.open() as opened:
        reader = request.reader(opened)
        wanted = AlertId(identifier(alert_id, "alert"))
        with naming("alert", alert_id):
            line = opened.kasa.payments.alerts.alert(reader, wanted)
        fitting = opened.kasa.payments.alerts.may_belong_to(reader, wanted)
    facts = (
        ("wording", line.family),
        ("amount", line.amount),
        ("paid", moment(line.paid_at)),
        ("payer", f"{line.payer} {line.payer_tail}".strip()),
        ("shop", line.shop),
        ("remark", line.remark),
        ("payment", line.payment or ""),
        ("flags", ", ".join(line.flags)),
    )
    request.screen.show(table(("fact", "value"), facts))
    if fitting:
        request.screen.show("", "It may belong to:", payment_table(fitting))
    request.screen.answer({"alert": line, "may_belong_to": fitting})


@alert.command("join")
@click.argument("alert_id", metavar="ALERT")
@click.option("--payment", "payment_id", required=True, help="The receipt that it belongs to.")
@asked
def join(request: Request, *, alert_id: str, payment_id: str) -> None:
    """Say that an alert belongs to a receipt: that is judged again with it."""
    with request.open() as opened:
        actor = request.actor(opened, "alert.join")
        wanted = AlertId(identifier(alert_id, "alert"))
        payment = PaymentId(identifier(payment_id, "payment"))
        made = opened.do(opened.kasa.payments.join_alert, actor, wanted, payment)
        opened.work_off()
    request.screen.show(f"{made.id}  {made.state.value}  {made.amount or ''}".rstrip())
    request.screen.answer(made)


@alert.command("assign")
@click.argument("alert_id", metavar="ALERT")
@click.option("--invoice", "number", required=True, help="The invoice that it pays.")
@asked
def assign(request: Request, *, alert_id: str, number: str) -> None:
    """Say which invoice an alert is for: it is judged, and settles it or waits for you."""
    with request.open() as opened:
        actor = request.actor(opened, "alert.assign")
        wanted = AlertId(identifier(alert_id, "alert"))
        invoice = invoice_id(opened, actor, number)
        made = opened.do(opened.kasa.payments.assign_alert, actor, wanted, invoice)
        opened.work_off()
    request.screen.show(f"{made.id}  {made.state.value}  {made.amount or ''}".rstrip())
    request.screen.answer(made)


@alert.command("ignore")
@click.argument("alert_id", metavar="ALERT")
@asked
def ignore(request: Request, *, alert_id: str) -> None:
    """Put an alert aside that is for no invoice."""
    with request.open() as opened:
        actor = request.actor(opened, "alert.ignore")
        wanted = AlertId(identifier(alert_id, "alert"))
        made = opened.do(opened.kasa.payments.ignore_alert, actor, wanted)
    request.screen.show(f"{made.id}  ignored")
    request.screen.answer(made)
