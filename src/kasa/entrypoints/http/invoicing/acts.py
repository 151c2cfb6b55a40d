"""What is done with issued invoices over HTTP."""

from typing import Annotated, Any, Literal
from uuid import UUID

import attrs
import msgspec

from kasa.domain.identity.access import Actor
from kasa.domain.inventory.level import StockInsufficient
from kasa.domain.invoicing.accounting_currency import RateRequired
from kasa.domain.invoicing.invoice import (
    InvoiceAlreadyIssued,
    InvoiceEmpty,
    InvoiceHasMoney,
    InvoiceWrongState,
)
from kasa.domain.kernel.errors import KasaError
from kasa.domain.kernel.ids import InvoiceId
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.problems import problem_of
from kasa.entrypoints.http.routing import Route
from kasa.entrypoints.http.wire import Line
from kasa.entrypoints.opened import OpenKasa
from kasa.entrypoints.shown.invoices import InvoiceShown

ONE = "/invoices/{invoice_id}"
Reason = Annotated[str, msgspec.Meta(min_length=3, max_length=300)]
Ids = Annotated[tuple[UUID, ...], msgspec.Meta(min_length=1, max_length=100)]
OnShortage = Literal["refuse", "accept"]


class IssueIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``accept`` issues although goods are missing; they are owed."""

    on_shortage: OnShortage = "refuse"


class Because(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why; kept with the invoice."""

    reason: Reason


class BulkIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is done with each of some invoices; ``reason`` is for ``void``."""

    ids: Ids
    action: Literal["issue", "void"]
    on_shortage: OnShortage = "refuse"
    reason: Line = ""


class BulkRow(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one invoice: it as it is now, or the code and words of its refusal."""

    id: UUID
    status: int
    invoice: InvoiceShown | None = None
    code: str | None = None
    detail: str | None = None


class BulkDone(msgspec.Struct, frozen=True, kw_only=True):
    """What became of each, in the order in which they were named."""

    items: tuple[BulkRow, ...]


def issue(call: Call) -> InvoiceShown:
    """Freeze a draft, give it its number, and start its delivery."""
    accept = call.body.on_shortage == "accept"
    return InvoiceShown.of(call.served(call.id("invoice_id"), accept_shortage=accept))


def explained(call: Call) -> InvoiceShown:
    """Do what needs a reason."""
    return InvoiceShown.of(call.served(call.id("invoice_id"), call.body.reason))


def void(call: Call) -> InvoiceShown:
    """Declare an invoice void that was issued by mistake; its number stays used."""
    return explained(call)


def write_off(call: Call) -> InvoiceShown:
    """Give up on what is due; a payment that comes later is still taken."""
    return explained(call)


def reinstate(call: Call) -> InvoiceShown:
    """Ask again for what was written off."""
    return InvoiceShown.of(call.served(call.id("invoice_id")))


def deliver(call: Call) -> InvoiceShown:
    """Hand over the goods of an issued invoice, paid or not."""
    return InvoiceShown.of(call.served(call.id("invoice_id")))


def bulk(call: Call) -> BulkDone:
    """Issue or void up to 100 invoices, each in a transaction of its own."""
    given: BulkIn = call.body
    return BulkDone(
        items=tuple(_row(call, given, InvoiceId(id_)) for id_ in dict.fromkeys(given.ids))
    )


def _row(call: Call, given: BulkIn, id_: InvoiceId) -> BulkRow:
    try:
        made = _done(call, given, id_)
    except KasaError as error:
        problem = problem_of(error, call.request_id)
        return BulkRow(id=id_, status=problem.status, code=error.code, detail=error.message)
    return BulkRow(id=id_, status=200, invoice=InvoiceShown.of(made))


def _done(call: Call, given: BulkIn, id_: InvoiceId) -> Any:
    """Do it with one of them, under a key of its own, so that a repeat does nothing anew."""
    use, actor = call.opened.kasa.invoicing, _under_own_key(call.actor, id_)
    if given.action == "issue":
        return call.do(use.issue, actor, id_, accept_shortage=given.on_shortage == "accept")
    return call.do(use.void, actor, id_, given.reason)


def _under_own_key(actor: Actor, id_: InvoiceId) -> Actor:
    key = actor.idempotency
    assert key is not None, "a bulk act names a key"
    own = attrs.evolve(key, route=f"{key.route} {id_}")
    return attrs.evolve(actor, idempotency=own)


def routes(opened: OpenKasa) -> tuple[Route, ...]:
    """Return the routes of acts on invoices."""
    use = opened.kasa.invoicing
    closing = (InvoiceWrongState, InvoiceHasMoney)
    return (
        Route(
            method="POST",
            path=f"{ONE}/issue",
            serves=use.issue,
            handle=issue,
            answers=InvoiceShown,
            body=IssueIn,
            refuses=(InvoiceAlreadyIssued, InvoiceEmpty, StockInsufficient, RateRequired),
        ),
        Route(
            method="POST",
            path=f"{ONE}/void",
            serves=use.void,
            handle=void,
            answers=InvoiceShown,
            body=Because,
            refuses=closing,
        ),
        Route(
            method="POST",
            path=f"{ONE}/write-off",
            serves=use.write_off,
            handle=write_off,
            answers=InvoiceShown,
            body=Because,
            refuses=closing,
        ),
        Route(
            method="POST",
            path=f"{ONE}/reinstate",
            serves=use.reinstate,
            handle=reinstate,
            answers=InvoiceShown,
            refuses=(InvoiceWrongState,),
        ),
        Route(
            method="POST",
            path=f"{ONE}/deliver",
            serves=use.deliver,
            handle=deliver,
            answers=InvoiceShown,
            refuses=(InvoiceWrongState, StockInsufficient),
        ),
        Route(
            method="POST",
            path="/invoices/bulk",
            serves=use.issue,
            handle=bulk,
            answers=BulkDone,
            body=BulkIn,
        ),
    )
