"""Units of work inside one transaction that is never committed: what use cases would store.

The rows that they leave are read, multiplied and loaded; the rehearsal itself leaves nothing.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import psycopg

from kasa.adapters.postgres.connection import Driver, TenantConnection
from kasa.adapters.postgres.engine import Begin, DatabaseRole, opening
from kasa.adapters.postgres.events import PostgresEventLog
from kasa.adapters.postgres.work import PostgresPlatformWork, PostgresReadOnly, PostgresUnitOfWork
from kasa.application.ports.jobs import Job
from kasa.application.ports.system import Ids
from kasa.application.ports.work import PlatformWork, ReadOnly, Scope, UnitOfWork
from kasa.domain.identity.access import PlatformActor
from kasa.domain.kernel.ids import PLATFORM, TenantId

_PATIENT = "SELECT set_config('idle_in_transaction_session_timeout', '0', true)"


class Rehearsal:
    """Opens units of work on one connection of the owner, acting as the application.

    They are savepoints of one transaction; no job is added, because nobody may ever run it.
    """

    def __init__(self, driver: Driver, ids: Ids) -> None:
        self.driver = driver
        self._ids = ids

    def __call__(self, scope: Scope) -> AbstractContextManager[UnitOfWork]:
        """Open a read-write unit of work."""
        return self._open(scope)

    def read_only(
        self,
        scope: Scope,
        *,
        snapshot: bool = False,  # noqa: ARG002  # the port names it
    ) -> AbstractContextManager[ReadOnly]:
        """Open a view; it sees the one transaction, with ``snapshot`` or without."""
        return self._view(scope)

    def platform(
        self, scope: PlatformActor | Job | None = None
    ) -> AbstractContextManager[PlatformWork]:
        """Open a unit of work that belongs to no tenant."""
        return self._platform(scope)

    @contextmanager
    def _open(self, scope: Scope) -> Iterator[UnitOfWork]:
        with self._savepoint(scope.tenant, DatabaseRole.APP) as rows:
            log = PostgresEventLog(rows, self._ids, scope)
            yield PostgresUnitOfWork(rows, log, scope)
            log.append()

    @contextmanager
    def _view(self, scope: Scope) -> Iterator[ReadOnly]:
        with self._savepoint(scope.tenant, DatabaseRole.APP) as rows:
            yield PostgresReadOnly(rows)

    @contextmanager
    def _platform(self, scope: PlatformActor | Job | None) -> Iterator[PlatformWork]:
        with self._savepoint(PLATFORM, DatabaseRole.PLATFORM) as rows:
            log = PostgresEventLog(rows, self._ids, scope)
            yield PostgresPlatformWork(rows, log)
            log.append()

    @contextmanager
    def _savepoint(self, tenant: TenantId, role: DatabaseRole) -> Iterator[TenantConnection]:
        settings = opening(Begin.WRITE, role, tenant).partition("; ")[2]
        self.driver.execute(f"SAVEPOINT work; {settings}".encode(), prepare=False)
        self.driver.execute(_PATIENT)
        try:
            yield TenantConnection(self.driver, tenant)
        except BaseException:
            self.driver.execute("ROLLBACK TO work")
            raise
        self.driver.execute(b"RELEASE work; RESET ROLE", prepare=False)


@contextmanager
def rehearsal(owner_address: str, ids: Ids) -> Iterator[Rehearsal]:
    """Open a rehearsal; whatever happened in it is rolled back."""
    with psycopg.connect(owner_address, autocommit=True, application_name="kasa-load") as driver:
        driver.execute("BEGIN")
        try:
            yield Rehearsal(driver, ids)
        finally:
            driver.execute("ROLLBACK")
