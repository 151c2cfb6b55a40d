"""Units of work in memory: one tenant at a time, all or nothing."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from kasa.adapters.memory.events import MemoryEventLog
from kasa.adapters.memory.idempotency import answer_again, key_id
from kasa.adapters.memory.jobs import MemoryJobQueue
from kasa.adapters.memory.tables import Database, Working
from kasa.adapters.memory.work import MemoryPlatformWork, MemoryReadOnly, MemoryUnitOfWork
from kasa.application.ports.events import Reactions
from kasa.application.ports.jobs import Job
from kasa.application.ports.system import Ids
from kasa.application.ports.work import (
    OPEN,
    NotNested,
    PlatformWork,
    ReadOnly,
    Scope,
    StoreBusy,
    UnitOfWork,
)
from kasa.domain.identity.access import PlatformActor
from kasa.domain.kernel.idempotency import InProgress
from kasa.domain.kernel.ids import PLATFORM, TenantId

LOCK_TIMEOUT_SECONDS = 3.0


class MemoryUnitOfWorkFactory:
    """Opens units of work over a database in dictionaries."""

    def __init__(
        self, database: Database, jobs: MemoryJobQueue, reactions: Reactions, ids: Ids
    ) -> None:
        self._database = database
        self._jobs = jobs
        self._reactions = reactions
        self._ids = ids

    def __call__(self, scope: Scope) -> AbstractContextManager[UnitOfWork]:
        """Open a read-write unit of work."""
        return self._open(scope)

    def read_only(
        self, scope: Scope, *, snapshot: bool = False
    ) -> AbstractContextManager[ReadOnly]:
        """Open a view; here every view sees one moment."""
        del snapshot
        return self._view(scope)

    def platform(
        self, scope: PlatformActor | Job | None = None
    ) -> AbstractContextManager[PlatformWork]:
        """Open a unit of work that belongs to no tenant."""
        return self._platform(scope)

    @contextmanager
    def _open(self, scope: Scope) -> Iterator[UnitOfWork]:
        with _not_nested(), self._key_held(scope), self._writing(scope.tenant) as rows:
            answer_again(rows, scope)
            log = MemoryEventLog(rows, self._ids, scope)
            with ExitStack() as beside:
                people: list[Working] = []

                def of_platform() -> Working:
                    if not people:
                        people.append(beside.enter_context(self._writing(PLATFORM)))
                    return people[0]

                yield MemoryUnitOfWork(
                    rows, log, scope, database=self._database, people=of_platform
                )
                self._commit(rows, log, *people)

    @contextmanager
    def _view(self, scope: Scope) -> Iterator[ReadOnly]:
        with _not_nested():
            yield MemoryReadOnly(self._database.snapshot(scope.tenant))

    @contextmanager
    def _platform(self, scope: PlatformActor | Job | None) -> Iterator[PlatformWork]:
        with _not_nested(), self._writing(PLATFORM) as rows:
            log = MemoryEventLog(rows, self._ids, scope)
            yield MemoryPlatformWork(self._database, rows, log)
            self._commit(rows, log)

    @contextmanager
    def _writing(self, tenant: TenantId) -> Iterator[Working]:
        writer = self._database.writer(tenant)
        if not writer.acquire(timeout=LOCK_TIMEOUT_SECONDS):
            raise StoreBusy(retry_after=1)
        try:
            yield self._database.working(tenant)
        finally:
            writer.release()

    @contextmanager
    def _key_held(self, scope: Scope) -> Iterator[None]:
        if scope.idempotency is None:
            yield
            return
        held = (scope.tenant, key_id(scope, scope.idempotency))
        with self._database.mutex:
            if held in self._database.keys_in_use:
                raise InProgress(retry_after=5)
            self._database.keys_in_use.add(held)
        try:
            yield
        finally:
            self._database.keys_in_use.discard(held)

    def _commit(self, rows: Working, log: MemoryEventLog, *others: Working) -> None:
        recorded = log.append()
        jobs = [job for event in recorded for job in self._reactions.jobs(event)]
        with self._jobs.lock:
            self._jobs.add(jobs)
            for changed in (rows, *others):
                self._database.rows[changed.tenant] = changed.after()


@contextmanager
def _not_nested() -> Iterator[None]:
    if OPEN.get():
        raise NotNested
    token = OPEN.set(True)
    try:
        yield
    finally:
        OPEN.reset(token)
