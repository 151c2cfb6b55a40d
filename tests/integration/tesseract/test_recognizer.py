"""Tesseract in child processes: words, places, turns, missing data, crashes."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image, ImageDraw, ImageFont

from kasa.adapters.conformance.recognizer import TextRecognizerConformance
from kasa.adapters.sandbox.pool import SandboxLimits, SandboxPool
from kasa.adapters.tesseract.pictures import grey, locally_contrasted, scaled, stretched
from kasa.adapters.tesseract.recognizer import TesseractRecognizer, khmer_data
from kasa.application.ports.recognizer import RecognizerFailed, TextRecognizer
from kasa.domain.payments.recognition import Effort, Languages
from tests.integration.sandbox import tasks

pytestmark = pytest.mark.integration

TEXT = "Transaction 48010202442"


def drawn(turn: int = 0, size: tuple[int, int] = (800, 400)) -> bytes:
    """Return a PNG with one line of text, turned clockwise."""
    picture = Image.new("RGB", size, "white")
    font = ImageFont.load_default(size=40)
    ImageDraw.Draw(picture).text((60, 150), TEXT, fill="black", font=font)
    out = io.BytesIO()
    picture.rotate(-turn, expand=True).save(out, "PNG")
    return out.getvalue()


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxPool]:
    """One child process."""
    with SandboxPool(limits=SandboxLimits(seconds=20)) as pool:
        yield pool


@pytest.fixture(scope="module")
def english(sandbox: SandboxPool) -> Iterator[TesseractRecognizer]:
    """Tesseract with the English data alone, which every installation has."""
    found = TesseractRecognizer(sandbox, khmer=False)
    yield found
    found.close()


class TestTesseract(TextRecognizerConformance):
    """Tesseract with the English data alone."""

    @pytest.fixture(autouse=True)
    def _keep(self, english: TesseractRecognizer) -> None:
        self.recognizer = english

    def make_ports(self) -> TextRecognizer:
        """Return the recogniser."""
        return self.recognizer


def test_words_with_their_places(english: TesseractRecognizer) -> None:
    """A line is read with boxes in pixels of the picture and confidences."""
    (reading,) = english.recognize(drawn(), Effort.FIRST)
    assert [word.text for word in reading.words] == TEXT.split()
    first = reading.words[0]
    assert 50 <= first.box.left <= 75
    assert 140 <= first.box.top <= 175
    assert 0 <= first.confidence <= 100
    assert Languages.ENGLISH is reading.languages


def test_a_larger_reading_keeps_the_places(english: TesseractRecognizer) -> None:
    """Boxes of an enlarged picture are in pixels of its own size."""
    (plain,) = english.recognize(drawn(), Effort.FIRST)
    (large,) = english.recognize(drawn(), Effort.LARGER)
    assert abs(plain.words[0].box.left - large.words[0].box.left) <= 3


def test_a_turned_picture_is_read_in_its_turn(english: TesseractRecognizer) -> None:
    """One of the other turns shows the text, and later steps read the turned picture."""
    readings = english.recognize(drawn(turn=90), Effort.TURNED)
    assert {90, 180, 270} == {reading.turn for reading in readings}
    upright = next(one for one in readings if [w.text for w in one.words] == TEXT.split())
    assert upright.turn == 270
    (again,) = english.recognize(drawn(turn=90), Effort.FIRST, turn=270)
    assert [word.text for word in again.words] == TEXT.split()


def test_an_empty_picture_is_an_answer(english: TesseractRecognizer) -> None:
    """White paper has no words."""
    empty = io.BytesIO()
    Image.new("RGB", (300, 300), "white").save(empty, "PNG")
    (reading,) = english.recognize(empty.getvalue(), Effort.FIRST)
    assert () == reading.words


def test_without_khmer_data_the_sign_pass_reads_english(english: TesseractRecognizer) -> None:
    """What only the Khmer data can tell is left out, and the versions do not name it."""
    readings = english.recognize(drawn(), Effort.SIGNS)
    assert [Languages.ENGLISH] == [reading.languages for reading in readings]
    assert not any(version.startswith("khm") for version in english.versions)
    assert english.recognize(drawn(), Effort.SECOND_ENGINE) == ()


@pytest.mark.deep
@pytest.mark.khm
def test_khmer_data_is_found(sandbox: SandboxPool) -> None:
    """The system's Khmer data is used with the English data of the wheel."""
    assert khmer_data() is not None
    found = TesseractRecognizer(sandbox)
    readings = found.recognize(drawn(), Effort.SIGNS)
    assert [Languages.KHMER, Languages.ENGLISH] == [reading.languages for reading in readings]
    assert any(version.startswith("khm") for version in found.versions)
    found.close()


def test_a_picture_that_is_none_fails(english: TesseractRecognizer) -> None:
    """Bytes that are no picture are ``recognizer.unavailable``; the next picture is read."""
    with pytest.raises(RecognizerFailed):
        english.recognize(b"no picture", Effort.FIRST)
    assert english.recognize(drawn(), Effort.FIRST)


def test_a_crash_between_pictures_does_no_harm(
    sandbox: SandboxPool, english: TesseractRecognizer
) -> None:
    """The engine is made anew in the next child."""
    with pytest.raises(RecognizerFailed):
        sandbox.run(tasks.crash)
    assert english.recognize(drawn(), Effort.FIRST)[0].words


def test_preparing_a_picture() -> None:
    """Grey, stretched, enlarged within its limits, and its contrast evened out."""
    shades = stretched(grey(drawn()))
    assert (0, 255) == shades.getextrema()
    large, factor = scaled(shades, 200, 1_000)
    assert (1_000, 500) == large.size
    assert abs(factor - 1.25) < 0.01
    huge, _ = scaled(Image.new("L", (5_000, 5_000)), 200, 100_000)
    assert huge.width * huge.height <= 12_100_000
    evened = locally_contrasted(shades)
    assert shades.size == evened.size


def test_the_last_reading_finds_letters_that_the_first_does_not(
    english: TesseractRecognizer,
) -> None:
    """Red letters on a dark card beside white ones are read in the end."""
    picture = Image.new("RGB", (800, 400), (42, 34, 82))
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(size=26)
    draw.text((60, 80), "KHQR Red Clay Pottery", fill="white", font=font)
    draw.text((60, 180), "851,100 KHR", fill=(178, 22, 28), font=font)
    draw.text((60, 280), "Reference 60359877773", fill="white", font=font)
    out = io.BytesIO()
    picture.save(out, "PNG")
    found = {
        effort: {
            word.text
            for reading in english.recognize(out.getvalue(), effort)
            for word in reading.words
        }
        for effort in (Effort.FIRST, Effort.LOCAL_CONTRAST)
    }
    assert "851,100" not in found[Effort.FIRST]
    assert "851,100" in found[Effort.LOCAL_CONTRAST]
