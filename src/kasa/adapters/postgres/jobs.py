"""The job queue in PostgreSQL: procrastinate's tables, on the connection of the unit of work."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from procrastinate import SyncPsycopgConnector, jobs, manager
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException

from kasa.adapters.postgres.constraints import translated
from kasa.application.ports.jobs import AlreadyQueued, Job, Queue
from kasa.domain.kernel.ids import EventId, TenantId

_MANAGER = manager.JobManager(SyncPsycopgConnector())
"""Its connector is never opened: every call hands in the connection of its unit of work."""


class PostgresJobQueue:
    """Adds jobs in the transaction of one unit of work."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def add(self, jobs: Sequence[Job]) -> None:
        """Store jobs, or raise ``AlreadyQueued`` when one with the same key still waits."""
        if not jobs:
            return
        try:
            _MANAGER.batch_defer_jobs([row_of(job) for job in jobs], connection=self._connection)
        except AlreadyEnqueued as error:
            raise AlreadyQueued(str(error)) from error
        except ConnectorException as error:
            cause = error.__cause__
            raise (translated(cause) if isinstance(cause, Exception) else error) from None


def row_of(job: Job) -> jobs.Job:
    """Return a job as the queue stores it: identifiers and one moment, nothing else."""
    return jobs.Job(
        queue=job.queue.value,
        priority=-job.rank,
        lock=None if job.order is None else f"{job.queue.value}:{job.order}",
        queueing_lock=job.key,
        task_name=job.reaction,
        task_kwargs={
            "tenant": str(job.tenant),
            "event": str(job.event),
            "made_at": job.made_at.isoformat(),
        },
        scheduled_at=job.due,
    )


def job_of(row: jobs.Job) -> Job:
    """Return a stored job; its attempt counts from 1."""
    queue = Queue(row.queue)
    arguments = row.task_kwargs
    return Job(
        tenant=TenantId(UUID(str(arguments["tenant"]))),
        event=EventId(UUID(str(arguments["event"]))),
        reaction=row.task_name,
        queue=queue,
        made_at=datetime.fromisoformat(str(arguments["made_at"])),
        order=None if row.lock is None else row.lock.removeprefix(f"{queue.value}:"),
        rank=-row.priority,
        attempt=row.attempts + 1,
    )
