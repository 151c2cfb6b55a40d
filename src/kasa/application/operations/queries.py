"""What members may read about kasa's own work."""

from typing import ClassVar

import attrs

from kasa.application.ports.work import UnitOfWorkFactory
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.kernel.events import JobFailed, JobRetryAsked, RecordedEvent
from kasa.domain.kernel.ids import EventId
from kasa.domain.kernel.paging import PAGE_LIMIT, Cursor, Page


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

    def open_failures(self, actor: Actor) -> tuple[RecordedEvent, ...]:
        """Return the newest ``JobFailed`` of each job that nobody has asked to run again since.

        Newest first; of the newest 100 failures.
        """
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            failed = view.events.trail(kinds=(JobFailed.kind,), limit=PAGE_LIMIT).items
            since = failed[-1].at if failed else None
            asked = view.events.trail(
                kinds=(JobRetryAsked.kind,), since=since, limit=PAGE_LIMIT
            ).items
        newest: dict[tuple[EventId, str], RecordedEvent] = {}
        for row in (*failed, *asked):
            known = newest.get(_job(row))
            if known is None or row.id > known.id:
                newest[_job(row)] = row
        return tuple(row for row in failed if newest[_job(row)] is row)


def _job(row: RecordedEvent) -> tuple[EventId, str]:
    """Return the job that an event of operations tells of."""
    assert isinstance(row.event, JobFailed | JobRetryAsked)
    return row.event.event, row.event.reaction
