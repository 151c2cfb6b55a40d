"""The engine inside a child process: one object per language data, made once, reused."""

from functools import lru_cache

import attrs
from PIL import Image
from tesserocr import PSM, RIL, PyTessBaseAPI, iterate_level

from kasa.adapters.tesseract.pictures import grey, locally_contrasted, scaled, stretched
from kasa.domain.payments.recognition import (
    TEXT_LIMIT,
    WORDS_LIMIT,
    Box,
    Effort,
    Languages,
    Reading,
    Word,
)

STEP_MILLISECONDS = 6_000
ENGINE = "tesseract"
SPARSE, BLOCK = int(PSM.SPARSE_TEXT), int(PSM.SINGLE_COLUMN)


@attrs.frozen
class Pass:
    """One look at a picture: with which data, in which page mode, how large."""

    languages: Languages
    page_mode: int
    percent: int = 100
    side_max: int = 100_000
    evened: bool = False


PASSES = {
    Effort.FIRST: (Pass(Languages.BOTH, SPARSE),),
    Effort.TURNED: (Pass(Languages.BOTH, BLOCK),),
    Effort.SIGNS: (Pass(Languages.KHMER, BLOCK, 200), Pass(Languages.ENGLISH, BLOCK)),
    Effort.LARGER: (Pass(Languages.BOTH, SPARSE, 200, 2_000),),
    Effort.LOCAL_CONTRAST: (Pass(Languages.BOTH, BLOCK, 200, evened=True),),
}


@lru_cache(maxsize=3)
def _interface(folder: str, languages: str) -> PyTessBaseAPI:
    """Return the engine with some language data; one per process, never shared by threads."""
    return PyTessBaseAPI(path=folder, lang=languages, psm=PSM.SPARSE_TEXT)


def read(folder: str, data: bytes, effort: int, turn: int) -> tuple[Reading, ...]:
    """Return the readings of one step of the ladder; what has no language data is left out."""
    step = Effort(effort)
    turns = (
        tuple((turn + more) % 360 for more in (90, 270, 180)) if step is Effort.TURNED else (turn,)
    )
    return tuple(
        _pass(folder, grey(data, degrees), one, step, degrees)
        for degrees in turns
        for one in PASSES[step]
    )


def _pass(folder: str, picture: Image.Image, one: Pass, effort: Effort, turn: int) -> Reading:
    """Read one picture once."""
    shades, factor = scaled(picture, one.percent, one.side_max)
    shades = locally_contrasted(shades) if one.evened else stretched(shades)
    engine = _interface(folder, one.languages.value)
    try:
        engine.SetPageSegMode(one.page_mode)
        engine.SetImage(shades)
        engine.SetSourceResolution(300)
        whole = engine.Recognize(STEP_MILLISECONDS)
        words, cut = _words(engine, factor) if whole else ((), True)
    finally:
        engine.Clear()
    return Reading(
        words=words,
        engine=ENGINE,
        languages=one.languages,
        effort=effort,
        page_mode=one.page_mode,
        turn=turn,
        cut=cut,
    )


def _words(engine: PyTessBaseAPI, factor: float) -> tuple[tuple[Word, ...], bool]:
    """Return the words of the last reading, boxes in the picture's own size; and whether cut."""
    words: list[Word] = []
    letters = 0
    for item in iterate_level(engine.GetIterator(), RIL.WORD):
        if item.Empty(RIL.WORD):
            continue
        text = item.GetUTF8Text(RIL.WORD).strip()
        bounds = item.BoundingBox(RIL.WORD)
        if not text or bounds is None:
            continue
        letters += len(text)
        if letters > TEXT_LIMIT or len(words) == WORDS_LIMIT:
            return tuple(words), True
        left, top, right, bottom = (round(edge / factor) for edge in bounds)
        box = Box(left, top, max(1, right - left), max(1, bottom - top))
        words.append(Word(text, box, int(item.Confidence(RIL.WORD))))
    return tuple(words), False
