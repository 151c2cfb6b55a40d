"""Documents: printed invoices, and PDF files that customers send."""

from datetime import date
from enum import StrEnum
from typing import Protocol

import attrs

from kasa.domain.invoicing.document import InvoiceDocument
from kasa.domain.kernel.errors import Conflict, Invalid

PDF_LIMIT_BYTES = 10 * 1024 * 1024
PDF_LIMIT_PAGES = 5
PRINT_LIMIT_LINES = 500
PRINT_LIMIT_PAGES = 60
PRINT_LIMIT_BYTES = 2 * 1024 * 1024


class Template(StrEnum):
    """The page an invoice is printed on."""

    A4 = "a4"
    A5 = "a5"
    ROLL80 = "roll80"


class PrintLanguage(StrEnum):
    """The language of a printed invoice; ``KHMER_ENGLISH`` has the English below the Khmer."""

    KHMER = "km"
    ENGLISH = "en"
    KHMER_ENGLISH = "km_en"


class Mark(StrEnum):
    """Which copy of an invoice it is; draft and void carry a watermark."""

    DRAFT = "draft"
    ORIGINAL = "original"
    PAID = "paid"
    VOID = "void"


class PdfActive(Invalid):
    """PDF files with scripts, actions, attachments or encryption are refused; send a picture."""

    code = "evidence.pdf_active"


class PdfWithoutPicture(Invalid):
    """No picture that fills a page was found in the PDF; send a picture."""

    code = "evidence.pdf_without_picture"


class PrintTooBig(Invalid):
    """The invoice is too long to be printed: at most 500 lines, 60 pages and 2 MiB."""

    code = "print.too_big"


class PrintFontMissing(Conflict):
    """No installed font has Khmer letters; install the package fontpkg-noto-sans-khmer."""

    code = "print.font_missing"


@attrs.frozen(kw_only=True)
class PrintedInvoice:
    """One printed copy: its bytes, what could not be printed, and the fonts that drew it.

    ``unprintable`` lists the letters that no font has; they show as ``?``. ``fonts`` are the
    SHA-256 digests of the font files in use.
    """

    data: bytes
    media_type: str
    pages: int
    unprintable: tuple[str, ...] = ()
    fonts: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class PrintExtras:
    """What a copy shows beside the document itself.

    ``logo`` is a clean picture (PNG or JPEG, at most 512 KiB, sides at most 1,200 pixels).
    ``verify_url`` and ``pay_url`` stand beside the payment code; an empty one is not printed.
    ``paid_on`` is printed on the paid copy. ``khmer_digits`` prints amounts in Khmer digits.
    """

    logo: bytes | None = None
    verify_url: str = ""
    pay_url: str = ""
    paid_on: date | None = None
    khmer_digits: bool = False


NO_EXTRAS = PrintExtras()


class InvoicePrinter(Protocol):
    """Prints invoices and credit notes."""

    def print(
        self,
        document: InvoiceDocument,
        *,
        template: Template = Template.A4,
        language: PrintLanguage = PrintLanguage.KHMER_ENGLISH,
        mark: Mark = Mark.ORIGINAL,
        extras: PrintExtras = NO_EXTRAS,
    ) -> PrintedInvoice:
        """Return one copy; the same values give the same bytes, in every process.

        A draft has no number; only the original has a payment code. Raises
        ``print.too_big`` above 500 lines, 60 pages or 2 MiB, ``print.font_missing`` when the text
        has Khmer letters and no font has any.
        """


class PdfReader(Protocol):
    """Takes the picture out of a PDF file that a stranger sent."""

    def picture(self, data: bytes) -> bytes:
        """Return the one page-filling picture inside a PDF, still to be cleaned.

        At most 10 MiB and 5 pages. Raises ``evidence.too_large`` (of ``ports.images``),
        ``evidence.pdf_active`` for scripts, actions, attachments and encryption,
        ``evidence.pdf_without_picture`` for everything else that is not one picture filling one
        page, ``Unavailable`` when it cannot be done now. Takes less than a second and 100 MiB.
        """
