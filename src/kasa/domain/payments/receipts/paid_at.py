"""When a receipt says that it was paid, over all readings of the picture (section 12)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import attrs

from kasa.domain.kernel.moments import business_date, day_start
from kasa.domain.payments.banks.shapes import Part
from kasa.domain.payments.banks.tables import BANK_ZONE, reference_date
from kasa.domain.payments.evidence import ABSENT, UNREADABLE, FieldReading, FieldState, Precision
from kasa.domain.payments.receipts.printed_dates import (
    PrintedMoment,
    half_beside,
    parse_moment,
    with_half,
)
from kasa.domain.payments.receipts.regions import LaidOut
from kasa.domain.payments.receipts.rows import Row
from kasa.domain.payments.recognition import Languages

NOT_THE_MOMENT = frozenset({Part.REMARK, Part.OTHER, Part.FROM, Part.TO, Part.TO_ACCOUNT})
ONE_DAY = timedelta(days=1)
HALVES = ("am", "pm")
LENGTH_OF_A_HALF = 10


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
    everything = [(page.page.languages, _on_page(page, near, pages)) for page in pages]
    for languages in (Languages.BOTH, Languages.ENGLISH, Languages.KHMER):
        found = [one for of, moments in everything if of is languages for one in moments]
        if found:
            others = [one for of, moments in everything if of is not languages for one in moments]
            return _agreed(_timed(found, others), references, near)
    expected = any(page.of(Part.DATE) for page in pages)
    return PaidAt(UNREADABLE if expected or pages else ABSENT)


def _timed(found: list[PrintedMoment], others: Sequence[PrintedMoment]) -> list[PrintedMoment]:
    """Return moments of which only the day was read with the time that all others read on it."""
    if any(one.precision is not Precision.DAY for one in found):
        return found
    days = {business_date(one.at, BANK_ZONE) for one in found}
    exact = [one for one in others if one.precision is not Precision.DAY]
    exact = [one for one in exact if {business_date(one.at, BANK_ZONE)} == days]
    clocks = {one.clock for one in found if one.clock}
    agreed = {one.at for one in exact}
    if len(agreed) != 1 or not all(_is_at(exact[0], clock) for clock in clocks):
        return found
    return exact[:1]


def _is_at(moment: PrintedMoment, clock: str) -> bool:
    """Tell whether a time of day without AM or PM may be that of a moment."""
    return any(
        with_half(PrintedMoment(_day_of(moment), Precision.DAY, clock=clock), half).at == moment.at
        for half in HALVES
    )


def _day_of(moment: PrintedMoment) -> datetime:
    """Return the beginning of a moment's day in the bank's zone."""
    return day_start(business_date(moment.at, BANK_ZONE), BANK_ZONE)


def _on_page(page: LaidOut, near: datetime, pages: Sequence[LaidOut]) -> list[PrintedMoment]:
    """Return the labelled moment of a page, or else those that stand without a label."""
    halves = page.layout.halves
    for region in page.of(Part.DATE):
        moment = parse_moment(region.text, near, halves=halves)
        if moment is not None:
            return [_halved(moment, page, page.rows[region.row], pages)]
    return _unlabelled(page, near, pages)


def _halved(
    moment: PrintedMoment, page: LaidOut, row: Row, pages: Sequence[LaidOut]
) -> PrintedMoment:
    """Return a moment with the AM or PM that other readings show beside the same time of day."""
    if not moment.clock:
        return moment
    turn = page.page.reading.turn
    halves = {
        half
        for other in pages
        if other.page.reading.turn == turn
        for index, one in enumerate(other.rows)
        if abs(one.middle - row.middle) <= max(one.height, row.height)
        if (half := half_beside(_with_below(other, index), moment.clock))
    }
    return with_half(moment, halves.pop()) if len(halves) == 1 else moment


def _with_below(page: LaidOut, index: int) -> str:
    """Return a line, with the next one when that is so short that it may be AM or PM alone."""
    text = page.rows[index].text
    below = page.rows[index + 1].text if index + 1 < len(page.rows) else ""
    return f"{text} {below}" if len(below) <= LENGTH_OF_A_HALF else text


def _unlabelled(page: LaidOut, near: datetime, pages: Sequence[LaidOut]) -> list[PrintedMoment]:
    found: list[PrintedMoment] = []
    halves = page.layout.halves
    for index, row in enumerate(page.rows):
        words = [word for word in row.words if page.part_of(word) not in NOT_THE_MOMENT]
        text = " ".join(word.text for word in words)
        if not any(letter.isdigit() for letter in text):
            continue
        moment = parse_moment(text, near, halves=halves)
        if moment is None:
            continue
        below = page.rows[index + 1].text if index + 1 < len(page.rows) else ""
        if not moment.halved and len(below) <= LENGTH_OF_A_HALF:
            moment = parse_moment(f"{text} {below}", near, halves=halves) or moment
        found.append(_halved(moment, page, row, pages))
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
