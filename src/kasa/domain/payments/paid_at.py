"""When a receipt says that it was paid, over all readings of the picture (section 12)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import attrs

from kasa.domain.kernel.moments import business_date, day_start
from kasa.domain.payments.banks.shapes import Part
from kasa.domain.payments.banks.tables import BANK_ZONE, reference_date
from kasa.domain.payments.evidence import ABSENT, UNREADABLE, FieldReading, FieldState, Precision
from kasa.domain.payments.printed_dates import PrintedMoment, parse_moment
from kasa.domain.payments.recognition import Languages
from kasa.domain.payments.regions import LaidOut

NOT_THE_MOMENT = frozenset({Part.REMARK, Part.OTHER, Part.FROM, Part.TO, Part.TO_ACCOUNT})
ONE_DAY = timedelta(days=1)


@attrs.frozen
class PaidAt:
    """The moment of payment and how exactly it was printed."""

    field: FieldReading[datetime]
    precision: Precision = Precision.MINUTE


def read_moment(
    pages: Sequence[LaidOut], references: Mapping[str, FieldReading[str]], near: datetime
) -> PaidAt:
    """Return the moment that the readings agree on.

    The reading with both languages is believed before the others. Where the readings disagree,
    one that agrees with the day inside a reference is taken; those of one day give that day.
    """
    for languages in (Languages.BOTH, Languages.ENGLISH, Languages.KHMER):
        found = [
            moment
            for page in pages
            if page.page.languages is languages
            for moment in _on_page(page, near)
        ]
        if found:
            return _agreed(found, references, near)
    expected = any(page.of(Part.DATE) for page in pages)
    return PaidAt(UNREADABLE if expected or pages else ABSENT)


def _on_page(page: LaidOut, near: datetime) -> Iterable[PrintedMoment]:
    """Return the labelled moment of a page, or else those that stand without a label."""
    halves = page.layout.halves
    for region in page.of(Part.DATE):
        moment = parse_moment(region.text, near, halves=halves)
        if moment is not None:
            return (moment,)
    return _unlabelled(page, near)


def _unlabelled(page: LaidOut, near: datetime) -> list[PrintedMoment]:
    found: list[PrintedMoment] = []
    for index, row in enumerate(page.rows):
        words = [word for word in row.words if page.part_of(word) not in NOT_THE_MOMENT]
        text = " ".join(word.text for word in words)
        if not any(letter.isdigit() for letter in text):
            continue
        moment = parse_moment(text, near, halves=page.layout.halves)
        if moment is None:
            continue
        below = page.rows[index + 1].text if index + 1 < len(page.rows) else ""
        if not moment.halved and len(below) <= len("a.m. ") * 2:
            moment = parse_moment(f"{text} {below}", near, halves=page.layout.halves) or moment
        found.append(moment)
    return found


def _agreed(
    found: Sequence[PrintedMoment], references: Mapping[str, FieldReading[str]], near: datetime
) -> PaidAt:
    exact = [one for one in found if one.precision is not Precision.DAY]
    days = {business_date(one.at, BANK_ZONE) for one in found}
    if exact and len(days) == 1:
        found = exact
    distinct = list(dict.fromkeys((one.at, one.precision) for one in found))
    if len(distinct) > 1:
        inside = [
            day
            for scheme, reading in references.items()
            if reading.value and (day := reference_date(scheme, reading.value, near))
        ]
        fitting = [
            one
            for one in distinct
            if any(abs(business_date(one[0], BANK_ZONE) - day) <= ONE_DAY for day in inside)
        ]
        if len(fitting) == 1:
            distinct = fitting
        elif len(days) == 1:
            distinct = [(day_start(next(iter(days)), BANK_ZONE), Precision.DAY)]
    if len(distinct) > 1:
        candidates = tuple(at for at, _ in distinct)
        return PaidAt(FieldReading(state=FieldState.CONTESTED, candidates=candidates))
    at, precision = distinct[0]
    field = FieldReading(state=FieldState.READ, value=at, seen=len(found), engines=1, labelled=True)
    return PaidAt(field, precision)
