"""Invoices over HTTP: lists, drafts, and what is kept beside them."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

import attrs
import msgspec
from msgspec import UNSET

from kasa.application.invoicing.queries import InvoicesWanted
from kasa.domain.invoicing.content import WantedInvoice
from kasa.domain.invoicing.invoice import Invoice, InvoiceState, InvoiceWrongState, TooManyDrafts
from kasa.domain.invoicing.line_item import LinePrice, LineQuantity
from kasa.domain.kernel.errors import VersionStale
from kasa.domain.kernel.foreign import ExternalRefTaken
from kasa.domain.kernel.ids import CustomerId, InvoiceId
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.invoicing.bodies import InvoiceIn, InvoicePatch, merged, wanted
from kasa.entrypoints.http.paging import PageOf
from kasa.entrypoints.http.routing import Route
from kasa.entrypoints.http.wire import (
    CurrencyCode,
    Moment,
    Paragraph,
    Reference,
    Search,
    currency_or_none,
    metadata,
)
from kasa.entrypoints.opened import OpenKasa
from kasa.entrypoints.shown.documents import ContentShown, PreviewShown, TotalsShown
from kasa.entrypoints.shown.invoices import InvoiceListed, InvoiceShown

ONE = "/invoices/{invoice_id}"
Status = Literal["draft", "open", "overdue", "partly_paid", "paid", "uncollectible", "void"]
BESIDE = frozenset({"external_ref", "metadata", "internal_note"})


class InvoiceQuery(msgspec.Struct, frozen=True, kw_only=True, rename={"since": "from"}):
    """Which invoices are listed.

    ``q`` is the beginning of a number; ``from`` and ``to`` are days of issue, ``to`` not included.
    """

    status: Status | None = None
    customer: UUID | None = None
    currency: CurrencyCode | None = None
    since: date | None = None
    to: date | None = None
    q: Search = ""
    external_ref: Reference | None = None
    updated_from: Moment | None = None


class InvoiceCounts(msgspec.Struct, frozen=True, kw_only=True):
    """How many invoices there are of each status; overdue and partly paid are open ones too."""

    draft: int
    open: int
    overdue: int
    partly_paid: int
    paid: int
    uncollectible: int
    void: int


class NoteIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the shop notes for itself."""

    text: Paragraph


def page(call: Call) -> PageOf[InvoiceListed]:
    """List invoices, the newest first."""
    asked: InvoiceQuery = call.query
    shown = InvoicesWanted(
        tab=asked.status,
        customer=None if asked.customer is None else CustomerId(asked.customer),
        currency=currency_or_none(asked.currency),
        since=asked.since,
        until=asked.to,
        number=asked.q,
        external_ref=asked.external_ref,
        updated_from=asked.updated_from,
    )
    found = call.served(shown, after=call.after, limit=call.limit)
    return call.page(found, of=InvoiceListed.of)


def counts(call: Call) -> InvoiceCounts:
    """Count the invoices of each status."""
    return InvoiceCounts(**{tab.value: number for tab, number in call.served().items()})


def draft(call: Call) -> InvoiceShown:
    """Make a draft; prices, texts and taxes that are not stated come from the catalogue."""
    return InvoiceShown.of(call.served(wanted(call.body)))


def preview(call: Call) -> PreviewShown:
    """Reckon what a draft would say and cost; nothing is stored."""
    made = call.served(wanted(call.body))
    return PreviewShown(
        content=ContentShown.of(made.content, made.totals), totals=TotalsShown.of(made.totals)
    )


def one(call: Call) -> InvoiceShown:
    """Show an invoice with its customer, entries, credit notes and printed copies."""
    return InvoiceShown.whole(call.served(call.id("invoice_id")))


def change(call: Call) -> InvoiceShown:
    """Change a draft; of an issued invoice only what stands on no document."""
    given: InvoicePatch = call.body
    use = call.opened.kasa.invoicing
    before: Invoice = call.look(use.queries.invoice, InvoiceId(call.id("invoice_id"))).invoice
    if given.version != before.version:
        raise VersionStale(current_version=before.version)
    changes = {
        field: value
        for field, value in msgspec.structs.asdict(given).items()
        if value is not UNSET and field != "version"
    }
    if changes.keys() <= BESIDE:
        return InvoiceShown.of(_annotated(call, before, changes))
    before.require(InvoiceState.DRAFT)
    said = attrs.evolve(
        WantedInvoice.of(before.content),
        external_ref=before.external_ref,
        metadata=before.metadata,
    )
    note = changes.pop("internal_note", None)
    made = call.served(before.id, merged(said, changes), version=given.version, internal_note=note)
    return InvoiceShown.of(made)


def _annotated(call: Call, before: Invoice, changes: dict[str, Any]) -> Invoice:
    if "metadata" in changes:
        changes["metadata"] = metadata(changes["metadata"])
    beside = attrs.evolve(before.annotations, **changes)
    annotate = call.opened.kasa.invoicing.annotate
    return call.do(annotate, call.actor, before.id, beside, version=before.version)


def discard(call: Call) -> None:
    """Throw a draft away."""
    call.served(call.id("invoice_id"))


def duplicate(call: Call) -> InvoiceShown:
    """Make a new draft that says what this invoice says."""
    return InvoiceShown.of(call.served(call.id("invoice_id")))


def note(call: Call) -> InvoiceShown:
    """Add a paragraph to what the shop notes for itself."""
    return InvoiceShown.of(call.served(call.id("invoice_id"), call.body.text))


def routes(opened: OpenKasa) -> tuple[Route, ...]:
    """Return the routes of invoices and drafts."""
    use = opened.kasa.invoicing
    lines = (LinePrice, LineQuantity)
    return (
        Route(
            method="GET",
            path="/invoices",
            serves=use.queries.listed,
            handle=page,
            answers=PageOf[InvoiceListed],
            query=InvoiceQuery,
            paged=True,
        ),
        Route(
            method="GET",
            path="/invoices/counts",
            serves=use.queries.counts,
            handle=counts,
            answers=InvoiceCounts,
        ),
        Route(
            method="POST",
            path="/invoices",
            serves=use.draft,
            handle=draft,
            answers=InvoiceShown,
            status=201,
            body=InvoiceIn,
            refuses=(TooManyDrafts, ExternalRefTaken, *lines),
        ),
        Route(
            method="POST",
            path="/invoices/preview",
            serves=use.preview,
            handle=preview,
            answers=PreviewShown,
            body=InvoiceIn,
            keyed=False,
            refuses=lines,
        ),
        *_of_one(opened),
    )


def _of_one(opened: OpenKasa) -> tuple[Route, ...]:
    use = opened.kasa.invoicing
    return (
        Route(
            method="GET",
            path=ONE,
            serves=use.queries.invoice,
            handle=one,
            answers=InvoiceShown,
        ),
        Route(
            method="PATCH",
            path=ONE,
            serves=use.revise,
            handle=change,
            answers=InvoiceShown,
            body=InvoicePatch,
            refuses=(VersionStale, InvoiceWrongState, ExternalRefTaken),
        ),
        Route(
            method="DELETE",
            path=ONE,
            serves=use.discard,
            handle=discard,
            refuses=(InvoiceWrongState,),
        ),
        Route(
            method="POST",
            path=f"{ONE}/duplicate",
            serves=use.duplicate,
            handle=duplicate,
            answers=InvoiceShown,
            status=201,
        ),
        Route(
            method="POST",
            path=f"{ONE}/notes",
            serves=use.note,
            handle=note,
            answers=InvoiceShown,
            body=NoteIn,
        ),
    )
