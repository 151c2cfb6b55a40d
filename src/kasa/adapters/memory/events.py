"""The event log in memory."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from kasa.adapters.memory.tables import Readable, Table, Working
from kasa.application.ports.events import EventT
from kasa.application.ports.jobs import Job
from kasa.application.ports.system import Ids
from kasa.application.ports.work import Scope
from kasa.domain.identity.access import PlatformActor
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.events import Event, RecordedEvent
from kasa.domain.kernel.ids import EventId
from kasa.domain.kernel.paging import PAGE_LIMIT, Cursor, Page

EVENTS = Table[EventId, RecordedEvent]("events")
REACTIONS_DONE = Table[tuple[EventId, str], bool]("reactions_done")
ABOUT_LIMIT = 100


class MemoryEventLog:
    """Collects facts until the clean exit appends them."""

    def __init__(self, rows: Working, ids: Ids, scope: Scope | PlatformActor | None) -> None:
        self._rows = rows
        self._ids = ids
        self._scope = scope
        self._collected: list[tuple[Event, datetime]] = []

    def record(self, *events: Event, at: datetime) -> None:
        """Collect facts; the clean exit appends them and adds the jobs that they start."""
        self._collected += [(event, at) for event in events]

    def once(self, job: Job) -> bool:
        """Mark a reaction as done in this commit; False when it was done before."""
        self._rows.get(EVENTS, job.event)
        done = self._rows.write(REACTIONS_DONE)
        mark = (job.event, job.reaction)
        first = mark not in done
        done[mark] = True
        return first

    def append(self) -> list[RecordedEvent]:
        """Append what was collected, stamped with who and for whom, and return it."""
        recorded = [self._stamped(event, at) for event, at in self._collected]
        if recorded:
            self._rows.write(EVENTS).update({event.id: event for event in recorded})
        return recorded

    def _stamped(self, event: Event, at: datetime) -> RecordedEvent:
        return RecordedEvent(
            id=EventId(self._ids.new(at)),
            tenant=self._rows.tenant,
            event=event,
            at=at,
            by=self._scope.author if self._scope else None,
            request=self._scope.request if self._scope else None,
        )


class MemoryEventViews:
    """Reads the event log of one tenant."""

    def __init__(self, rows: Readable) -> None:
        self._rows = rows

    def event(self, id: EventId) -> RecordedEvent:
        """Return an event, or raise NotFound."""
        found = self._rows.read(EVENTS).get(id)
        if found is None:
            raise NotFound
        return found

    def fact(self, job: Job, kind: type[EventT]) -> EventT:
        """Return the event of a job as its type, or raise NotFound."""
        event = self.event(job.event).event
        if not isinstance(event, kind):
            raise NotFound
        return event

    def about(self, subject: UUID) -> tuple[RecordedEvent, ...]:
        """Return the newest 100 events about a thing, oldest first."""
        return tuple(reversed(self._newest(lambda row: row.event.subject == subject)[:ABOUT_LIMIT]))

    def trail(
        self,
        *,
        kinds: Sequence[str] = (),
        by: UUID | None = None,
        subject: UUID | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        after: Cursor | None = None,
        limit: int = 25,
    ) -> Page[RecordedEvent]:
        """Return a page of the audit trail, newest first; the period is half-open."""
        found = self._newest(
            lambda row: (
                (not kinds or row.event.kind in kinds)
                and (by is None or row.by == by)
                and (subject is None or row.event.subject == subject)
                and (since is None or row.at >= since)
                and (until is None or row.at < until)
                and (after is None or row.id < after.id)
            )
        )
        size = min(max(limit, 1), PAGE_LIMIT)
        items = tuple(found[:size])
        more = len(found) > size
        return Page(items, Cursor((), items[-1].id) if more else None)

    def _newest(self, wanted: Callable[[RecordedEvent], bool]) -> list[RecordedEvent]:
        found = [row for row in self._rows.read(EVENTS).values() if wanted(row)]
        return sorted(found, key=lambda row: row.id, reverse=True)
