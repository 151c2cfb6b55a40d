"""Opens units of work over PostgreSQL: one transaction each, opened in one round trip."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any

import psycopg
import sqlalchemy
from psycopg.pq import TransactionStatus

from kasa.adapters.postgres.connection import TenantConnection
from kasa.adapters.postgres.constraints import translated
from kasa.adapters.postgres.engine import Begin, DatabaseRole, checked_out, driver_of, opening
from kasa.adapters.postgres.events import PostgresEventLog
from kasa.adapters.postgres.idempotency import look_again, take_key
from kasa.adapters.postgres.jobs import PostgresJobQueue
from kasa.adapters.postgres.work import PostgresPlatformWork, PostgresReadOnly, PostgresUnitOfWork
from kasa.application.ports.credentials import SecretBox
from kasa.application.ports.events import Reactions
from kasa.application.ports.jobs import Job
from kasa.application.ports.system import Ids
from kasa.application.ports.work import (
    OPEN,
    NotNested,
    PlatformWork,
    ReadOnly,
    Scope,
    UnitOfWork,
    WorkAborted,
)
from kasa.domain.identity.access import PlatformActor
from kasa.domain.kernel.idempotency import Answered, InProgress, KeyReused
from kasa.domain.kernel.ids import PLATFORM, TenantId

Driver = psycopg.Connection[Any]
_KNOWN_ENDS = (Answered, InProgress, KeyReused)


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
        box: SecretBox | None = None,
    ) -> None:
        self._engine = engine
        self._reactions = reactions
        self._ids = ids
        self._role = role
        self._box = box

    def sealing(self, box: SecretBox) -> "PostgresUnitOfWorkFactory":
        """Return the same, which seals stored answers that hold a secret."""
        return PostgresUnitOfWorkFactory(
            self._engine, self._reactions, self._ids, role=self._role, box=box
        )

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
                    rows.author = scope.author
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
        with checked_out(self._engine) as connection:
            driver = driver_of(connection)
            _send(driver, opening(begin, role, tenant))
            try:
                yield TenantConnection(driver, tenant, self._box), driver
                _commit(driver)
            except BaseException:
                _roll_back(driver)
                if driver.closed:
                    connection.invalidate()
                raise

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
        except (Answered, KeyReused) as known:
            raise known from error
        except Exception as second:
            raise error from second


def _send(driver: Driver, statements: str) -> str:
    """Run statements over the simple protocol and return the last one's status."""
    try:
        cursor = driver.execute(statements.encode(), prepare=False)
    except psycopg.Error as error:
        raise translated(error, statement=statements.partition(";")[0].lower()) from None
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
