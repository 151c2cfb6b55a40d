"""The memory adapter passes the suites of inventory."""

from kasa.adapters.conformance.inventory.catalogue import CatalogueConformance
from kasa.adapters.memory.bundle import memory_ports
from kasa.application.ports.bundle import Ports


class TestCatalogue(CatalogueConformance):
    """The catalogue in memory."""

    def make_ports(self) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports()
