"""Printed documents are built as PDF/A-3b (invoicing.md, section 14.5)."""

import io
from datetime import UTC, datetime

import pikepdf
import pytest

from kasa.adapters.pdf.archive import PROFILE_BYTES, srgb_profile
from tests.integration.pdf.printing import sample_bytes

pytestmark = pytest.mark.integration


def test_the_archive_form_is_declared() -> None:
    """Metadata name PDF/A-3b and say what the document's own information says."""
    with pikepdf.open(io.BytesIO(sample_bytes())) as pdf:
        with pdf.open_metadata() as metadata:
            assert metadata.pdfa_status == "3B"
            assert metadata["dc:title"] == str(pdf.docinfo.Title) == "INV-2026-000007"
            assert metadata["dc:creator"] == [str(pdf.docinfo.Author)] == ["Kasa Shop"]
            assert metadata["pdf:Producer"] == str(pdf.docinfo.Producer)
        assert pdf.pdf_version == "1.7"
        assert pdf.Root.Lang == "km"
        (intent,) = pdf.Root.OutputIntents
        assert intent.S == "/GTS_PDFA1"
        assert intent.DestOutputProfile.read_bytes() == srgb_profile()


def test_the_file_is_sound() -> None:
    """The file has no fault of syntax, and nothing in it depends on a password or a script."""
    with pikepdf.open(io.BytesIO(sample_bytes())) as pdf:
        assert list(pdf.check_pdf_syntax()) == []
        assert not pdf.is_encrypted
        assert not {"/OpenAction", "/AA", "/Names", "/AcroForm"} & set(pdf.Root.keys())


def test_the_profile_has_no_moment_of_its_own() -> None:
    """Trap 8: the colour profile carries a fixed date, whenever it is made."""
    profile = srgb_profile()
    assert len(profile) == PROFILE_BYTES
    assert int.from_bytes(profile[24:26], "big") == 2000
    srgb_profile.cache_clear()
    assert srgb_profile() == profile


def test_no_clock_shows_in_the_file() -> None:
    """The present year is nowhere in the file's own dates."""
    with pikepdf.open(io.BytesIO(sample_bytes())) as pdf:
        assert str(pdf.docinfo.CreationDate).startswith("D:2000")
        with pdf.open_metadata() as metadata:
            made = datetime.fromisoformat(metadata["xmp:CreateDate"])
    assert made == datetime(2000, 1, 1, tzinfo=UTC)
