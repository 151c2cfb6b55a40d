"""The parts of a printed invoice: head, table, totals, terms."""

from collections.abc import Iterator

import attrs

from kasa.adapters.pdf.labels import Labels, number
from kasa.adapters.pdf.sheet import FAINT, LEADING_PERCENT, NARROW, Align, Sheet
from kasa.application.ports.documents import Mark, PrintExtras
from kasa.domain.invoicing.document import DocumentLine, InvoiceDocument, Party
from kasa.domain.invoicing.tax import TaxCategory
from kasa.domain.invoicing.totals import PriceMode
from kasa.domain.kernel.money import Money

Row = tuple[str, str, bool]


@attrs.frozen(kw_only=True)
class Page:
    """What every block needs: where it draws, what it says, which copy it is."""

    sheet: Sheet
    labels: Labels
    document: InvoiceDocument
    mark: Mark
    extras: PrintExtras
    accent: str


def head(page: Page) -> None:
    """Draw seller, title, number, dates and buyer."""
    sheet, document, labels = page.sheet, page.document, page.labels
    sheet.rule(page.accent, thick=3)
    bold = sheet.style.but(bold=True)
    for name in dict.fromkeys(filter(None, (document.seller.name_km, document.seller.name))):
        sheet.full(name, bold.but(size=sheet.form.size * 1.4))
    for text in _facts(document.seller, labels):
        sheet.full(text, sheet.style.but(colour=FAINT))
    sheet.space()
    sheet.full(labels.title(document), bold.but(size=sheet.form.size * 1.7, colour=page.accent))
    for label, value in _numbers(page):
        sheet.full(f"{labels.inline(label)}: {value}")
    sheet.space(0.6)
    sheet.full(labels.inline("Bill to"), sheet.style.but(colour=FAINT))
    if document.buyer is None:
        sheet.full(labels.inline("Walk-in customer"), bold)
    else:
        names = (document.buyer.name_km, document.buyer.name)
        sheet.full(" · ".join(dict.fromkeys(filter(None, names))), bold)
        for text in _facts(document.buyer, labels):
            sheet.full(text)
    sheet.space()


def _facts(party: Party, labels: Labels) -> Iterator[str]:
    if party.address:
        yield party.address
    if party.tin:
        yield f"{labels.inline('TIN')}: {party.tin}"
    if party.phone:
        yield f"{labels.inline('Phone')}: {party.phone}"


def _numbers(page: Page) -> Iterator[tuple[str, str]]:
    document, labels = page.document, page.labels
    if page.mark is not Mark.DRAFT and document.number:
        yield "Number", document.number
    if document.of_number:
        yield "For invoice", document.of_number
    yield "Date", labels.day(document.issue_date)
    if document.due_date is not None:
        yield "Due date", labels.day(document.due_date)
    if document.reason:
        yield "Reason", document.reason


def table(page: Page) -> None:
    """Draw the lines; their header is repeated on each page."""
    sheet = page.sheet
    if sheet.form.width < NARROW:
        sheet.rule()
        for line in page.document.lines:
            _narrow_line(page, line)
        sheet.rule()
        return
    _table_head(page)
    sheet.on_new_page = lambda: _table_head(page)
    for line in page.document.lines:
        _wide_line(page, line)
    sheet.on_new_page = None
    sheet.rule()


def _columns(sheet: Sheet) -> list[tuple[float, float, Align]]:
    """Return left edge, width and alignment of number, text, quantity, price and amount."""
    unit = sheet.form.inner / 100
    widths = (6, 44, 12, 18, 20)
    aligns = (Align.LEFT, Align.LEFT, Align.RIGHT, Align.RIGHT, Align.RIGHT)
    columns, left = [], sheet.form.margin
    for width, align in zip(widths, aligns, strict=True):
        columns.append((left, unit * width - 4, align))
        left += unit * width
    return columns


def _table_head(page: Page) -> None:
    sheet = page.sheet
    sheet.rule(page.accent)
    labels = ("No.", "Description", "Quantity", "Unit price", "Amount")
    _cells(sheet, [page.labels.stacked(label) for label in labels], bold=True)
    sheet.rule(page.accent)


def _cells(sheet: Sheet, texts: list[str], *, bold: bool = False) -> None:
    """Lay one row of texts into the columns and move below the highest."""
    style = sheet.style.but(bold=bold)
    columns = _columns(sheet)
    step = style.size * LEADING_PERCENT / 100
    counts = (
        len(sheet.lines(text, style, width))
        for text, (_, width, _) in zip(texts, columns, strict=True)
    )
    sheet.need(max(counts) * step + style.size)
    heights = [
        sheet.place(text, style.but(align=align), left=left, width=width)
        for text, (left, width, align) in zip(texts, columns, strict=True)
    ]
    sheet.top += max(heights) + style.size * 0.3


