"""Handing out and erasing a shop of PostgreSQL, with its files on disk."""

from datetime import datetime
from pathlib import Path

import attrs
import pytest

from kasa.adapters.memory.outside import StoppedClock
from kasa.adapters.storage.storage import ObstoreStorage
from kasa.application.ports.bundle import Ports
from tests.integration.conftest import Database
from tests.unit.tenancy.erasing import ErasingRules

pytestmark = pytest.mark.integration


class TestErasingOverPostgres(ErasingRules):
    """The rules over PostgreSQL and a folder."""

    every_step = 40

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database, tmp_path: Path, seed: int) -> None:
        """Hand the database and a folder to the hooks; the seed says where to kill first."""
        self.first_step = 1 + seed % self.every_step
        self.database = database
        self.folder = tmp_path

    def make_ports(self, at: datetime) -> Ports:
        """Return the ports of this process's database, and files on disk."""
        ports = self.database.ports(clock=StoppedClock(at))
        return attrs.evolve(ports, storage=ObstoreStorage.on_disk(self.folder))

    def set_clock(self, ports: Ports, at: datetime) -> None:
        """Set the stopped clock."""
        assert isinstance(ports.clock, StoppedClock)
        ports.clock.set(at)


@pytest.mark.deep
class TestErasingKilledAnywhere(TestErasingOverPostgres):
    """The same rules, killed at every single step."""

    every_step = 1
