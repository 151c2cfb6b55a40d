"""procrastinate as kasa uses it: one task for every reaction, whose end is what kasa answered."""

import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from threading import Lock
from types import MappingProxyType
from typing import Any, Protocol

import attrs
from procrastinate import App, JobContext, PsycopgConnector, RetryDecision
from procrastinate.jobs import Job as QueuedJob
from procrastinate.retry import BaseRetryStrategy
from procrastinate.worker import Worker

from kasa.adapters.postgres.jobs import job_of
from kasa.application.ports.jobs import Done, Failed, Queue, Retry, RunJobCall

LOG = logging.getLogger(__name__)
POOL_SIZE = 4
POOL_WAIT_SECONDS = 10
UNWRITTEN_WAIT = timedelta(minutes=1)


@attrs.frozen
class QueueRoom:
    """How many jobs of a queue run at once, and how often it is looked into without a signal."""

    threads: int
    poll_seconds: float


ROOMS: Mapping[Queue, QueueRoom] = MappingProxyType(
    {
        Queue.MONEY: QueueRoom(4, 1),
        Queue.TELEGRAM: QueueRoom(4, 1),
        Queue.MESSAGES: QueueRoom(4, 1),
        Queue.BULK: QueueRoom(2, 5),
    }
)


def threads_of(queues: Sequence[Queue]) -> int:
    """Return how many jobs of some queues run at once."""
    return sum(ROOMS[queue].threads for queue in queues)


class QueueLoop(Protocol):
    """procrastinate's worker: it fetches and runs jobs until it is stopped or loses the database.

    ``worker_id`` is its row in the queue's tables while it runs.
    """

    worker_id: int | None

    async def run(self) -> None:
        """Run jobs; after ``stop``, end when those that run have ended."""

    def stop(self) -> None:
        """Take no further job."""


class _Ended(Exception):
    """Carries what ``run_job`` answered to procrastinate, which knows exceptions only."""

    def __init__(self, outcome: Retry | Failed) -> None:
        super().__init__(str(outcome))
        self.outcome = outcome


class Running:
    """What this process runs now: rows, since when, and how many each queue began in all."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._rows: dict[int, tuple[Queue, float]] = {}
        self._begun: dict[Queue, int] = dict.fromkeys(Queue, 0)

    def begin(self, row: int, queue: Queue) -> None:
        """Note that a row's reaction starts."""
        with self._lock:
            self._rows[row] = (queue, time.monotonic())
            self._begun[queue] += 1

    def end(self, row: int) -> None:
        """Note that a row's reaction ended."""
        with self._lock:
            self._rows.pop(row, None)

    def rows(self) -> frozenset[int]:
        """Return the rows that run."""
        with self._lock:
            return frozenset(self._rows)

    def count(self, queue: Queue) -> tuple[int, int]:
        """Return how many jobs of a queue run, and how many began since the start."""
        with self._lock:
            return sum(1 for own, _ in self._rows.values() if own is queue), self._begun[queue]

    def longest_seconds(self) -> float:
        """Return for how long the oldest of them has been running."""
        with self._lock:
            began = [since for _, since in self._rows.values()]
        return time.monotonic() - min(began) if began else 0.0


class QueueApp:
    """Makes procrastinate's app and its workers; ``note`` keeps the code of a job that gave up.

    ``ahead`` is by how much the database's clock is ahead of this machine's: what waits, waits by
    the clock of the database.
    """

    def __init__(self, address: str, note: Callable[[int | None, str], None]) -> None:
        self._address = address
        self._note = note
        self.running = Running()
        self.ahead = timedelta()

    @asynccontextmanager
    async def opened(self, run_job: RunJobCall, names: Iterable[str]) -> AsyncIterator[App]:
        """Yield the app with a task for each name."""
        connector = PsycopgConnector(
            conninfo=self._address,
            min_size=1,
            max_size=POOL_SIZE,
            timeout=POOL_WAIT_SECONDS,
            kwargs={"prepare_threshold": None, "application_name": "kasa-queue"},
        )
        app = App(connector=connector)
        self.register(app, run_job, names)
        async with app.open_async():
            yield app

    def register(self, app: App, run_job: RunJobCall, names: Iterable[str]) -> None:
        """Add the tasks that an app lacks."""
        task = self._task(run_job)
        for name in names:
            if name not in app.tasks:
                app.task(name=name, pass_context=True, retry=_AsAnswered(self))(task)

    @staticmethod
    def worker(app: App, queues: Sequence[Queue], **options: Any) -> QueueLoop:
        """Return a worker of some queues; it is stopped by its ``stop`` alone."""
        return Worker(
            app,
            queues=[queue.value for queue in queues],
            name=",".join(queue.value for queue in queues),
            install_signal_handlers=False,
            **options,
        )

    def _task(self, run_job: RunJobCall) -> Callable[..., None]:
        def run(context: JobContext, **_: Any) -> None:
            job = job_of(context.job)
            row = context.job.id or 0
            self.running.begin(row, job.queue)
            try:
                outcome = run_job(job)
                if isinstance(outcome, Failed):
                    self._note(context.job.id, outcome.code)
            finally:
                self.running.end(row)
            if isinstance(outcome, Done):
                return
            LOG.warning(
                "job.ended",
                extra={"job": job.key, "attempt": job.attempt, "outcome": type(outcome).__name__},
                exc_info=outcome.cause,
            )
            raise _Ended(outcome)

        return run


class _AsAnswered(BaseRetryStrategy):
    """Repeats what ``run_job`` answered."""

    def __init__(self, app: QueueApp) -> None:
        self._app = app

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
        return RetryDecision(retry_at=datetime.now(UTC) + self._app.ahead + wait)
