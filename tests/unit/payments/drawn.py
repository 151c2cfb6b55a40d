"""Pages of words for tests: lines of columns, as text recognition would hand them over."""

from collections.abc import Sequence
from datetime import UTC, datetime

from kasa.domain.payments.evidence import PaymentEvidence
from kasa.domain.payments.receipts.reading import read_text
from kasa.domain.payments.recognition import (
    Box,
    Effort,
    Languages,
    Reading,
    RecognizedText,
    Word,
)

NEAR = datetime(2026, 9, 14, 5, tzinfo=UTC)
LETTER, HEIGHT, PITCH = 12, 20, 44
Line = str | tuple[str, int]


def words_of(lines: Sequence[Line]) -> tuple[Word, ...]:
    """Return lines as words; ``|`` begins a further column, an int is the letters' height."""
    words: list[Word] = []
    top = 40
    for line in lines:
        text, height = line if isinstance(line, tuple) else (line, HEIGHT)
        width = LETTER * height // HEIGHT
        for column, part in enumerate(text.split("||")):
            left = 40 + column * 400
            for word in part.split():
                words.append(Word(word, Box(left, top, width * len(word), height), 95))
                left += width * (len(word) + 1)
        top += PITCH + height - HEIGHT
    return tuple(words)


def reading(
    *lines: Line, languages: Languages = Languages.BOTH, effort: Effort = Effort.FIRST
) -> Reading:
    """Return one reading of a page."""
    return Reading(
        words=words_of(lines), engine="test", languages=languages, effort=effort, page_mode=11
    )


def evidence_of(*readings: Reading, codes: Sequence[str] = ()) -> PaymentEvidence:
    """Return what some readings of a page say."""
    return read_text(RecognizedText(readings=readings, width=900, height=1600), NEAR, codes)
