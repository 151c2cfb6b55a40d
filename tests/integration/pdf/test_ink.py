"""Khmer on paper looks as HarfBuzz draws it, letter for letter (needs poppler)."""

import io
import subprocess
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont

from kasa.adapters.pdf.fonts import PACKAGES, _file_of, font_chain
from kasa.adapters.pdf.khmer import KasaCanvas, measured

pytestmark = [pytest.mark.integration, pytest.mark.deep]

SIZE, LEFT, BASE, WIDE, HIGH, ZOOM = 60, 60, 90, 900, 200, 4
WORDS = (
    *("វិក្កយបត្រ", "វិក្កយបត្រអាករ", "វិក្កយបត្រពាណិជ្ជកម្ម", "លិខិតឥណទាន"),
    *("សេចក្តីព្រាង", "មោឃៈ", "បានបង់", "លេខ", "កាលបរិច្ឆេទ", "ថ្ងៃផុតកំណត់បង់"),
    *("ជូនចំពោះ", "អតិថិជនទូទៅ", "ទូរស័ព្ទ", "បរិយាយ", "បរិមាណ", "ថ្លៃឯកតា"),
    *("ចំនួនទឹកប្រាក់", "សរុបរង", "បញ្ចុះតម្លៃ", "សរុបមុនអាករ", "អាករ", "រួមបញ្ចូល"),
    *("សរុប", "ឥណទាន", "ត្រូវបង់ជាប្រាក់រៀល", "អត្រាប្តូរប្រាក់", "ស្កេន", "ផ្ទៀងផ្ទាត់"),
    *("គណនី", "មូលហេតុ", "ទំព័រ", "ធនាគារជាតិនៃកម្ពុជា", "អគ្គនាយកដ្ឋានពន្ធដារ", "ស្ត្រី"),
    *("ខ្ញុំ", "ឆ្នាំថ្មី", "កាហ្វេទឹកដោះគោ", "នំប៉័ង", "ទឹកអំពៅ", "ភ្នំពេញ"),
    *("សង្កាត់បឹងកេងកង", "ក្រុមហ៊ុន", "ហ៊ាន", "ប៊ីស្គុយ", "ម្ទេស", "ត្រីអាំង", "ឡុកឡាក់"),
    *("ព្រៃវែង", "ឱ្យ", "៤១,០០០៛"),
)


def on_paper(word: str, folder: Path, *, bold: bool) -> Image.Image:
    """Return the ink of a word as poppler draws the page."""
    chain, out = font_chain().faces(bold=bold), io.BytesIO()
    canvas = KasaCanvas(out, pagesize=(WIDE, HIGH), initialFontName=chain[0].fontName, invariant=1)
    measured(word, chain, SIZE).draw(canvas, LEFT, HIGH - BASE)
    canvas.save()
    path = folder / "word.pdf"
    path.write_bytes(out.getvalue())
    command = [
        "pdftoppm",
        "-r",
        str(72 * ZOOM),
        "-gray",
        "-singlefile",
        "-png",
        str(path),
        str(folder / "w"),
    ]
    subprocess.run(command, check=True)
    with Image.open(folder / "w.png") as image:
        return ImageChops.invert(image.convert("L")).point(lambda level: 255 * (level > 100))


def by_harfbuzz(word: str, *, bold: bool) -> Image.Image:
    """Return the ink of a word as Pillow draws it with HarfBuzz."""
    path = _file_of(PACKAGES[0])
    face = ImageFont.truetype(str(path), SIZE * ZOOM, layout_engine=ImageFont.Layout.RAQM)
    wanted = {b"Weight": 700 if bold else 400, b"Width": 100}
    face.set_variation_by_axes([wanted[axis["name"]] for axis in face.get_variation_axes()])
    image = Image.new("L", (WIDE * ZOOM, HIGH * ZOOM))
    ImageDraw.Draw(image).text((LEFT * ZOOM, BASE * ZOOM), word, font=face, fill=255, anchor="ls")
    return image.point(lambda level: 255 * (level > 100))


def overlap(one: Image.Image, other: Image.Image) -> float:
    """Return how much of the ink of two pictures is shared."""
    both = ImageChops.logical_and(one.convert("1"), other.convert("1")).histogram()[-1]
    either = ImageChops.logical_or(one.convert("1"), other.convert("1")).histogram()[-1]
    return both / either


@pytest.mark.parametrize("bold", [False, True], ids=["regular", "bold"])
def test_words_have_the_ink_of_harfbuzz(tmp_path: Path, *, bold: bool) -> None:
    """Every word of the vocabulary shares nine tenths of its ink with HarfBuzz's drawing."""
    assert len(WORDS) == 50
    shared = {
        word: overlap(on_paper(word, tmp_path, bold=bold), by_harfbuzz(word, bold=bold))
        for word in WORDS
    }
    assert {word: part for word, part in shared.items() if part < 0.9} == {}
