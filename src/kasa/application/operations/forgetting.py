"""Forgetting jobs that ended long ago, and answers that nobody asks for any more."""

from datetime import timedelta

import attrs

from kasa.application.ports.jobs import Worker
from kasa.application.ports.system import Clock
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.application.workflows.sweeping import every_shop, shops_after
from kasa.domain.identity.access import Actor
from kasa.domain.kernel.ids import PLATFORM, TenantId

DONE_KEPT = timedelta(days=7)
FAILED_KEPT = timedelta(days=90)
ANSWERS_KEPT = timedelta(hours=48)
BATCH = 5_000


@attrs.frozen(kw_only=True, eq=False)
class ForgetJobs:
    """Remove jobs that were done a week ago, and those that gave up 90 days ago."""

    worker: Worker
    clock: Clock

    def __call__(self) -> int:
        """Return how many were removed; twice changes nothing."""
        now = self.clock.now()
        return self.worker.forget(done_before=now - DONE_KEPT, failed_before=now - FAILED_KEPT)


@attrs.frozen(kw_only=True, eq=False)
class ForgetAnswers:
    """Remove the answers that were stored under idempotency keys two days ago."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self) -> int:
        """Go through every shop and the platform, and return how many were removed."""
        return every_shop(self._tenants, self.shop)

    def _tenants(self, after: TenantId | None) -> tuple[TenantId, ...]:
        with self.unit_of_work.platform() as work:
            found = shops_after(work, after)
        return (PLATFORM, *found) if after is None else found

    def shop(self, tenant: TenantId) -> int:
        """Remove those of one shop, 5,000 in a unit of work."""
        before = self.clock.now() - ANSWERS_KEPT
        count = 0
        while True:
            with self.unit_of_work(Actor.system(tenant)) as work:
                gone = work.answers.forget(before=before, limit=BATCH)
            count += gone
            if gone < BATCH:
                return count
