"""The job queue in memory."""

from collections.abc import Sequence
from datetime import datetime
from threading import RLock

import attrs

from kasa.application.ports.jobs import AlreadyQueued, FailedJob, Job, Queue
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import TenantId

FAILED_LIMIT = 100


@attrs.define
class Waiting:
    """A job in the queue: its place, when it may run, and whether it runs now."""

    place: int
    job: Job
    due: datetime
    running: bool = False


class MemoryJobQueue:
    """Jobs that wait, run or gave up, across all tenants."""

    def __init__(self) -> None:
        self.lock = RLock()
        self._places = 0
        self._waiting: dict[str, Waiting] = {}
        self._failed: dict[str, FailedJob] = {}
        self._places_of_failed: dict[str, int] = {}

    def check(self, jobs: Sequence[Job]) -> None:
        """Raise ``AlreadyQueued`` when one of the jobs still waits."""
        keys = [job.key for job in jobs]
        taken = {key for key in keys if key in self._waiting and not self._waiting[key].running}
        if taken or len(set(keys)) < len(keys):
            raise AlreadyQueued(", ".join(sorted(taken or keys)))

    def add(self, jobs: Sequence[Job]) -> None:
        """Store jobs, or raise ``AlreadyQueued`` when one with the same key still waits."""
        with self.lock:
            self.check(jobs)
            for job in jobs:
                self._put(job, job.due or job.made_at)

    def take(self, queues: Sequence[Queue], now: datetime) -> Job | None:
        """Return the next job that is due, marked as running, or None."""
        with self.lock:
            waiting = sorted(self._waiting.values(), key=lambda row: (row.job.rank, row.place))
            busy = {(row.job.queue, row.job.order) for row in waiting if row.running}
            for row in waiting:
                line = (row.job.queue, row.job.order)
                if row.running or (row.job.order is not None and line in busy):
                    continue
                if row.due <= now and row.job.queue in queues:
                    row.running = True
                    return row.job
                busy.add(line)
        return None

    def done(self, job: Job) -> None:
        """Forget a job that is done."""
        with self.lock:
            self._waiting.pop(job.key, None)

    def later(self, job: Job, due: datetime) -> None:
        """Let a job wait for its next attempt, at its old place."""
        with self.lock:
            row = self._waiting[job.key]
            row.job = attrs.evolve(job, attempt=job.attempt + 1)
            row.due = due
            row.running = False

    def gave_up(self, job: Job, code: str, at: datetime) -> None:
        """Keep a job that gave up, for people to see."""
        with self.lock:
            row = self._waiting.pop(job.key, None)
            self._places_of_failed[job.key] = self._places if row is None else row.place
            self._failed[job.key] = FailedJob(job=job, code=code, at=at)

    def failed(self, tenant: TenantId) -> tuple[FailedJob, ...]:
        """Return the jobs of a tenant that gave up, newest first, at most 100."""
        with self.lock:
            rows = [row for row in self._failed.values() if row.job.tenant == tenant]
        return tuple(sorted(rows, key=lambda row: row.at, reverse=True)[:FAILED_LIMIT])

    def again(self, job: Job, now: datetime) -> None:
        """Put a failed job back at its old place, its attempts counted anew, or raise NotFound."""
        with self.lock:
            found = self._failed.get(job.key)
            if found is None or found.job.tenant != job.tenant:
                raise NotFound
            del self._failed[job.key]
            place = self._places_of_failed.pop(job.key)
            self._waiting[job.key] = Waiting(place, attrs.evolve(found.job, attempt=1), now)

    def forget(self, before: datetime) -> int:
        """Forget the jobs that gave up before a moment, and count them."""
        with self.lock:
            old = [key for key, row in self._failed.items() if row.at < before]
            for key in old:
                del self._failed[key], self._places_of_failed[key]
        return len(old)

    def remove_all(self, tenant: TenantId) -> tuple[int, int]:
        """Forget a tenant's jobs but those that run; count what went and what stays."""
        with self.lock:
            own = {key: row for key, row in self._waiting.items() if row.job.tenant == tenant}
            gone = [key for key, row in own.items() if not row.running]
            failed = [key for key, row in self._failed.items() if row.job.tenant == tenant]
            for key in gone:
                del self._waiting[key]
            for key in failed:
                del self._failed[key]
        return len(gone) + len(failed), len(own) - len(gone)

    def waiting(self) -> tuple[Job, ...]:
        """Return every job that waits or runs, in the order added."""
        with self.lock:
            return tuple(row.job for row in self._waiting.values())

    def _put(self, job: Job, due: datetime) -> None:
        self._places += 1
        self._waiting[job.key] = Waiting(self._places, job, due)
