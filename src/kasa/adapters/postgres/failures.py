"""What procrastinate leaves to us: why a job gave up, what a dead worker left, its last pulse."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg
from procrastinate import jobs
from psycopg.rows import DictRow, dict_row

from kasa.adapters.postgres.constraints import translated
from kasa.adapters.postgres.jobs import job_of
from kasa.application.ports.jobs import FailedJob, Job, Queue
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import TenantId
from kasa.domain.kernel.moments import utc

LOG = logging.getLogger(__name__)
FAILED_LIMIT = 100
UNASKED = "job.unknown_reaction"
"""The code of a job that procrastinate failed by itself, as it does with names it does not know."""

_NOTE = """UPDATE procrastinate_jobs
SET args = args || jsonb_build_object('code', %s::text) WHERE id = %s"""
_FAILED = """SELECT j.id, j.queue_name, j.task_name, j.priority, j.lock, j.queueing_lock, j.args,
  j.status, j.scheduled_at, j.attempts, e.at
FROM procrastinate_jobs j
CROSS JOIN LATERAL (SELECT max(at) AS at FROM procrastinate_events
  WHERE job_id = j.id AND type = 'failed') e
WHERE j.status = 'failed' AND j.args ->> 'tenant' = %s
ORDER BY e.at DESC NULLS LAST, j.id DESC LIMIT %s"""
_RETRY = """WITH found AS (
  SELECT id FROM procrastinate_jobs
  WHERE status = 'failed' AND queueing_lock = %s AND args ->> 'tenant' = %s
  ORDER BY id DESC LIMIT 1 FOR UPDATE
), again AS (SELECT id, procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL) FROM found)
SELECT id FROM again"""
_ANEW = "UPDATE procrastinate_jobs SET attempts = 0, args = args - 'code' WHERE id = %s"
_WAITING = """SELECT DISTINCT task_name FROM procrastinate_jobs
WHERE status = 'todo' AND queue_name = ANY (%s)"""
_RESCUE = """SELECT queueing_lock, procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL)
FROM procrastinate_jobs j WHERE status = 'doing' AND (
  NOT EXISTS (SELECT 1 FROM procrastinate_workers w WHERE w.id = j.worker_id
    AND w.last_heartbeat > now() - interval '30 seconds')
  OR (SELECT max(at) FROM procrastinate_events e WHERE e.job_id = j.id AND e.type = 'started')
    < now() - interval '15 minutes')"""
_BEAT = """INSERT INTO kasa_pulse (one, at) VALUES (true, now())
ON CONFLICT (one) DO UPDATE SET at = excluded.at"""
_PULSE = """SELECT greatest((SELECT at FROM kasa_pulse),
  (SELECT max(last_heartbeat) FROM procrastinate_workers)) AS at"""


class FailedJobs:
    """Reads and mends the queue's own tables as ``kasa_jobs``, one short connection a call."""

    def __init__(self, address: str) -> None:
        self._address = address

    def note(self, id: int | None, code: str) -> None:
        """Keep the code of a job that is about to be marked as failed."""
        with self._connected() as connection:
            connection.execute(_NOTE, [code, id])

    def of(self, tenant: TenantId) -> tuple[FailedJob, ...]:
        """Return the jobs of a tenant that gave up, newest first, at most 100."""
        with self._connected() as connection:
            found = connection.execute(_FAILED, [str(tenant), FAILED_LIMIT]).fetchall()
        return tuple(_failed_job(row) for row in found)

    def retry(self, job: Job) -> None:
        """Put a failed job back; it counts its attempts anew. Raise NotFound for any other."""
        with self._connected() as connection:
            row = connection.execute(_RETRY, [job.key, str(job.tenant)]).fetchone()
            if row is None:
                raise NotFound
            connection.execute(_ANEW, [row["id"]])

    def waiting_names(self, queues: Sequence[Queue]) -> set[str]:
        """Return the names of the reactions that jobs of some queues wait for."""
        with self._connected() as connection:
            found = connection.execute(_WAITING, [[queue.value for queue in queues]]).fetchall()
        return {row["task_name"] for row in found}

    def rescue(self) -> None:
        """Put back the jobs that a dead worker left, and those that never end.

        A dead worker's heartbeat is older than 30 s. A job that runs longer than every deadline of
        a reaction together has lost its end, even when its worker lived on.
        """
        with self._connected() as connection:
            for row in connection.execute(_RESCUE).fetchall():
                LOG.warning("job.rescued", extra={"job": row["queueing_lock"]})

    def beat(self) -> None:
        """Note that a worker is alive now."""
        with self._connected() as connection:
            connection.execute(_BEAT)

    def pulse(self) -> datetime | None:
        """Return when a worker was last alive, or None when none ever ran."""
        with self._connected() as connection:
            row = connection.execute(_PULSE).fetchone()
        return utc(row["at"]) if row and row["at"] else None

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection[DictRow]]:
        try:
            with psycopg.connect(
                self._address, row_factory=dict_row, prepare_threshold=None
            ) as connection:
                yield connection
        except psycopg.Error as error:
            raise translated(error) from error


def _failed_job(row: dict[str, Any]) -> FailedJob:
    return FailedJob(
        job=job_of(jobs.Job.from_row(row)),
        code=str(row["args"].get("code", UNASKED)),
        at=utc(row["at"]),
    )
