"""Moments are aware UTC, days belong to a zone, periods are half-open."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.adapters.conformance.strategies_kernel import moments, zones
from kasa.domain.kernel.moments import (
    Period,
    ZoneUnknown,
    add_months,
    anchored_month,
    business_date,
    day_end,
    day_start,
    utc,
    zone,
)

DAYS = st.dates(date(2020, 1, 1), date(2045, 1, 1))


def at(text: str) -> datetime:
    """Return a moment of its ISO text."""
    return datetime.fromisoformat(text).astimezone(UTC)


def test_a_naive_moment_is_a_bug() -> None:
    """A moment without zone is refused, one of another zone becomes the same instant."""
    with pytest.raises(ValueError, match="zone"):
        utc(datetime(2026, 11, 2))  # noqa: DTZ001  # the naive moment is the point
    phnom_penh = timezone(timedelta(hours=7))
    assert at("2026-11-01T17:00:00Z") == utc(datetime(2026, 11, 2, tzinfo=phnom_penh))


@pytest.mark.parametrize(
    "name", ["Asia/Phnompenh", "", "../etc/passwd", "/etc/passwd", "a\0b", "x" * 300]
)
def test_an_unknown_zone_is_refused(name: str) -> None:
    """Anything that is no IANA name is ``zone.unknown``, a path too."""
    with pytest.raises(ZoneUnknown):
        zone(name)


@pytest.mark.parametrize(
    ("moment", "name", "day"),
    [
        ("2026-11-01T16:59:59Z", "Asia/Phnom_Penh", date(2026, 11, 1)),
        ("2026-11-01T17:00:00Z", "Asia/Phnom_Penh", date(2026, 11, 2)),
        ("2026-11-01T17:00:00Z", "UTC", date(2026, 11, 1)),
    ],
)
def test_a_day_begins_at_local_midnight(moment: str, name: str, day: date) -> None:
    """The business date is that of the shop's wall clock."""
    assert day == business_date(at(moment), name)


@given(day=DAYS, name=zones())
def test_days_follow_each_other_without_gap(day: date, name: str) -> None:
    """A day starts at its first instant and ends where the next one starts."""
    start, end = day_start(day, name), day_end(day, name)
    assert start.tzinfo is UTC
    assert end == day_start(day + timedelta(days=1), name)
    assert timedelta() < end - start <= timedelta(hours=25)
    assert day == business_date(start, name)
    assert day == business_date(end - timedelta(microseconds=1), name)
    assert business_date(start - timedelta(microseconds=1), name) < day


def test_a_midnight_that_does_not_exist_moves() -> None:
    """Chile's clocks go forward at midnight: the day starts at one."""
    assert at("2026-09-06T04:00:00Z") == day_start(date(2026, 9, 6), "America/Santiago")


@pytest.mark.parametrize(
    ("anchor", "months", "result"),
    [
        ("2026-01-31T00:00:00Z", 1, "2026-02-28T00:00:00Z"),
        ("2024-01-31T00:00:00Z", 1, "2024-02-29T00:00:00Z"),
        ("2026-01-31T00:00:00Z", 2, "2026-03-31T00:00:00Z"),
        ("2026-11-02T00:00:00Z", 2, "2027-01-02T00:00:00Z"),
        ("2026-01-15T00:00:00Z", -1, "2025-12-15T00:00:00Z"),
        ("2026-03-31T00:00:00Z", -1, "2026-02-28T00:00:00Z"),
    ],
)
def test_month_ends_are_clamped(anchor: str, months: int, result: str) -> None:
    """31 January, 28 February, 31 March: always counted from the anchor."""
    assert at(result) == add_months(at(anchor), months)


@given(anchor=moments(), at_moment=moments())
def test_every_moment_has_one_anchored_month(anchor: datetime, at_moment: datetime) -> None:
    """The monthly period holds its moment, and the next one starts where it ends."""
    period = anchored_month(anchor, at_moment)
    assert at_moment in period
    assert period == anchored_month(anchor, period.start)
    following = anchored_month(anchor, period.end)
    assert period.end == following.start
    assert period.end not in period


def test_a_period_ends_after_it_starts() -> None:
    """An empty or reversed period is a bug."""
    now = at("2026-11-02T00:00:00Z")
    for end in (now, now - timedelta(seconds=1)):
        with pytest.raises(ValueError, match="ends after"):
            Period(now, end)
