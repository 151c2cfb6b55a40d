"""What happened, as it is shown."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from kasa.domain.kernel.events import JobFailed, RecordedEvent
from kasa.entrypoints.shown.plain import plain
from kasa.entrypoints.shown.values import moment


@attrs.frozen(kw_only=True)
class EventShown:
    """A fact of the audit trail: who caused it, about what, with its facts.

    ``by`` is a member or a key; nobody for what kasa did itself.
    """

    id: UUID
    kind: str
    subject: UUID
    at: datetime
    by: UUID | None
    request: UUID | None
    facts: Mapping[str, Any]

    @classmethod
    def of(cls, row: RecordedEvent) -> "EventShown":
        """Return an event as it is shown."""
        facts = {
            field.name: plain(getattr(row.event, field.name))
            for field in attrs.fields(type(row.event))
            if field.name != "subject"
        }
        return cls(
            id=row.id,
            kind=row.event.kind,
            subject=row.event.subject,
            at=moment(row.at),
            by=row.by,
            request=row.request,
            facts=facts,
        )


@attrs.frozen(kw_only=True)
class FailureShown:
    """A job that gave up: what it is about, which reaction, and why."""

    id: UUID
    subject: UUID
    event: UUID
    reaction: str
    code: str
    at: datetime

    @classmethod
    def of(cls, row: RecordedEvent) -> "FailureShown":
        """Return a failure as it is shown."""
        failed = row.event
        assert isinstance(failed, JobFailed)
        return cls(
            id=row.id,
            subject=failed.subject,
            event=failed.event,
            reaction=failed.reaction,
            code=failed.code,
            at=moment(row.at),
        )
