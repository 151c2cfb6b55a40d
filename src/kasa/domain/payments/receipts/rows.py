"""Rows of words, built from the boxes of one reading: engines read labels and values apart."""

from collections.abc import Iterable
from functools import cached_property
from itertools import pairwise

import attrs

from kasa.domain.payments.recognition import Box, Reading, Word

WELL_READ_CONFIDENCE = 80
WELL_READ_LETTERS = 3
PAIRS_FOR_A_SLOPE = 6
PAIRS_THAT_AGREE = 3
SURE_TILT = 25
"""Thousandths: fewer pairs tell a tilt only when each of them sinks, or rises, clearly."""


@attrs.define(frozen=True, slots=False)
class Row:
    """Words that stand on one line, from left to right."""

    words: tuple[Word, ...]
    middle: int

    @cached_property
    def height(self) -> int:
        """The usual height of its words."""
        return max(1, median(word.box.height for word in self.words))

    @cached_property
    def text(self) -> str:
        """Its words, a space between them."""
        return " ".join(word.text for word in self.words)

    @property
    def left(self) -> int:
        """Where it begins."""
        return self.words[0].box.left

    @cached_property
    def segments(self) -> tuple["Row", ...]:
        """Its parts, where gaps are wider than between words."""
        parts: list[list[Word]] = []
        for word in self.words:
            if parts and word.box.left - right_of(parts[-1][-1]) <= 2 * self.height:
                parts[-1].append(word)
            else:
                parts.append([word])
        return tuple(Row(tuple(part), self.middle) for part in parts)


def median(values: Iterable[int]) -> int:
    """Return the middle one of some whole numbers, the upper of two."""
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def right_of(word: Word) -> int:
    """Return where a word ends."""
    return word.box.left + word.box.width


def rows_of(reading: Reading) -> tuple[Row, ...]:
    """Return the rows of a reading, from top to bottom, also of a slightly tilted photo."""
    words = [word for word in reading.words if word.text.strip()]
    slope = _slope(words)
    middles = [(_middle(word, slope), word) for word in words]
    middles.sort(key=lambda pair: pair[0])
    rows: list[list[tuple[int, Word]]] = []
    for middle, word in middles:
        if rows and _belongs(middle, word, rows[-1]):
            rows[-1].append((middle, word))
        else:
            rows.append([(middle, word)])
    return tuple(
        Row(
            tuple(sorted((word for _, word in row), key=lambda word: word.box.left)),
            median(middle for middle, _ in row),
        )
        for row in rows
    )


def _belongs(middle: int, word: Word, row: list[tuple[int, Word]]) -> bool:
    """Tell whether a word stands on the line of a row: its middle within half a letter."""
    letters = [pair for pair in row if not _is_flat(pair[1])] or row
    usual = median(other.box.height for _, other in letters)
    flat = _is_flat(word) or (len(letters) == len(row) == 1 and _is_flat(row[0][1]))
    height = max(word.box.height, usual) if flat else min(word.box.height, usual)
    distance = abs(middle - median(other for other, _ in letters))
    return distance <= max(3, height * 11 // 20)


def _is_flat(word: Word) -> bool:
    """Tell whether a word is a sign far lower than letters, such as a minus or a full stop."""
    return (
        not any(letter.isalnum() for letter in word.text) and word.box.height < word.box.width * 2
    )


def _middle(word: Word, slope: int) -> int:
    box = word.box
    return box.top + box.height // 2 - (box.left + box.width // 2) * slope // 1000


def _slope(words: list[Word]) -> int:
    """Return how many thousandths a line sinks to the right, by neighbours on one line."""
    slopes: list[int] = []
    for first, second in pairwise(word for word in words if len(word.text) >= WELL_READ_LETTERS):
        gap = second.box.left - right_of(first)
        height = max(first.box.height, second.box.height)
        if not 0 <= gap <= 2 * height:
            continue
        across = second.box.left - first.box.left + (second.box.width - first.box.width) // 2
        sink = _middle(second, 0) - _middle(first, 0)
        if across > 0 and abs(sink) * 4 <= across:
            slopes.append(sink * 1000 // across)
    if not slopes:
        return 0
    usual = median(slopes)
    if len(slopes) >= PAIRS_FOR_A_SLOPE:
        return usual
    tilted = abs(usual) >= SURE_TILT and all(2 * one * usual >= usual**2 for one in slopes)
    return usual if tilted and len(slopes) >= PAIRS_THAT_AGREE else 0


def well_read(words: Iterable[Word]) -> int:
    """Return how many characters stand in words that were read surely."""
    return sum(
        len(word.text)
        for word in words
        if len(word.text) >= WELL_READ_LETTERS and word.confidence >= WELL_READ_CONFIDENCE
    )


def around(words: Iterable[Word]) -> Box:
    """Return the box around some words."""
    boxes = [word.box for word in words]
    left = min(box.left for box in boxes)
    top = min(box.top for box in boxes)
    right = max(box.left + box.width for box in boxes)
    bottom = max(box.top + box.height for box in boxes)
    return Box(left, top, right - left, bottom - top)
