"""Printed moments: exact forms, real calendar days, years near the submission.

Source: payments.md, section 12. Numeric dates are day first, unless the year stands first.
"""

import re
from datetime import UTC, datetime, timedelta

import attrs

from kasa.domain.kernel.moments import zone
from kasa.domain.payments.banks.tables import BANK_ZONE
from kasa.domain.payments.evidence import Precision
from kasa.domain.payments.receipts.printed import folded

YEARS_AWAY_MAX = 2
TEXT_LENGTH_MAX = 400
KHMER_MONTHS = (
    "មករា",
    "កុម្ភៈ",
    "មីនា",
    "មេសា",
    "ឧសភា",
    "មិថុនា",
    "កក្កដា",
    "សីហា",
    "កញ្ញា",
    "តុលា",
    "វិច្ឆិកា",
    "ធ្នូ",
)
ENGLISH_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
MONTHS: dict[str, int] = {
    **{name: number for number, name in enumerate(KHMER_MONTHS, 1)},
    **{name: number for number, name in enumerate(ENGLISH_MONTHS, 1)},
    **{name[:3]: number for number, name in enumerate(ENGLISH_MONTHS, 1)},
    "sept": 9,
    "ម.ក": 1,
    "ម.ក.": 1,
    "កុម្ភះ": 2,
}
"""Month names as printed, in lower case."""
_MONTH = "(?P<month>" + "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True)) + ")"
_DAY, _YEAR = "(?P<day>[0-9]{1,2})", "(?P<year>20[0-9]{2})"
_SHORT_YEAR = "(?P<year>20[0-9]{2}|[0-9]{2})"
_DATE_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"(?<![^\W\d_]){_MONTH}\.? ?{_DAY} ?,? ?{_YEAR}(?![0-9])",
        rf"(?<![0-9:.,]){_DAY}[ -]?{_MONTH}\.?[ ,-]{{0,3}}{_YEAR}(?![0-9])",
        rf"(?<![0-9]){_DAY}(?P<mark>[-/.])(?P<number>[0-9]{{1,2}})(?P=mark){_SHORT_YEAR}(?![0-9])",
        rf"(?<![0-9]){_YEAR}(?P<mark>[-/.])(?P<number>[0-9]{{1,2}})(?P=mark){_DAY}(?![0-9])",
    )
)
_HALF = r"am|pm|a\.m\.|p\.m\.|ព្រឹក|ល្ងាច|រសៀល|យប់"
_TIME = re.compile(
    r"[ ,]{0,3}(?:[|Il!/] ?|at |@ ?|- )?[ ,]{0,2}"
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?"
    rf"(?![0-9:]) ?(?P<half>{_HALF})?"
)
_TIME_FIRST = re.compile(
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?"
    r" ?(?P<half>am|pm|ព្រឹក|ល្ងាច)?[ ,|]{0,3}(?:on )?$"
)
_LATER_HALF = {"pm", "p.m.", "ល្ងាច", "រសៀល", "យប់"}
TOUCHING_PIPE = re.compile(r"(?<=[0-9]{4}) ?[|Il!](?=[0-9]:)")
"""A stroke that touches an hour of one digit may be the 1 before it: the time is not known."""

ROMAN_PIPE = re.compile(r"(?<=[0-9]{4}) [|Il!] ?(?=[0-9]{1,2}:)")


@attrs.frozen
class PrintedMoment:
    """A moment in UTC and how exactly it was printed; ``halved`` tells that AM or PM stood by.

    ``clock`` is the time of day that stood there without AM or PM, where the form prints them.
    """

    at: datetime
    precision: Precision
    halved: bool = False
    clock: str = ""


def parse_moment(text: str, near: datetime, *, halves: bool = False) -> PrintedMoment | None:
    """Return the first moment that a printed text holds, or None.

    ``near`` is the moment of submission. With ``halves`` the form prints AM or PM: an hour up to
    12 without it is not known, so the day alone counts. An hour of one digit tells such a form.
    """
    line = " ".join(folded(text[:TEXT_LENGTH_MAX]).lower().split())
    line = ROMAN_PIPE.sub(" | ", TOUCHING_PIPE.sub(" ? ", line))
    for form in _DATE_FORMS:
        for found in form.finditer(line):
            moment = _moment(found, line, near, halves=halves)
            if moment is not None:
                return moment
    return None


def _moment(
    found: re.Match[str], line: str, near: datetime, *, halves: bool
) -> PrintedMoment | None:
    parts = found.groupdict()
    year = int(parts["year"]) + (2000 if len(parts["year"]) == 2 else 0)
    month = MONTHS[parts["month"]] if parts.get("month") else int(parts["number"])
    if abs(year - near.year) > YEARS_AWAY_MAX:
        return None
    time = _TIME.match(line, found.end()) or _TIME_FIRST.search(line[: found.start()])
    clock = _clock(time, halves=halves) if time else None
    if time is not None and clock is None:
        return None
    alone = _figures(time) if time and clock and clock[3] is Precision.DAY else ""
    hour, minute, second, precision, halved = clock or (0, 0, 0, Precision.DAY, False)
    try:
        local = datetime(
            year, month, int(parts["day"]), hour, minute, second, tzinfo=zone(BANK_ZONE)
        )
    except ValueError:
        return None
    return PrintedMoment(local.astimezone(UTC), precision, halved, alone)


def _figures(time: re.Match[str]) -> str:
    return ":".join(part for part in time.group("hour", "minute", "second") if part)


def half_beside(text: str, clock: str) -> str:
    """Return the AM or PM that a printed text shows right behind a time of day, or nothing."""
    line = " ".join(folded(text[:TEXT_LENGTH_MAX]).lower().split())
    found = re.search(rf"(?<![0-9:]){re.escape(clock)} ?({_HALF})(?![a-z])", line)
    return found[1] if found else ""


def with_half(moment: PrintedMoment, half: str) -> PrintedMoment:
    """Return a moment whose half of the day was printed elsewhere, to the minute or second."""
    time = _TIME.match(f" {moment.clock} {half}")
    clock = _clock(time, halves=True) if time else None
    if clock is None or not clock[4]:
        return moment
    hour, minute, second, precision, _ = clock
    at = moment.at + timedelta(hours=hour, minutes=minute, seconds=second)
    return PrintedMoment(at, precision, halved=True)


def _clock(time: re.Match[str], *, halves: bool) -> tuple[int, int, int, Precision, bool] | None:
    """Return hour, minute, second and precision, or None for an impossible time of day."""
    hour, minute, second = int(time["hour"]), int(time["minute"]), int(time["second"] or 0)
    half = time["half"]
    if minute > 59 or second > 59 or hour > 23:
        return None
    if half and time["hour"] == "0":
        return 0, 0, 0, Precision.DAY, False
    if half:
        if hour > 12 or (hour == 0 and half in _LATER_HALF):
            return None
        hour = hour % 12 + (12 if half in _LATER_HALF else 0)
    elif (halves and hour <= 12) or len(time["hour"]) == 1:
        return 0, 0, 0, Precision.DAY, False
    precision = Precision.SECOND if time["second"] else Precision.MINUTE
    return hour, minute, second, precision, bool(half)
