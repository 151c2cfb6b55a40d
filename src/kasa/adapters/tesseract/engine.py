"""The engine inside a child process: one object per language data, made once, reused."""

from functools import lru_cache
from pathlib import Path

import attrs
from PIL import Image
from tesserocr import PSM, RIL, PyTessBaseAPI, iterate_level

from kasa.adapters.tesseract.pictures import brightest, grey, locally_contrasted, scaled, stretched
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
RESOLUTION = 300
ENGINE = "tesseract"
SPARSE, BLOCK = int(PSM.SPARSE_TEXT), int(PSM.SINGLE_COLUMN)
WHOLE, TILED = "0", "1"
"""Ways to tell ink from paper: one limit for the whole picture, or one for each tile."""


@attrs.frozen
class Pass:
    """One look at a picture: with which data, in which page mode, how large.

    ``evened``: local contrast first. ``tiled``: black and white are told apart tile by tile, which
    shows white words on a shaded header. ``brightest``: coloured words on a dark card stand out.
    """

    languages: Languages
    page_mode: int
    percent: int = 100
    side_max: int = 100_000
    evened: bool = False
    tiled: bool = False
    brightest: bool = False


PASSES = {
    Effort.FIRST: (Pass(Languages.BOTH, SPARSE),),
    Effort.TURNED: (Pass(Languages.BOTH, BLOCK),),
    Effort.SIGNS: (Pass(Languages.KHMER, BLOCK, 200), Pass(Languages.ENGLISH, BLOCK)),
    Effort.LARGER: (Pass(Languages.BOTH, SPARSE, 200, 2_000),),
    Effort.LOCAL_CONTRAST: (
        Pass(Languages.BOTH, BLOCK, 200, evened=True),
        Pass(Languages.BOTH, SPARSE, tiled=True),
        Pass(Languages.BOTH, SPARSE, brightest=True),
    ),
}


@lru_cache(maxsize=3)
def _interface(folder: str, languages: str) -> PyTessBaseAPI:
    """Return the engine with some language data; one per process, never shared by threads."""
    return PyTessBaseAPI(path=folder, lang=languages, psm=PSM.SPARSE_TEXT)


def read(folder: str, data: bytes, effort: int, turn: int) -> tuple[Reading, ...]:
    """Return the readings of one step of the ladder.

    ``folder`` holds the language data. Without the Khmer data the English reads alone, and what
    only the Khmer data could tell is left out.
    """
    step = Effort(effort)
    turned = step is Effort.TURNED
    turns = [(turn + more) % 360 for more in (90, 270, 180)] if turned else [turn]
    passes = [fitting for one in PASSES[step] if (fitting := _fitting(folder, one))]
    shades = {degrees: grey(data, degrees) for degrees in turns}
    return tuple(
        Reading(
            words=words,
            engine=ENGINE,
            languages=one.languages,
            effort=step,
            page_mode=one.page_mode,
            turn=degrees,
            cut=cut,
        )
        for degrees in turns
        for one in passes
        for picture in [brightest(data, degrees) if one.brightest else shades[degrees]]
        for words, cut in [_seen(folder, picture, one)]
    )


def _fitting(folder: str, one: Pass) -> Pass | None:
    """Return a pass as the language data allows it, or None."""
    if one.languages is Languages.ENGLISH or Path(folder, "khm.traineddata").exists():
        return one
    return (
        None if one.languages is Languages.KHMER else attrs.evolve(one, languages=Languages.ENGLISH)
    )


def _seen(folder: str, picture: Image.Image, one: Pass) -> tuple[tuple[Word, ...], bool]:
    """Return the words of one pass, and whether they are cut off by a limit or by time."""
    shades, factor = scaled(picture, one.percent, one.side_max)
    shades = locally_contrasted(shades) if one.evened else stretched(shades)
    engine = _interface(folder, one.languages.value)
    try:
        engine.SetPageSegMode(one.page_mode)
        engine.SetVariable("thresholding_method", TILED if one.tiled else WHOLE)
        engine.SetImage(shades)
        engine.SetSourceResolution(RESOLUTION)
        return _words(engine, factor) if engine.Recognize(STEP_MILLISECONDS) else ((), True)
    finally:
        engine.Clear()


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
