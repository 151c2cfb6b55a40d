"""Where each labelled value stands on a page: right of its label, or below it."""

from collections.abc import Sequence
from functools import cached_property

import attrs

from kasa.domain.payments.banks.shapes import BankLayout, Part
from kasa.domain.payments.receipts.labels import LabelHit, hits_for, labels_of
from kasa.domain.payments.receipts.layouts import Page
from kasa.domain.payments.receipts.printed import parse_token
from kasa.domain.payments.receipts.quoted import holds, quoted
from kasa.domain.payments.receipts.rows import Row, right_of
from kasa.domain.payments.recognition import Box, Word

LINES_MAX = 6
LABELS_END_MAX = 3
SIDES = frozenset({Part.TO, Part.FROM})


@attrs.frozen
class Region:
    """The value of one label: its lines of words, from the label's own line downwards."""

    part: Part
    label: Box
    lines: tuple[tuple[Word, ...], ...]
    row: int
    order: int = 0

    @property
    def words(self) -> tuple[Word, ...]:
        """All words of the value."""
        return tuple(word for line in self.lines for word in line)

    @property
    def text(self) -> str:
        """The value on one line."""
        return " ".join(word.text for word in self.words)


@attrs.frozen
class Place:
    """A label that another reading of the picture shows, and the middle of its line there."""

    part: Part
    box: Box
    middle: int


