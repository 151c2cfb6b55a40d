"""Invoices as PDF with reportlab, which needs the extra `pdf`."""

import io
import re
from collections.abc import Callable

from reportlab.lib.utils import ImageReader

from kasa.adapters.pdf import blocks, payment
from kasa.adapters.pdf.archive import archived
from kasa.adapters.pdf.fonts import PRINTING, FontChain, font_chain
from kasa.adapters.pdf.khmer import KasaCanvas, has_khmer, measured
from kasa.adapters.pdf.labels import Labels
from kasa.adapters.pdf.sheet import FAINT, FORMS, Sheet
from kasa.application.ports.codes import CodeMatrix, QrCodes
from kasa.application.ports.documents import (
    NO_EXTRAS,
    PRINT_LIMIT_BYTES,
    PRINT_LIMIT_LINES,
    PRINT_LIMIT_PAGES,
    Mark,
    PrintedInvoice,
    PrintExtras,
    PrintFontMissing,
    PrintLanguage,
    PrintTooBig,
    Template,
)
from kasa.application.ports.wording import Wording
from kasa.domain.invoicing.document import InvoiceDocument

ACCENT = "#0b6e4f"
LOGO_HEIGHT_LINES = 6
LOGO_LIMIT_BYTES = 512 * 1024
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}\Z")
_WATERMARKS = {Mark.DRAFT: "Draft", Mark.VOID: "Void"}


class ReportlabPrinter:
    """Prints invoices; one document at a time in each process.

    ``fonts`` finds the fonts when the first document is printed. The same values give the same
    bytes: no clock, no counter and no earlier document shows in them.
    """

    def __init__(
        self, *, codes: QrCodes, wording: Wording, fonts: Callable[[], FontChain] = font_chain
    ) -> None:
        self._codes = codes
        self._wording = wording
        self._fonts = fonts

    def print(
        self,
        document: InvoiceDocument,
        *,
        template: Template = Template.A4,
        language: PrintLanguage = PrintLanguage.KHMER_ENGLISH,
        mark: Mark = Mark.ORIGINAL,
        extras: PrintExtras = NO_EXTRAS,
    ) -> PrintedInvoice:
        """Return one copy as PDF 1.7, built as PDF/A-3b."""
        if len(document.lines) > PRINT_LIMIT_LINES or len(extras.logo or b"") > LOGO_LIMIT_BYTES:
            raise PrintTooBig
        labels = Labels(wording=self._wording, language=language, khmer_digits=extras.khmer_digits)
        with PRINTING:
            chain = self._fonts()
            if not chain.has_khmer and (labels.main == "km" or has_khmer(_text_of(document))):
                raise PrintFontMissing
            sheet = Sheet(FORMS[template], chain)
            page = blocks.Page(
                sheet=sheet,
                labels=labels,
                document=document,
                mark=mark,
                extras=extras,
                accent=document.brand.accent if _COLOUR.match(document.brand.accent) else ACCENT,
            )
            return self._printed(page)

    def _printed(self, page: blocks.Page) -> PrintedInvoice:
        sheet = page.sheet
        _logo(page)
        blocks.head(page)
        blocks.table(page)
        blocks.totals(page)
        payment.how_to_pay(page, self._matrix(page))
        blocks.closing(page)
        if len(sheet.pages) > PRINT_LIMIT_PAGES:
            raise PrintTooBig
        data = archived(_drawn(page))
        if len(data) > PRINT_LIMIT_BYTES:
            raise PrintTooBig
        return PrintedInvoice(
            data=data,
            media_type="application/pdf",
            pages=len(sheet.pages),
            unprintable=tuple(sheet.unprintable),
            fonts=_digests(sheet.chain, sheet.fonts),
        )

    def _matrix(self, page: blocks.Page) -> CodeMatrix | None:
        code = page.document.khqr
        if code is None or page.mark is not Mark.ORIGINAL:
            return None
        return self._codes.draw(code.text)


def _text_of(document: InvoiceDocument) -> str:
    """Return the texts of a document that people wrote."""
    parties = [party for party in (document.seller, document.buyer) if party is not None]
    names = [text for party in parties for text in (party.name, party.name_km, party.address)]
    lines = [line.text for line in document.lines]
    return "\n".join((*names, *lines, document.terms, document.note))


def _digests(chain: FontChain, used: set[str]) -> tuple[str, ...]:
    families = (
        family
        for family in chain.families
        if used & {family.regular.fontName, family.bold.fontName}
    )
    return tuple(digest for family in families for digest in family.digests)


def _logo(page: blocks.Page) -> None:
    """Draw the seller's logo at the right of the head."""
    if page.extras.logo is None:
        return
    picture = ImageReader(io.BytesIO(page.extras.logo))
    wide, high = picture.getSize()
    form = page.sheet.form
    height = form.size * LOGO_HEIGHT_LINES
    width = min(height * wide / high, form.inner / 3)
    height = width * high / wide
    left, top = form.width - form.margin - width, form.margin + form.size

    def draw(canvas: KasaCanvas, page_height: float) -> None:
        canvas.drawImage(picture, left, page_height - top - height, width, height)

    page.sheet.add(draw)


def _drawn(page: blocks.Page) -> bytes:
    """Draw all pages, each with its watermark below and its number at the end."""
    sheet, height, out = page.sheet, page.sheet.page_height(), io.BytesIO()
    canvas = KasaCanvas(
        out,
        pagesize=(sheet.form.width, height),
        initialFontName=sheet.chain.faces(bold=False)[0].fontName,
        invariant=1,
        pageCompression=1,
        pdfVersion=(1, 7),
        lang=str(page.labels.main),
    )
    draft = page.mark is Mark.DRAFT
    canvas.setTitle("" if draft else page.document.number or "")
    canvas.setAuthor(page.document.seller.name)
    canvas.setCreator("kasa")
    total = len(sheet.pages)
    for number, pieces in enumerate(sheet.pages, start=1):
        _watermark(page, canvas, height)
        for piece in pieces:
            piece(canvas, height)
        if not sheet.form.rolled:
            _page_number(page, canvas, number, total)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _watermark(page: blocks.Page, canvas: KasaCanvas, height: float) -> None:
    """Write across the page what this copy is not; no part of its text."""
    word = _WATERMARKS.get(page.mark)
    if word is None:
        return
    form, text = page.sheet.form, page.labels.inline(word)
    size = form.inner / max(4, len(text)) * 1.6
    line = measured(text, page.sheet.chain.faces(bold=True), size)
    canvas.saveState()
    canvas.setFillColor("#e8d5d5")
    canvas.translate(form.width / 2, height / 2)
    canvas.rotate(40)
    canvas._code.append("/Artifact BMC")  # noqa: SLF001 # there is no public way
    line.draw_plain(canvas, -line.width / 2, 0)
    canvas._code.append("EMC")  # noqa: SLF001 # there is no public way
    canvas.restoreState()


def _page_number(page: blocks.Page, canvas: KasaCanvas, number: int, total: int) -> None:
    form = page.sheet.form
    text = page.labels.inline("Page {number} of {total}", {"number": number, "total": total})
    size = form.size * 0.85
    line = measured(text, page.sheet.chain.faces(bold=False), size)
    canvas.setFillColor(FAINT)
    line.draw(canvas, form.width - form.margin - line.width, form.margin / 2)
