"""What every adapter that prints invoices or draws sample receipts has to do."""

from datetime import UTC, datetime, timedelta, timezone

import attrs
import pytest

from kasa.adapters.conformance.sample_documents import sample_document
from kasa.application.ports.documents import (
    PRINT_LIMIT_LINES,
    InvoicePrinter,
    Mark,
    PrintLanguage,
    PrintTooBig,
    Template,
)
from kasa.application.ports.images import SampleLook, SampleReceipt, SampleReceipts
from kasa.domain.kernel.money import KHR, Money


class InvoicePrinterConformance:
    """The rules of ``ports.documents.InvoicePrinter``; a subclass makes the printer."""

    def make_ports(self) -> InvoicePrinter:
        """Return the printer under test."""
        raise NotImplementedError

    @pytest.mark.parametrize("template", Template)
    @pytest.mark.parametrize("language", PrintLanguage)
    def test_same_bytes_twice(self, template: Template, language: PrintLanguage) -> None:
        """The same document gives the same bytes, also after another one was printed."""
        printer, document = self.make_ports(), sample_document()
        first = printer.print(document, template=template, language=language)
        other = attrs.evolve(document, number="INV-2026-000008", terms="ឥណទាន")
        assert printer.print(other, template=template, language=language).data != first.data
        assert printer.print(document, template=template, language=language) == first
        assert (first.pages, first.unprintable) == (1, ())

    @pytest.mark.parametrize("mark", Mark)
    def test_each_copy_differs(self, mark: Mark) -> None:
        """Draft, original, paid and void copies are different documents."""
        printer, document = self.make_ports(), sample_document()
        others = {printer.print(document, mark=other).data for other in Mark if other is not mark}
        assert printer.print(document, mark=mark).data not in others

    def test_a_draft_has_no_number(self) -> None:
        """A draft is printed alike whatever number it will get."""
        printer, document = self.make_ports(), sample_document()
        numbered = printer.print(document, mark=Mark.DRAFT)
        bare = printer.print(attrs.evolve(document, number=None, khqr=None), mark=Mark.DRAFT)
        assert numbered == bare

    def test_too_big(self) -> None:
        """More than 500 lines are refused with their code."""
        with pytest.raises(PrintTooBig):
            self.make_ports().print(sample_document(PRINT_LIMIT_LINES + 1))


SAMPLE = SampleReceipt(
    look=SampleLook.ABA_SUCCESS,
    amount=Money(41_000, KHR),
    recipient="KASA SHOP",
    payer="SOK DARA",
    paid_at=datetime(2026, 11, 20, 14, 21, 54, tzinfo=timezone(timedelta(hours=7))),
    references=(("aba.trx", "17900000001"), ("bakong.hash8", "a1b2c3d4")),
)


class SampleReceiptsConformance:
    """The rules of ``ports.images.SampleReceipts``; a subclass makes the samples."""

    def make_ports(self) -> SampleReceipts:
        """Return the samples under test."""
        raise NotImplementedError

    @pytest.mark.parametrize("look", SampleLook)
    def test_same_bytes_twice(self, look: SampleLook) -> None:
        """The same receipt gives the same bytes; another amount or moment gives others."""
        samples, receipt = self.make_ports(), attrs.evolve(SAMPLE, look=look)
        data = samples.draw(receipt)
        assert samples.draw(receipt) == data
        assert samples.draw(attrs.evolve(receipt, amount=Money(41_001, KHR))) != data
        later = attrs.evolve(receipt, paid_at=datetime(2026, 11, 21, tzinfo=UTC))
        assert samples.draw(later) != data
