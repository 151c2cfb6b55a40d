"""The memory adapters pass the suites of payments."""

from kasa.adapters.conformance.bank_questions import BankQuestionsConformance
from kasa.adapters.conformance.payments.alerts import AlertsConformance
from kasa.adapters.conformance.payments.ledgers import AccountsConformance, ReferencesConformance
from kasa.adapters.conformance.payments.likeness import LikenessConformance
from kasa.adapters.conformance.payments.payments import PaymentsConformance
from kasa.adapters.memory.bundle import memory_ports
from kasa.application.ports.bundle import Ports


class TestPayments(PaymentsConformance):
    """Payments in memory."""

    def make_ports(self) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports()


class TestLikeness(LikenessConformance):
    """Payments beside each other, in memory."""

    def make_ports(self) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports()


class TestReferences(ReferencesConformance):
    """References in memory."""

    def make_ports(self) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports()


class TestAccounts(AccountsConformance):
    """Accounts, rules and codes in memory."""

    def make_ports(self) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports()


class TestBankQuestions(BankQuestionsConformance):
    """The suite over dictionaries."""

    def make_ports(self) -> Ports:
        """Return every port in memory."""
        return memory_ports()


class TestAlerts(AlertsConformance):
    """The banks' messages in memory."""

    def make_ports(self) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports()
