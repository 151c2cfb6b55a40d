"""Old events leave the log: what may go, and the function that removes it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import attrs
from sqlalchemy import text

from kasa.adapters.postgres.connection import TenantConnection
from kasa.adapters.postgres.rows import value_of
from kasa.application.ports.events import ArchivedEvents, EventsMoved, OldEvents
from kasa.domain.kernel.ids import EventId, uuid7
from kasa.domain.kernel.moments import utc

SKEW = timedelta(days=1)
"""Identifiers rise with time; a clock that was set back may have left them this far apart."""
HIGHEST = b"\xff" * 10

_MAY_GO = """FROM events e WHERE e.tenant_id = :tenant AND e.at < :before AND e.id < :bound
AND NOT EXISTS (SELECT FROM invoices i WHERE i.tenant_id = :tenant
  AND i.id = e.subject AND i.state NOT IN ('paid', 'void'))
AND NOT EXISTS (SELECT FROM payments p WHERE p.tenant_id = :tenant
  AND p.id = e.subject AND p.state IN ('submitted', 'waiting', 'in_review'))"""
_OLDEST = text(f"SELECT e.at {_MAY_GO} ORDER BY e.id LIMIT 1")
_DUE = text(
    "SELECT f.id, f.at, row_to_json(f)::text AS line, cardinality(f.reactions) AS done FROM ("  # noqa: S608  # a constant is put in
    "SELECT e.id, e.kind, e.version, e.subject, e.at, e.by, e.request_id, e.payload, "
    "ARRAY(SELECT d.reaction FROM reactions_done d WHERE d.tenant_id = :tenant "
    "AND d.event_id = e.id ORDER BY d.reaction) AS reactions, "
    "ARRAY(SELECT d.at FROM reactions_done d WHERE d.tenant_id = :tenant "
    "AND d.event_id = e.id ORDER BY d.reaction) AS reactions_at "
    f"{_MAY_GO} AND e.at >= :since ORDER BY e.id LIMIT :limit) AS f"
)
_UTC = text("SELECT set_config('TimeZone', 'UTC', true)")
_REMOVE = text("SELECT * FROM platform.archive(:tenant, :before, CAST(:ids AS uuid[]))")
_NOTE = text(
    "INSERT INTO event_archives (tenant_id, month, part, events, reactions, first_at, last_at, "
    "size_bytes, sha256, key, manifest_sha256, manifest_key, archived_at) VALUES (:tenant, :month, "
    ":part, :events, :reactions, :first_at, :last_at, :size_bytes, :sha256, :key, "
    ":manifest_sha256, :manifest_key, :archived_at)"
)
_PARTS = text("SELECT * FROM event_archives WHERE tenant_id = :tenant ORDER BY month, part")


class PostgresEventArchive:
    """Takes old events out of one tenant's log."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def take_out(self, ids: Sequence[EventId], part: ArchivedEvents, *, before: datetime) -> None:
        """Remove events that an archive holds, and write down where they are."""
        gone = self._rows.get(_REMOVE, before=before, ids=list(ids))
        if (gone["events_gone"], gone["reactions_gone"]) != (part.events, part.reactions):
            raise EventsMoved
        self._rows.write(_NOTE, **attrs.asdict(part))


class PostgresEventArchiveViews:
    """What may leave one tenant's log, and where the rest has gone."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def oldest(self, *, before: datetime) -> datetime | None:
        """Return the moment of the oldest event before a moment that may leave, or None."""
        found = self._rows.first(_OLDEST, before=before, bound=uuid7(before + SKEW, HIGHEST))
        return None if found is None else utc(found["at"])

    def due(self, *, since: datetime, until: datetime, limit: int) -> OldEvents:
        """Return the oldest events of a period that may leave, at most ``limit``."""
        self._rows.all(_UTC)
        bound = uuid7(until + SKEW, HIGHEST)
        found = self._rows.all(_DUE, since=since, before=until, bound=bound, limit=limit)
        moments = [utc(row["at"]) for row in found]
        return OldEvents(
            ids=tuple(EventId(row["id"]) for row in found),
            lines=tuple(row["line"] for row in found),
            reactions=sum(row["done"] for row in found),
            first_at=min(moments, default=None),
            last_at=max(moments, default=None),
        )

    def parts(self) -> tuple[ArchivedEvents, ...]:
        """Return what was archived, by month and part."""
        return tuple(value_of(row, ArchivedEvents) for row in self._rows.all(_PARTS))
