"""The event log, and the table of reactions that turns its events into jobs."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

import attrs

from kasa.application.ports.jobs import Job, Queue
from kasa.domain.kernel.errors import Conflict
from kasa.domain.kernel.events import Event, RecordedEvent
from kasa.domain.kernel.ids import EventId
from kasa.domain.kernel.paging import Cursor, Page
from kasa.domain.kernel.retry import RetryPolicy

EventT = TypeVar("EventT", bound=Event)
CallT = TypeVar("CallT")


@attrs.frozen(kw_only=True)
class Reaction(Generic[EventT]):
    """What an event starts: a name, where it runs, and how it is retried; data, not code.

    ``formerly`` is an old name that may still wait in a queue. ``when``, ``due``, ``order`` and
    ``rank`` are read from the event.
    """

    event: type[EventT]
    name: str
    queue: Queue
    policy: RetryPolicy
    formerly: str | None = None
    when: Callable[[EventT], bool] | None = None
    due: Callable[[EventT], datetime | None] | None = None
    order: Callable[[EventT], str] | None = None
    rank: Callable[[EventT], int] | None = None

    def job(self, recorded: RecordedEvent) -> Job | None:
        """Return the job of an event, or None when the reaction does not concern it."""
        event = recorded.event
        if not isinstance(event, self.event) or (self.when and not self.when(event)):
            return None
        return Job(
            tenant=recorded.tenant,
            event=recorded.id,
            reaction=self.name,
            queue=self.queue,
            made_at=recorded.at,
            due=self.due(event) if self.due else None,
            order=self.order(event) if self.order else None,
            rank=self.rank(event) if self.rank else 1,
        )


class Reactions:
    """The whole table, looked up by event and by name."""

    def __init__(self, rows: Sequence[Reaction[Any]]) -> None:
        self.rows = tuple(rows)
        self._named: Mapping[str, Reaction[Any]] = {
            name: row for row in rows for name in (row.formerly, row.name) if name is not None
        }

    def jobs(self, recorded: RecordedEvent) -> list[Job]:
        """Return one job per reaction that an event starts, in table order."""
        return [job for row in self.rows if (job := row.job(recorded)) is not None]

    def named(self, name: str) -> Reaction[Any] | None:
        """Return a reaction by its name or its former one, or None."""
        return self._named.get(name)

    def matched(self, calls: Mapping[str, CallT]) -> Mapping[str, CallT]:
        """Return the calls when they are exactly those of the table, else raise ``ValueError``."""
        names = {row.name for row in self.rows}
        if names != set(calls):
            raise ValueError(f"reactions without their other side: {sorted(names ^ set(calls))}")
        return calls


@attrs.frozen(kw_only=True)
class OldEvents:
    """Some events of one month that may leave the log, with the reactions that finished them.

    ``lines`` are as many lines of JSON as there are ``ids``; ``reactions`` counts those told in
    them.
    """

    ids: tuple[EventId, ...] = ()
    lines: tuple[str, ...] = ()
    reactions: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None


@attrs.frozen(kw_only=True)
class ArchivedEvents:
    """Where events of a month are, now that they have left the log; parts count from 1."""

    month: date
    part: int
    events: int
    reactions: int
    first_at: datetime
    last_at: datetime
    size_bytes: int
    sha256: str
    key: str
    manifest_sha256: str
    manifest_key: str
    archived_at: datetime


class EventsMoved(Conflict):
    """What was to leave the event log is not what was archived; it is tried again later."""

    code = "events.moved"


class EventLog(Protocol):
    """Facts of a unit of work; they are stored, with their jobs, in its commit."""

    def record(self, *events: Event, at: datetime) -> None:
        """Collect facts; the clean exit appends them and adds the jobs that they start."""

    def once(self, job: Job) -> bool:
        """Mark a reaction as done in this commit; False when it was done before.

        A concurrent twin waits and gets False.
        """


class EventArchive(Protocol):
    """Takes old events out of the log."""

    def take_out(self, ids: Sequence[EventId], part: ArchivedEvents, *, before: datetime) -> None:
        """Remove events that an archive holds, at most 5,000, and write down where they are.

        All of them or none: raise ``events.moved`` when one is missing, is not older than
        ``before`` or is still needed, or when a reaction was marked since.
        """


class EventArchiveViews(Protocol):
    """What may leave the event log, and where the rest has gone."""

    def oldest(self, *, before: datetime) -> datetime | None:
        """Return the moment of the oldest event before a moment that may leave, or None.

        Events about an invoice or a payment that is still open stay.
        """

    def due(self, *, since: datetime, until: datetime, limit: int) -> OldEvents:
        """Return the oldest events of a period that may leave, at most ``limit``."""

    def parts(self) -> tuple[ArchivedEvents, ...]:
        """Return what was archived, by month and part."""


class EventViews(Protocol):
    """What may be read of a tenant's event log."""

    def event(self, id: EventId) -> RecordedEvent:
        """Return an event, or raise NotFound."""

    def fact(self, job: Job, kind: type[EventT]) -> EventT:
        """Return the event of a job as its type, or raise NotFound."""

    def about(self, subject: UUID) -> tuple[RecordedEvent, ...]:
        """Return the newest 100 events about a thing, oldest first."""

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
