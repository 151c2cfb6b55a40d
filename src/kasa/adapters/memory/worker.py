"""The worker in memory: it runs jobs in the calling thread."""

from collections.abc import Callable, Sequence
from datetime import datetime
from time import sleep

from kasa.adapters.memory.jobs import MemoryJobQueue
from kasa.application.ports.jobs import Done, FailedJob, Job, Queue, Retry, RunJobCall
from kasa.application.ports.system import Clock
from kasa.application.ports.work import StoreBusy
from kasa.domain.kernel.ids import TenantId

IDLE_SECONDS = 0.01


class MemoryWorker:
    """Runs the jobs of a queue in memory."""

    def __init__(self, jobs: MemoryJobQueue, clock: Clock) -> None:
        self._jobs = jobs
        self._clock = clock
        self._pulse: datetime | None = None

    def run(self, run_job: RunJobCall, queues: Sequence[Queue], until: Callable[[], bool]) -> None:
        """Run the jobs of some queues until ``until`` answers true."""
        while not until():
            if not self._run_next(run_job, queues):
                sleep(IDLE_SECONDS)

    def drain(self, run_job: RunJobCall) -> int:
        """Run every job that is due, and those they cause, until a round runs none; count them."""
        count = 0
        while self._run_next(run_job, tuple(Queue)):
            count += 1
        return count

    def pulse(self) -> datetime | None:
        """Return when the worker was last alive, or None when it never ran."""
        return self._pulse

    def failed(self, tenant: TenantId) -> tuple[FailedJob, ...]:
        """Return the jobs of a tenant that gave up, newest first, at most 100."""
        return self._jobs.failed(tenant)

    def forget(self, *, done_before: datetime, failed_before: datetime) -> int:
        """Remove the jobs that gave up before a moment; those that are done are forgotten."""
        del done_before
        return self._jobs.forget(failed_before)

    def remove_all(self, tenant: TenantId) -> int:
        """Remove the jobs of a tenant and count them; raise while one of them runs."""
        gone, left = self._jobs.remove_all(tenant)
        if left:
            raise StoreBusy(retry_after=5)
        return gone

    def retry(self, job: Job) -> None:
        """Put a failed job back; it counts its attempts anew. Raise NotFound for any other."""
        self._jobs.again(job, self._clock.now())

    def _run_next(self, run_job: RunJobCall, queues: Sequence[Queue]) -> bool:
        self._pulse = now = self._clock.now()
        job = self._jobs.take(queues, now)
        if job is None:
            return False
        outcome = run_job(job)
        ended = self._clock.now()
        if isinstance(outcome, Done):
            self._jobs.done(job)
        elif isinstance(outcome, Retry):
            self._jobs.later(job, ended + outcome.after)
        else:
            self._jobs.gave_up(job, outcome.code, ended)
        return True
