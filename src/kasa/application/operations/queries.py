"""What members may read about kasa's own work."""

from typing import ClassVar

import attrs

from kasa.application.ports.work import UnitOfWorkFactory
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.kernel.events import JobFailed, RecordedEvent
from kasa.domain.kernel.paging import Cursor, Page


@attrs.frozen(kw_only=True, eq=False)
class OperationQueries:
    """What members may read about kasa's own work."""

    permission: ClassVar[Permission] = Permission.READ_AUDIT

    unit_of_work: UnitOfWorkFactory

    def failed_jobs(
        self, actor: Actor, *, after: Cursor | None = None, limit: int = 25
    ) -> Page[RecordedEvent]:
        """Return a page of ``JobFailed`` events, newest first."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            return view.events.trail(kinds=(JobFailed.kind,), after=after, limit=limit)
