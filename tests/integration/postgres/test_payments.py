"""PostgreSQL passes the suites of payments."""

import pytest

from kasa.adapters.conformance.bank_questions import BankQuestionsConformance
from kasa.adapters.conformance.payments.alerts import AlertsConformance
from kasa.adapters.conformance.payments.ledgers import AccountsConformance, ReferencesConformance
from kasa.adapters.conformance.payments.likeness import LikenessConformance
from kasa.adapters.conformance.payments.payments import PaymentsConformance
from kasa.application.ports.bundle import Ports
from tests.integration.conftest import Database

pytestmark = pytest.mark.integration


class TestPaymentsOverPostgres(PaymentsConformance):
    """Payments in tables."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hook."""
        self.database = database

    def make_ports(self) -> Ports:
        """Return the ports of this process's database."""
        return self.database.ports()


class TestLikenessOverPostgres(LikenessConformance):
    """Payments beside each other, in tables."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hook."""
        self.database = database

    def make_ports(self) -> Ports:
        """Return the ports of this process's database."""
        return self.database.ports()


class TestReferencesOverPostgres(ReferencesConformance):
    """References in tables."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hook."""
        self.database = database

    def make_ports(self) -> Ports:
        """Return the ports of this process's database."""
        return self.database.ports()


class TestAccountsOverPostgres(AccountsConformance):
    """Accounts, rules and codes in tables."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hook."""
        self.database = database

    def make_ports(self) -> Ports:
        """Return the ports of this process's database."""
        return self.database.ports()


class TestBankQuestionsOverPostgres(BankQuestionsConformance):
    """Questions to the bank in a table."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hook."""
        self.database = database

    def make_ports(self) -> Ports:
        """Return the ports of this process's database."""
        return self.database.ports()


class TestAlertsOverPostgres(AlertsConformance):
    """The banks' messages in tables."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hook."""
        self.database = database

    def make_ports(self) -> Ports:
        """Return the ports of this process's database."""
        return self.database.ports()
