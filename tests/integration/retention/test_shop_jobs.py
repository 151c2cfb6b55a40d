"""The jobs of a shop go with it, over PostgreSQL."""

import pytest

from kasa.adapters.conformance.shop_jobs import ShopJobsConformance
from kasa.application.ports.bundle import Ports
from kasa.application.ports.events import Reactions
from tests.integration.conftest import Database

pytestmark = pytest.mark.integration


class TestShopJobsOverPostgres(ShopJobsConformance):
    """The jobs of one shop in the queue."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hook."""
        self.database = database

    def make_ports(self, reactions: Reactions) -> Ports:
        """Return the ports of this process's database with these reactions."""
        return self.database.ports(reactions)
