"""Forgetting sessions, links, mails and counts that nobody needs any more."""

import attrs

from kasa.application.ports.system import Clock
from kasa.application.ports.work import UnitOfWorkFactory

BATCH = 5_000


@attrs.frozen(kw_only=True, eq=False)
class ForgetProofs:
    """Remove what of people and proofs is kept no longer (data.md, section 15)."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self) -> int:
        """Return how many rows were removed, 5,000 of a kind in a unit of work."""
        now, count = self.clock.now(), 0
        while True:
            with self.unit_of_work.platform() as work:
                gone = work.outdated.forget(at=now, limit=BATCH)
            count += gone
            if gone < BATCH:
                return count
