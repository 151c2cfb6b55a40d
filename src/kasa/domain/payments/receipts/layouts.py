"""Which bank's layout a picture has: by its labels in all readings together (section 12)."""

import re
from collections.abc import Iterable, Mapping, Sequence

import attrs

from kasa.domain.payments.banks import generic
from kasa.domain.payments.banks.shapes import BankLayout, IdForm, Part
from kasa.domain.payments.banks.tables import ID_FORMS, LAYOUTS
from kasa.domain.payments.receipts.id_forms import compiled, id_at, is_marked
from kasa.domain.payments.receipts.labels import (
    LabelHit,
    edits_allowed,
    edits_within,
    find_labels,
    hits_for,
    labels_of,
    normalised,
)
from kasa.domain.payments.receipts.printed import currency_of_code
from kasa.domain.payments.receipts.rows import Row, rows_of
from kasa.domain.payments.recognition import (
    LINES_LIMIT,
    Languages,
    Reading,
    Word,
    within_limits,
)

LABELS_ENOUGH = 3
LABELS_WITH_AN_ID = 2
UNEXPLAINED_SHARE = 2
_HEADLINE_CODE = re.compile(r"[-−–] ?[0-9][0-9.,]* ?([A-Za-z]{3})\b")


@attrs.frozen
class Page:
    """One reading of the picture as rows, with every known label in them."""

    reading: Reading
    rows: tuple[Row, ...]
    hits: tuple[LabelHit, ...]

    @property
    def languages(self) -> Languages:
        """The language data of the reading."""
        return self.reading.languages


@attrs.frozen
class Chosen:
    """The layout of a picture, and how many of its distinct labels were found."""

    layout: BankLayout
    labels: int
    parts: frozenset[Part]


def page_of(reading: Reading) -> Page:
    """Return a reading as rows and labels; what is beyond the limits is cut."""
    reading = within_limits(reading)
    rows = rows_of(reading)
    if len(rows) > LINES_LIMIT:
        rows, reading = rows[:LINES_LIMIT], attrs.evolve(reading, cut=True)
    return Page(reading, rows, find_labels(rows))


def choose_layout(pages: Sequence[Page]) -> Chosen:
    """Return the layout with the most labels that is surely recognised, else the generic one.

    Many banks share words. A layout whose id is not there needs a label of its own, and one that
    leaves many general labels unexplained is not recognised.
    """
    best: tuple[tuple[int, int, int], Chosen] | None = None
    for order, layout in enumerate(LAYOUTS):
        found = _found(layout, pages)
        ids = _ids_shown(layout, pages)
        if not _is_recognised(layout, pages, found, ids=ids):
            continue
        rank = (len(found), ids, -order)
        if best is None or rank > best[0]:
            best = (rank, Chosen(layout, len(found), frozenset(found.values())))
    if best is not None:
        return best[1]
    parts = frozenset(_found(generic.LAYOUT, pages).values())
    return Chosen(generic.LAYOUT, len(parts), parts)


def _is_recognised(
    layout: BankLayout, pages: Sequence[Page], found: Mapping[str, Part], *, ids: int
) -> bool:
    if len(found) >= (LABELS_WITH_AN_ID if ids else LABELS_ENOUGH):
        own = found.keys() - labels_of(generic.LAYOUT).keys()
        explained = UNEXPLAINED_SHARE * _unexplained(layout, pages) <= len(found)
        return explained and bool(ids or own)
    if not layout.headline_code or not ids:
        return False
    spoken = bool(found) or ids > 1 or _has_word(layout.final_words, pages)
    spoken = spoken or _begins(layout.under, pages)
    return spoken and _has_headline_code(pages) and not _unexplained(layout, pages)


def _unexplained(layout: BankLayout, pages: Iterable[Page]) -> int:
    """Return how many distinct general labels stand where the layout knows none."""
    unknown: set[str] = set()
    before_names = {normalised(phrase) for phrase in layout.under}
    for page in pages:
        known = hits_for(layout, page.hits)
        for hit in hits_for(generic.LAYOUT, page.hits):
            if hit.label not in before_names and not any(
                one.row == hit.row and one.start < hit.end and hit.start < one.end for one in known
            ):
                unknown.add(hit.label)
    return len(unknown)


def _found(layout: BankLayout, pages: Iterable[Page]) -> dict[str, Part]:
    """Return the distinct labels of a layout that any reading shows."""
    labels = labels_of(layout)
    return {hit.label: labels[hit.label] for page in pages for hit in hits_for(layout, page.hits)}


def _ids_shown(layout: BankLayout, pages: Iterable[Page]) -> int:
    """Return how many of the layout's ids stand there: beside their labels, where they must.

    A form that bears its bank's own mark is known also with look-alikes for digits, and torn.
    """
    return len(
        {
            form.scheme
            for page in pages
            for words, forms in _id_places(layout, page)
            for form in forms
            if _shows(words, form)
        }
    )


def _shows(words: Sequence[Word], form: IdForm) -> bool:
    pattern = compiled(form.pattern)
    if any(pattern.fullmatch(word.text) for word in words):
        return True
    return is_marked(form.pattern) and any(id_at(words, place, form) for place in range(len(words)))


def _id_places(layout: BankLayout, page: Page) -> Iterable[tuple[Sequence[Word], Sequence[IdForm]]]:
    """Yield words of one row, and the forms of ids that may stand among them."""
    forms = [ID_FORMS[scheme] for scheme in layout.ids.values()]
    everywhere = [one for one in forms if one.everywhere and not one.english_only]
    for row in page.rows:
        yield row.words, everywhere
    labels = labels_of(layout)
    for hit in hits_for(layout, page.hits):
        scheme = layout.ids.get(labels[hit.label])
        if scheme is not None and not ID_FORMS[scheme].english_only:
            yield page.rows[hit.row].words[hit.end :], [ID_FORMS[scheme]]


def _has_headline_code(pages: Iterable[Page]) -> bool:
    return any(
        currency_of_code(found[1]) is not None
        for page in pages
        for row in page.rows
        for found in _HEADLINE_CODE.finditer(row.text)
    )


def _has_word(words: Sequence[str], pages: Iterable[Page]) -> bool:
    wanted = [normalised(word) for word in words]
    return any(
        edits_within(normalised(segment.text), word, edits_allowed(word)) is not None
        for page in pages
        for row in page.rows
        for segment in row.segments
        for word in wanted
    )


def _begins(phrases: Sequence[str], pages: Iterable[Page]) -> bool:
    """Tell whether a line begins with the words that go before a payee's name."""
    wanted = [normalised(phrase) for phrase in phrases]
    return any(
        edits_within(normalised("".join(words)), phrase, edits_allowed(phrase)) is not None
        for page in pages
        for row in page.rows
        for segment in row.segments
        for words in ([word.text for word in segment.words[:end]] for end in (1, 2))
        for phrase in wanted
    )
