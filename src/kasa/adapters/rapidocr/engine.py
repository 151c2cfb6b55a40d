"""The second engine inside its child process: made once, one thread, nothing from the network.

The engine's modules are loaded by ``prepare`` in the child, so that naming these functions costs
the parent neither their seconds nor their memory.
"""

import io
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from typing import Any

import attrs
import numpy as np
from PIL import Image

from kasa.domain.payments.recognition import (
    TEXT_LIMIT,
    WORDS_LIMIT,
    Box,
    Effort,
    Languages,
    Reading,
    Word,
)

ENGINE = "rapidocr"
FORMATS = ("PNG", "JPEG", "WEBP")
PIXELS_MAX = 2_000_000
SIDE_MAX = 2_400
PAGE_MODE = 0
_TURNS = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


@lru_cache(maxsize=1)
def _engine(finder: str, reader: str) -> Any:
    """Return the engine with its two models; with their paths given it never asks a server."""
    import_module("cv2").setNumThreads(1)
    return import_module("rapidocr").RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Global.return_word_box": True,
            "Global.max_side_len": SIDE_MAX,
            "Det.model_path": finder,
            "Rec.model_path": reader,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def prepare(models: tuple[str, str]) -> None:
    """Load the engine's modules, which take seconds, before the first picture is timed."""
    _engine(*models)


def read(models: tuple[str, str], data: bytes, turn: int) -> tuple[Reading, ...]:
    """Return the one reading of a picture, boxes in pixels of the turned picture.

    ``models`` are the files that find lines and read them.
    """
    picture, factor = _prepared(data, turn)
    found = _engine(*models)(np.ascontiguousarray(np.asarray(picture)[:, :, ::-1]))
    words, cut = _words(found, factor)
    return (
        Reading(
            words=words,
            engine=ENGINE,
            languages=Languages.ENGLISH,
            effort=Effort.SECOND_ENGINE,
            page_mode=PAGE_MODE,
            turn=turn,
            cut=cut,
        ),
    )


def _prepared(data: bytes, turn: int) -> tuple[Image.Image, float]:
    """Return the turned picture in colour, not larger than the child's memory allows."""
    with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
        opened.load()
        picture = opened.convert("RGB")
    if turn:
        picture = picture.transpose(_TURNS[turn])
    factor = min(
        1.0,
        SIDE_MAX / max(picture.size),
        float((PIXELS_MAX / (picture.width * picture.height)) ** 0.5),
    )
    if factor == 1:
        return picture, 1.0
    size = (round(picture.width * factor), round(picture.height * factor))
    return picture.resize(size, Image.Resampling.LANCZOS), factor


def _words(found: Any, factor: float) -> tuple[tuple[Word, ...], bool]:
    """Return the words of all lines in the picture's own size, and whether a limit cut them."""
    words: list[Word] = []
    letters = 0
    texts = found.txts or ()
    known = len(found.word_results) == len(texts)
    for at, text in enumerate(texts):
        pieces = found.word_results[at] if known else ()
        line = _Line(text, found.boxes[at], found.scores[at], pieces)
        for word in _split(line, factor):
            letters += len(word.text)
            if letters > TEXT_LIMIT or len(words) == WORDS_LIMIT:
                return tuple(words), True
            words.append(word)
    return tuple(words), False


@attrs.frozen
class _Line:
    """One line as the engine gives it: its text, corners and score, and its parts with theirs.

    Parts are words where the line is all Latin, else single characters.
    """

    text: str
    corners: Any
    score: float
    parts: Any


def _split(line: _Line, factor: float) -> Iterator[Word]:
    """Yield the words of a line, each around its parts; by its share of the line without parts."""
    parts = list(line.parts)
    whole = "".join(line.text.split())
    if "".join(part[0] for part in parts) != whole:
        parts = list(_shares(line))
    for text in line.text.split():
        taken: list[Any] = []
        while sum(len(part[0]) for part in taken) < len(text):
            taken.append(parts.pop(0))
        corners = [corner for part in taken for corner in part[2]]
        score = min(float(part[1]) for part in taken)
        yield Word(text, _box(corners, factor), int(100 * score))


def _shares(line: _Line) -> Iterator[tuple[str, float, list[tuple[float, float]]]]:
    """Yield the characters of a line but spaces, each with its share of the line's width."""
    left, right = (float(line.corners[corner][0]) for corner in (0, 2))
    top, bottom = (float(line.corners[corner][1]) for corner in (0, 2))
    width = (right - left) / max(1, len(line.text))
    for at, character in enumerate(line.text):
        if not character.isspace():
            start = left + at * width
            yield character, line.score, [(start, top), (start + width, bottom)]


def _box(corners: Any, factor: float) -> Box:
    """Return the upright box around some corners."""
    across = [round(float(corner[0]) / factor) for corner in corners]
    down = [round(float(corner[1]) / factor) for corner in corners]
    left, top = max(0, min(across)), max(0, min(down))
    return Box(left, top, max(1, max(across) - left), max(1, max(down) - top))
