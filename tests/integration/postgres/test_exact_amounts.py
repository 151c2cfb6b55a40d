"""Amounts are exact in tables, for every currency at its extremes."""

import pytest

from tests.integration.conftest import Database
from tests.unit.exact_amounts import stored_and_back

pytestmark = [pytest.mark.integration, pytest.mark.A6]


def test_an_amount_survives_the_tables(database: Database) -> None:
    """Parse, store, read, print, parse: the same amount."""
    stored_and_back(database.ports())
