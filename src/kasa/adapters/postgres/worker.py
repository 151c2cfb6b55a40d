"""The worker over PostgreSQL: procrastinate fetches and waits, ``run_job`` decides.

Reactions are plain functions and run in threads; one event loop serves every queue.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

import attrs
import psycopg
from procrastinate import App, JobContext, PsycopgConnector, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job as QueuedJob
from procrastinate.retry import BaseRetryStrategy

from kasa.adapters.postgres.constraints import translated
from kasa.adapters.postgres.failures import FailedJobs
from kasa.adapters.postgres.jobs import job_of
from kasa.application.ports.events import Reactions
from kasa.application.ports.jobs import Done, Failed, FailedJob, Job, Queue, Retry, RunJobCall
from kasa.domain.kernel.errors import KasaError, Unavailable
from kasa.domain.kernel.ids import TenantId

LOG = logging.getLogger(__name__)
POOL_SIZE = 4
UNTIL_POLL_SECONDS = 0.1
UNWRITTEN_WAIT = timedelta(minutes=1)
RESCUE_EVERY_SECONDS = 60


@attrs.frozen
class QueueRoom:
    """How many jobs of a queue run at once, and how often it is looked into without a signal."""

    threads: int
    poll_seconds: float


ROOMS = MappingProxyType(
    {
        Queue.MONEY: QueueRoom(4, 1),
        Queue.TELEGRAM: QueueRoom(4, 1),
        Queue.MESSAGES: QueueRoom(4, 1),
        Queue.BULK: QueueRoom(2, 5),
    }
)


class UnknownReaction(KasaError):
    """Jobs wait for reactions that this program does not have; start the newer worker."""

    code = "job.unknown_reaction"


class _Ended(Exception):
    """Carries what ``run_job`` answered to procrastinate, which knows exceptions only."""

    def __init__(self, outcome: Retry | Failed) -> None:
        super().__init__(str(outcome))
        self.outcome = outcome


class _AsAnswered(BaseRetryStrategy):
    """Repeats what ``run_job`` answered."""

    def get_retry_decision(
        self, *, exception: BaseException, job: QueuedJob
    ) -> RetryDecision | None:
        """Return when the job runs again, or None when it gave up."""
        del job
        if isinstance(exception, _Ended) and isinstance(exception.outcome, Failed):
            return None
        wait = UNWRITTEN_WAIT
        if isinstance(exception, _Ended) and isinstance(exception.outcome, Retry):
            wait = exception.outcome.after
        return RetryDecision(retry_at=datetime.now(UTC) + wait)


class PostgresWorker:
    """Runs the jobs of one database.

    ``address`` is the login ``kasa_jobs``; ``listen`` off where it leads to a pooler, then the
    queues are only polled.
    """

    def __init__(self, address: str, reactions: Reactions, *, listen: bool = True) -> None:
        self._address = address
        self._listen = listen
        self._known = {
            name for row in reactions.rows for name in (row.name, row.formerly) if name is not None
        }
        self._failures = FailedJobs(address)

    def run(self, run_job: RunJobCall, queues: Sequence[Queue], until: Callable[[], bool]) -> None:
        """Run the jobs of some queues until ``until`` answers true, then end the running ones.

        Raises ``job.unknown_reaction`` when a job waits that nobody here can run.
        """
        unknown = self._failures.waiting_names(queues) - self._known
        if unknown:
            raise UnknownReaction(reactions=tuple(sorted(unknown)))
        threads = sum(ROOMS[queue].threads for queue in queues)
        self._loop(self._run(run_job, queues, until), threads + 1)

    def drain(self, run_job: RunJobCall) -> int:
        """Run every job that is due, and those they cause, until a round runs none; count them."""
        return self._loop(self._drain(run_job), 1)

    def pulse(self) -> datetime | None:
        """Return when the worker was last alive, or None when it never ran."""
        return self._failures.pulse()

    def failed(self, tenant: TenantId) -> tuple[FailedJob, ...]:
        """Return the jobs of a tenant that gave up, newest first, at most 100."""
        return self._failures.of(tenant)

    def retry(self, job: Job) -> None:
        """Put a failed job back; it counts its attempts anew. Raise NotFound for any other."""
        self._failures.retry(job)

    def _loop(self, work: Any, threads: int) -> int:
        async def main() -> int:
            loop = asyncio.get_running_loop()
            loop.set_default_executor(ThreadPoolExecutor(threads, "kasa-job"))
            return int(await work or 0)

        self._failures.beat()
        try:
            return asyncio.run(main())
        except (psycopg.Error, ConnectorException) as error:
            cause = error.__cause__ or error
            meaning = translated(cause) if isinstance(cause, Exception) else error
            raise meaning from error
        finally:
            with suppress(Unavailable):
                self._failures.beat()

    async def _run(
        self, run_job: RunJobCall, queues: Sequence[Queue], until: Callable[[], bool]
    ) -> None:
        async with self._app(self._task(run_job), self._known) as app:
            running = [
                asyncio.create_task(
                    app.run_worker_async(
                        queues=[queue.value],
                        name=queue.value,
                        concurrency=ROOMS[queue].threads,
                        fetch_job_polling_interval=ROOMS[queue].poll_seconds,
                        listen_notify=self._listen,
                        install_signal_handlers=False,
                    )
                )
                for queue in queues
            ]
            running.append(asyncio.create_task(self._rescue()))
            while not until():
                done, _ = await asyncio.wait(
                    running, timeout=UNTIL_POLL_SECONDS, return_when=asyncio.FIRST_COMPLETED
                )
                if done:
                    break
            for task in running:
                task.cancel()
            ends = await asyncio.gather(*running, return_exceptions=True)
        for end in ends:
            if isinstance(end, Exception):
                raise end
        if not until():
            raise Unavailable("The worker lost the database.")

    async def _drain(self, run_job: RunJobCall) -> int:
        ran: list[Job] = []

        def noted(job: Job) -> Done | Retry | Failed:
            ran.append(job)
            return run_job(job)

        before = -1
        async with self._app(self._task(noted), self._known) as app:
            self._failures.rescue()
            while len(ran) > before:
                before = len(ran)
                self._register(app, self._task(noted), self._failures.waiting_names(tuple(Queue)))
                await app.run_worker_async(
                    queues=[queue.value for queue in Queue],
                    wait=False,
                    concurrency=1,
                    listen_notify=False,
                    install_signal_handlers=False,
                )
        return len(ran)

    async def _rescue(self) -> None:
        while True:
            with suppress(Unavailable):
                await asyncio.to_thread(self._failures.rescue)
            await asyncio.sleep(RESCUE_EVERY_SECONDS)

    def _task(self, run_job: RunJobCall) -> Callable[..., None]:
        def run(context: JobContext, **_: Any) -> None:
            job = job_of(context.job)
            outcome = run_job(job)
            if isinstance(outcome, Done):
                return
            if isinstance(outcome, Failed):
                self._failures.note(context.job.id, outcome.code)
            LOG.warning(
                "job.ended",
                extra={"job": job.key, "attempt": job.attempt, "outcome": type(outcome).__name__},
                exc_info=outcome.cause,
            )
            raise _Ended(outcome)

        return run

    @asynccontextmanager
    async def _app(self, run: Callable[..., None], names: Iterable[str]) -> AsyncIterator[App]:
        connector = PsycopgConnector(
            conninfo=self._address,
            min_size=1,
            max_size=POOL_SIZE,
            kwargs={"prepare_threshold": None},
        )
        app = App(connector=connector)
        self._register(app, run, names)
        async with app.open_async():
            yield app

    def _register(self, app: App, run: Callable[..., None], names: Iterable[str]) -> None:
        for name in names:
            if name not in app.tasks:
                app.task(name=name, pass_context=True, retry=_AsAnswered())(run)
