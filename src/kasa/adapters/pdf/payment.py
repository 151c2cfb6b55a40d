"""How to pay a printed invoice: its payment code, accounts and links."""

from kasa.adapters.pdf.blocks import Page
from kasa.adapters.pdf.khmer import KasaCanvas
from kasa.adapters.pdf.sheet import NARROW
from kasa.application.ports.codes import QUIET_MODULES, CodeMatrix
from kasa.application.ports.documents import Mark


def how_to_pay(page: Page, matrix: CodeMatrix | None) -> None:
    """Draw the payment code with accounts and links, or when it was paid."""
    sheet, document, labels = page.sheet, page.document, page.labels
    if page.mark is Mark.PAID:
        paid = page.extras.paid_on
        text = labels.inline("Paid") if paid is None else _paid(page)
        sheet.full(text, sheet.style.but(bold=True, colour=page.accent))
    texts = [
        f"{labels.inline('Account')}: {account.bank} {account.number} {account.name}"
        for account in document.accounts
    ]
    if page.mark is Mark.ORIGINAL:
        links = (("Verify payment", page.extras.verify_url), ("Pay online", page.extras.pay_url))
        texts += [f"{labels.inline(label)}: {url}" for label, url in links if url]
    if matrix is None:
        for text in texts:
            sheet.full(text)
        return
    _code_beside(page, matrix, [labels.inline("Scan to pay with KHQR"), *texts])


def _paid(page: Page) -> str:
    assert page.extras.paid_on is not None
    return page.labels.inline("Paid on {date}", {"date": page.labels.day(page.extras.paid_on)})


def _code_beside(page: Page, matrix: CodeMatrix, texts: list[str]) -> None:
    """Draw the code with texts to its right, on a roll below it."""
    sheet, side = page.sheet, page.sheet.form.code
    sheet.need(side + sheet.form.size * 2)
    top, narrow = sheet.top, sheet.form.width < NARROW
    left = sheet.form.margin + ((sheet.form.inner - side) / 2 if narrow else 0)

    def draw(canvas: KasaCanvas, height: float) -> None:
        draw_code(canvas, matrix, left=left, bottom=height - top - side, side=side)

    sheet.add(draw)
    if narrow:
        sheet.top += side + sheet.form.size
    beside = sheet.form.margin + (0 if narrow else side + 12)
    for text in texts:
        sheet.block(
            text, sheet.style, left=beside, width=sheet.form.width - sheet.form.margin - beside
        )
    sheet.top = max(sheet.top, top + side) + sheet.form.size


def draw_code(
    canvas: KasaCanvas, matrix: CodeMatrix, *, left: float, bottom: float, side: float
) -> None:
    """Draw a code as black squares on white, quiet zone inside ``side`` points."""
    module = side / (matrix.side + 2 * QUIET_MODULES)
    canvas.setFillColor("#ffffff")
    canvas.rect(left, bottom, side, side, stroke=0, fill=1)
    canvas.setFillColor("#000000")
    for down, row in enumerate(matrix.rows):
        y = bottom + side - (down + 1 + QUIET_MODULES) * module
        for across, dark in enumerate(row):
            if dark:
                x = left + (across + QUIET_MODULES) * module
                canvas.rect(x, y, module, module, stroke=0, fill=1)
