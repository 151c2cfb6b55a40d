"""Two walls keep tenants apart: each is tested with the other taken down."""

from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from kasa.adapters.conformance.books import BooksConformance
from kasa.adapters.conformance.files import FilesConformance
from kasa.adapters.conformance.inventory.catalogue import CatalogueConformance
from kasa.adapters.conformance.invoicing.invoices import InvoicesConformance
from kasa.adapters.conformance.invoicing.ledgers import LedgersConformance
from kasa.adapters.conformance.payments.alerts import AlertsConformance
from kasa.adapters.conformance.payments.ledgers import AccountsConformance, ReferencesConformance
from kasa.adapters.conformance.payments.likeness import LikenessConformance
from kasa.adapters.conformance.payments.payments import PaymentsConformance
from kasa.adapters.conformance.shops import new_shop
from kasa.adapters.conformance.tenancy import TenancyConformance
from kasa.adapters.conformance.work import WorkConformance
from kasa.adapters.postgres.engine import Begin, DatabaseRole, opening
from kasa.application.ports.bundle import Ports
from kasa.domain.identity.access import Actor
from kasa.domain.kernel.errors import NotFound
from tests.integration.conftest import TENANT_CONDITION, Database, Walls, rewritten, rows_of

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("ten_examples")]

TABLES = """SELECT relname FROM pg_class
WHERE relnamespace = 'kasa'::regnamespace AND relkind = 'r' ORDER BY 1"""


@pytest.fixture(
    params=[
        pytest.param(Walls.POLICIES, id="policies"),
        pytest.param(Walls.FILTERS, id="filters", marks=pytest.mark.direct),
    ]
)
def wall(request: pytest.FixtureRequest) -> Walls:
    """Return the one wall that stands."""
    assert isinstance(request.param, Walls)
    return request.param


@pytest.mark.C2
class TestWorkBehindOneWall(WorkConformance):
    """Units of work and their event log, with a wall missing."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database, wall: Walls) -> None:
        """Hand the database to the suite's hook."""
        self.database, self.wall = database, wall

    def make_ports(self) -> Ports:
        """Return the ports with one wall."""
        return self.database.ports(walls=self.wall)


@pytest.mark.C2
class TestTenancyBehindOneWall(TenancyConformance):
    """Shops, with a wall missing."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database, wall: Walls) -> None:
        """Hand the database to the suite's hook."""
        self.database, self.wall = database, wall

    def make_ports(self) -> Ports:
        """Return the ports with one wall."""
        return self.database.ports(walls=self.wall)


@pytest.mark.C2
class TestBooksBehindOneWall(BooksConformance):
    """Totals and their rows, with a wall missing."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database, wall: Walls) -> None:
        """Hand the database to the suite's hook."""
        self.database, self.wall = database, wall

    def make_ports(self) -> Ports:
        """Return the ports with one wall."""
        return self.database.ports(walls=self.wall)


@pytest.mark.C2
class TestFilesBehindOneWall(FilesConformance):
    """The list of files, with a wall missing."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database, wall: Walls) -> None:
        """Hand the database to the suite's hook."""
        self.database, self.wall = database, wall

    def make_ports(self) -> Ports:
        """Return the ports with one wall."""
        return self.database.ports(walls=self.wall)


@pytest.mark.C2
class TestCatalogueBehindOneWall(CatalogueConformance):
    """The catalogue, with a wall missing."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database, wall: Walls) -> None:
        """Hand the database to the suite's hook."""
        self.database, self.wall = database, wall

    def make_ports(self) -> Ports:
        """Return the ports with one wall."""
        return self.database.ports(walls=self.wall)


@pytest.mark.C2
class TestInvoicesBehindOneWall(InvoicesConformance):
    """Invoices, with a wall missing."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database, wall: Walls) -> None:
        """Hand the database to the suite's hook."""
        self.database, self.wall = database, wall

    def make_ports(self) -> Ports:
        """Return the ports with one wall."""
        return self.database.ports(walls=self.wall)


@pytest.mark.C2
class TestLedgersBehindOneWall(LedgersConformance):
    """Customers, credit, numbers and rates, with a wall missing."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database, wall: Walls) -> None:
        """Hand the database to the suite's hook."""
        self.database, self.wall = database, wall

    def make_ports(self) -> Ports:
        """Return the ports with one wall."""
        return self.database.ports(walls=self.wall)


@pytest.mark.C2
class TestPaymentsBehindOneWall(PaymentsConformance):
    """Payments, with a wall missing."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database, wall: Walls) -> None:
        """Hand the database to the suite's hook."""
        self.database, self.wall = database, wall

    def make_ports(self) -> Ports:
        """Return the ports with one wall."""
        return self.database.ports(walls=self.wall)


