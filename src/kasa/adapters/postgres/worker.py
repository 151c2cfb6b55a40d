"""The worker over PostgreSQL: procrastinate fetches and waits, ``run_job`` decides.

Reactions are plain functions and run in threads; one event loop serves every queue.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import psycopg
from procrastinate.exceptions import ConnectorException

from kasa.adapters.postgres.constraints import translated
from kasa.adapters.postgres.failures import FailedJobs
from kasa.adapters.postgres.queue_app import ROOMS, QueueApp, QueueLoop, threads_of
from kasa.adapters.postgres.queue_login import check_login, lively
from kasa.adapters.postgres.rescuing import Rescue
from kasa.application.ports.events import Reactions
from kasa.application.ports.jobs import Done, Failed, FailedJob, Job, Queue, Retry, RunJobCall
from kasa.application.ports.work import StoreBusy
from kasa.domain.kernel.errors import KasaError, Unavailable
from kasa.domain.kernel.ids import TenantId

UNTIL_POLL_SECONDS = 0.1
TEND_EVERY_SECONDS = 10
WAITING_LIMIT_SECONDS = 120
RUNNING_LIMIT_SECONDS = 15 * 60
SILENCE_LIMIT_SECONDS = 30


class UnknownReaction(KasaError):
    """Jobs wait for reactions that this program does not have; start the newer worker."""

    code = "job.unknown_reaction"


class PostgresWorker:
    """Runs the jobs of one database.

    ``address`` is the login ``kasa_jobs``; ``listen`` off where it leads to a pooler, then the
    queues are only polled.
    """

    def __init__(self, address: str, reactions: Reactions, *, listen: bool = True) -> None:
        self._address = lively(address)
        self._listen = listen
        self._known = {
            name for row in reactions.rows for name in (row.name, row.formerly) if name is not None
        }
        self._failures = FailedJobs(self._address)
        self._rescue = Rescue(self._address)
        self._app = QueueApp(self._address, self._failures.note)
        self._workers: list[QueueLoop] = []
        self._ids: set[int] = set()
        self._suspects: frozenset[int] = frozenset()
        self._watched: dict[Queue, tuple[int, int, float]] = {}
        self._ticked: float | None = None

    def check(self, queues: Sequence[Queue]) -> None:
        """Return when this program can run the jobs of some queues.

        Raises ``setup.role_too_strong``, ``setup.role_too_weak``, ``store.schema`` or
        ``store.unavailable``, and ``job.unknown_reaction`` when a job waits that nobody here can
        run.
        """
        check_login(self._address)
        unknown = self._failures.waiting_names(queues) - self._known
        if unknown:
            raise UnknownReaction(reactions=tuple(sorted(unknown)))

    def run(self, run_job: RunJobCall, queues: Sequence[Queue], until: Callable[[], bool]) -> None:
        """Run the jobs of some queues until ``until`` answers true, then end the running ones.

        Raises what ``check`` raises, and ``store.unavailable`` when the database is lost for more
        than a few seconds; then it may be called again, and runs what it could not end before.
        """
        self.check(queues)
        self._rescue.of_workers(self._ids)
        self._ids.clear()
        try:
            self._loop(self._run(run_job, queues, until), threads_of(queues) + 1)
        finally:
            self._ticked = None
        if not until():
            raise Unavailable("The worker lost the database.")
        self._ids.clear()

    def drain(self, run_job: RunJobCall) -> int:
        """Run every job that is due, and those they cause, until a round runs none; count them."""
        return self._loop(self._drain(run_job), 1)

    def pulse(self) -> datetime | None:
        """Return when the worker was last alive, or None when it never ran."""
        return self._rescue.pulse()

    def failed(self, tenant: TenantId) -> tuple[FailedJob, ...]:
        """Return the jobs of a tenant that gave up, newest first, at most 100."""
        return self._failures.of(tenant)

    def forget(self, *, done_before: datetime, failed_before: datetime) -> int:
        """Remove the jobs that were done, or gave up, before a moment, and count them."""
        return self._failures.forget(done_before, failed_before)

    def remove_all(self, tenant: TenantId) -> int:
        """Remove the jobs of a tenant and count them; raise while one of them runs."""
        gone, left = self._failures.remove_all(tenant)
        if left:
            raise StoreBusy(retry_after=5)
        return gone

    def retry(self, job: Job) -> None:
        """Put a failed job back; it counts its attempts anew. Raise NotFound for any other."""
        self._failures.retry(job)

    def put_back(self) -> int:
        """Put back the jobs that this process still runs, for another one, and count them.

        For a process that is about to end: its threads may go on until then.
        """
        return self._rescue.of_workers(self._ids | _ids_of(self._workers))

    def fault(self, queues: Sequence[Queue]) -> str | None:
        """Return why this process should be replaced, or None while all is well.

        To be asked every few seconds: a queue whose jobs wait though there is room, a job that
        never ends. Raises ``store.unavailable``.
        """
        if self._app.running.longest_seconds() > RUNNING_LIMIT_SECONDS:
            return "a job does not end"
        waiting = self._rescue.fetchable(queues)
        watched: dict[Queue, tuple[int, int, float]] = {}
        for queue, row in waiting.items():
            busy, begun = self._app.running.count(queue)
            before = self._watched.get(queue)
            since = before[2] if before and before[:2] == (row, begun) else time.monotonic()
            if busy < ROOMS[queue].threads:
                watched[queue] = (row, begun, since)
        self._watched = watched
        late = [
            row for row in watched.values() if time.monotonic() - row[2] > WAITING_LIMIT_SECONDS
        ]
        return "a job waits though there is room" if late and self._ticked is not None else None

    @property
    def is_quiet(self) -> bool:
        """Whether the loop that fetches jobs has not turned for half a minute."""
        ticked = self._ticked
        return ticked is not None and time.monotonic() - ticked > SILENCE_LIMIT_SECONDS

    def _loop(self, work: Coroutine[Any, Any, int], threads: int) -> int:
        async def main() -> int:
            loop = asyncio.get_running_loop()
            loop.set_default_executor(ThreadPoolExecutor(threads, "kasa-job"))
            return await work

        try:
            self._keep_time()
            return asyncio.run(main())
        except (psycopg.Error, ConnectorException) as error:
            raise _meaning(error) from error
        finally:
            work.close()
            with suppress(Unavailable):
                self._keep_time()

    async def _run(
        self, run_job: RunJobCall, queues: Sequence[Queue], until: Callable[[], bool]
    ) -> int:
        async with self._app.opened(run_job, self._known) as app:
            self._workers = [
                self._app.worker(
                    app,
                    [queue],
                    concurrency=ROOMS[queue].threads,
                    fetch_job_polling_interval=ROOMS[queue].poll_seconds,
                    listen_notify=self._listen,
                )
                for queue in queues
            ]
            running = [asyncio.create_task(worker.run()) for worker in self._workers]
            tending = asyncio.create_task(self._tend())
            while not until() and not any(task.done() for task in running):
                self._note_turn()
                await asyncio.sleep(UNTIL_POLL_SECONDS)
            for worker in self._workers:
                worker.stop()
            while not all(task.done() for task in running):
                self._note_turn()
                await asyncio.wait(running, timeout=UNTIL_POLL_SECONDS)
            tending.cancel()
            await asyncio.gather(tending, return_exceptions=True)
        self._workers = []
        for task in running:
            task.result()
        return 0

    async def _drain(self, run_job: RunJobCall) -> int:
        ran: list[Job] = []

        def noted(job: Job) -> Done | Retry | Failed:
            ran.append(job)
            return run_job(job)

        before = -1
        async with self._app.opened(noted, self._known) as app:
            self._rescue.dead()
            while len(ran) > before:
                before = len(ran)
                self._app.register(app, noted, self._failures.waiting_names(tuple(Queue)))
                worker = self._app.worker(app, tuple(Queue), wait=False, listen_notify=False)
                await worker.run()
        return len(ran)

    def _note_turn(self) -> None:
        self._ticked = time.monotonic()
        self._ids |= _ids_of(self._workers)

    async def _tend(self) -> None:
        while True:
            with suppress(Unavailable):
                await asyncio.to_thread(self._look_after)
            await asyncio.sleep(TEND_EVERY_SECONDS)

    def _look_after(self) -> None:
        """Keep the hearts beating while jobs end, and put back what nobody runs any more."""
        self._keep_time()
        held = self._rescue.held(self._ids) - self._app.running.rows()
        self._rescue.of_ids(held & self._suspects)
        self._suspects = held
        self._rescue.dead()

    def _keep_time(self) -> None:
        self._app.ahead = self._rescue.beat(self._ids) - datetime.now(UTC)


def _ids_of(workers: Sequence[QueueLoop]) -> set[int]:
    return {worker.worker_id for worker in workers if worker.worker_id is not None}


def _meaning(error: psycopg.Error | ConnectorException) -> Exception:
    """Return what a failure of the queue means; a worker taken for dead has lost the database."""
    cause = error.__cause__ or error
    if isinstance(cause, psycopg.errors.ForeignKeyViolation):
        return Unavailable("The worker was taken for dead while the database was away.")
    return translated(cause) if isinstance(cause, Exception) else error
