"""Numbers of documents are written by templates that can never collide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.adapters.conformance.strategies_invoicing import series
from kasa.domain.invoicing.numbering import Series, SeriesTemplate


def test_the_usual_number() -> None:
    """Series, year and six digits."""
    number = Series(name="INV", year=2026).written(42)
    assert ("INV-2026-000042", "INV-2026-000042") == (number.text, str(number))
    assert (2026, 42, "INV") == (number.year, number.number, number.series)


def test_tokens_and_literals() -> None:
    """A short year, fewer digits, slashes; larger counts than the digits are written whole."""
    short = Series(name="CN", year=2026, template="K/{series}/{yy}-{number:02d}")
    assert ["K/CN/26-07", "K/CN/26-107"] == [short.written(count).text for count in (7, 107)]


@given(one=series(), counts=st.sets(st.integers(1, 10**6), min_size=2, max_size=2))
def test_counts_and_years_never_collide(one: Series, counts: set[int]) -> None:
    """Two counts, or two years of one century, are written differently."""
    first, second = counts
    assert one.written(first).text != one.written(second).text
    following = Series(name=one.name, year=one.year + 1, template=one.template)
    assert one.written(first).text != following.written(first).text
    assert len(one.written(first).text) <= 25


@pytest.mark.parametrize(
    "template",
    [
        "",
        "{series}-{year}",
        "{series}-{number:06d}",
        "{year}-{number:06d}",
        "{series}-{year}-{number}",
        "{series}-{year}-{number:00d}",
        "{series}-{year}-{number:06d}-{number:06d}",
        "{series}-{year}-{number:06d}x",
        "{series} {year} {number:06d}",
        "{series}-{year}-{month}-{number:06d}",
        "LONG-LONG-{series}-{year}-{number:09d}",
        "{series}-{year}-{number:06d}\n",
    ],
)
def test_templates_that_could_collide_or_not_be_printed_are_refused(template: str) -> None:
    """A series, a year and one number are needed; only A-Z, 0-9, / and - beside; 25 letters."""
    with pytest.raises(SeriesTemplate):
        Series(name="INV", year=2026, template=template)


@pytest.mark.parametrize("wrong", ["", "inv", "INVOICES1", "INVOICESX", "IN V", "INV\n"])
def test_names_of_series_are_capital_letters(wrong: str) -> None:
    """One to eight of A to Z."""
    with pytest.raises(SeriesTemplate):
        Series(name=wrong, year=2026)


@pytest.mark.parametrize("first", [0, -1, 10**9 + 1])
def test_a_series_starts_at_one_or_later(first: int) -> None:
    """Neither at 0 nor beyond 10^9."""
    with pytest.raises(SeriesTemplate):
        Series(name="INV", year=2026, first=first)
