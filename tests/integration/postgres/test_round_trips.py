"""A use case sends as many statements as the page says, whatever it is about."""

from collections.abc import Mapping, Sequence

import pytest

from tests.integration.conftest import Database
from tests.integration.postgres.trip_table import COUNTED, LATE, measured, use_cases
from tests.integration.postgres.trip_views import UNCOUNTED, Grown, every_question, questions
from tests.integration.postgres.trips import LINES, Trips, counted
from tests.places import ROOT

pytestmark = pytest.mark.integration

PAGE = ROOT / "docs" / "reference" / "statements.md"
REFERENCE = "`make reference` writes the page anew"


def by_lines(database: Database, lines: Sequence[int]) -> Mapping[str, list[int]]:
    """Return what each use case sends for each number of lines."""
    trips = Trips.of(database)
    trips.stock(max(1, min(max(lines), 25)))
    return {row.title: [counted(one) for one in sent] for row, sent in measured(trips, lines)}


def by_rows(database: Database, rows: Sequence[int]) -> Mapping[str, list[int]]:
    """Return what each question sends in a shop with so many rows of everything."""
    grown = Grown(trips=Trips.of(database))
    found: dict[str, list[int]] = {}
    for count in rows:
        grown.grow(count)
        asked = grown.questions()
        assert every_question(grown.trips.desk.kasa) - UNCOUNTED == set(asked)
        for title, question in asked.items():
            found.setdefault(title, []).append(counted(grown.trips.sent(question)))
    return found


def the_same(found: Mapping[str, list[int]]) -> Mapping[str, int]:
    """Return the one number of each, or fail when it depends on how much there is."""
    assert {} == {title: numbers for title, numbers in found.items() if len(set(numbers)) > 1}
    return {title: numbers[0] for title, numbers in found.items()}


def test_statements_do_not_depend_on_lines(database: Database) -> None:
    """One line and five take the same statements: those of the page.

    They are within the design, or the page says why they are not.
    """
    numbers = the_same(by_lines(database, LINES[:2]))
    assert use_cases(numbers) in PAGE.read_text(encoding="utf-8"), REFERENCE
    counted_rows = (*COUNTED, *LATE)
    over = {row.title for row in counted_rows if numbers[row.title] > (row.most or 99)}
    assert {row.title for row in counted_rows if row.beyond} == over


@pytest.mark.deep
def test_statements_do_not_depend_on_500_lines(database: Database) -> None:
    """The largest invoice takes as many as the smallest."""
    the_same(by_lines(database, LINES))


def test_questions_do_not_depend_on_rows(database: Database) -> None:
    """Every question takes as many statements for some rows as for one: those of the page."""
    numbers = the_same(by_rows(database, (1, 6)))
    assert questions(numbers) in PAGE.read_text(encoding="utf-8"), REFERENCE


@pytest.mark.deep
def test_questions_do_not_depend_on_100_rows(database: Database) -> None:
    """Nor for a whole page of rows."""
    the_same(by_rows(database, (1, 25, 100)))
