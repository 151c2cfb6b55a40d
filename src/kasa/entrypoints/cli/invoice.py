"""`kasa invoice`: draft, issue, look at, void."""

from pathlib import Path

import click

from kasa.application.invoicing.queries import InvoicingQueries
from kasa.application.payments.showing import LIFE_MINUTES
from kasa.domain.identity.access import Actor
from kasa.domain.invoicing.content import WantedInvoice
from kasa.domain.invoicing.customer import CustomerDetails
from kasa.domain.invoicing.decimals import plain
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.invoicing.line_item import WantedLine
from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.ids import CustomerId
from kasa.domain.kernel.moments import zone
from kasa.domain.kernel.money import KHR, USD, ExchangeRate, Money, currency
from kasa.domain.kernel.text import name
from kasa.entrypoints.cli.files import write_new
from kasa.entrypoints.cli.given import decimal, invoice_id, printed, product
from kasa.entrypoints.cli.request import Request, asked
from kasa.entrypoints.cli.screen import table
from kasa.entrypoints.opened import OpenKasa
from kasa.entrypoints.shown.invoices import InvoiceListed, InvoiceShown, payable


class LineMalformed(Invalid):
    """A line is CODE or CODE=QUANTITY; an item is TEXT=QUANTITY@PRICE."""

    code = "line.malformed"


class LineMissing(Invalid):
    """An invoice needs a line of the catalogue or an item."""

    code = "line.missing"


@click.group
def invoice() -> None:
    r"""Invoices.

    \b
    Examples:
      kasa invoice new --line TSHIRT=2 --line CAP --customer "Dara" --issue
      kasa invoice new --item "Delivery=1@5000"
      kasa invoice new --item "Scarf=1@12.50" --currency USD --rate 4000
      kasa invoice show INV-2026-000001
      kasa invoice qr INV-2026-000001 --out code.png
    """


@invoice.command("new")
@click.option("--line", "lines", multiple=True, metavar="CODE[=QTY]", help="Of the catalogue.")
@click.option("--item", "items", multiple=True, metavar="TEXT=QTY@PRICE", help="Anything else.")
@click.option("--customer", help="Name of a customer; a new one is added.")
@click.option("--currency", "unit", metavar="CODE", help="Else the shop's.")
@click.option("--rate", help="What one of its currency is worth; else the shop's rate of the day.")
@click.option("--note", default="", help="Printed below the lines.")
@click.option("--issue", is_flag=True, help="Issue it at once.")
@asked
def new(  # one argument for each option of the command
    request: Request,
    *,
    lines: tuple[str, ...],
    items: tuple[str, ...],
    customer: str | None,
    unit: str | None,
    rate: str | None,
    note: str,
    issue: bool,
) -> None:
    """Draft an invoice; with --issue also issue it."""
    if not (lines or items):
        raise LineMissing
    with request.open() as opened:
        actor, reader = request.actor(opened, "invoice.new"), request.reader(opened)
        wanted = WantedInvoice(
            lines=(
                *(_catalogue_line(opened, reader, line) for line in lines),
                *(_free_line(item) for item in items),
            ),
            customer=None if customer is None else _customer(opened, reader, customer),
            currency=None if unit is None else currency(unit),
            rate=None if rate is None else _rate(opened, reader, rate, unit),
            note=note,
        )
        made = opened.do(opened.kasa.invoicing.draft, actor, wanted)
        if issue:
            request.screen.say(f"draft: {made.id}", "dim")
            made = opened.do(
                opened.kasa.invoicing.issue, request.again(actor, "invoice.issue"), made.id
            )
            opened.work_off()
    _show(request, made)


def _catalogue_line(opened: OpenKasa, actor: Actor, given: str) -> WantedLine:
    code, marked, quantity = given.partition("=")
    if not code.strip():
        raise LineMalformed(line=given[:80])
    return WantedLine(
        product=product(opened, actor, code.strip()).id,
        quantity=decimal(quantity.strip() if marked else "1"),
    )


def _free_line(given: str) -> WantedLine:
    text, _, rest = given.rpartition("=")
    quantity, marked, price = rest.partition("@")
    if not (text.strip() and marked):
        raise LineMalformed(line=given[:80])
    return WantedLine(
        text=text.strip(), quantity=decimal(quantity.strip()), price=decimal(price.strip())
    )


def _customer(opened: OpenKasa, actor: Actor, given: str) -> CustomerId:
    wanted = name(given)
    page = opened.kasa.invoicing.queries.customers(actor, name=wanted)
    found = [one.id for one in page.items if one.details.name == wanted]
    if found:
        return found[0]
    return opened.do(opened.kasa.invoicing.add_customer, actor, CustomerDetails(name=wanted)).id


