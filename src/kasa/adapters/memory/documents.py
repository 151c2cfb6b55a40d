"""Documents in memory: invoices as plain text."""

from kasa.adapters.memory.outside import refuse_inside_unit_of_work
from kasa.application.ports.documents import (
    NO_EXTRAS,
    PDF_LIMIT_BYTES,
    PRINT_LIMIT_LINES,
    Mark,
    PdfWithoutPicture,
    PrintedInvoice,
    PrintExtras,
    PrintLanguage,
    PrintTooBig,
    Template,
)
from kasa.application.ports.images import PictureTooLarge
from kasa.domain.invoicing.document import InvoiceDocument


class PassingPdfReader:
    """Takes the bytes of a PDF file for the picture inside it."""

    def picture(self, data: bytes) -> bytes:
        """Return the file as it is; what does not begin as PDF is refused."""
        refuse_inside_unit_of_work()
        if len(data) > PDF_LIMIT_BYTES:
            raise PictureTooLarge(limit_bytes=PDF_LIMIT_BYTES)
        if not data.startswith(b"%PDF-"):
            raise PdfWithoutPicture
        return data


class PlainInvoicePrinter:
    """Prints an invoice as lines of text."""

    def print(
        self,
        document: InvoiceDocument,
        *,
        template: Template = Template.A4,
        language: PrintLanguage = PrintLanguage.KHMER_ENGLISH,
        mark: Mark = Mark.ORIGINAL,
        extras: PrintExtras = NO_EXTRAS,
    ) -> PrintedInvoice:
        """Return one copy as plain text in UTF-8."""
        refuse_inside_unit_of_work()
        if len(document.lines) > PRINT_LIMIT_LINES:
            raise PrintTooBig
        with_code = document.khqr is not None and mark is Mark.ORIGINAL
        lines = [
            f"{template} {language} {mark}",
            "" if mark is Mark.DRAFT else document.number or "",
            document.seller.name,
            document.buyer.name if document.buyer else "",
            *(f"{line.no}. {line.text} {line.quantity} {line.amount}" for line in document.lines),
            f"net {document.net} tax {document.tax} gross {document.gross} due {document.due}",
            document.khqr.text if document.khqr and with_code else "",
            f"paid {extras.paid_on}" if extras.paid_on and mark is Mark.PAID else "",
        ]
        text = "\n".join(line for line in lines if line)
        return PrintedInvoice(data=text.encode(), media_type="text/plain", pages=1)