def _line_text(page: Page, line: DocumentLine) -> str:
    taken = (
        f"{page.labels.inline('Discount')}: -{page.labels.money(discount.given)}"
        for discount in line.discounts
    )
    code = f" ({line.sku_code})" if line.sku_code else ""
    return "\n".join((line.text + code, *taken))


def _wide_line(page: Page, line: DocumentLine) -> None:
    places = page.document.currency.exponent
    cells = [
        str(line.no),
        _line_text(page, line),
        number(line.quantity),
        number(line.price, places),
        page.labels.money(line.amount),
    ]
    _cells(page.sheet, cells)


def _narrow_line(page: Page, line: DocumentLine) -> None:
    sheet, places = page.sheet, page.document.currency.exponent
    sheet.full(_line_text(page, line))
    count = f"{number(line.quantity)} × {number(line.price, places)}"
    _pair(sheet, (count, page.labels.money(line.amount), False))


def totals(page: Page) -> None:
    """Draw discounts, charges, taxes, totals and the figures in riel."""
    sheet = page.sheet
    for row in _total_rows(page):
        _pair(sheet, row)
    notes = [
        group.rate.exemption_reason
        for group in page.document.groups
        if group.rate.exemption_reason and group.rate.category is not TaxCategory.OUTSIDE
    ]
    for note in dict.fromkeys(notes):
        sheet.full(note, sheet.style.but(colour=FAINT, align=Align.RIGHT))
    if page.document.accounting is not None:
        rate = page.labels.rate(page.document.accounting.rate)
        text = f"{page.labels.inline('Exchange rate')}: {rate}"
        sheet.full(text, sheet.style.but(colour=FAINT, align=Align.RIGHT))
    sheet.space()


def _total_rows(page: Page) -> Iterator[Row]:
    document, say, money = page.document, page.labels.inline, page.labels.money
    zero = Money.zero(document.currency)
    if document.discounts or document.charges:
        lines = sum((line.amount for line in document.lines), zero)
        yield say("Subtotal"), money(lines), False
    for discount in document.discounts:
        percent = f" {number(discount.percent)}%" if discount.percent is not None else ""
        text = f" ({discount.text})" if discount.text else ""
        yield f"{say('Discount')}{percent}{text}", money(-discount.given), False
    for charge in document.charges:
        yield charge.text, money(charge.amount), False
    net = document.mode is PriceMode.NET
    if net and document.tax:
        yield say("Total before tax"), money(document.net), False
    for group in document.groups:
        if group.rate.category is TaxCategory.STANDARD:
            label = f"{group.rate.label or say('Tax')} {number(group.rate.percent)}%"
            inside = "" if net else f" ({say('included')})"
            yield label + inside, money(group.tax), False
    yield say("Total"), money(document.gross), True
    if document.applied:
        yield say("Credit used"), money(-document.applied), False
    if document.due != document.gross:
        yield say("Amount due"), money(document.due), True
    yield from _riel_rows(page)


def _riel_rows(page: Page) -> Iterator[Row]:
    document, labels = page.document, page.labels
    if document.accounting is not None:
        values = {"currency": document.accounting.gross.currency.code}
        for group in document.groups:
            if group.accounting_tax is not None and group.accounting_tax:
                label = group.rate.label or labels.inline("Tax")
                text = f"{label} {number(group.rate.percent)}%"
                yield text, labels.money(group.accounting_tax), False
        label = labels.inline("Total in {currency}", values)
        yield label, labels.money(document.accounting.gross), False
    if document.riel_to_pay is not None:
        yield labels.inline("To pay in riel"), labels.money(document.riel_to_pay), True


def _pair(sheet: Sheet, row: Row) -> None:
    """Draw a label and an amount at the right, the label on its own line when it is long."""
    label, value, bold = row
    style = sheet.style.but(bold=bold, align=Align.RIGHT)
    inner = sheet.form.inner
    sheet.need(style.size * 3)
    left_style = style.but(align=Align.LEFT) if sheet.form.width < NARROW else style
    height = sheet.place(label, left_style, left=sheet.form.margin, width=inner * 0.68)
    sheet.place(value, style, left=sheet.form.margin + inner * 0.7, width=inner * 0.3)
    sheet.top += height


def closing(page: Page) -> None:
    """Draw terms and note."""
    for text in (page.document.terms, page.document.note):
        if text:
            page.sheet.space(0.5)
            page.sheet.full(text, page.sheet.style.but(colour=FAINT))
