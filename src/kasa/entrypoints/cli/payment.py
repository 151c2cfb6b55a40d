"""`kasa payment`: judge a picture without storing it, or submit it."""

from pathlib import Path

import click

from kasa.application.payments.submitting import NewEvidence
from kasa.domain.kernel.errors import Invalid
from kasa.entrypoints.cli.given import invoice_id
from kasa.entrypoints.cli.request import Request, asked
from kasa.entrypoints.cli.verdict import read_table, rule_table, summary

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
    """


@payment.command("check")
@click.argument("picture", type=click.Path(path_type=Path))
@click.option("--invoice", "number", help="The invoice it should pay; else the open ones.")
@asked
def check(request: Request, *, picture: Path, number: str | None) -> None:
    """Read and judge a picture; nothing is stored."""
    look(request, picture, number, explained=False)


@payment.command("submit")
@click.argument("picture", type=click.Path(path_type=Path))
@click.option("--invoice", "number", help="The invoice it answers.")
@asked
def submit(request: Request, *, picture: Path, number: str | None) -> None:
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
        if made.verdict is not None:
            request.screen.show(summary(made.verdict, opened.say))
    request.screen.answer(made)


def look(request: Request, picture: Path, number: str | None, *, explained: bool) -> None:
    """Show how a picture would be judged against an invoice, or against the open ones."""
    data = read_picture(picture)
    with request.open() as opened:
        reader = request.reader(opened)
        wanted = None if number is None else invoice_id(opened, reader, number)
        with request.screen.waiting("Reading the picture ..."):
            seen = opened.kasa.payments.explain(reader, data, wanted)
        request.screen.show(read_table(seen.evidence), "")
        if explained:
            request.screen.show(rule_table(seen.verdict), "")
        request.screen.show(summary(seen.verdict, opened.say))
    request.screen.answer(seen)


def read_picture(path: Path) -> bytes:
    """Return the bytes of a file that a person names, at most 20 MB of them."""
    try:
        with path.open("rb") as file:
            data = file.read(FILE_LIMIT_BYTES + 1)
    except OSError as error:
        raise PictureUnreadable(f"{path} cannot be read.") from error
    if len(data) > FILE_LIMIT_BYTES:
        raise PictureTooLarge
    return data
