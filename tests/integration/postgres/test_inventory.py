"""PostgreSQL passes the suites of inventory."""

import pytest

from kasa.adapters.conformance.inventory.catalogue import CatalogueConformance
from kasa.application.ports.bundle import Ports
from tests.integration.conftest import Database

pytestmark = pytest.mark.integration


class TestCatalogueOverPostgres(CatalogueConformance):
    """The catalogue in tables."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hook."""
        self.database = database

    def make_ports(self) -> Ports:
        """Return the ports of this process's database."""
        return self.database.ports()
