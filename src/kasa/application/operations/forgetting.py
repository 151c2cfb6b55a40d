"""Forgetting jobs that ended long ago; what they did stays in the event log."""

from datetime import timedelta

import attrs

from kasa.application.ports.jobs import Worker
from kasa.application.ports.system import Clock

DONE_KEPT = timedelta(days=7)
FAILED_KEPT = timedelta(days=90)


@attrs.frozen(kw_only=True, eq=False)
class ForgetJobs:
    """Remove jobs that were done a week ago, and those that gave up 90 days ago."""

    worker: Worker
    clock: Clock

    def __call__(self) -> int:
        """Return how many were removed; twice changes nothing."""
        now = self.clock.now()
        return self.worker.forget(done_before=now - DONE_KEPT, failed_before=now - FAILED_KEPT)
