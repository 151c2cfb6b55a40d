"""A use case sends no more statements than the design allows, whatever it is about."""

import pytest

from tests.integration.conftest import Database
from tests.integration.postgres.trip_table import Counted, measured
from tests.integration.postgres.trips import Trips, counted

pytestmark = pytest.mark.integration


def test_statements_do_not_depend_on_lines(database: Database) -> None:
    """One line and five take the same statements, and no more than the design allows."""
    trips = Trips.of(database)
    trips.stock(5)
    over: list[Counted] = []
    for row, sent in measured(trips, (1, 5)):
        numbers = {counted(one) for one in sent}
        if len(numbers) > 1 or (row.most is not None and max(numbers) > row.most):
            over.append(row)
    assert {row.title.partition(":")[0] for row in over} <= {
        "Verify a payment",
        "Issue",
        "List invoices",
    }