def _rate(opened: OpenKasa, actor: Actor, given: str, unit: str | None) -> ExchangeRate:
    """Return a rate that somebody typed: of the invoice's currency, into the shop's, else riel."""
    profile = opened.kasa.tenancy.queries.tenant(actor).profile
    base = profile.currency if unit is None else currency(unit)
    usual = KHR if base != KHR else USD
    return ExchangeRate(
        base=base,
        quote=usual if profile.currency == base else profile.currency,
        rate=decimal(given),
        on=opened.now().astimezone(zone(profile.zone)).date(),
        source="merchant",
    )


@invoice.command("issue")
@click.argument("draft")
@click.option("--accept-shortage", is_flag=True, help="Issue although goods are missing.")
@asked
def issue_draft(request: Request, *, draft: str, accept_shortage: bool) -> None:
    """Freeze a draft and give it its number; DRAFT is its id."""
    with request.open() as opened:
        actor = request.actor(opened, "invoice.issue")
        wanted = invoice_id(opened, actor, draft)
        made = opened.do(
            opened.kasa.invoicing.issue, actor, wanted, accept_shortage=accept_shortage
        )
        opened.work_off()
    _show(request, made)


@invoice.command("void")
@click.argument("number")
@click.option("--reason", required=True, help="Kept with the invoice.")
@asked
def void(request: Request, *, number: str, reason: str) -> None:
    """Declare an invoice void; its number stays used."""
    with request.open() as opened:
        actor = request.actor(opened, "invoice.void")
        made = opened.do(
            opened.kasa.invoicing.void, actor, invoice_id(opened, actor, number), reason
        )
        opened.work_off()
    _show(request, made)


@invoice.command("list")
@click.option("--number", default="", help="The beginning of a number.")
@asked
def list_invoices(request: Request, *, number: str) -> None:
    """List the newest invoices."""
    with request.open() as opened:
        page = opened.kasa.invoicing.queries.invoices(
            request.reader(opened), number=number, limit=100
        )
    found = [InvoiceListed.of(row) for row in page.items]
    rows = [
        (row.number or row.id, row.state, row.customer_name, row.gross, row.due) for row in found
    ]
    request.screen.show(table(("number", "state", "customer", ">total", ">due"), rows))
    request.screen.answer({"items": found, "next_cursor": page.next})


@invoice.command("show")
@click.argument("number")
@asked
def show(request: Request, *, number: str) -> None:
    """Show an invoice by its number, or a draft by its id."""
    with request.open() as opened:
        reader = request.reader(opened)
        queries: InvoicingQueries = opened.kasa.invoicing.queries
        view = queries.invoice(reader, invoice_id(opened, reader, number))
    _lines(request, view.invoice)
    request.screen.answer(InvoiceShown.whole(view))


@invoice.command("pdf")
@click.argument("number")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@asked
def write_pdf(request: Request, *, number: str, file: Path) -> None:
    """Write the newest printed copy of an invoice to FILE; a file that exists stays."""
    with request.open() as opened:
        reader = request.reader(opened)
        data = printed(opened, reader, invoice_id(opened, reader, number))
    write_new(file, data)
    request.screen.show(str(file))
    request.screen.answer({"file": file, "size_bytes": len(data)})


@invoice.command("qr")
@click.argument("number")
@click.option("--out", "file", type=click.Path(path_type=Path, dir_okay=False), help="A new PNG.")
@click.option("--minutes", default=LIFE_MINUTES, show_default=True, help="How long it lives.")
@asked
def show_code(request: Request, *, number: str, file: Path | None, minutes: int) -> None:
    """Show a fresh KHQR for what is due; while it lives the bank is asked whether it was paid."""
    with request.open() as opened:
        actor = request.actor(opened, "invoice.qr")
        wanted = invoice_id(opened, request.reader(opened), number)
        shown = opened.do(opened.kasa.payments.show_code, actor, wanted, minutes=minutes)
        if file is not None:
            write_new(file, opened.draw_code(shown.payload))
    request.screen.show(
        f"{shown.amount}  until {shown.expires_at:%Y-%m-%d %H:%M} UTC",
        f"md5  {shown.md5}",
        shown.payload,
        *(() if file is None else (str(file),)),
    )
    request.screen.answer(shown)


def _show(request: Request, made: Invoice) -> None:
    _lines(request, made)
    request.screen.answer(InvoiceShown.of(made))


def _lines(request: Request, made: Invoice) -> None:
    unit = made.content.currency
    rows = [
        (
            line.no,
            line.text,
            plain(line.quantity),
            plain(line.price),
            Money(at.left, unit),
        )
        for line, at in zip(made.content.lines, made.totals.lines, strict=True)
    ]
    number = made.number.text if made.number is not None else str(made.id)
    request.screen.show(
        f"{number}  {made.state.value}  total {Money(made.totals.gross, unit)}"
        f"  due {payable(made)}",
        table((">no", "text", ">quantity", ">price", ">amount"), rows),
    )
