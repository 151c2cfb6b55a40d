"""Known labels in the rows of a reading, with a few letters misread at most."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

import attrs

from kasa.domain.payments.banks import generic
from kasa.domain.payments.banks.shapes import BankLayout, Part
from kasa.domain.payments.banks.tables import LAYOUTS
from kasa.domain.payments.banks.words import RECEIVED_WORDS
from kasa.domain.payments.receipts.printed import folded
from kasa.domain.payments.receipts.rows import Row, around, right_of
from kasa.domain.payments.recognition import Box

COLON_READ_AS = "\u17c8"
WORDS_IN_A_LABEL = 6
LENGTH_MAX = 48
KHMER_LETTERS_MIN = 10
WORDS_LOOKED_AT = 1500
EDIT_WEIGHT = 3
_LETTERS_BELOW = re.compile("\u17d2[\u179c\u178b\u1787\u1792]")
_BELOW = str.maketrans("\u17bc\u17bd", "\u17bb\u17bb")


@attrs.frozen
class LabelHit:
    """A label found in a row: which, how many letters differ, where it stands.

    ``start`` and ``end`` are places of words in the row.
    """

    label: str
    edits: int
    row: int
    start: int
    end: int
    box: Box


@lru_cache(maxsize=8_192)
def normalised(text: str) -> str:
    """Return the letters and digits of a text in lower case, Khmer marks kept.

    A colon behind a Khmer label is often read as a sign of its own, which is left out. The three
    vowels below a Khmer letter are read for each other, and for some letters that stand there: they
    count as one.
    """
    letters = "".join(
        letter
        for letter in folded(text).lower()
        if letter.isalnum() or "\u1780" <= letter <= "\u17d3"
    )
    return _LETTERS_BELOW.sub("\u17bb", letters.rstrip(COLON_READ_AS).translate(_BELOW))


def edits_allowed(label: str) -> int:
    """Return how many letters of a label may be misread: one in 6, in long Khmer one in 4."""
    is_khmer = any("\u1780" <= letter <= "\u17d3" for letter in label)
    return len(label) // (4 if is_khmer and len(label) >= KHMER_LETTERS_MIN else 6)


@lru_cache(maxsize=16_384)
def edits_within(left: str, right: str, limit: int) -> int | None:
    """Return how many letters two texts differ by, or None when more than ``limit``."""
    if left == right:
        return 0
    if abs(len(left) - len(right)) > limit:
        return None
    row = list(range(len(right) + 1))
    for i, letter in enumerate(left, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(right, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (letter != other))
        if min(row) > limit:
            return None
    return row[-1] if row[-1] <= limit else None


def labels_of(layout: BankLayout) -> Mapping[str, Part]:
    """Return the normalised labels of a layout and what each announces."""
    return _labels_of(layout.key)


@lru_cache(maxsize=32)
def _labels_of(key: str) -> Mapping[str, Part]:
    layout = next(one for one in (*LAYOUTS, generic.LAYOUT) if one.key == key)
    return {normalised(label): part for part, labels in layout.labels.items() for label in labels}


@lru_cache(maxsize=1)
def _vocabulary() -> Mapping[str, frozenset[str]]:
    """Return all known labels by the pairs of letters in them."""
    found: dict[str, set[str]] = defaultdict(set)
    for layout in (*LAYOUTS, generic.LAYOUT):
        for label in labels_of(layout):
            for pair in _pairs(label):
                found[pair].add(label)
    return {pair: frozenset(labels) for pair, labels in found.items()}


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


@lru_cache(maxsize=1)
def _received() -> frozenset[str]:
    return frozenset(normalised(word) for word in RECEIVED_WORDS)


@lru_cache(maxsize=20_000)
def known_labels(text: str) -> tuple[tuple[str, int], ...]:
    """Return the known labels that a normalised text may be, with the letters that differ.

    A word of receiving is no label of the receiver that was misread by one letter, and the first
    words of a label are not the label: "Transaction successful" announces no transaction id.
    """
    if not 2 <= len(text) <= LENGTH_MAX:
        return ()
    shared: dict[str, int] = defaultdict(int)
    for pair in _pairs(text):
        for label in _vocabulary().get(pair, ()):
            shared[label] += 1
    found = []
    for label, count in shared.items():
        limit = 0 if text in _received() else edits_allowed(label)
        if abs(len(label) - len(text)) > limit or count < len(_pairs(label)) - 2 * limit:
            continue
        if label.isascii() and label.startswith(text) and len(label) - len(text) >= 2:
            continue
        edits = edits_within(text, label, limit)
        if edits is not None:
            found.append((label, edits))
    return tuple(sorted(found, key=lambda pair: (pair[1], pair[0])))


def find_labels(rows: tuple[Row, ...]) -> tuple[LabelHit, ...]:
    """Return every label in the rows: at the start of a line or of a column."""
    hits: list[LabelHit] = []
    looked_at = 0
    for index, row in enumerate(rows):
        looked_at += len(row.words)
        if looked_at > WORDS_LOOKED_AT:
            break
        hits.extend(_in_row(index, row))
    return tuple(hits)


def _in_row(index: int, row: Row) -> Iterable[LabelHit]:
    for start in range(len(row.words)):
        if not _may_start(row, start):
            continue
        joined = ""
        for end in range(start + 1, min(len(row.words), start + WORDS_IN_A_LABEL) + 1):
            joined += normalised(row.words[end - 1].text)
            if len(joined) > LENGTH_MAX:
                break
            for label, edits in known_labels(joined):
                yield LabelHit(label, edits, index, start, end, around(row.words[start:end]))


def _may_start(row: Row, start: int) -> bool:
    """Tell whether a label may begin here: nothing but noise, or a wide gap, stands before."""
    if all(len(normalised(word.text)) <= 2 for word in row.words[:start]):
        return True
    gap = row.words[start].box.left - right_of(row.words[start - 1])
    return gap > 2 * row.height


def hits_for(layout: BankLayout, hits: Iterable[LabelHit]) -> tuple[LabelHit, ...]:
    """Return the hits that are labels of a layout, the better of those that overlap."""
    labels = labels_of(layout)
    kept: list[LabelHit] = []
    mine = [hit for hit in hits if hit.label in labels]
    mine.sort(key=lambda hit: (EDIT_WEIGHT * hit.edits - len(hit.label), hit.end - hit.start))
    for hit in mine:
        if not any(
            other.row == hit.row and other.start < hit.end and hit.start < other.end
            for other in kept
        ):
            kept.append(hit)
    return tuple(sorted(kept, key=lambda hit: (hit.row, hit.start)))
