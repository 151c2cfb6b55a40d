"""Printed invoices: layout, text, fonts, payment code (invoicing.md, section 14)."""

import io
import re
import subprocess
from datetime import date
from pathlib import Path

import attrs
import pikepdf
import pytest
from PIL import Image

from kasa.adapters.conformance.pictures import code_png
from kasa.adapters.conformance.printing import InvoicePrinterConformance
from kasa.adapters.conformance.sample_documents import sample_document
from kasa.adapters.memory.wording import EnglishWording
from kasa.adapters.pdf.fonts import FontChain, FontRefused, font_chain
from kasa.adapters.pdf.printer import ReportlabPrinter
from kasa.adapters.qr.codes import SegnoZxingCodes, read_codes
from kasa.adapters.sandbox.pool import SandboxPool
from kasa.application.ports.codes import QUIET_MODULES, CodeMatrix
from kasa.application.ports.documents import (
    InvoicePrinter,
    Mark,
    PrintExtras,
    PrintFontMissing,
    PrintTooBig,
    Template,
)
from kasa.domain.invoicing.document import DocumentType
from tests.integration.pdf.printing import contents, printer, sample_bytes, texts

pytestmark = pytest.mark.integration

RECTANGLE = re.compile(rb"([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re f\*?")


class TestReportlabPrinter(InvoicePrinterConformance):
    """The real printer."""

    def make_ports(self) -> InvoicePrinter:
        """Return the printer."""
        return printer()


@pytest.mark.parametrize("template", Template)
def test_everything_is_on_the_page(template: Template) -> None:
    """Seller, buyer, number, lines, totals, account, link and terms can all be copied."""
    extras = PrintExtras(verify_url="https://t.me/kasa_bot?start=AAAA", pay_url="https://k.example")
    data = printer().print(sample_document(), template=template, extras=extras).data
    text = "\n".join(texts(data))
    wanted = (
        *("ហាងកាសា", "Kasa Shop", "K001-900000000", "Commercial invoice", "INV-2026-000007"),
        *("20/11/2026", "21/11/2026", "សុខ តារា", "កាហ្វេទឹកដោះគោទឹកកក", "Bánh mì, large"),
        *("16,000៛", "-1,000៛", "VAT 10% (included)", "3,545៛", "39,000៛"),
        *("000 123 456", "https://t.me/kasa_bot?start=AAAA", "https://k.example", "សូមអរគុណ។"),
    )
    assert [word for word in wanted if word not in text] == []


def test_each_copy_shows_what_it_is() -> None:
    """Only the original has links and a code; the paid copy tells the day."""
    extras = PrintExtras(verify_url="https://t.me/kasa_bot", paid_on=date(2026, 11, 22))
    said = {
        mark: "\n".join(texts(printer().print(sample_document(), mark=mark, extras=extras).data))
        for mark in Mark
    }
    assert [mark for mark in Mark if "t.me" in said[mark]] == [Mark.ORIGINAL]
    assert [mark for mark in Mark if "Scan to pay" in said[mark]] == [Mark.ORIGINAL]
    assert [mark for mark in Mark if "Paid on 22/11/2026" in said[mark]] == [Mark.PAID]
    assert [mark for mark in Mark if "INV-2026-000007" not in said[mark]] == [Mark.DRAFT]


def test_a_credit_note_names_its_invoice() -> None:
    """A credit note has its title, its invoice and its reason."""
    note = attrs.evolve(
        sample_document(), type=DocumentType.CREDIT_NOTE, of_number="INV-9", reason="Broken cup"
    )
    said = texts(printer().print(note).data)
    assert {"Credit note", "For invoice: INV-9", "Reason: Broken cup"} <= set(said)


def test_the_header_is_repeated_on_each_page() -> None:
    """A long document numbers its pages and repeats the head of its table."""
    printed = printer().print(sample_document(120))
    said = texts(printed.data)
    assert printed.pages > 2
    assert said.count("Description") in {printed.pages, printed.pages - 1}
    assert f"Page {printed.pages} of {printed.pages}" in said
    assert [text for text in said if text.isdigit() and len(text) == 3][-1] == "120"


