"""Bank ids on a receipt: exact forms, mended only where a digit must stand (section 12)."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from kasa.domain.kernel.moments import business_date
from kasa.domain.payments.banks.shapes import BankLayout, IdForm, Part
from kasa.domain.payments.banks.tables import (
    BANK_ZONE,
    ID_FORMS,
    REFERENCE_DATES,
    reference_date,
)
from kasa.domain.payments.evidence import UNREADABLE, FieldReading, FieldState
from kasa.domain.payments.receipts.id_forms import (
    AROUND_AN_ID,
    compiled,
    fitted,
    id_at,
    is_marked,
    mark_of,
)
from kasa.domain.payments.receipts.printed import folded
from kasa.domain.payments.receipts.regions import LaidOut
from kasa.domain.payments.recognition import Languages, Word

A_YEAR = timedelta(days=400)
"""How long before its submission a transfer whose id bears a day may lie, and some more."""

MARK_LETTERS_MIN = 2
_CLASSES = re.compile(r"\[[^]]*\]|\{[^}]*\}|[()?]")
LONG_MARK = 5
OPEN_PLACES = {None, Part.TRANSACTION, Part.REFERENCE, Part.PURCHASE}


def read_references(pages: Sequence[LaidOut], near: datetime) -> Mapping[str, FieldReading[str]]:
    """Return every id of a picture by its scheme, over all readings.

    ``near`` is the moment of submission: the days inside ids lie before it.
    """
    layout = pages[0].layout
    found: dict[str, list[tuple[str, Part | None]]] = {}
    for page in pages:
        for part, scheme in layout.ids.items():
            for form in _forms(scheme):
                for value in _behind_label(page, part, form):
                    found.setdefault(form.scheme, []).append((value, part))
        for form in _loose_forms(layout):
            for value in _anywhere(page, form):
                found.setdefault(form.scheme, []).append((value, None))
    fields = {scheme: _field(values) for scheme, values in found.items()}
    fields = {_own_scheme(scheme, field, near): field for scheme, field in fields.items()}
    for part, scheme in layout.ids.items():
        if scheme not in fields and any(page.of(part) for page in pages) and part is not Part.HASH:
            fields[scheme] = UNREADABLE
    return fields


def _own_scheme(scheme: str, field: FieldReading[str], near: datetime) -> str:
    """Return the scheme of a bank whose numbering an unknown receipt's id bears, else its own.

    Only numberings with characters of their bank in them, whose day lies in the last year: other
    ids may be anybody's.
    """
    if scheme != "generic.ref" or field.value is None:
        return scheme
    for row in REFERENCE_DATES.values():
        if len(_CLASSES.sub("", row.pattern)) < MARK_LETTERS_MIN:
            continue
        day = reference_date(row.scheme, field.value, near)
        if day is not None and timedelta(-1) <= business_date(near, BANK_ZONE) - day <= A_YEAR:
            return row.scheme
    return scheme


def is_misread(value: str) -> bool:
    """Tell whether an id begins with a bank's long mark, but fits none of its forms."""
    marked = [form for form in ID_FORMS.values() if len(mark_of(form.pattern)) >= LONG_MARK]
    begun = [form for form in marked if value.startswith(mark_of(form.pattern))]
    return bool(begun) and all(fitted(value, form) is None for form in begun)


def _forms(scheme: str) -> tuple[IdForm, ...]:
    """Return the forms that may stand behind a label: the short hash's place may hold the long."""
    if scheme == "bakong.hash8":
        return (ID_FORMS["bakong.hash8"], ID_FORMS["bakong.hash"])
    return (ID_FORMS[scheme],)


def _loose_forms(layout: BankLayout) -> Iterable[IdForm]:
    return (
        ID_FORMS[scheme]
        for scheme in dict.fromkeys(layout.ids.values())
        if ID_FORMS[scheme].everywhere
    )


def _believes(page: LaidOut, form: IdForm) -> bool:
    """Tell whether a reading's language data can be trusted with a form."""
    if form.english_only:
        return page.page.languages is Languages.ENGLISH
    return page.page.languages is not Languages.KHMER


def _behind_label(page: LaidOut, part: Part, form: IdForm) -> Iterable[str]:
    """Return the id in a labelled value: a word, a mended one, or the words of the row joined."""
    if not _believes(page, form):
        return
    for region in page.of(part):
        for line in region.lines[:2]:
            value = _in_line(line, form)
            if value is not None:
                yield value
                break


def _in_line(line: Sequence[Word], form: IdForm) -> str | None:
    """Return the id of a labelled line; words are joined only from the line's beginning on.

    What begins with a bank's own mark but has not the form of its ids is one of them misread.
    """
    general = form.scheme == "generic.ref"
    for word in line:
        value = fitted(folded(word.text).strip(AROUND_AN_ID), form)
        if value is not None and not (general and is_misread(value)):
            return value
    return None if general else id_at(line, 0, form)


def _anywhere(page: LaidOut, form: IdForm) -> Iterable[str]:
    """Return ids of an exact form that stand without their label, outside labelled values."""
    if not _believes(page, form):
        return
    pattern, marked = compiled(form.pattern), is_marked(form.pattern)
    for row in page.rows:
        for place, word in enumerate(row.words):
            if page.part_of(word) not in OPEN_PLACES:
                continue
            text = word.text.strip(AROUND_AN_ID)
            if pattern.fullmatch(text):
                yield text
            elif marked and (value := id_at(row.words, place, form)):
                yield value


def _field(values: Sequence[tuple[str, Part | None]]) -> FieldReading[str]:
    """Return the id that most readings show; the others stay candidates, checked for use too.

    Another id behind another label is no other reading of the first one.
    """
    parts = [part for _, part in values if part is not None]
    first = {value for value, part in values if part is parts[0]} if parts else set()
    counted = Counter(value for value, part in values if part is None or value in first)
    (best, count), *others = counted.most_common()
    seen = dict.fromkeys(value for value, _ in others)
    candidates = tuple(dict.fromkeys((*seen, *(value for value, _ in values if value != best))))
    if others and others[0][1] == count:
        return FieldReading(state=FieldState.CONTESTED, candidates=(best, *candidates))
    return FieldReading(
        state=FieldState.READ,
        value=best,
        candidates=candidates,
        seen=count,
        engines=1,
        labelled=True,
    )
