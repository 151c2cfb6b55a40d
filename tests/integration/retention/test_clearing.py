"""What is cleared away of PostgreSQL."""

import pytest

from kasa.adapters.memory.outside import StoppedClock
from kasa.application.ports.bundle import Ports
from tests.integration.conftest import Database
from tests.unit.files.clearing import ClearingRules

pytestmark = pytest.mark.integration


class TestClearingOverPostgres(ClearingRules):
    """The rules over PostgreSQL."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the hook."""
        self.database = database

    def make_ports(self, clock: StoppedClock) -> Ports:
        """Return the ports of this process's database."""
        return self.database.ports(clock=clock)
