"""How far a transfer is and whose screen it is, by the words that stand alone on a line."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from kasa.domain.payments.banks.shapes import BankLayout, Part
from kasa.domain.payments.banks.words import (
    BUTTON_WORDS,
    FINAL_WORDS,
    NEGATIONS,
    RECEIVED_WORDS,
    SENT_WORDS,
    UNFINISHED,
    UNFINISHED_PHRASES,
)
from kasa.domain.payments.evidence import (
    UNREADABLE,
    Direction,
    FieldReading,
    FieldState,
    Outcome,
)
from kasa.domain.payments.receipts.labels import edits_within, normalised
from kasa.domain.payments.receipts.regions import LaidOut
from kasa.domain.payments.receipts.rows import WELL_READ_CONFIDENCE, WELL_READ_LETTERS, Row
from kasa.domain.payments.recognition import Box

LETTERS_PER_EDIT = 6
WORDS_MAX = 6
LETTERS_BEFORE = 3
HEADLINES_ABOVE_MAX = 8
LABELS_ABOVE_MAX = 4
MARKS = frozenset({Part.TRANSACTION, Part.REFERENCE, Part.HASH, Part.DATE})
"""What only a finished transfer's screen announces: a screen of before has no id and no date."""

SILENT = frozenset({Part.REMARK, Part.TO, Part.FROM, Part.TO_ACCOUNT})


@lru_cache(maxsize=1)
def _unfinished() -> tuple[tuple[str, Outcome], ...]:
    return tuple(
        (normalised(word), outcome) for outcome, words in UNFINISHED.items() for word in words
    )


@lru_cache(maxsize=1)
def _phrases() -> tuple[tuple[tuple[str, ...], Outcome], ...]:
    return tuple(
        (tuple(normalised(word) for word in phrase.split()), outcome)
        for outcome, phrases in UNFINISHED_PHRASES.items()
        for phrase in phrases
    )


@lru_cache(maxsize=4_000)
def _nearest_unfinished(text: str) -> tuple[int, Outcome] | None:
    """Return how many letters a text differs by from a word of an unfinished transfer, or None.

    Readings of one picture repeat most of its lines.
    """
    best: tuple[int, Outcome] | None = None
    for word, outcome in _unfinished():
        edits = _best(text, (word,))
        if edits is not None and (best is None or edits < best[0]):
            best = (edits, outcome)
    return best


def _said_inside(line: Row) -> Outcome | None:
    """Return what a sentence says of an unfinished transfer, word by word and exactly."""
    words = [normalised(word.text) for word in line.words]
    for phrase, outcome in _phrases():
        places = range(len(words) - len(phrase) + 1)
        if any(tuple(words[place : place + len(phrase)]) == phrase for place in places):
            return outcome
    return None


@lru_cache(maxsize=32)
def _final(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(normalised(word) for word in (*words, *FINAL_WORDS)))


