"""Dates inside references (payments.md, section 11)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.domain.payments.banks.tables import REFERENCE_DATES, reference_date

NEAR = datetime(2026, 9, 14, 12, tzinfo=UTC)
DAYS = st.dates(date(2017, 1, 1), date(2026, 9, 14))
MAKERS = {
    "acleda.ref": lambda day: f"{day.year % 10}{day:%j}0000001",
    "wing.trx": lambda day: f"0002347{day:%y%j}7ATL",
    "vattanac.trx": lambda day: f"001FTRA{day:%y%j}VPMX",
    "canadia.ft": lambda day: f"FT{day:%y%j}A1B2C",
    "cp.trx": lambda day: f"CP{day:%y%j}00001",
    "sathapana.trx": lambda day: f"099QORT{day:%y%j}0001",
    "payway.trx": lambda day: f"{_noon(day)}00001",
    "amk.trx": lambda day: f"{_noon(day)}0000001",
}


def _noon(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, 5, tzinfo=UTC).timestamp())


@pytest.mark.parametrize("scheme", sorted(REFERENCE_DATES))
@given(day=DAYS)
def test_the_day_inside_is_the_day_it_was_made(scheme: str, day: date) -> None:
    """``date_inside(make(day)) == day`` for every numbering (property 13)."""
    assert day == reference_date(scheme, MAKERS[scheme](day), NEAR)


@given(scheme=st.sampled_from(sorted(REFERENCE_DATES)), value=st.text(max_size=200))
def test_any_text_is_read_without_an_exception(scheme: str, value: str) -> None:
    """Whatever stands where an id should be, nothing is raised."""
    found = reference_date(scheme, value, NEAR)
    assert found is None or isinstance(found, date)


@pytest.mark.parametrize(
    ("scheme", "value"),
    [
        ("wing.trx", "0002347260007ATL"),
        ("wing.trx", "0002347263677ATL"),
        ("vattanac.trx", "001FTRA25366VPMX"),
        ("acleda.ref", "60000000001"),
        ("aba.trx", "48010202442"),
        ("wing.trx", "០002347261577ATL"),
    ],
)
def test_an_impossible_day_is_no_date(scheme: str, value: str) -> None:
    """Day 0, a day after the last of its year, and a numbering without days hold no date."""
    assert reference_date(scheme, value, NEAR) is None


def test_a_digit_of_the_year_means_the_nearest_past() -> None:
    """At the turn of the year the digit means last year, and today's from the first on."""
    january = datetime(2027, 1, 1, 3, tzinfo=UTC)
    assert date(2026, 12, 31) == reference_date("acleda.ref", "63650000001", january)
    assert date(2027, 1, 1) == reference_date("acleda.ref", "70010000001", january)
    assert date(2018, 1, 1) == reference_date("acleda.ref", "80010000001", january)
    evening = january - timedelta(hours=11)
    assert date(2027, 1, 1) == reference_date("acleda.ref", "70010000001", evening)
