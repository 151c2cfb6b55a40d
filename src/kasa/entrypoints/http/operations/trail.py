"""The audit trail, the life of a thing, and failed jobs over HTTP."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec

from kasa.application.operations.auditing import AuditFilter
from kasa.domain.kernel.ids import CustomerId, EventId, InvoiceId
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.paging import PageOf
from kasa.entrypoints.http.routing import Reply, Route
from kasa.entrypoints.http.wire import Moment
from kasa.entrypoints.opened import OpenKasa
from kasa.entrypoints.shown.events import EventShown, FailureShown

Kind = Annotated[str, msgspec.Meta(max_length=80)]


class AuditQuery(msgspec.Struct, frozen=True, kw_only=True, rename={"since": "from"}):
    """Which part of the trail is wanted; ``to`` is not included."""

    kind: Kind | None = None
    actor: UUID | None = None
    subject: UUID | None = None
    since: Moment | None = None
    to: Moment | None = None


class FailureQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Failed jobs are the only ones that are listed; ``open`` ones were not asked for since."""

    state: Literal["failed", "open"] = "open"


class Timeline(msgspec.Struct, frozen=True, kw_only=True):
    """The newest 100 events about one thing, oldest first."""

    items: tuple[EventShown, ...]


class FailureList(msgspec.Struct, frozen=True, kw_only=True):
    """Jobs that gave up, the newest first, of the newest 100."""

    items: tuple[FailureShown, ...]


class RetryAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Which job was asked for again."""

    event: UUID
    reaction: str


def trail(call: Call) -> PageOf[EventShown]:
    """Read what happened in the shop, the newest first."""
    asked: AuditQuery = call.query
    wanted = AuditFilter(
        kinds=() if asked.kind is None else (asked.kind,),
        by=asked.actor,
        subject=asked.subject,
        since=asked.since,
        until=asked.to,
    )
    return call.page(call.served(wanted, after=call.after, limit=call.limit), of=EventShown.of)


def invoice_life(call: Call) -> Timeline:
    """Read what happened to an invoice, the oldest first."""
    wanted = InvoiceId(call.id("invoice_id"))
    call.look(call.opened.kasa.invoicing.queries.invoice, wanted)
    return Timeline(items=tuple(map(EventShown.of, call.served(wanted))))


def customer_life(call: Call) -> Timeline:
    """Read what happened to a customer, the oldest first."""
    wanted = CustomerId(call.id("customer_id"))
    call.look(call.opened.kasa.invoicing.queries.customer, wanted)
    return Timeline(items=tuple(map(EventShown.of, call.served(wanted))))


def failures(call: Call) -> FailureList:
    """List jobs that gave up, the newest first."""
    asked: FailureQuery = call.query
    queries = call.opened.kasa.operations.queries
    if asked.state == "failed":
        found = queries.failed_jobs(call.actor, limit=100).items
    else:
        found = call.served()
    return FailureList(items=tuple(map(FailureShown.of, found)))


def retry(call: Call) -> Reply:
    """Ask for a failed job to be run again; the worker puts it back."""
    asked = call.served(EventId(call.id("job_id")))
    return Reply(value=RetryAsked(event=asked.event, reaction=asked.reaction), status=202)


def routes(opened: OpenKasa) -> tuple[Route, ...]:
    """Return the routes of the trail and of failed jobs."""
    use = opened.kasa.operations
    return (
        Route(
            method="GET",
            path="/audit",
            serves=use.read_audit,
            handle=trail,
            answers=PageOf[EventShown],
            query=AuditQuery,
            paged=True,
        ),
        Route(
            method="GET",
            path="/invoices/{invoice_id}/timeline",
            serves=use.read_history,
            handle=invoice_life,
            answers=Timeline,
        ),
        Route(
            method="GET",
            path="/customers/{customer_id}/timeline",
            serves=use.read_history,
            handle=customer_life,
            answers=Timeline,
        ),
        Route(
            method="GET",
            path="/jobs",
            serves=use.queries.open_failures,
            handle=failures,
            answers=FailureList,
            query=FailureQuery,
        ),
        Route(
            method="POST",
            path="/jobs/{job_id}/retry",
            serves=use.retry_job,
            handle=retry,
            answers=RetryAsked,
            status=202,
        ),
    )
