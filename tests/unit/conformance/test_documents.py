"""The suites of pictures, codes and documents over memory."""

from kasa.adapters.conformance.documents import (
    ImageCleanerConformance,
    PdfReaderConformance,
    QrCodesConformance,
)
from kasa.adapters.conformance.printing import (
    InvoicePrinterConformance,
    SampleReceiptsConformance,
)
from kasa.adapters.memory.codes import ScriptedQrCodes
from kasa.adapters.memory.documents import PassingPdfReader, PlainInvoicePrinter
from kasa.adapters.memory.images import PassingImageCleaner, ToldSampleReceipts
from kasa.application.ports.codes import QrCodes
from kasa.application.ports.documents import InvoicePrinter, PdfReader
from kasa.application.ports.images import ImageCleaner, SampleReceipts


class TestPassingImageCleaner(ImageCleanerConformance):
    """The cleaner that passes everything on."""

    def make_ports(self) -> ImageCleaner:
        """Return the cleaner."""
        return PassingImageCleaner()


class TestScriptedQrCodes(QrCodesConformance):
    """The codes that show what they are told to."""

    def make_ports(self) -> QrCodes:
        """Return the codes."""
        return ScriptedQrCodes()

    def show(self, codes: QrCodes, picture: bytes, text: str) -> None:
        """Script the picture."""
        assert isinstance(codes, ScriptedQrCodes)
        codes.show(picture, text)


class TestPassingPdfReader(PdfReaderConformance):
    """The reader that passes everything on."""

    def make_ports(self) -> PdfReader:
        """Return the reader."""
        return PassingPdfReader()


class TestPlainInvoicePrinter(InvoicePrinterConformance):
    """The printer of plain text."""

    def make_ports(self) -> InvoicePrinter:
        """Return the printer."""
        return PlainInvoicePrinter()


class TestToldSampleReceipts(SampleReceiptsConformance):
    """The samples that are told instead of drawn."""

    def make_ports(self) -> SampleReceipts:
        """Return the samples."""
        return ToldSampleReceipts()
