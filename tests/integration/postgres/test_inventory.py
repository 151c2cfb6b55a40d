"""PostgreSQL passes the suites of inventory, and follows the model of stock."""

from collections import Counter
from typing import ClassVar

import attrs
import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from kasa.adapters.conformance.inventory.catalogue import CatalogueConformance
from kasa.adapters.conformance.inventory.counting_machine import CountingMachine
from kasa.adapters.conformance.inventory.laws import StockLawsConformance
from kasa.adapters.conformance.inventory.ledger import LedgerConformance
from kasa.adapters.conformance.inventory.races import RacesConformance
from kasa.adapters.conformance.inventory.stage import StockStage
from kasa.adapters.conformance.inventory.stock import StockConformance
from kasa.adapters.memory.outside import StoppedClock
from kasa.application.ports.bundle import Ports
from tests.integration.conftest import Database

pytestmark = pytest.mark.integration

EXAMPLES, STEPS = 12, 30
WHOLE = 28
"""As many runs are ten thousand steps, the totals compared with their rows after each 30."""


@attrs.define
class Shops:
    """Opens shops in one database, each with a clock of its own."""

    database: Database
    ports: Ports = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.ports = self.database.ports(clock=StoppedClock())

    def stage(self) -> StockStage:
        """Return a new shop."""
        clock = StoppedClock()
        ports = attrs.evolve(self.ports, clock=clock)
        return StockStage.over(ports, lambda span: clock.set(clock.now() + span))


class TestCatalogueOverPostgres(CatalogueConformance):
    """The catalogue in tables."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hook."""
        self.shops = Shops(database)

    def make_ports(self) -> Ports:
        """Return the ports of this process's database."""
        return self.shops.ports


class TestStockOverPostgres(StockConformance):
    """Stock in tables."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hook."""
        self.shops = Shops(database)

    def make_stage(self) -> StockStage:
        """Return a shop in this process's database."""
        return self.shops.stage()


class TestLedgerOverPostgres(LedgerConformance):
    """The ledger in tables."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hook."""
        self.shops = Shops(database)

    def make_stage(self) -> StockStage:
        """Return a shop in this process's database."""
        return self.shops.stage()


class TestStockLawsOverPostgres(StockLawsConformance):
    """The laws of stock in tables."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hook."""
        self.shops = Shops(database)

    def make_stage(self) -> StockStage:
        """Return a shop in this process's database."""
        return self.shops.stage()


@pytest.mark.A4
class TestRacesOverPostgres(RacesConformance):
    """Many threads at one database."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hook."""
        self.shops = Shops(database)

    def make_stage(self) -> StockStage:
        """Return a shop in this process's database."""
        return self.shops.stage()


@pytest.mark.direct
@pytest.mark.A4
@pytest.mark.parametrize("runs", [1, pytest.param(WHOLE, marks=pytest.mark.deep)])
def test_stock_follows_its_model_in_postgres(database: Database, runs: int) -> None:
    """The same machine as over memory: same levels, costs and alerts; sums after each example."""
    shops = Shops(database)

    class PostgresStockMachine(CountingMachine):
        covered: ClassVar[Counter[str]] = Counter()

        def make_stage(self) -> StockStage:
            return shops.stage()

    wanted = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(PostgresStockMachine, settings=wanted)
    for turn in range(1, runs):
        run_state_machine_as_test(seed(turn)(PostgresStockMachine), settings=wanted)
    for what in ("issue: ok", "pay: ok", "receive again: answered", "owed > consumed"):
        assert PostgresStockMachine.covered[what]
