"""Bank ids on a receipt: exact forms, mended only where a digit must stand (section 12)."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from kasa.domain.payments.banks.shapes import BankLayout, IdForm, Part
from kasa.domain.payments.banks.tables import ID_FORMS
from kasa.domain.payments.evidence import UNREADABLE, FieldReading, FieldState
from kasa.domain.payments.layouts import compiled
from kasa.domain.payments.printed import folded
from kasa.domain.payments.recognition import Languages, Word
from kasa.domain.payments.regions import LaidOut

HASHES = ("bakong.hash", "bakong.hash8")
OPEN_PLACES = {None, Part.TRANSACTION, Part.REFERENCE, Part.PURCHASE}
_DIGITS_FOR = str.maketrans("OoILl|SsB", "001111558")
_DIGIT_CLASS = re.compile(r"\[0-9\](?:\{([0-9]+)\})?")


def read_references(pages: Sequence[LaidOut]) -> Mapping[str, FieldReading[str]]:
    """Return every id of a picture by its scheme, over all readings."""
    layout = pages[0].layout
    found: dict[str, list[tuple[str, bool]]] = {}
    for page in pages:
        for part, scheme in layout.ids.items():
            for form in _forms(scheme):
                for value in _behind_label(page, part, form):
                    found.setdefault(form.scheme, []).append((value, True))
        for form in _loose_forms(layout):
            for value in _anywhere(page, form):
                found.setdefault(form.scheme, []).append((value, False))
    fields = {scheme: _field(values) for scheme, values in found.items()}
    for part, scheme in layout.ids.items():
        if scheme not in fields and any(page.of(part) for page in pages) and part is not Part.HASH:
            fields[scheme] = UNREADABLE
    return fields


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
    texts = [folded(word.text).strip(":#.,|_-") for word in line]
    for text in texts:
        value = fitted(text, form)
        if value is not None:
            return value
    if form.scheme == "generic.ref":
        return None
    return fitted("".join(texts[:3]), form)


def _anywhere(page: LaidOut, form: IdForm) -> Iterable[str]:
    """Return ids of an exact form that stand without their label, outside labelled values."""
    if not _believes(page, form):
        return
    pattern = compiled(form.pattern)
    for word in page.page.reading.words:
        text = word.text.strip(":#.,|")
        if page.part_of(word) in OPEN_PLACES and pattern.fullmatch(text):
            yield text


def fitted(text: str, form: IdForm) -> str | None:
    """Return a text as an id of an exact form, or None.

    Letters that look like digits are mended where the form has digits only; hashes never are.
    """
    pattern = compiled(form.pattern)
    text = text.lower() if form.scheme in HASHES else text.upper()
    if pattern.fullmatch(text):
        return text
    if form.english_only or form.scheme == "generic.ref":
        return None
    places = digit_places(form.pattern)
    if len(text) != len(places):
        return None
    mended = "".join(
        letter.translate(_DIGITS_FOR) if digit else letter
        for letter, digit in zip(text, places, strict=True)
    )
    return mended if pattern.fullmatch(mended) else None


def digit_places(pattern: str) -> tuple[bool, ...]:
    """Return for each character of a fixed form whether it must be a digit."""
    places: list[bool] = []
    rest = pattern
    while rest:
        digits = _DIGIT_CLASS.match(rest)
        if digits:
            places += [True] * int(digits[1] or 1)
            rest = rest[digits.end() :]
        elif rest.startswith("["):
            inside, _, rest = rest[1:].partition("]")
            count = re.match(r"\{([0-9]+)\}", rest)
            places += [False] * (int(count[1]) if count else 1)
            rest = rest[count.end() :] if count else rest
            del inside
        else:
            places.append(rest[0].isdigit())
            rest = rest[1:]
    return tuple(places)


def _field(values: Sequence[tuple[str, bool]]) -> FieldReading[str]:
    """Return the id that most readings show; the others stay candidates, checked for use too."""
    counted = Counter(value for value, _ in values)
    (best, count), *others = counted.most_common()
    candidates = tuple(value for value, _ in others)
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
