"""The moment that an alert prints: exact forms, real days, and years that are not printed."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from kasa.domain.kernel.moments import zone
from kasa.domain.kernel.text import KHMER_DIGITS
from kasa.domain.payments.banks.tables import BANK_ZONE
from kasa.domain.payments.evidence import Precision
from kasa.domain.payments.receipts.printed_dates import MONTHS, YEARS_AWAY_MAX

NOT_LATER = timedelta(minutes=10)
SECONDS_DIGITS = 10
NOON = 12
LATER_HALVES = frozenset({"pm", "ល្ងាច"})
SECONDS_SCHEME = "payway.trx"


def reference_moment(references: Mapping[str, str]) -> datetime | None:
    """Return the moment inside an id that begins with the Unix second of the payment."""
    value = references.get(SECONDS_SCHEME)
    return None if value is None else datetime.fromtimestamp(int(value[:SECONDS_DIGITS]), UTC)


def moment_of(
    values: Mapping[str, str], references: Mapping[str, str], received_at: datetime
) -> tuple[datetime, Precision] | None:
    """Return the printed moment in UTC and how exact it is, or None when there is no such one.

    A missing year is that of the moment inside the id, else the one nearest to the receipt of the
    message and not later than 10 minutes after it.
    """
    clock = _clock(values)
    month, day = _month(values), _number(values, "day")
    if clock is None or month is None or day is None:
        return None
    found = []
    for year in _years(values, references, received_at):
        try:
            local = datetime(year, month, day, *clock, tzinfo=zone(BANK_ZONE))
        except ValueError:
            continue
        found.append(local.astimezone(UTC))
    at = _nearest(found, references, received_at)
    return None if at is None else (at, _precision(values))


def _years(
    values: Mapping[str, str], references: Mapping[str, str], received_at: datetime
) -> tuple[int, ...]:
    here = received_at.astimezone(zone(BANK_ZONE)).year
    printed, short = _number(values, "year"), _number(values, "year_short")
    if short is not None:
        printed = 2000 + short
    if printed is not None:
        return (printed,) if abs(printed - here) <= YEARS_AWAY_MAX else ()
    inside = reference_moment(references)
    known = inside is not None and abs(inside.year - here) <= YEARS_AWAY_MAX
    middle = inside.astimezone(zone(BANK_ZONE)).year if known and inside is not None else here
    return (middle - 1, middle, middle + 1)


def _nearest(
    found: list[datetime], references: Mapping[str, str], received_at: datetime
) -> datetime | None:
    if len(found) <= 1:
        return next(iter(found), None)
    inside = reference_moment(references)
    year = received_at.year
    if inside is not None and abs(inside.year - year) <= YEARS_AWAY_MAX:
        return min(found, key=lambda at: abs(at - inside))
    past = [at for at in found if at <= received_at + NOT_LATER]
    return max(past, default=None)


def _clock(values: Mapping[str, str]) -> tuple[int, int, int] | None:
    hour, minute = _number(values, "hour"), _number(values, "minute")
    second = _number(values, "second") or 0
    if hour is None or minute is None or hour > 23 or minute > 59 or second > 59:
        return None
    half = (values.get("half") or values.get("half_km") or "").casefold()
    if not half:
        return hour, minute, second
    if not 1 <= hour <= NOON and not (hour == 0 and half not in LATER_HALVES):
        return None
    return hour % NOON + (NOON if half in LATER_HALVES else 0), minute, second


def _month(values: Mapping[str, str]) -> int | None:
    name = values.get("month") or values.get("month_km")
    return _number(values, "month_no") if name is None else MONTHS.get(name.casefold())


def _number(values: Mapping[str, str], name: str) -> int | None:
    text = values.get(name)
    return None if text is None else int(text.translate(KHMER_DIGITS))


def _precision(values: Mapping[str, str]) -> Precision:
    return Precision.SECOND if "second" in values else Precision.MINUTE
