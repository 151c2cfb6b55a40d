"""The memory adapters pass the suites of people and of their proofs."""

from kasa.adapters.conformance.credentials import CredentialsConformance
from kasa.adapters.conformance.identity.admissions import AdmissionsConformance
from kasa.adapters.conformance.identity.attempts import AttemptsConformance
from kasa.adapters.conformance.identity.keys import KeysConformance
from kasa.adapters.conformance.identity.links import LinksConformance
from kasa.adapters.conformance.identity.mails import MailsConformance
from kasa.adapters.conformance.identity.members import MembersConformance
from kasa.adapters.conformance.identity.outdated import OutdatedConformance
from kasa.adapters.conformance.identity.people import PeopleConformance
from kasa.adapters.conformance.identity.sessions import SessionsConformance
from kasa.adapters.memory.bundle import memory_ports
from kasa.application.ports.bundle import Ports


class TestAdmissions(AdmissionsConformance):
    """Who comes in in memory."""

    def make_ports(self) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports()


class TestAttempts(AttemptsConformance):
    """Counts of tries and calls in memory."""

    def make_ports(self) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports()


class TestKeys(KeysConformance):
    """API keys and service clients in memory."""

    def make_ports(self) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports()


class TestLinks(LinksConformance):
    """One-time links in memory."""

    def make_ports(self) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports()


class TestMails(MailsConformance):
    """Mails and security events in memory."""

    def make_ports(self) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports()


class TestMembers(MembersConformance):
    """Members and invitations in memory."""

    def make_ports(self) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports()


class TestPeople(PeopleConformance):
    """Persons in memory."""

    def make_ports(self) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports()


class TestSessions(SessionsConformance):
    """Sessions in memory."""

    def make_ports(self) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports()


class TestCredentials(CredentialsConformance):
    """Cheap proofs."""

    def make_ports(self) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports()


class TestOutdated(OutdatedConformance):
    """What is kept no longer, in memory."""

    def make_ports(self) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports()
