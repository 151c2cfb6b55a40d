"""The queue as a simulation sees it: what waits, what may run now, and what became of it.

A line of jobs keeps its order; beyond that any job that is due may be next. Queue and world have
one clock, which over PostgreSQL is not the server's.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

import attrs
import psycopg
from procrastinate import jobs as procrastinate_jobs
from psycopg.rows import dict_row

from kasa.adapters.memory.jobs import MemoryJobQueue
from kasa.adapters.postgres.jobs import job_of
from kasa.application.ports.jobs import Done, Failed, Job, Outcome


@attrs.frozen(kw_only=True)
class Queued:
    """A job that waits or runs; ``place`` is when it was added."""

    job: Job
    place: int
    due: datetime
    running: bool


class Lines(Protocol):
    """The jobs of a store, to be run in any order that the contract of the queue allows."""

    def queued(self) -> Sequence[Queued]:
        """Return what waits or runs, in the order added."""

    def take(self, queued: Queued) -> None:
        """Mark a job as running."""

    def end(self, queued: Queued, outcome: Outcome, at: datetime) -> None:
        """Store what became of a running job."""

    def put_back(self, queued: Queued, at: datetime) -> None:
        """Let a job whose worker died be run again from a moment on."""


def runnable(rows: Sequence[Queued], now: datetime) -> list[Queued]:
    """Return what may run now: due, and in a line of jobs the first, when none of it runs."""
    running = {(row.job.queue, row.job.order) for row in rows if row.running}
    seen = {line for line in running if line[1] is not None}
    found = []
    for row in sorted(rows, key=lambda row: (row.job.rank, row.place)):
        line = (row.job.queue, row.job.order)
        if row.running or line in seen:
            continue
        if line[1] is not None:
            seen.add(line)
        if row.due <= now:
            found.append(row)
    return found


class MemoryLines:
    """The queue in memory."""

    def __init__(self, jobs: MemoryJobQueue) -> None:
        self._jobs = jobs

    def queued(self) -> Sequence[Queued]:
        """Return what waits or runs, in the order added."""
        return sorted(
            (
                Queued(job=row.job, place=row.place, due=row.due, running=row.running)
                for row in self._jobs._waiting.values()
            ),
            key=lambda row: row.place,
        )

    def take(self, queued: Queued) -> None:
        """Mark a job as running."""
        self._jobs._waiting[queued.job.key].running = True

    def end(self, queued: Queued, outcome: Outcome, at: datetime) -> None:
        """Store what became of a running job."""
        if isinstance(outcome, Done):
            self._jobs.done(queued.job)
        elif isinstance(outcome, Failed):
            self._jobs.gave_up(queued.job, outcome.code, at)
        else:
            self._jobs.later(queued.job, at + outcome.after)

    def put_back(self, queued: Queued, at: datetime) -> None:
        """Let a job whose worker died be run again from a moment on."""
        self._jobs.later(queued.job, at)


class Admin:
    """A superuser's connection, opened anew when the server was away."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._connection: psycopg.Connection[Any] | None = None

    def execute(self, statement: str, given: Sequence[object] = ()) -> list[dict[str, Any]]:
        """Run a statement among the tables of the queue and return its rows, if it has any."""
        try:
            return self._run(statement, given)
        except psycopg.OperationalError:
            self.close()
            return self._run(statement, given)

    def close(self) -> None:
        """Close it; the next statement opens another one."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _run(self, statement: str, given: Sequence[object]) -> list[dict[str, Any]]:
        if self._connection is None:
            options = "-c search_path=jobs"
            self._connection = psycopg.connect(self._address, autocommit=True, options=options)
        with self._connection.cursor(row_factory=dict_row) as cursor:
            cursor.execute(statement.encode(), given)
            return cursor.fetchall() if cursor.description else []


class PostgresLines:
    """The queue in PostgreSQL: the rows that units of work wrote, ended as a worker ends them."""

    def __init__(self, admin: Admin) -> None:
        self._admin = admin

    def queued(self) -> Sequence[Queued]:
        """Return what waits or runs, in the order added."""
        rows = self._admin.execute(
            "SELECT id, queue_name, task_name, priority, lock, queueing_lock, args, status,"
            " scheduled_at, attempts FROM procrastinate_jobs"
            " WHERE status IN ('todo', 'doing') ORDER BY id"
        )
        return [_queued(row) for row in rows]

    def take(self, queued: Queued) -> None:
        """Mark a job as running."""
        self._set(queued, "status = 'doing'")

    def end(self, queued: Queued, outcome: Outcome, at: datetime) -> None:
        """Store what became of a running job."""
        if isinstance(outcome, Done):
            self._set(queued, "status = 'succeeded'")
        elif isinstance(outcome, Failed):
            code = "args = args || jsonb_build_object('code', %s::text)"
            self._set(queued, f"status = 'failed', {code}", outcome.code)
        else:
            self.put_back(queued, at + outcome.after)
        self._admin.execute(
            "UPDATE procrastinate_events SET at = %s WHERE job_id = %s", [at, queued.place]
        )

    def put_back(self, queued: Queued, at: datetime) -> None:
        """Let a job whose worker died be run again from a moment on."""
        self._set(queued, "status = 'todo', attempts = attempts + 1, scheduled_at = %s", at)

    def _set(self, queued: Queued, change: str, *given: object) -> None:
        self._admin.execute(
            f"UPDATE procrastinate_jobs SET {change} WHERE id = %s", [*given, queued.place]
        )


def _queued(row: dict[str, Any]) -> Queued:
    job = job_of(procrastinate_jobs.Job.from_row(row))
    due = row["scheduled_at"] or job.made_at
    return Queued(job=job, place=row["id"], due=due, running=row["status"] == "doing")


RESCUE = timedelta(seconds=40)
"""After which a job of a dead worker is put back."""
