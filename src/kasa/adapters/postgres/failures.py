"""Jobs that ended: which gave up and why, putting them back, and forgetting them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from procrastinate import jobs

from kasa.adapters.postgres.jobs import job_of
from kasa.adapters.postgres.queue_login import connected
from kasa.application.ports.jobs import FailedJob, Job, Queue
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import TenantId
from kasa.domain.kernel.moments import utc

FAILED_LIMIT = 100
FORGET_BATCH = 5_000
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

_FORGET = """DELETE FROM procrastinate_jobs WHERE id IN (
  SELECT j.id FROM procrastinate_jobs j
  CROSS JOIN LATERAL (SELECT max(at) AS at FROM procrastinate_events WHERE job_id = j.id) e
  WHERE (j.status IN ('succeeded', 'cancelled', 'aborted') AND e.at < %s)
    OR (j.status = 'failed' AND e.at < %s)
  ORDER BY j.id LIMIT %s)"""
_REMOVE = """DELETE FROM procrastinate_jobs WHERE id IN (
  SELECT id FROM procrastinate_jobs
  WHERE args ->> 'tenant' = %s AND status <> 'doing' ORDER BY id LIMIT %s)"""
_LEFT = "SELECT count(*) AS n FROM procrastinate_jobs WHERE args ->> 'tenant' = %s"


class FailedJobs:
    """Reads and mends the queue's own tables as ``kasa_jobs``, one short connection a call."""

    def __init__(self, address: str) -> None:
        self._address = address

    def note(self, id: int | None, code: str) -> None:
        """Keep the code of a job that is about to be marked as failed."""
        with connected(self._address) as connection:
            connection.execute(_NOTE, [code, id])

    def of(self, tenant: TenantId) -> tuple[FailedJob, ...]:
        """Return the jobs of a tenant that gave up, newest first, at most 100."""
        with connected(self._address) as connection:
            found = connection.execute(_FAILED, [str(tenant), FAILED_LIMIT]).fetchall()
        return tuple(_failed_job(row) for row in found)

    def retry(self, job: Job) -> None:
        """Put a failed job back; it counts its attempts anew. Raise NotFound for any other."""
        with connected(self._address) as connection:
            row = connection.execute(_RETRY, [job.key, str(job.tenant)]).fetchone()
            if row is None:
                raise NotFound
            connection.execute(_ANEW, [row["id"]])

    def forget(self, done_before: datetime, failed_before: datetime) -> int:
        """Remove jobs that ended before a moment, 5,000 a statement, and count them."""
        count = removed = 0
        while removed == FORGET_BATCH or count == 0:
            with connected(self._address) as connection:
                asked = [done_before, failed_before, FORGET_BATCH]
                removed = connection.execute(_FORGET, asked).rowcount
            if not removed:
                break
            count += removed
        return count

    def remove_all(self, tenant: TenantId) -> tuple[int, int]:
        """Remove a tenant's jobs but those that run; count what went and what stays."""
        count = removed = 0
        while removed == FORGET_BATCH or count == 0:
            with connected(self._address) as connection:
                removed = connection.execute(_REMOVE, [str(tenant), FORGET_BATCH]).rowcount
            if not removed:
                break
            count += removed
        with connected(self._address) as connection:
            left = connection.execute(_LEFT, [str(tenant)]).fetchone() or {"n": 0}
        return count, int(left["n"])

    def waiting_names(self, queues: Sequence[Queue]) -> set[str]:
        """Return the names of the reactions that jobs of some queues wait for."""
        with connected(self._address) as connection:
            found = connection.execute(_WAITING, [[queue.value for queue in queues]]).fetchall()
        return {row["task_name"] for row in found}


def _failed_job(row: dict[str, Any]) -> FailedJob:
    return FailedJob(
        job=job_of(jobs.Job.from_row(row)),
        code=str(row["args"].get("code", UNASKED)),
        at=utc(row["at"]),
    )
