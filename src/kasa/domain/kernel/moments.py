"""Moments are aware UTC; periods are half-open and counted from their anchor."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import attrs

from kasa.domain.kernel.errors import Invalid

FIRST = datetime.min.replace(tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)


class ZoneUnknown(Invalid):
    """kasa does not know this time zone; use a name such as Asia/Phnom_Penh."""

    code = "zone.unknown"


def utc(at: datetime) -> datetime:
    """Return an aware moment in UTC; a naive one is a bug and raises ``ValueError``.

    One that UTC cannot name any more is the first or the last that it can.
    """
    if at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        return FIRST if at.year == FIRST.year else LAST


@lru_cache(maxsize=128)
def zone(name: str) -> ZoneInfo:
    """Return a time zone by its IANA name, or raise ``zone.unknown``."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ZoneUnknown from error


def business_date(at: datetime, zone_name: str) -> date:
    """Return the calendar day of a moment in a time zone."""
    return utc(at).astimezone(zone(zone_name)).date()


def day_start(day: date, zone_name: str) -> datetime:
    """Return the first instant of a local day, in UTC, also where midnight does not exist."""
    local = datetime.combine(day, time(), tzinfo=zone(zone_name))
    start = local.astimezone(UTC)
    if start.astimezone(zone(zone_name)).date() < day:
        start += timedelta(hours=1)
    return start


def day_end(day: date, zone_name: str) -> datetime:
    """Return the first instant after a local day, in UTC."""
    return day_start(day + timedelta(days=1), zone_name)


def add_months(anchor: datetime, months: int) -> datetime:
    """Return the anchor some months later, month ends clamped: 31 January, 28 February."""
    index = anchor.year * 12 + anchor.month - 1 + months
    year, month = divmod(index, 12)
    day = min(anchor.day, monthrange(year, month + 1)[1])
    return anchor.replace(year=year, month=month + 1, day=day)


@attrs.frozen
class Period:
    """A half-open stretch of time: ``start`` counts, ``end`` does not."""

    start: datetime
    end: datetime

    def __attrs_post_init__(self) -> None:
        if utc(self.start) >= utc(self.end):
            raise ValueError("a period ends after it starts")

    def __contains__(self, at: datetime) -> bool:
        return self.start <= at < self.end


def local_month(at: datetime, zone_name: str) -> Period:
    """Return the calendar month of a time zone that holds a moment."""
    first = business_date(at, zone_name).replace(day=1)
    after = add_months(datetime.combine(first, time()), 1).date()
    return Period(day_start(first, zone_name), day_start(after, zone_name))


def anchored_month(anchor: datetime, at: datetime) -> Period:
    """Return the monthly period that holds ``at``, always computed from the anchor."""
    months = (at.year - anchor.year) * 12 + at.month - anchor.month
    while add_months(anchor, months) > at:
        months -= 1
    while add_months(anchor, months + 1) <= at:
        months += 1
    return Period(add_months(anchor, months), add_months(anchor, months + 1))
