"""The audit trail: the event log, as people read it."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import attrs

from kasa.application.ports.work import UnitOfWorkFactory
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.kernel.events import RecordedEvent
from kasa.domain.kernel.paging import Cursor, Page


@attrs.frozen(kw_only=True)
class AuditFilter:
    """Which part of the trail is wanted; the period is half-open."""

    kinds: Sequence[str] = ()
    by: UUID | None = None
    subject: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


@attrs.frozen(kw_only=True, eq=False)
class ReadAudit:
    """Return a page of what happened in the shop, newest first."""

    permission: ClassVar[Permission] = Permission.READ_AUDIT

    unit_of_work: UnitOfWorkFactory

    def __call__(
        self,
        actor: Actor,
        wanted: AuditFilter | None = None,
        *,
        after: Cursor | None = None,
        limit: int = 25,
    ) -> Page[RecordedEvent]:
        """Return at most ``limit`` events behind a cursor."""
        actor.require(self.permission)
        part = wanted or AuditFilter()
        with self.unit_of_work.read_only(actor) as view:
            return view.events.trail(
                kinds=part.kinds,
                by=part.by,
                subject=part.subject,
                since=part.since,
                until=part.until,
                after=after,
                limit=limit,
            )


@attrs.frozen(kw_only=True, eq=False)
class ReadHistory:
    """Return the newest 100 events about one thing, oldest first."""

    permission: ClassVar[Permission] = Permission.READ_AUDIT

    unit_of_work: UnitOfWorkFactory

    def __call__(self, actor: Actor, subject: UUID) -> tuple[RecordedEvent, ...]:
        """Return what happened to a thing; nothing for one that is not there."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            return view.events.about(subject)
