"""Old events leave the log of PostgreSQL for files on disk."""

from datetime import datetime
from pathlib import Path

import attrs
import pytest

from kasa.adapters.conformance.archiving import ArchivingConformance
from kasa.adapters.memory.outside import StoppedClock
from kasa.adapters.storage.storage import ObstoreStorage
from kasa.application.ports.bundle import Ports
from tests.integration.conftest import Database

pytestmark = pytest.mark.integration


class TestArchivingOverPostgres(ArchivingConformance):
    """The archive of events, over PostgreSQL and a folder."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database, tmp_path: Path) -> None:
        """Hand the database and a folder to the suite's hooks."""
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
