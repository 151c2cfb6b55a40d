"""The second engine's words inside the rows and labels of the first (payments.md, section 12).

It reads Latin letters and digits well and no Khmer at all, so it is never laid out by itself:
labels and Khmer words stay as the first engine read them, and words count where it saw a row.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence

import attrs

from kasa.domain.payments.receipts.labels import EDIT_WEIGHT, LabelHit
from kasa.domain.payments.receipts.layouts import Page, page_of
from kasa.domain.payments.receipts.rows import median, well_read
from kasa.domain.payments.recognition import (
    Box,
    Effort,
    Languages,
    Reading,
    RecognizedText,
    Word,
)

TALLEST = 3
"""A box that is so many times as tall as the usual word is no row."""

SLACK_PERCENT = 15
"""The second engine's boxes have so much room above and below their letters."""

COVERED_PERCENT = 30
SURE = 90
UNSURE = 60
BAND = 64
PRINTED = set("$€£–—−…•·*’‘“”₫|")


def engines_of(text: RecognizedText) -> tuple[tuple[Reading, ...], tuple[Reading, ...]]:
    """Return the readings of the first engine, and those of the second woven into its rows."""
    first = tuple(one for one in text.readings if one.effort is not Effort.SECOND_ENGINE)
    second = [one for one in text.readings if one.effort is Effort.SECOND_ENGINE]
    return first, tuple(woven(one, first) for one in second) if first else ()


def woven(second: Reading, first: Sequence[Reading]) -> Reading:
    """Return a reading of the second engine's words in the first engine's rows and labels.

    What any reading with both languages took for a label or for Khmer is not the second engine's
    to read; of these words those stay that the reading with the most labels shows.
    """
    both = [one for one in first if one.languages is Languages.BOTH] or list(first)
    owned = [_Own.of(page_of(one)) for one in both]
    rows = _Rows([word for reading in first for word in reading.words])
    labels = _Places(word for own in owned for word in own.labels)
    khmer = _Places(word for own in owned for word in own.khmer)
    taken = [
        narrow
        for word in second.words
        if is_latin(word.text)
        and rows.hold(narrow := _narrowed(word))
        and not labels.cover(narrow)
        and not khmer.cover(narrow, surely=narrow.confidence >= SURE)
    ]
    base = max(owned, key=lambda own: own.worth)
    return attrs.evolve(second, words=(*base.words, *taken), languages=Languages.ENGLISH)


def is_latin(text: str) -> bool:
    """Tell whether a word is of Latin letters, digits and the marks printed among them."""
    return any(letter.isalnum() or letter in "$-−–*&" for letter in text) and all(
        letter.isascii() or letter in PRINTED for letter in text
    )


def is_khmer(text: str) -> bool:
    """Tell whether a word has Khmer letters or digits, and no other ones."""
    letters = _letters(text)
    return bool(letters) and all("ក" <= letter <= "៿" for letter in letters)


@attrs.frozen
class _Own:
    """What a reading of the first engine alone can tell: words of labels, and Khmer words."""

    labels: tuple[Word, ...]
    khmer: tuple[Word, ...]
    worth: tuple[int, int]

    @property
    def words(self) -> tuple[Word, ...]:
        """All of them."""
        return (*self.labels, *self.khmer)

    @classmethod
    def of(cls, page: Page) -> "_Own":
        """Return what a page has of them, and how many labels and sure letters it shows."""
        labels = {
            id(word): word
            for hit in _best(page.hits)
            for word in page.rows[hit.row].words[hit.start : hit.end]
            if not any(letter.isdigit() for letter in word.text)
        }
        khmer = (
            word
            for row in page.rows
            for place, word in enumerate(row.words)
            if id(word) not in labels and _is_khmer_text(row.words, place)
        )
        worth = (len(page.hits), well_read(page.reading.words))
        return cls(tuple(labels.values()), tuple(khmer), worth)


def _best(hits: Sequence[LabelHit]) -> list[LabelHit]:
    """Return the labels of a page, the better of those that overlap: no value is part of one."""
    kept: list[LabelHit] = []
    for hit in sorted(hits, key=lambda hit: (EDIT_WEIGHT * hit.edits - len(hit.label), hit.end)):
        if not any(
            other.row == hit.row and other.start < hit.end and hit.start < other.end
            for other in kept
        ):
            kept.append(hit)
    return kept


def _is_khmer_text(words: Sequence[Word], place: int) -> bool:
    """Tell whether a word is Khmer; a single character only beside another Khmer word."""
    text = words[place].text
    if not is_khmer(text):
        return False
    beside = (*words[max(0, place - 1) : place], *words[place + 1 : place + 2])
    return len(_letters(text)) > 1 or any(is_khmer(word.text) for word in beside)


def _letters(text: str) -> list[str]:
    """Return letters, digits and Khmer vowel signs."""
    return [letter for letter in text if letter.isalnum() or "ក" <= letter <= "៿"]


def _narrowed(word: Word) -> Word:
    """Return a word with its box around its letters, and without a colon before it."""
    box = word.box
    slack = box.height * SLACK_PERCENT // 100
    return attrs.evolve(
        word,
        text=word.text.lstrip(":") or word.text,
        box=Box(box.left, box.top + slack, box.width, max(1, box.height - 2 * slack)),
    )


class _Rows:
    """The heights at which the first engine saw words."""

    def __init__(self, words: Sequence[Word]) -> None:
        usual = median(word.box.height for word in words) if words else 0
        bands = sorted(
            (word.box.top, word.box.top + word.box.height)
            for word in words
            if word.box.height <= TALLEST * usual
        )
        self._bands: list[tuple[int, int]] = []
        for top, bottom in bands:
            if self._bands and top <= self._bands[-1][1]:
                self._bands[-1] = (self._bands[-1][0], max(bottom, self._bands[-1][1]))
            else:
                self._bands.append((top, bottom))

    def hold(self, word: Word) -> bool:
        """Tell whether the middle of a word stands where the first engine saw some."""
        middle = word.box.top + word.box.height // 2
        place = bisect_right(self._bands, (middle, middle + 2**31)) - 1
        return place >= 0 and middle <= self._bands[place][1]


class _Places:
    """Words whose places are taken."""

    def __init__(self, words: Iterable[Word]) -> None:
        self._by_band: dict[int, list[Word]] = defaultdict(list)
        for word in words:
            for band in range(word.box.top // BAND, (word.box.top + word.box.height) // BAND + 1):
                self._by_band[band].append(word)

    def cover(self, word: Word, *, surely: bool = False) -> bool:
        """Tell whether one of the words, ``surely``: one that is not in doubt, has its place."""
        middle = word.box.top + word.box.height // 2
        return any(
            other.box.top <= middle <= other.box.top + other.box.height
            and 100 * _shared(word.box, other.box) >= COVERED_PERCENT * word.box.width
            and (other.confidence >= UNSURE or not surely)
            for other in self._by_band.get(middle // BAND, ())
        )


def _shared(one: Box, other: Box) -> int:
    """Return how many pixels from left to right two boxes share."""
    return min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
