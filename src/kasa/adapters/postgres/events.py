"""The event log in PostgreSQL: appended in one statement at the clean exit, read by its views."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from kasa.adapters.postgres.connection import Row, TenantConnection
from kasa.adapters.postgres.idempotency import STORE
from kasa.adapters.postgres.rows import event_of, facts_of
from kasa.application.ports.events import EventT
from kasa.application.ports.jobs import Job
from kasa.application.ports.system import Ids
from kasa.application.ports.work import Scope
from kasa.domain.identity.access import PlatformActor
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.events import Event, RecordedEvent
from kasa.domain.kernel.ids import EventId, RequestId
from kasa.domain.kernel.moments import utc
from kasa.domain.kernel.paging import PAGE_LIMIT, Cursor, Page

STATEMENT_LIMIT = 500
ABOUT_LIMIT = 100

_EVENTS = (
    "INSERT INTO events (tenant_id, id, kind, version, subject, at, by, request_id, payload) "
    "SELECT :tenant, e.* FROM unnest(CAST(:id AS uuid[]), CAST(:kind AS text[]), "
    "CAST(:version AS int[]), CAST(:subject AS uuid[]), CAST(:at AS timestamptz[]), "
    "CAST(:by AS uuid[]), CAST(:request_id AS uuid[]), "
    "CAST(CAST(:payload AS text[]) AS jsonb[])) AS e"
)
_APPEND = text(_EVENTS)
_APPEND_ANSWERED = text(f"WITH answered AS ({STORE}) {_EVENTS}")
_ANSWER = text(STORE)
_ONCE = text(
    "INSERT INTO reactions_done (tenant_id, event_id, reaction) "
    "VALUES (:tenant, :event, :reaction) ON CONFLICT DO NOTHING"
)
_COLUMNS = "SELECT id, kind, version, subject, at, by, request_id, payload FROM events "
_EVENT = text(_COLUMNS + "WHERE tenant_id = :tenant AND id = :id")
_ABOUT = text(
    _COLUMNS + "WHERE tenant_id = :tenant AND subject = :subject ORDER BY id DESC LIMIT :limit"
)
_TRAIL = text(
    _COLUMNS + "WHERE tenant_id = :tenant "
    "AND (CAST(:kinds AS text[]) IS NULL OR kind = ANY (CAST(:kinds AS text[]))) "
    "AND (CAST(:by AS uuid) IS NULL OR by = :by) "
    "AND (CAST(:subject AS uuid) IS NULL OR subject = :subject) "
    "AND (CAST(:since AS timestamptz) IS NULL OR at >= :since) "
    "AND (CAST(:until AS timestamptz) IS NULL OR at < :until) "
    "AND (CAST(:after AS uuid) IS NULL OR id < :after) ORDER BY id DESC LIMIT :limit"
)


class PostgresEventLog:
    """Collects facts until the clean exit appends them."""

    def __init__(
        self, rows: TenantConnection, ids: Ids, scope: Scope | PlatformActor | None
    ) -> None:
        self._rows = rows
        self._ids = ids
        self._scope = scope
        self._collected: list[tuple[Event, datetime]] = []
        self._answer: dict[str, Any] = {}

    def record(self, *events: Event, at: datetime) -> None:
        """Collect facts; the clean exit appends them and adds the jobs that they start."""
        self._collected += [(event, at) for event in events]

    def once(self, job: Job) -> bool:
        """Mark a reaction as done in this commit; False when it was done before."""
        return self._rows.write(_ONCE, event=job.event, reaction=job.reaction) == 1

    def answer(self, row: dict[str, Any]) -> None:
        """Keep the answer of this unit of work until its clean exit."""
        self._answer = row

    def append(self) -> list[RecordedEvent]:
        """Append what was collected, stamped with who and for whom, and return it.

        The answer of the unit of work is stored by the same statement.
        """
        recorded = [self._stamped(event, at) for event, at in self._collected]
        if self._answer and not recorded:
            self._rows.write(_ANSWER, **self._answer)
        for start in range(0, len(recorded), STATEMENT_LIMIT):
            self._insert(recorded[start : start + STATEMENT_LIMIT])
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

    def _insert(self, recorded: Sequence[RecordedEvent]) -> None:
        answer, self._answer = self._answer, {}
        self._rows.write(
            _APPEND_ANSWERED if answer else _APPEND,
            **answer,
            id=[row.id for row in recorded],
            kind=[row.event.kind for row in recorded],
            version=[row.event.version for row in recorded],
            subject=[row.event.subject for row in recorded],
            at=[row.at for row in recorded],
            by=[row.by for row in recorded],
            request_id=[row.request for row in recorded],
            payload=[facts_of(row.event) for row in recorded],
        )


class PostgresEventViews:
    """Reads the event log of one tenant."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def event(self, id: EventId) -> RecordedEvent:
        """Return an event, or raise NotFound."""
        return self._recorded(self._rows.get(_EVENT, id=id))

    def fact(self, job: Job, kind: type[EventT]) -> EventT:
        """Return the event of a job as its type, or raise NotFound."""
        event = self.event(job.event).event
        if not isinstance(event, kind):
            raise NotFound
        return event

    def about(self, subject: UUID) -> tuple[RecordedEvent, ...]:
        """Return the newest 100 events about a thing, oldest first."""
        found = self._rows.all(_ABOUT, subject=subject, limit=ABOUT_LIMIT)
        return tuple(self._recorded(row) for row in reversed(found))

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
        size = min(max(limit, 1), PAGE_LIMIT)
        found = self._rows.all(
            _TRAIL,
            kinds=list(kinds) or None,
            by=by,
            subject=subject,
            since=since,
            until=until,
            after=after.id if after else None,
            limit=size + 1,
        )
        items = tuple(self._recorded(row) for row in found[:size])
        return Page(items, Cursor((), items[-1].id) if len(found) > size else None)

    def _recorded(self, row: Row) -> RecordedEvent:
        return RecordedEvent(
            id=EventId(row["id"]),
            tenant=self._rows.tenant,
            event=event_of(row["kind"], row["version"], row["subject"], row["payload"]),
            at=utc(row["at"]),
            by=row["by"],
            request=RequestId(row["request_id"]) if row["request_id"] else None,
        )
