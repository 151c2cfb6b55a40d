"""`kasa payment`: judge a picture without storing it, or submit it."""

from pathlib import Path

import attrs
import click

from kasa.application.payments.explaining import Explained
from kasa.application.payments.submitting import NewEvidence
from kasa.application.payments.telling import VerdictText
from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.ids import PaymentId
from kasa.domain.payments.states import PaymentState
from kasa.entrypoints.cli.files import read_at_most
from kasa.entrypoints.cli.given import identifier, invoice_id, naming
from kasa.entrypoints.cli.replayed import show_replayed
from kasa.entrypoints.cli.request import Request, asked
from kasa.entrypoints.cli.verdict import (
    Spoken,
    payment_table,
    read_table,
    rule_table,
    show_payment,
    spoken,
    summary,
    told,
)
from kasa.entrypoints.shown.plain import plain

FILE_LIMIT_BYTES = 20 * 2**20


class PictureUnreadable(Invalid):
    """There is no such file, or it cannot be read."""

    code = "evidence.file"


class PictureTooLarge(Invalid):
    """The file is larger than any picture of a receipt: at most 20 MB."""

    code = "evidence.too_large"


@click.group
def payment() -> None:
    r"""Receipts of payments.

    \b
    Examples:
      kasa payment check receipt.jpg --invoice INV-2026-000001
      kasa payment submit receipt.jpg --invoice INV-2026-000001
      kasa payment list --state in_review
      kasa payment show ID --language km
    """


@payment.command("check")
@click.argument("picture", type=click.Path(path_type=Path))
@click.option("--invoice", "number", help="The invoice it should pay; else the open ones.")
@spoken
@asked
def check(request: Request, *, picture: Path, number: str | None, spoken: Spoken) -> None:
    """Read and judge a picture; nothing is stored."""
    show_explained(request, look(request, picture, number, spoken), explained=False)


@payment.command("submit")
@click.argument("picture", type=click.Path(path_type=Path))
@click.option("--invoice", "number", help="The invoice it answers.")
@spoken
@asked
def submit(request: Request, *, picture: Path, number: str | None, spoken: Spoken) -> None:
    """Submit a picture: it is read, judged, and settles its invoice or waits for a person."""
    data = read_picture(picture)
    with request.open() as opened:
        actor = request.actor(opened, "payment.submit")
        wanted = None if number is None else invoice_id(opened, actor, number)
        evidence = NewEvidence(pictures=(data,), invoice=wanted)
        sent = opened.do(opened.kasa.payments.submit, actor, evidence)
        with request.screen.waiting("Reading the picture ..."):
            opened.work_off()
        queries, reader = opened.kasa.payments.queries, request.reader(opened)
        made = queries.payment(reader, sent.payments[0].id)
        request.screen.show(f"{made.id}  {made.state.value}  {made.amount or ''}".rstrip())
        text = told(opened, made, spoken)
        if text is not None:
            request.screen.show(summary(text))
    request.screen.answer(made)


@payment.command("ask")
@click.argument("number")
@spoken
@asked
def ask_bank(request: Request, *, number: str, spoken: Spoken) -> None:
    """Ask the bank whether a code that was shown for invoice NUMBER is paid; no picture needed."""
    with request.open() as opened:
        actor = request.actor(opened, "payment.ask")
        wanted = invoice_id(opened, request.reader(opened), number)
        said = opened.do(opened.kasa.payments.say_paid, actor, wanted)
        with request.screen.waiting("Asking the bank ..."):
            opened.work_off()
        made = opened.kasa.payments.queries.payment(request.reader(opened), said.id)
        request.screen.show(f"{made.id}  {made.state.value}  {made.amount or ''}".rstrip())
        waits = made.state is PaymentState.WAITING
        text = None if waits else told(opened, made, spoken)
        if waits:
            request.screen.show("The bank does not know it yet; it is asked again by itself.")
        elif text is not None:
            request.screen.show(summary(text))
    request.screen.answer(made)


@payment.command("show")
@click.argument("payment")
@spoken
@asked
def show(request: Request, *, payment: str, spoken: Spoken) -> None:
    """Show a stored payment: what was read, every check, and why it is as it is."""
    with request.open() as opened:
        show_payment(request, opened, payment, spoken)


@payment.command("replay")
@click.argument("payment")
@asked
def replay_stored(request: Request, *, payment: str) -> None:
    """Judge a stored payment again on what it was judged on; ends with 1 when that differs."""
    with request.open() as opened, naming("payment", payment):
        wanted = PaymentId(identifier(payment, "payment"))
        done = opened.kasa.payments.queries.replayed(request.reader(opened), wanted)
    show_replayed(request, done)


@payment.command("list")
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([state.value for state in PaymentState]),
    help="Only in this state; may be given several times.",
)
@click.option("--invoice", "number", help="Only for this invoice.")
@asked
def list_payments(request: Request, *, states: tuple[str, ...], number: str | None) -> None:
    """List payments, oldest first."""
    with request.open() as opened:
        reader = request.reader(opened)
        wanted = None if number is None else invoice_id(opened, reader, number)
        page = opened.kasa.payments.queries.payments(
            reader,
            states=tuple(PaymentState(state) for state in states),
            invoice=wanted,
            limit=100,
        )
    request.screen.show(payment_table(page.items))
    request.screen.answer({"items": page.items, "next_cursor": page.next})


@attrs.frozen(kw_only=True)
class Looked:
    """A picture that was judged without storing it, and the verdict in words."""

    seen: Explained
    text: VerdictText


def look(request: Request, picture: Path, number: str | None, spoken: Spoken) -> Looked:
    """Return how a picture would be judged against an invoice, or against the open ones."""
    data = read_picture(picture)
    with request.open() as opened:
        reader = request.reader(opened)
        wanted = None if number is None else invoice_id(opened, reader, number)
        with request.screen.waiting("Reading the picture ..."):
            seen = opened.kasa.payments.explain(reader, data, wanted)
        text = opened.kasa.payments.tell(
            seen.inputs, seen.verdict, audience=spoken.audience, language=spoken.language
        )
    return Looked(seen=seen, text=text)


def show_explained(request: Request, looked: Looked, *, explained: bool) -> None:
    """Show what was read and how it would be judged; ``explained``: with every check."""
    request.screen.show(read_table(looked.seen.evidence), "")
    if explained and looked.text.rows:
        request.screen.show(rule_table(looked.text), "")
    request.screen.show(summary(looked.text))
    request.screen.answer({**plain(looked.seen), "words": looked.text})


def read_picture(path: Path) -> bytes:
    """Return the bytes of a file that a person names, at most 20 MB of them."""
    data = read_at_most(path, FILE_LIMIT_BYTES)
    if data is None:
        raise PictureUnreadable(f"{path} cannot be read.")
    if len(data) > FILE_LIMIT_BYTES:
        raise PictureTooLarge
    return data
