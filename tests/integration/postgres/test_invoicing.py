"""The suites of invoicing over PostgreSQL, and what only a database can show."""

import pytest

from kasa.adapters.conformance.invoicing.invoices import InvoicesConformance
from kasa.adapters.conformance.invoicing.ledgers import LedgersConformance
from kasa.application.ports.bundle import Ports
from tests.integration.conftest import Database

pytestmark = pytest.mark.integration


class TestInvoicesOverPostgres(InvoicesConformance):
    """Invoices."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hook."""
        self.database = database

    def make_ports(self) -> Ports:
        """Return the ports of this process's database."""
        return self.database.ports()


class TestLedgersOverPostgres(LedgersConformance):
    """Customers, credit, numbers and rates."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hook."""
        self.database = database

    def make_ports(self) -> Ports:
        """Return the ports of this process's database."""
        return self.database.ports()