@attrs.define(frozen=True, slots=False)
class LaidOut:
    """A page read with the layout of its picture.

    ``places`` are labels that other readings show; they tell here, too, where values stand.
    ``silent`` are places of words that any reading takes for labels inside a remark.
    """

    page: Page
    layout: BankLayout
    places: tuple[Place, ...] = ()
    silent: tuple[Box, ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of the page."""
        return self.page.rows

    @property
    def turn(self) -> int:
        """How far the picture was turned for this reading."""
        return self.page.reading.turn

    @cached_property
    def hits(self) -> tuple[tuple[Part, LabelHit], ...]:
        """The labels of the layout on this page, in reading order; none inside a remark."""
        return tuple(one for one in self._known if not self._is_silent(one[1].box))

    def _is_silent(self, box: Box) -> bool:
        return any(holds(silent, box) for silent in self.silent)

    @cached_property
    def quoted(self) -> tuple[Box, ...]:
        """The places of labels inside a remark on this page."""
        return tuple(hit.box for hit in quoted(self.rows, self._known))

    @cached_property
    def _known(self) -> tuple[tuple[Part, LabelHit], ...]:
        labels = labels_of(self.layout)
        return tuple((labels[hit.label], hit) for hit in hits_for(self.layout, self.page.hits))

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        """The value of each label, in reading order; labels without a value are left out."""
        mine = [self._beside_or_below(part, hit) for part, hit in self.hits]
        seen = {part for part, _ in self.hits}
        lent = [self._beside(place) for place in self.places if place.part not in seen]
        found = [region for region in (*mine, *lent) if region is not None]
        return tuple(sorted(found, key=lambda region: (region.row, region.label.left)))

    @cached_property
    def first_labelled_row(self) -> int:
        """The place of the topmost row with a label, or the number of rows."""
        return min((hit.row for _, hit in self.hits), default=len(self.rows))

    @cached_property
    def labelled_rows(self) -> frozenset[int]:
        """The rows on which this or another reading shows a label."""
        lent = {
            index
            for place in self.places
            for index, row in enumerate(self.rows)
            if abs(row.middle - place.middle) <= max(row.height, place.box.height) // 2
        }
        return frozenset(lent | {hit.row for _, hit in self.hits})

    def of(self, *parts: Part) -> tuple[Region, ...]:
        """Return the values of some parts, in reading order."""
        return tuple(region for region in self.regions if region.part in parts)

    def shows(self, *parts: Part) -> bool:
        """Tell whether this or another reading shows a label of some parts."""
        own = {part for part, _ in self.hits} | {place.part for place in self.places}
        return bool(own & set(parts))

    def part_of(self, word: Word) -> Part | None:
        """Return what announces a word, if a label does."""
        return self._announced.get(id(word))

    @cached_property
    def _announced(self) -> dict[int, Part]:
        return {id(word): region.part for region in self.regions for word in region.words}

    def _beside_or_below(self, part: Part, hit: LabelHit) -> Region | None:
        row = self.rows[hit.row]
        later = [other.start for _, other in self.hits if other.row == hit.row]
        end = min((start for start in later if start >= hit.end), default=len(row.words))
        words = _without_noise(row.words[hit.end : end])
        if part in SIDES and len(words) == 1 and self._is_labels_end(words[0], hit):
            words = ()
        if words:
            lines = (words, *self._continued(hit.row, words, hit.box))
            return Region(part, hit.box, lines, hit.row)
        right = row.words[end].box.left if end < len(row.words) else None
        lines = self._below(hit, right)
        return Region(part, hit.box, lines, hit.row) if lines else None

    def _is_labels_end(self, word: Word, hit: LabelHit) -> bool:
        """Tell whether a short word is the misread end of a label whose value stands below it."""
        short = len(word.text) <= LABELS_END_MAX
        near = word.box.left - (hit.box.left + hit.box.width) <= self.rows[hit.row].height
        return short and near and bool(self._below(hit, None))

    def _continued(
        self, index: int, value: Sequence[Word], label: Box
    ) -> tuple[tuple[Word, ...], ...]:
        """Return the lines that go on below a value: at its left edge, with no label before.

        Where the value follows its label like a sentence, they stand at the label's edge; where
        it stands apart from its label, they may end at its right edge.
        """
        left, right = value[0].box.left, right_of(value[-1])
        lines: list[tuple[Word, ...]] = []
        last = self.rows[index]
        flows = left - (label.left + label.width) <= last.height and len(last.segments) == 1
        edges = [label.left, left] if flows else [left]
        for below in range(index + 1, min(len(self.rows), index + LINES_MAX)):
            row = self.rows[below]
            distance = row.middle - last.middle
            if below in self.labelled_rows or distance > 2 * max(row.height, last.height):
                break
            words = self._goes_on(row, edges, label)
            if not words and not flows:
                words = _ends_at(row, right, label)
            if not words:
                break
            lines.append(words)
            last = row
        return tuple(lines)

    def _goes_on(self, row: Row, edges: Sequence[int], label: Box) -> tuple[Word, ...]:
        """Return what a row adds to a value above it, or nothing."""
        for edge in edges:
            inside = [word for word in row.words if word.box.left >= edge - row.height]
            words = _without_noise(inside)
            if not words or abs(words[0].box.left - edge) > row.height or is_amount(words[0]):
                continue
            before = row.words[0]
            if edge == label.left and len(row.segments) > 1:
                continue
            if before.box.left >= edge - row.height or _overlaps(label, before):
                return words
        return ()

    def _below(self, hit: LabelHit, right: int | None) -> tuple[tuple[Word, ...], ...]:
        """Return the lines below a label that stands over its value, inside its column."""
        lines: list[tuple[Word, ...]] = []
        last, height = self.rows[hit.row].middle, self.rows[hit.row].height
        labels = {(other.row, start) for _, other in self.hits for start in (other.start,)}
        for index in range(hit.row + 1, min(len(self.rows), hit.row + LINES_MAX)):
            row = self.rows[index]
            inside = [
                place
                for place, word in enumerate(row.words)
                if word.box.left >= hit.box.left - height
                and (right is None or word.box.left < right - height)
            ]
            if row.middle - last > 3 * max(row.height, height):
                break
            if any((index, place) in labels for place in inside):
                break
            if not inside:
                continue
            words = tuple(row.words[place] for place in inside)
            if abs(words[0].box.left - hit.box.left) > 2 * row.height:
                break
            if lines and is_amount(words[0]):
                break
            lines.append(words)
            last, height = row.middle, row.height
        return tuple(lines)

    def _beside(self, place: Place) -> Region | None:
        """Return what stands right of a label that only another reading shows."""
        box = place.box
        for index, row in enumerate(self.rows):
            if abs(row.middle - place.middle) <= max(row.height, box.height) // 2:
                words = tuple(
                    word for word in row.words if word.box.left >= box.left + box.width - 2
                )
                words = _without_noise(words)
                if words:
                    lines = (words, *self._continued(index, words, box))
                    return Region(place.part, box, lines, index)
        return None

    def row_of(self, box: Box) -> int | None:
        """Return the row with a word at a place of the picture, or None."""
        for index, row in enumerate(self.rows):
            if any(holds(word.box, box) for word in row.words):
                return index
        return None


def is_amount(word: Word) -> bool:
    """Tell whether a word can only be an amount: it has a currency, or groups or decimals."""
    printed = parse_token(word.text.replace("|", ","))
    return printed is not None and (printed.currency is not None or printed.number.is_separated)


def _ends_at(row: Row, edge: int, label: Box) -> tuple[Word, ...]:
    """Return a row that ends where the value above it ends, with nothing in the label's column."""
    words = _without_noise(row.words)
    if not words or is_amount(words[0]) or words[0].box.left < label.left + label.width:
        return ()
    return words if abs(right_of(words[-1]) - edge) <= row.height // 2 else ()


def _overlaps(label: Box, word: Word) -> bool:
    """Tell whether a word stands in the column of a label: it is the label's second line."""
    return label.left - 4 <= word.box.left <= label.left + label.width


def _without_noise(words: Sequence[Word]) -> tuple[Word, ...]:
    """Return words without what stands before a value: colons, dots and arrows."""
    rest = list(words)
    while rest and not any(letter.isalnum() or letter in "$៛៖-−–*+" for letter in rest[0].text):
        rest.pop(0)
    while rest and rest[0].text in {"៖", ":", "-"} and len(rest) > 1:
        rest.pop(0)
    return tuple(rest)


def laid_out(pages: Sequence[Page], layout: BankLayout) -> tuple[LaidOut, ...]:
    """Return every page with the layout and the labels that only other pages show."""
    alone = [LaidOut(page, layout) for page in pages]
    silent: dict[int, tuple[Box, ...]] = {}
    for page in alone:
        silent[page.turn] = silent.get(page.turn, ()) + page.quoted
    alone = [attrs.evolve(page, silent=silent[page.turn]) for page in alone]
    places: dict[int, list[Place]] = {}
    for page in alone:
        for part, hit in page.hits:
            place = Place(part, hit.box, page.rows[hit.row].middle)
            places.setdefault(page.turn, []).append(place)
    return tuple(attrs.evolve(page, places=tuple(places.get(page.turn, ()))) for page in alone)


def top_of_labels(page: LaidOut) -> int | None:
    """Return the line on which the labelled rows of a page begin, by all readings, or None."""
    own = [page.rows[hit.row].middle for _, hit in page.hits]
    return min(own + [place.middle for place in page.places], default=None)
