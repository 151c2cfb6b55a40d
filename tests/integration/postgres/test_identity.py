"""The shipped suites of people and of their proofs over PostgreSQL, the same that memory passes."""

import pytest

from kasa.adapters.conformance.identity.admissions import AdmissionsConformance
from kasa.adapters.conformance.identity.attempts import AttemptsConformance
from kasa.adapters.conformance.identity.keys import KeysConformance
from kasa.adapters.conformance.identity.links import LinksConformance
from kasa.adapters.conformance.identity.mails import MailsConformance
from kasa.adapters.conformance.identity.members import MembersConformance
from kasa.adapters.conformance.identity.outdated import OutdatedConformance
from kasa.adapters.conformance.identity.people import PeopleConformance
from kasa.adapters.conformance.identity.sessions import SessionsConformance
from kasa.application.ports.bundle import Ports
from tests.integration.conftest import Database

pytestmark = pytest.mark.integration


class TestAdmissionsOverPostgres(AdmissionsConformance):
    """Who comes in."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hook."""
        self.database = database

    def make_ports(self) -> Ports:
        """Return the ports of this process's database."""
        return self.database.ports()


class TestAttemptsOverPostgres(AttemptsConformance):
    """Counts of tries and calls."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hook."""
        self.database = database

    def make_ports(self) -> Ports:
        """Return the ports of this process's database."""
        return self.database.ports()


class TestKeysOverPostgres(KeysConformance):
    """API keys and service clients."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hook."""
        self.database = database

    def make_ports(self) -> Ports:
        """Return the ports of this process's database."""
        return self.database.ports()


class TestLinksOverPostgres(LinksConformance):
    """One-time links."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hook."""
        self.database = database

    def make_ports(self) -> Ports:
        """Return the ports of this process's database."""
        return self.database.ports()


class TestMailsOverPostgres(MailsConformance):
    """Mails and security events."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hook."""
        self.database = database

    def make_ports(self) -> Ports:
        """Return the ports of this process's database."""
        return self.database.ports()


class TestMembersOverPostgres(MembersConformance):
    """Members and invitations."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hook."""
        self.database = database

    def make_ports(self) -> Ports:
        """Return the ports of this process's database."""
        return self.database.ports()


class TestPeopleOverPostgres(PeopleConformance):
    """Persons."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hook."""
        self.database = database

    def make_ports(self) -> Ports:
        """Return the ports of this process's database."""
        return self.database.ports()


class TestSessionsOverPostgres(SessionsConformance):
    """Sessions."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hook."""
        self.database = database

    def make_ports(self) -> Ports:
        """Return the ports of this process's database."""
        return self.database.ports()


class TestOutdatedOverPostgres(OutdatedConformance):
    """What is kept no longer."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hook."""
        self.database = database

    def make_ports(self) -> Ports:
        """Return the ports of this process's database."""
        return self.database.ports()