def matrix_of(data: bytes) -> CodeMatrix:
    """Return the payment code of a page, found again from its squares."""
    found = [tuple(map(float, row)) for row in RECTANGLE.findall(contents(data)[0])]
    (left, bottom, side, _), *squares = found
    module = squares[0][2]
    assert side >= 30 * 72 / 25.4
    count = round(side / module) - 2 * QUIET_MODULES
    dark = {
        (
            count - 1 - (round((y - bottom) / module) - QUIET_MODULES),
            round((x - left) / module) - QUIET_MODULES,
        )
        for x, y, _, _ in squares
    }
    sides = range(count)
    return CodeMatrix(tuple(tuple((down, across) in dark for across in sides) for down in sides))


@pytest.mark.parametrize("template", Template)
def test_the_payment_code_reads_back(template: Template) -> None:
    """The squares on the page, at least 30 mm wide, read as the exact payment text."""
    document = sample_document()
    data = printer().print(document, template=template).data
    assert document.khqr is not None
    assert read_codes(code_png(matrix_of(data))) == (document.khqr.text,)


def test_same_bytes_in_another_process() -> None:
    """A process that printed something else before prints the same bytes."""
    first = sample_bytes()
    with SandboxPool() as pool:
        assert pool.run(sample_bytes) == first


def test_all_fonts_are_embedded() -> None:
    """Every font is embedded, regular and bold apart, and Helvetica is not among them."""
    data = printer().print(sample_document()).data
    names = {}
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            for font in page.obj.Resources.Font.values():
                names[str(font.BaseFont).partition("+")[2]] = "/FontFile2" in font.FontDescriptor
    assert set(names) == {"NotoSansKhmer-Regular", "NotoSansKhmer-Bold"}
    assert all(names.values())


def test_what_no_font_has_is_told() -> None:
    """Letters without a font print as question marks, keep their text, and are listed."""
    document = attrs.evolve(sample_document(), note="漢字 and ☃\ue001\x07")
    printed = ReportlabPrinter(
        codes=SegnoZxingCodes(SandboxPool()), wording=EnglishWording(), fonts=packaged_only
    ).print(document)
    assert printed.unprintable == ("漢", "字", "☃")
    assert "漢字 and ☃" in texts(printed.data)


def packaged_only() -> FontChain:
    """Return the fonts of the packages alone."""
    return font_chain(system=Path("/nowhere"))


def test_khmer_without_a_khmer_font() -> None:
    """When no font has Khmer letters nothing is drawn, and the code names what to install."""
    bare = ReportlabPrinter(
        codes=SegnoZxingCodes(SandboxPool()),
        wording=EnglishWording(),
        fonts=lambda: font_chain(packages=("fontpkg_noto_sans",), system=Path("/nowhere")),
    )
    with pytest.raises(PrintFontMissing):
        bare.print(sample_document())


def test_named_fonts_that_cannot_be_used(tmp_path: Path) -> None:
    """A named font file that is missing or is no TrueType font is refused with its name."""
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"OTTO" + bytes(200))
    for path in (tmp_path / "missing.ttf", broken):
        with pytest.raises(FontRefused):
            font_chain(str(path))


def test_a_logo_is_drawn() -> None:
    """A logo becomes one picture of the page; one above 512 KiB is refused with its code."""
    out = io.BytesIO()
    Image.new("RGB", (300, 120), "teal").save(out, "PNG")
    data = printer().print(sample_document(), extras=PrintExtras(logo=out.getvalue())).data
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages[0].get_images()) == 1
    with pytest.raises(PrintTooBig):
        printer().print(sample_document(), extras=PrintExtras(logo=bytes(512 * 1024 + 1)))


@pytest.mark.deep
def test_poppler_reads_the_exact_text(tmp_path: Path) -> None:
    """Another program copies Khmer text exactly as it was written."""
    path = tmp_path / "invoice.pdf"
    path.write_bytes(sample_bytes())
    said = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True, text=True
    ).stdout
    for wanted in ("ហាងកាសា", "កាហ្វេទឹកដោះគោទឹកកក Iced latte", "សូមអរគុណ។", "39,000៛"):
        assert wanted in said
