"""Units of work over PostgreSQL: one transaction each, opened in one round trip.

Each context adds one line per store: here, in ``ports/work.py`` and in ``memory/work.py``.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any
from uuid import UUID

import psycopg
import sqlalchemy
from psycopg.pq import TransactionStatus

from kasa.adapters.postgres.connection import TenantConnection
from kasa.adapters.postgres.constraints import translated
from kasa.adapters.postgres.engine import Begin, DatabaseRole, opening
from kasa.adapters.postgres.events import PostgresEventLog, PostgresEventViews
from kasa.adapters.postgres.idempotency import look_again, store_answer, take_key
from kasa.adapters.postgres.jobs import PostgresJobQueue
from kasa.adapters.postgres.subscriptions.store import PostgresUsage
from kasa.adapters.postgres.tenancy.store import (
    PostgresTenantDirectory,
    PostgresTenants,
    PostgresTenantViews,
    read_tenant,
)
from kasa.adapters.postgres.unbuilt import unbuilt
from kasa.application.ports.events import EventLog, EventViews, Reactions
from kasa.application.ports.files import FileStore, FileViews
from kasa.application.ports.inventory import (
    CountStore,
    InventoryViews,
    ProductStore,
    StockLedger,
)
from kasa.application.ports.invoicing import (
    CreditStore,
    CreditViews,
    CustomerStore,
    CustomerViews,
    InvoiceStore,
    InvoiceViews,
    RateStore,
    SeriesStore,
)
from kasa.application.ports.jobs import Job
from kasa.application.ports.subscriptions import UsageStore
from kasa.application.ports.system import Ids
from kasa.application.ports.tenancy import TenantDirectory, TenantStore, TenantViews
from kasa.application.ports.work import (
    OPEN,
    AnswerT,
    NotNested,
    PlatformWork,
    ReadOnly,
    Scope,
    TenantFacts,
    UnitOfWork,
    WorkAborted,
)
from kasa.domain.identity.access import PlatformActor
from kasa.domain.kernel.idempotency import Answered, InProgress, KeyReused
from kasa.domain.kernel.ids import PLATFORM, TenantId

Driver = psycopg.Connection[Any]
_KNOWN_ENDS = (Answered, InProgress, KeyReused)


class PostgresReadOnly:
    """One tenant's read-only transaction."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows
        self._tenant: TenantFacts | None = None
        self.events: EventViews = PostgresEventViews(rows)
        self.tenants: TenantViews = PostgresTenantViews(rows)
        self.files: FileViews = unbuilt("files")
        self.stock: InventoryViews = unbuilt("stock")
        self.customers: CustomerViews = unbuilt("customers")
        self.invoices: InvoiceViews = unbuilt("invoices")
        self.credits: CreditViews = unbuilt("credits")

    @property
    def tenant(self) -> TenantFacts:
        """The tenant's facts, read when first asked for."""
        if self._tenant is None:
            self._tenant = TenantFacts.of(read_tenant(self._rows))
        return self._tenant


class PostgresUnitOfWork:
    """One tenant's read-write transaction; the factory commits it."""

    def __init__(self, rows: TenantConnection, log: PostgresEventLog, scope: Scope) -> None:
        self._rows = rows
        self._scope = scope
        self._tenant: TenantFacts | None = None
        self.events: EventLog = log
        self.tenants: TenantStore = PostgresTenants(rows)
        self.usage: UsageStore = PostgresUsage(rows)
        self.files: FileStore = unbuilt("files")
        self.products: ProductStore = unbuilt("products")
        self.stock: StockLedger = unbuilt("stock")
        self.counts: CountStore = unbuilt("counts")
        self.customers: CustomerStore = unbuilt("customers")
        self.invoices: InvoiceStore = unbuilt("invoices")
        self.series: SeriesStore = unbuilt("series")
        self.credits: CreditStore = unbuilt("credits")
        self.rates: RateStore = unbuilt("rates")

    @property
    def tenant(self) -> TenantFacts:
        """The tenant's facts, read when first asked for."""
        if self._tenant is None:
            self._tenant = TenantFacts.of(read_tenant(self._rows))
        return self._tenant

    @property
    def author(self) -> UUID | None:
        """Who is named in the audit trail."""
        return self._scope.author

    def answer(self, value: AnswerT) -> AnswerT:
        """Store the result under the scope's idempotency key, if it has one, and return it."""
        store_answer(self._rows, self._scope, value)
        return value


class PostgresPlatformWork:
    """What belongs to no tenant; its events belong to the tenant ``PLATFORM``."""

    def __init__(self, rows: TenantConnection, log: PostgresEventLog) -> None:
        self.events: EventLog = log
        self.tenants: TenantDirectory = PostgresTenantDirectory(rows)


