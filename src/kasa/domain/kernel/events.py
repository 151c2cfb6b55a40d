"""Facts in the past tense, appended to the event log and never changed."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import attrs

from kasa.domain.kernel.ids import EventId, RequestId, TenantId


@attrs.frozen(kw_only=True)
class Event:
    """A fact about ``subject``; subclasses add facts, never personal text, and a ``kind``.

    ``version`` rises when the facts change their meaning; stored versions stay readable.
    """

    kind: ClassVar[str] = ""
    version: ClassVar[int] = 1

    subject: UUID


@attrs.frozen(kw_only=True)
class RecordedEvent:
    """An event as the log holds it: who caused it, when, and for whom.

    ``by`` is a user or an API key, None for a sweep or a reaction.
    """

    id: EventId
    tenant: TenantId
    event: Event
    at: datetime
    by: UUID | None = None
    request: RequestId | None = None


@attrs.frozen(kw_only=True)
class JobFailed(Event):
    """A reaction to an event gave up; a person can run it again."""

    kind = "operations.job_failed"

    event: EventId
    reaction: str
    code: str


@attrs.frozen(kw_only=True)
class OperatorAlert(Event):
    """Something that only the operator of the installation can mend; ``code`` says what."""

    kind = "operations.operator_alert"

    code: str


@attrs.frozen(kw_only=True)
class BooksDiffered(Event):
    """A stored total of the shop, the subject, is not what its rows add up to.

    ``thing`` names whose total it is. Both figures are in the total's own unit.
    """

    kind = "operations.books_differed"

    total: str
    thing: str
    stored: int
    counted: int


@attrs.frozen(kw_only=True)
class JobRetryAsked(Event):
    """A person asked for a failed job to be run again."""

    kind = "operations.job_retry_asked"

    event: EventId
    reaction: str


@attrs.frozen(kw_only=True)
class EventsArchived(Event):
    """Events of a month left the log for a file, known by its digest; ``subject`` is the shop."""

    kind = "operations.events_archived"

    month: date
    part: int
    events: int
    reactions: int
    sha256: str