@pytest.mark.C2
class TestLikenessBehindOneWall(LikenessConformance):
    """Payments beside each other, with a wall missing."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database, wall: Walls) -> None:
        """Hand the database to the suite's hook."""
        self.database, self.wall = database, wall

    def make_ports(self) -> Ports:
        """Return the ports with one wall."""
        return self.database.ports(walls=self.wall)


@pytest.mark.C2
class TestAlertsBehindOneWall(AlertsConformance):
    """The suite of alerts, each wall alone."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database, wall: Walls) -> None:
        """Hand the database to the suite's hook."""
        self.database, self.wall = database, wall

    def make_ports(self) -> Ports:
        """Return the ports with one wall."""
        return self.database.ports(walls=self.wall)


@pytest.mark.C2
class TestReferencesBehindOneWall(ReferencesConformance):
    """References, with a wall missing."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database, wall: Walls) -> None:
        """Hand the database to the suite's hook."""
        self.database, self.wall = database, wall

    def make_ports(self) -> Ports:
        """Return the ports with one wall."""
        return self.database.ports(walls=self.wall)


@pytest.mark.C2
class TestAccountsBehindOneWall(AccountsConformance):
    """Accounts, rules and codes, with a wall missing."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database, wall: Walls) -> None:
        """Hand the database to the suite's hook."""
        self.database, self.wall = database, wall

    def make_ports(self) -> Ports:
        """Return the ports with one wall."""
        return self.database.ports(walls=self.wall)


@pytest.mark.C2
def test_without_both_walls_the_suites_would_notice(database: Database) -> None:
    """A foreign event is found when neither wall stands, so these tests can fail."""
    ports = database.ports(walls=Walls.BOTH)
    owner, stranger = new_shop(ports), new_shop(ports)
    with ports.unit_of_work.read_only(owner) as view:
        (opened,) = view.events.about(owner.tenant)
    bare = database.open(walls=Walls.FILTERS)
    removed: list[str] = []

    def strip(statement: str) -> str:
        removed.extend(TENANT_CONDITION.findall(statement))
        return TENANT_CONDITION.sub("true", statement)

    rewritten(bare.engine, strip)
    with bare.unit_of_work.read_only(stranger) as view:
        assert opened.id == view.events.event(opened.id).id
    assert len(removed) == 1


@pytest.mark.C2
def test_a_row_for_another_tenant_is_refused(database: Database) -> None:
    """Writing towards another tenant is refused as if it were not there."""
    ports = database.ports()
    owner, stranger = new_shop(ports), new_shop(ports)
    statement = text(
        "INSERT INTO usage_counters (tenant_id, meter, period_start, used) "
        "VALUES (:other, 'products', '2026-01-01', 1)"
    )
    with pytest.raises(NotFound), ports.unit_of_work(owner) as work:
        rows_of(work).write(statement, other=stranger.tenant)


def _counts(connection: psycopg.Connection[Any]) -> dict[str, int]:
    tables = [row[0] for row in connection.execute(TABLES).fetchall()]
    assert len(tables) >= 6
    counted = {}
    for table in tables:
        row = connection.execute(f"SELECT count(*) FROM kasa.{table}".encode()).fetchone()
        counted[table] = row[0] if row else -1
    return counted


@pytest.mark.C4
def test_no_tenant_means_no_rows(database: Database) -> None:
    """A fresh connection, one reused after a unit of work and one after an error see nothing."""
    ports = database.ports()
    owner = new_shop(ports)
    with psycopg.connect(database.addresses.app, autocommit=True) as connection:
        assert set(_counts(connection).values()) == {0}
        begin = opening(Begin.WRITE, DatabaseRole.APP, owner.tenant)
        connection.execute(begin.encode())
        assert _counts(connection)["tenants"] == 1
        connection.execute("COMMIT")
        assert set(_counts(connection).values()) == {0}
        connection.execute(begin.encode())
        with pytest.raises(psycopg.errors.DivisionByZero):
            connection.execute("SELECT 1 / 0")
        connection.execute("ROLLBACK")
        assert set(_counts(connection).values()) == {0}


@pytest.mark.C4
def test_an_unknown_tenant_sees_nothing(database: Database) -> None:
    """The rows of all others are invisible to a tenant without rows."""
    ports = database.ports()
    new_shop(ports)
    nobody = Actor.system(new_shop(database.ports()).tenant)
    with ports.unit_of_work.read_only(nobody) as view:
        assert {nobody.tenant} == {row.tenant for row in view.events.trail().items}
