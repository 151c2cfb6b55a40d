"""The memory adapters pass the suites of people and of their proofs."""

from kasa.adapters.conformance.credentials import CredentialsConformance
from kasa.adapters.conformance.identity.people import PeopleConformance
from kasa.adapters.memory.bundle import memory_ports
from kasa.application.ports.bundle import Ports


class TestPeople(PeopleConformance):
    """Persons in memory."""

    def make_ports(self) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports()


class TestCredentials(CredentialsConformance):
    """Cheap proofs."""

    def make_ports(self) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports()
