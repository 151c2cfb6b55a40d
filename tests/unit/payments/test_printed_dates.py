"""Printed moments: exact forms, in English and Khmer (payments.md, section 12)."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.domain.payments.evidence import Precision
from kasa.domain.payments.receipts.printed_dates import KHMER_MONTHS, parse_moment
from tests.unit.payments.drawn import NEAR

PHNOM_PENH = timezone(timedelta(hours=7))
MINUTES = st.integers(0, 3 * 365 * 24 * 60)


@pytest.mark.parametrize(
    ("text", "parts", "precision"),
    [
        ("Sep 14, 2026 | 10:21AM", (2026, 9, 14, 10, 21, 0), Precision.MINUTE),
        ("Sep 14, 2026 10:21 AM", (2026, 9, 14, 10, 21, 0), Precision.MINUTE),
        ("១៤ កញ្ញា ២០២៦ | ០២:២១ ល្ងាច", (2026, 9, 14, 14, 21, 0), Precision.MINUTE),
        ("14-09-2026 | 10:21:54 AM", (2026, 9, 14, 10, 21, 54), Precision.SECOND),
        ("14 កញ្ញា 2026, 02:21 PM", (2026, 9, 14, 14, 21, 0), Precision.MINUTE),
        ("14 កញ្ញា, 2026 2:21:54 PM", (2026, 9, 14, 14, 21, 54), Precision.SECOND),
        ("ម.ក 21, 2026 | 09:31AM", (2026, 1, 21, 9, 31, 0), Precision.MINUTE),
        ("Jun 8, 2026 at 09:29 AM", (2026, 6, 8, 9, 29, 0), Precision.MINUTE),
        ("3 Feb 2026, 10:04 am", (2026, 2, 3, 10, 4, 0), Precision.MINUTE),
        ("2026-05-22 21:47:34", (2026, 5, 22, 21, 47, 34), Precision.SECOND),
        ("03/04/2026 23:02:05", (2026, 4, 3, 23, 2, 5), Precision.SECOND),
        ("5 January 2026 12:05AM", (2026, 1, 5, 0, 5, 0), Precision.MINUTE),
        ("5 January 2026 12:30 ល្ងាច", (2026, 1, 5, 12, 30, 0), Precision.MINUTE),
        ("14/09/26", (2026, 9, 14, 0, 0, 0), Precision.DAY),
        ("14.09.26 21:47", (2026, 9, 14, 21, 47, 0), Precision.MINUTE),
        ("Sep 14, 2026 |10:21AM", (2026, 9, 14, 10, 21, 0), Precision.MINUTE),
        ("Sep 14, 2026 | 9:21AM", (2026, 9, 14, 9, 21, 0), Precision.MINUTE),
        ("Sep 14, 2026 |9:21AM", (2026, 9, 14, 0, 0, 0), Precision.DAY),
        ("Sep 14, 2026 |0:21AM", (2026, 9, 14, 0, 0, 0), Precision.DAY),
        ("Sep 14, 2026 | 0:21AM", (2026, 9, 14, 0, 0, 0), Precision.DAY),
        ("Sep 14, 2026 110:21AM", (2026, 9, 14, 0, 0, 0), Precision.DAY),
        ("September 29, 2026 1:55", (2026, 9, 29, 0, 0, 0), Precision.DAY),
        ("September 29, 2026 01:55", (2026, 9, 29, 1, 55, 0), Precision.MINUTE),
        ("14-09-2026 00:21", (2026, 9, 14, 0, 21, 0), Precision.MINUTE),
        ("10:21 AM, 14 September 2026", (2026, 9, 14, 10, 21, 0), Precision.MINUTE),
        ("០៨:៣៣ ព្រឹក ១៤ កញ្ញា ២០២៦", (2026, 9, 14, 8, 33, 0), Precision.MINUTE),
    ],
)
def test_printed_moments(text: str, parts: tuple[int, ...], precision: Precision) -> None:
    """Every known form gives the moment in the bank's zone."""
    found = parse_moment(text, NEAR)
    assert found is not None
    year, month, day, hour, minute, second = parts
    assert datetime(year, month, day, hour, minute, second, tzinfo=PHNOM_PENH) == found.at
    assert precision == found.precision


@pytest.mark.parametrize(
    "text",
    [
        "31 Feb 2026 10:00",
        "14 Sept0 2026",
        "Sep 14, 1999 10:00 AM",
        "Sep 14, 2026 25:00",
        "Sep 14, 2026 13:00 PM",
        "99/99/2026",
        "2026",
        "10:21 AM",
        "",
        "14 កញា 2026 10:00",
    ],
)
def test_what_is_no_moment(text: str) -> None:
    """Impossible days and hours, far years and misspelt months are not readable."""
    assert parse_moment(text, NEAR) is None


def test_an_hour_without_its_half_is_only_a_day() -> None:
    """Where AM or PM is printed, a lost one leaves the day."""
    found = parse_moment("Sep 14, 2026 10:21", NEAR, halves=True)
    assert found is not None
    assert Precision.DAY == found.precision
    assert datetime(2026, 9, 14, tzinfo=PHNOM_PENH) == found.at


@given(minutes=MINUTES, form=st.integers(0, 3))
def test_what_is_printed_is_read(minutes: int, form: int) -> None:
    """A moment printed in a known form is read as it was."""
    at = datetime(2025, 1, 1, tzinfo=PHNOM_PENH) + timedelta(minutes=minutes)
    half = "ព្រឹក" if at.hour < 12 else "ល្ងាច"
    text = (
        f"{at:%d-%m-%Y %I:%M %p}",
        f"{at:%b %d, %Y | %I:%M%p}",
        f"{at.day} {KHMER_MONTHS[at.month - 1]} {at.year} {at:%I:%M} {half}",
        f"{at:%Y-%m-%d %H:%M}",
    )[form]
    found = parse_moment(text, NEAR)
    assert found is not None
    assert at == found.at


@given(text=st.text(max_size=200))
def test_any_text_is_read_without_an_exception(text: str) -> None:
    """Whatever was recognised, the answer is a moment near the submission, or none."""
    found = parse_moment(text, NEAR)
    assert found is None or abs(found.at.astimezone(UTC).year - NEAR.year) <= 3
