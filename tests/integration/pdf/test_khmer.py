"""Khmer text on paper: the traps of invoicing.md, section 14.4, each with its test."""

import io
import re

import pytest
import uharfbuzz
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfbase.ttfonts import ShapedStr

from kasa.adapters.pdf.fonts import font_chain
from kasa.adapters.pdf.khmer import (
    PRIVATE_FIRST,
    KasaCanvas,
    KasaFont,
    cleaned,
    clusters,
    measured,
    wrapped,
)

pytestmark = pytest.mark.integration

STACKED = "ស្ត្រីខ្ញុំ"
RAISED = "ប៉ីប៊ីម៉ឺន"
KHMER_TEXTS = st.text(
    st.sampled_from("កខគសរញតាិីុ្ំះ៉។ៗ១២ aZé ,.")
    | st.characters(min_codepoint=0x1780, max_codepoint=0x17DD),
    max_size=60,
)


def faces(*, bold: bool = False) -> tuple[KasaFont, ...]:
    """Return the fonts of one weight."""
    return font_chain().faces(bold=bold)


def drawn(text: str, size: float = 20) -> bytes:
    """Return the contents of a page that shows a text."""
    out = io.BytesIO()
    canvas = KasaCanvas(
        out, initialFontName=faces()[0].fontName, invariant=1, pageCompression=0, lang="km"
    )
    measured(text, faces(), size).draw(canvas, 50, 500)
    canvas.save()
    return out.getvalue()


def test_coengs_are_stacked() -> None:
    """Trap 1: Khmer is shaped; glyphs without a character of their own are drawn."""
    (run,) = measured(STACKED, faces(), 20).runs
    assert isinstance(run.shown, ShapedStr)
    assert any(PRIVATE_FIRST <= ord(letter) <= 0xF8FF for letter in run.shown)
    assert len(run.shown) < len(STACKED)


def test_latin_is_not_shaped() -> None:
    """Plain Latin is drawn as it is, which is faster."""
    (run,) = measured("Plain Latin 123", faces(), 20).runs
    assert not isinstance(run.shown, ShapedStr)


def test_the_base_line_comes_back_after_raised_marks() -> None:
    """Trap 2: after any number of raised marks the line goes on at its own height."""
    rises = re.findall(rb"(-?[\d.]+) Ts", drawn(RAISED + "a"))
    assert len(rises) >= 2
    assert float(rises[-1]) == 0


def test_widths_are_those_of_the_font() -> None:
    """Trap 3: the width of each shaped glyph is its advance in thousandths of the size."""
    for font in faces()[:2]:
        measured(STACKED + RAISED + "e\u0301", [font], 20)
        face = uharfbuzz.Face(font.face._ttf_data)
        shaped = uharfbuzz.Font(face)
        for code, glyph in font.face.charToGlyph.items():
            if code - PRIVATE_FIRST == glyph:
                advance = shaped.get_glyph_h_advance(glyph) * 1000 / face.upem
                assert abs(font.face.charWidths[code] - advance) <= 1


def test_codes_do_not_depend_on_order() -> None:
    """Trap 4: a glyph's private code is its number, whatever was drawn before."""
    first = drawn(STACKED)
    drawn(RAISED + "ឆ្នាំថ្មី")
    assert drawn(STACKED) == first


def test_instances_have_names_of_their_own() -> None:
    """Trap 5: each instance of a variable file has another PostScript name."""
    names = [font.face.name for bold in (False, True) for font in faces(bold=bold)]
    assert len(set(names)) == len(names)


@given(text=KHMER_TEXTS, width=st.integers(min_value=30, max_value=300))
def test_lines_break_between_clusters(text: str, width: int) -> None:
    """Trap 6: no line begins inside a cluster or with a closing sign; no letter is lost."""
    lines = [line.text for line in wrapped(text, faces(), 12, width=width)]
    whole = list(clusters(cleaned(text)))
    parts = [cluster for line in lines for cluster in clusters(line)]
    assert "".join(parts).replace(" ", "") == "".join(whole).replace(" ", "")
    assert [part.strip() for part in parts if part.strip()] == [
        part.strip() for part in whole if part.strip()
    ]


@given(width=st.integers(min_value=60, max_value=300))
def test_no_line_is_too_wide_or_begins_with_a_closing_sign(width: int) -> None:
    """Lines of ordinary text fit their width and begin with a letter."""
    text = "ទំនិញដែលបានទិញរួច មិនអាចប្តូរវិញបានទេ។ Goods once sold, please note, stay sold. ៤០០០៛!"
    lines = wrapped(text, faces(), 10, width=width)
    assert all(line.width <= width + 0.01 for line in lines)
    assert not [line.text for line in lines if line.text[:1] in "។៕៖ៗ,.;:!?)]}%៛"]


def test_words_stay_whole_where_they_can() -> None:
    """A line of Latin words breaks at spaces, a word wider than the line anywhere."""
    lines = [line.text for line in wrapped("Iced latte " + "x" * 200, faces(), 10, width=100)]
    assert lines[0] == "Iced latte"
    assert "".join(lines[1:]) == "x" * 200


def test_zero_width_spaces_break_and_vanish() -> None:
    """An invisible space is a place to break, and takes no room."""
    assert measured("ក\u200bខ", faces(), 10).width == measured("កខ", faces(), 10).width
    lines = wrapped("កកកក\u200bខខខខ", faces(), 10, width=measured("កកកកខ", faces(), 10).width)
    assert [line.text.strip("\u200b") for line in lines] == ["កកកក", "ខខខខ"]


def test_copied_text_is_the_text() -> None:
    """Trap 7: a line carries its own text, not that of its glyphs."""
    written = STACKED.encode("utf-16-be").hex().upper().encode()
    assert b"/Span<</ActualText<FEFF" + written + b">>>BDC" in drawn(STACKED)


def test_bad_characters_are_dropped() -> None:
    """Control and private-use characters never reach the page; composed letters do."""
    assert cleaned("a\x00\x1b\ue123b\r\ne\u0301\ud7ff") == "ab\né\ud7ff"
