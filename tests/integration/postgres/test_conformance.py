"""The shipped suites over PostgreSQL, the same that memory passes."""

from datetime import timedelta

import psycopg
import pytest

from kasa.adapters.conformance.books import BooksConformance
from kasa.adapters.conformance.events import EventsConformance
from kasa.adapters.conformance.files import FilesConformance
from kasa.adapters.conformance.foreign import ForeignConformance
from kasa.adapters.conformance.jobs import JobsConformance
from kasa.adapters.conformance.schedule import ScheduleConformance
from kasa.adapters.conformance.subscriptions import SubscriptionsConformance
from kasa.adapters.conformance.tenancy import TenancyConformance
from kasa.adapters.conformance.work import WorkConformance
from kasa.application.ports.bundle import Ports
from kasa.application.ports.events import Reactions
from tests.integration.conftest import Database

pytestmark = pytest.mark.integration

_PASS = """UPDATE procrastinate_jobs SET scheduled_at = scheduled_at - %s
WHERE status = 'todo' AND scheduled_at IS NOT NULL"""


_PASS_BY = "UPDATE kasa_schedule SET period = period - %s, ended_at = ended_at - %s"
A_DAY = timedelta(days=1)


class TestWorkOverPostgres(WorkConformance):
    """Units of work."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hook."""
        self.database = database

    def make_ports(self) -> Ports:
        """Return the ports of this process's database."""
        return self.database.ports()


class TestJobsOverPostgres(JobsConformance):
    """Event log, queue and worker."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hooks."""
        self.database = database

    def make_ports(self, reactions: Reactions) -> Ports:
        """Return the ports of this process's database with these reactions."""
        return self.database.ports(reactions)

    def pass_time(self, ports: Ports, span: timedelta) -> None:
        """Move every waiting job nearer."""
        with psycopg.connect(self.database.addresses.jobs) as connection:
            connection.execute(_PASS, [span])


class TestScheduleOverPostgres(ScheduleConformance):
    """The schedule."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hooks."""
        self.database = database

    def make_ports(self) -> Ports:
        """Return the ports of this process's database."""
        return self.database.ports()

    def pass_time(self, ports: Ports, span: timedelta) -> None:
        """Move what was run away from now: its end, and its period by whole days."""
        with psycopg.connect(self.database.addresses.jobs) as connection:
            connection.execute(_PASS_BY, [span // A_DAY * A_DAY, span])


class TestEventsOverPostgres(EventsConformance):
    """The event log."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hook."""
        self.database = database

    def make_ports(self, reactions: Reactions) -> Ports:
        """Return the ports of this process's database with these reactions."""
        return self.database.ports(reactions)


class TestTenancyOverPostgres(TenancyConformance):
    """Shops."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hook."""
        self.database = database

    def make_ports(self) -> Ports:
        """Return the ports of this process's database."""
        return self.database.ports()


class TestSubscriptionsOverPostgres(SubscriptionsConformance):
    """Counters."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hook."""
        self.database = database

    def make_ports(self) -> Ports:
        """Return the ports of this process's database."""
        return self.database.ports()


class TestBooksOverPostgres(BooksConformance):
    """Totals."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hook."""
        self.database = database

    def make_ports(self) -> Ports:
        """Return the ports of this process's database."""
        return self.database.ports()


class TestFilesOverPostgres(FilesConformance):
    """The list of files."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hook."""
        self.database = database

    def make_ports(self) -> Ports:
        """Return the ports of this process's database."""
        return self.database.ports()


class TestForeignOverPostgres(ForeignConformance):
    """References and lists."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hook."""
        self.database = database

    def make_ports(self) -> Ports:
        """Return the ports of this process's database."""
        return self.database.ports()