@lru_cache(maxsize=8)
def _beginnings(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(normalised(word) for word in words)


def _lines(page: LaidOut) -> Iterable[Row]:
    """Return the parts of lines that may tell a status: not remarks and not names.

    The value of a row such as "Status" stands for itself, also where it follows its label closely.
    """
    for row in page.rows:
        for segment in row.segments:
            if not any(page.part_of(word) in SILENT for word in segment.words):
                yield segment
    for region in page.of(Part.OTHER):
        yield Row(region.lines[0], page.rows[region.row].middle)


def _best(text: str, words: Iterable[str]) -> int | None:
    """Return the fewest letters that a text differs by from one of some words."""
    found = [
        edits
        for word in words
        if abs(len(word) - len(text)) * LETTERS_PER_EDIT <= len(word)
        and (edits := edits_within(text, word, len(word) // LETTERS_PER_EDIT)) is not None
    ]
    return min(found, default=None)


def is_success(line: Row, layout: BankLayout) -> bool:
    """Tell whether a line says that the transfer is finished, and does not deny it."""
    text = normalised(line.text)
    if any(word in text for word in NEGATIONS) or len(line.words) > WORDS_MAX:
        return False
    words = _final(layout.final_words)
    if _best(text, words) is not None:
        return True
    last = normalised(line.words[-1].text)
    endings = [word for word in words if len(word) >= LETTERS_PER_EDIT]
    return len(line.words) > 1 and _best(last, endings) is not None


def unfinished_word(page: LaidOut) -> Outcome | None:
    """Return what an unfinished transfer's screen says, or None."""
    final = _final(page.layout.final_words)
    for line in _lines(page):
        said = _said_inside(line)
        if said is not None:
            return said
        text = normalised(line.text)
        if len(line.words) > WORDS_MAX or len(text) < WELL_READ_LETTERS:
            continue
        best = _nearest_unfinished(text)
        if best is None:
            continue
        finished = _best(text, final)
        if finished is None or best[0] <= finished:
            return best[1]
    return None


def has_success_word(pages: Sequence[LaidOut]) -> bool:
    """Tell whether any reading shows a success word; one on a button below the rows is none."""
    return any(
        is_success(line, page.layout)
        and not (_is_button(line, page) or _is_behind_text(line, page))
        for page in pages
        for line in _lines(page)
    )


def _is_behind_text(line: Row, page: LaidOut) -> bool:
    """Tell whether a line is the value of a label that nobody knows, among the labelled rows."""
    word = line.words[0]
    if page.part_of(word) is not None:
        return False
    for row in page.rows[page.first_labelled_row + 1 :]:
        if row.middle == line.middle and word in row.words:
            before = row.words[: row.words.index(word)]
            return sum(letter.isalpha() for one in before for letter in one.text) >= LETTERS_BEFORE
    return False


def _is_button(line: Row, page: LaidOut) -> bool:
    """Tell whether a line is a word that buttons bear, below the rows of an unknown screen."""
    if page.layout.key != "generic":
        return False
    if normalised(line.text) not in _beginnings(BUTTON_WORDS) or not page.labelled_rows:
        return False
    return line.middle > page.rows[max(page.labelled_rows)].middle


def read_outcome(
    pages: Sequence[LaidOut], headline: Box | None, *, with_id: bool = False
) -> FieldReading[Outcome]:
    """Return how far the transfer is; a word of an unfinished one counts before everything.

    ``with_id`` tells that an id of the layout was read, which only finished transfers have.
    """
    for page in pages:
        word = unfinished_word(page)
        if word is not None:
            return _read(word)
    layout = pages[0].layout
    marked = with_id or any(page.of(*MARKS) for page in pages)
    if layout.key != "generic" and layout.proves_final and marked:
        return _read(Outcome.FINAL)
    if has_success_word(pages):
        return _read(Outcome.FINAL)
    if layout.key != "generic" and headline is not None and _cut_above(pages, headline):
        return _read(Outcome.FINAL)
    return UNREADABLE


def _cut_above(pages: Sequence[LaidOut], headline: Box) -> bool:
    """Tell whether the picture begins so near above the receipt that no status has room."""
    labels = [hit.box for page in pages for _, hit in page.hits]
    first = min((headline, *labels), key=lambda box: (box.top, box.height))
    room = HEADLINES_ABOVE_MAX if first == headline else LABELS_ABOVE_MAX
    if first.top > room * first.height:
        return False
    return not any(
        word.box.top + word.box.height < first.top
        and word.confidence >= WELL_READ_CONFIDENCE
        and len(word.text) >= WELL_READ_LETTERS
        for page in pages
        for word in page.page.reading.words
    )


def _read(outcome: Outcome) -> FieldReading[Outcome]:
    return FieldReading(state=FieldState.READ, value=outcome, seen=1, engines=1)


def read_direction(pages: Sequence[LaidOut], *, minus: bool) -> FieldReading[Direction]:
    """Return whose screen it is: the layout's, or for an unknown bank by its words."""
    layout = pages[0].layout
    found: Direction | None = None
    if any(_begins(line, RECEIVED_WORDS) for page in pages for line in _lines(page)):
        found = Direction.RECEIVED
    elif layout.key != "generic":
        found = layout.screen
    elif (
        minus
        or any(page.of(Part.TO, Part.TO_ACCOUNT) for page in pages)
        or any(_begins(line, SENT_WORDS) for page in pages for line in _lines(page))
    ):
        found = Direction.SENT
    if found is None:
        return UNREADABLE
    return FieldReading(state=FieldState.READ, value=found, seen=1, engines=1)


def _begins(line: Row, words: tuple[str, ...]) -> bool:
    """Tell whether a line begins with one of some words or phrases."""
    wanted = _beginnings(words)
    joined = ""
    for word in line.words[:3]:
        joined += normalised(word.text)
        if joined in wanted:
            return True
    return False
