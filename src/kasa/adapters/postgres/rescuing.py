"""What procrastinate leaves to us: jobs of dead workers, lost ends, heartbeats, and the pulse."""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import attrs

from kasa.adapters.postgres.queue_login import connected
from kasa.application.ports.jobs import Queue
from kasa.domain.kernel.moments import utc

LOG = logging.getLogger(__name__)

_PUT_BACK = """WITH found AS MATERIALIZED (
  SELECT id, queueing_lock FROM procrastinate_jobs j WHERE status = 'doing' AND ({which})
  FOR UPDATE SKIP LOCKED)
SELECT queueing_lock, procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL) FROM found"""
_DEAD = _PUT_BACK.format(
    which="""NOT EXISTS (SELECT 1 FROM procrastinate_workers w WHERE w.id = j.worker_id
    AND w.last_heartbeat BETWEEN now() - interval '30 seconds' AND now() + interval '30 seconds')
  OR (SELECT max(at) FROM procrastinate_events e WHERE e.job_id = j.id AND e.type = 'started')
    < now() - interval '15 minutes'"""
)
"""A heartbeat in the future is older than a clock that was set back: who lives writes it anew."""
_OF_WORKERS = _PUT_BACK.format(which="worker_id = ANY (%s)")
_OF_IDS = _PUT_BACK.format(which="id = ANY (%s)")
_FORGET = "DELETE FROM procrastinate_workers WHERE id = ANY (%s)"
_HELD = "SELECT id FROM procrastinate_jobs WHERE status = 'doing' AND worker_id = ANY (%s)"
_BEAT = """INSERT INTO kasa_pulse (one, at) VALUES (true, now())
ON CONFLICT (one) DO UPDATE SET at = excluded.at RETURNING at"""
_HEARTS = "UPDATE procrastinate_workers SET last_heartbeat = now() WHERE id = ANY (%s)"
_PULSE = """SELECT greatest((SELECT at FROM kasa_pulse),
  (SELECT max(last_heartbeat) FROM procrastinate_workers)) AS at"""
_STATE = """SELECT now() AS now, (SELECT at FROM kasa_pulse) AS pulse,
  (SELECT max(last_heartbeat) FROM procrastinate_workers) AS heartbeat,
  (SELECT max(ended_at) FROM kasa_schedule) AS swept, (
    SELECT min(greatest(j.scheduled_at, (SELECT max(e.at) FROM procrastinate_events e
      WHERE e.job_id = j.id AND e.type <> 'scheduled')))
    FROM procrastinate_jobs j WHERE j.status = 'todo' AND j.queue_name = ANY (%s)
    AND (j.scheduled_at IS NULL OR j.scheduled_at <= now())) AS waiting"""
_NEXT = """SELECT queue_name, min(id) AS id FROM procrastinate_jobs j
WHERE status = 'todo' AND queue_name = ANY (%s)
  AND (scheduled_at IS NULL OR scheduled_at <= now())
  AND (lock IS NULL OR NOT EXISTS (SELECT 1 FROM procrastinate_jobs o WHERE o.lock = j.lock
    AND (o.status = 'doing' OR (o.status = 'todo' AND (o.priority > j.priority
      OR (o.priority = j.priority AND o.id < j.id))))))
GROUP BY queue_name"""


@attrs.frozen(kw_only=True)
class QueueState:
    """How the queue is: its clock, and what was seen last; None for what never was.

    ``heartbeat`` is that of a worker that did not end, ``seen`` any sign of one, ``waiting_since``
    tells of the oldest job that is due, ``swept`` of the newest end of a sweep.
    """

    now: datetime
    heartbeat: datetime | None
    seen: datetime | None
    waiting_since: datetime | None
    swept: datetime | None


class Rescue:
    """Reads and mends the queue's own tables as ``kasa_jobs``, one short connection a call."""

    def __init__(self, address: str) -> None:
        self._address = address

    def dead(self) -> int:
        """Put back the jobs that a dead worker left, and those that never end; count them.

        A dead worker's heartbeat is older than 30 s. A job that runs longer than every deadline of
        a reaction together has lost its end, even when its worker lived on.
        """
        return self._put_back(_DEAD)

    def of_workers(self, workers: Collection[int]) -> int:
        """Put back the jobs of workers that are gone, forget the workers, and count the jobs."""
        if not workers:
            return 0
        count = self._put_back(_OF_WORKERS, list(workers))
        with connected(self._address) as connection:
            connection.execute(_FORGET, [list(workers)])
        return count

    def of_ids(self, ids: Collection[int]) -> int:
        """Put back the jobs of these rows that nobody runs any more, and count them."""
        return self._put_back(_OF_IDS, list(ids)) if ids else 0

    def held(self, workers: Collection[int]) -> frozenset[int]:
        """Return the rows of the jobs that these workers run, as the queue believes."""
        with connected(self._address) as connection:
            found = connection.execute(_HELD, [list(workers)]).fetchall()
        return frozenset(int(row["id"]) for row in found)

    def beat(self, workers: Collection[int] = ()) -> datetime:
        """Note that these workers are alive now, and return what the database calls now."""
        with connected(self._address) as connection:
            if workers:
                connection.execute(_HEARTS, [list(workers)])
            row = connection.execute(_BEAT).fetchone()
        assert row is not None
        return utc(row["at"])

    def pulse(self) -> datetime | None:
        """Return when a worker was last alive, or None when none ever ran."""
        with connected(self._address) as connection:
            row = connection.execute(_PULSE).fetchone()
        return utc(row["at"]) if row and row["at"] else None

    def state(self, queues: Sequence[Queue]) -> QueueState:
        """Return how the queue is, in one look by the clock of the database."""
        with connected(self._address) as connection:
            row = connection.execute(_STATE, [[queue.value for queue in queues]]).fetchone()
        assert row is not None
        seen = max((at for at in (row["pulse"], row["heartbeat"]) if at), default=None)
        return QueueState(
            now=utc(row["now"]),
            heartbeat=utc(row["heartbeat"]) if row["heartbeat"] else None,
            seen=utc(seen) if seen else None,
            waiting_since=utc(row["waiting"]) if row["waiting"] else None,
            swept=utc(row["swept"]) if row["swept"] else None,
        )

    def fetchable(self, queues: Sequence[Queue]) -> dict[Queue, int]:
        """Return the oldest row of each queue that a worker could take now."""
        with connected(self._address) as connection:
            found = connection.execute(_NEXT, [[queue.value for queue in queues]]).fetchall()
        return {Queue(row["queue_name"]): int(row["id"]) for row in found}

    def _put_back(self, statement: str, *arguments: Any) -> int:
        with connected(self._address) as connection:
            found = connection.execute(statement.encode(), arguments or None).fetchall()
        for row in found:
            LOG.warning("job.rescued", extra={"job": row["queueing_lock"]})
        return len(found)
