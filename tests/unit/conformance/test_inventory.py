"""The memory adapter passes the suites of inventory."""

from kasa.adapters.conformance.inventory.catalogue import CatalogueConformance
from kasa.adapters.conformance.inventory.laws import StockLawsConformance
from kasa.adapters.conformance.inventory.ledger import LedgerConformance
from kasa.adapters.conformance.inventory.stage import StockStage
from kasa.adapters.conformance.inventory.stock import StockConformance
from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.outside import StoppedClock
from kasa.application.ports.bundle import Ports


def memory_stage() -> StockStage:
    """Return a shop in memory."""
    clock = StoppedClock()
    return StockStage.over(memory_ports(clock=clock), lambda span: clock.set(clock.now() + span))


class TestCatalogue(CatalogueConformance):
    """The catalogue in memory."""

    def make_ports(self) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports()


class TestStock(StockConformance):
    """Stock in memory."""

    def make_stage(self) -> StockStage:
        """Return a shop in memory."""
        return memory_stage()


class TestLedger(LedgerConformance):
    """The ledger in memory."""

    def make_stage(self) -> StockStage:
        """Return a shop in memory."""
        return memory_stage()


class TestStockLaws(StockLawsConformance):
    """The laws of stock in memory."""

    def make_stage(self) -> StockStage:
        """Return a shop in memory."""
        return memory_stage()
