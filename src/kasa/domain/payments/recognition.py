"""What text recognition hands over: words with their places, nothing interpreted."""

from enum import IntEnum, StrEnum

import attrs

TEXT_LIMIT = 20_000
WORDS_LIMIT = 3_000
LINES_LIMIT = 400


class Effort(IntEnum):
    """The steps of reading a picture, in the order of the ladder (payments.md, section 12)."""

    FIRST = 1
    TURNED = 2
    SIGNS = 3
    LARGER = 4
    LOCAL_CONTRAST = 5
    SECOND_ENGINE = 6


class Languages(StrEnum):
    """Which language data a reading used."""

    BOTH = "eng+khm"
    ENGLISH = "eng"
    KHMER = "khm"


@attrs.frozen
class Box:
    """A place in the picture, in pixels of the upright picture at its own size."""

    left: int
    top: int
    width: int
    height: int


@attrs.frozen
class Word:
    """One recognised word, its place, the engine's confidence (0 to 100)."""

    text: str
    box: Box
    confidence: int


@attrs.frozen(kw_only=True)
class Reading:
    """One pass of one engine over one picture; ``turn`` is clockwise, in degrees."""

    words: tuple[Word, ...]
    engine: str
    languages: Languages
    effort: Effort
    page_mode: int
    turn: int = 0
    cut: bool = False


def within_limits(reading: Reading) -> Reading:
    """Return a reading with the words that fit the limits; ``cut`` tells that some did not."""
    letters, fitting = 0, len(reading.words[:WORDS_LIMIT])
    for place, word in enumerate(reading.words[:fitting]):
        letters += len(word.text)
        if letters > TEXT_LIMIT:
            fitting = place
            break
    if fitting == len(reading.words):
        return reading
    return attrs.evolve(reading, words=reading.words[:fitting], cut=True)


@attrs.frozen(kw_only=True)
class RecognizedText:
    """All readings of one picture so far, and the picture's size in pixels."""

    readings: tuple[Reading, ...]
    width: int
    height: int

    def with_readings(self, more: tuple[Reading, ...]) -> "RecognizedText":
        """Return it with further readings of the same picture."""
        return attrs.evolve(self, readings=(*self.readings, *more))