class PostgresUnitOfWorkFactory:
    """Opens units of work on the connections of one engine.

    ``role`` is what tenants' transactions act as; only tests of the second wall change it.
    """

    def __init__(
        self,
        engine: sqlalchemy.Engine,
        reactions: Reactions,
        ids: Ids,
        *,
        role: DatabaseRole = DatabaseRole.APP,
    ) -> None:
        self._engine = engine
        self._reactions = reactions
        self._ids = ids
        self._role = role

    def __call__(self, scope: Scope) -> AbstractContextManager[UnitOfWork]:
        """Open a read-write unit of work."""
        return self._open(scope)

    def read_only(
        self, scope: Scope, *, snapshot: bool = False
    ) -> AbstractContextManager[ReadOnly]:
        """Open a view; with ``snapshot`` all its reads see one moment."""
        return self._view(scope, Begin.SNAPSHOT if snapshot else Begin.READ)

    def platform(
        self, scope: PlatformActor | Job | None = None
    ) -> AbstractContextManager[PlatformWork]:
        """Open a unit of work that belongs to no tenant."""
        return self._platform(scope)

    @contextmanager
    def _open(self, scope: Scope) -> Iterator[UnitOfWork]:
        with _not_nested():
            try:
                with self._transaction(Begin.WRITE, self._role, scope.tenant) as (rows, driver):
                    take_key(rows, scope)
                    log = PostgresEventLog(rows, self._ids, scope)
                    yield PostgresUnitOfWork(rows, log, scope)
                    self._finish(log, driver)
            except _KNOWN_ENDS:
                raise
            except Exception as error:
                self._answer_of_a_twin(scope, error)
                raise

    @contextmanager
    def _view(self, scope: Scope, begin: Begin) -> Iterator[ReadOnly]:
        with _not_nested(), self._transaction(begin, self._role, scope.tenant) as (rows, _):
            yield PostgresReadOnly(rows)

    @contextmanager
    def _platform(self, scope: PlatformActor | Job | None) -> Iterator[PlatformWork]:
        opened = self._transaction(Begin.WRITE, DatabaseRole.PLATFORM, PLATFORM)
        with _not_nested(), opened as (rows, driver):
            log = PostgresEventLog(rows, self._ids, scope)
            yield PostgresPlatformWork(rows, log)
            self._finish(log, driver)

    @contextmanager
    def _transaction(
        self, begin: Begin, role: DatabaseRole, tenant: TenantId
    ) -> Iterator[tuple[TenantConnection, Driver]]:
        with self._checked_out() as connection:
            driver = _driver(connection)
            _send(driver, opening(begin, role, tenant))
            try:
                yield TenantConnection(connection, tenant), driver
                _commit(driver)
            except BaseException:
                _roll_back(driver)
                raise

    @contextmanager
    def _checked_out(self) -> Iterator[sqlalchemy.Connection]:
        try:
            connection = self._engine.connect()
        except (sqlalchemy.exc.DBAPIError, sqlalchemy.exc.TimeoutError) as error:
            raise translated(error) from error
        with connection:
            yield connection

    def _finish(self, log: PostgresEventLog, driver: Driver) -> None:
        _refuse_aborted(driver)
        recorded = log.append()
        jobs = [job for event in recorded for job in self._reactions.jobs(event)]
        PostgresJobQueue(driver).add(jobs)

    def _answer_of_a_twin(self, scope: Scope, error: Exception) -> None:
        if scope.idempotency is None:
            return
        try:
            with self._transaction(Begin.READ, self._role, scope.tenant) as (rows, _):
                look_again(rows, scope)
        except Answered as answered:
            raise answered from error
        except Exception as second:
            raise error from second


def _driver(connection: sqlalchemy.Connection) -> Driver:
    found = connection.connection.driver_connection
    assert isinstance(found, psycopg.Connection)
    return found


def _send(driver: Driver, statements: str) -> str:
    """Run statements over the simple protocol and return the last one's status."""
    try:
        cursor = driver.execute(statements.encode(), prepare=False)
    except psycopg.Error as error:
        raise translated(error) from error
    return cursor.statusmessage or ""


def _commit(driver: Driver) -> None:
    _refuse_aborted(driver)
    if _send(driver, "COMMIT") != "COMMIT":
        raise WorkAborted


def _refuse_aborted(driver: Driver) -> None:
    if driver.info.transaction_status is not TransactionStatus.INTRANS:
        raise WorkAborted


def _roll_back(driver: Driver) -> None:
    with suppress(psycopg.Error):
        if driver.info.transaction_status is not TransactionStatus.IDLE:
            driver.execute(b"ROLLBACK", prepare=False)


@contextmanager
def _not_nested() -> Iterator[None]:
    if OPEN.get():
        raise NotNested
    token = OPEN.set(True)
    try:
        yield
    finally:
        OPEN.reset(token)
