"""Credit notes, and credit that settles invoices, over HTTP."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

import msgspec

from kasa.domain.invoicing.allocation import CreditNotEnough
from kasa.domain.invoicing.credit_note import (
    CreditLineInvalid,
    CreditPart,
    CreditReason,
    CreditTooMuch,
    WantedNote,
)
from kasa.domain.invoicing.invoice import InvoiceWrongState
from kasa.domain.invoicing.returned_goods import Restock, ReturnedGoods
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import InvoiceId
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.paging import PageOf
from kasa.entrypoints.http.routing import Route
from kasa.entrypoints.http.wire import MoneyIn, Quantity, money
from kasa.entrypoints.opened import OpenKasa
from kasa.entrypoints.shown.invoices import CreditNoteShown, InvoiceShown

ONE = "/invoices/{invoice_id}"
No = Annotated[int, msgspec.Meta(ge=1, le=500)]
Parts = Annotated[tuple["PartIn", ...], msgspec.Meta(max_length=500)]
Goods = Annotated[tuple["GoodsIn", ...], msgspec.Meta(max_length=500)]


class PartIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An amount to credit of one line or of one charge, before the document's discounts."""

    amount: MoneyIn
    line_no: No | None = None
    charge_no: No | None = None


class GoodsIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Goods of a line that come back with the credit note, in the line's unit."""

    line_no: No
    quantity: Quantity
    disposition: Restock = Restock.RESTOCK


class CreditNoteIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A credit note; without ``parts`` it takes back all that is left."""

    reason: CreditReason
    parts: Parts = ()
    text: Annotated[str, msgspec.Meta(max_length=500)] = ""
    restock: Goods = ()


class CreditNoteQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which credit notes are listed."""

    invoice: UUID | None = None


class CreditUse(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Credit of the customer that settles an invoice of theirs; without an amount, what fits."""

    invoice_id: UUID
    amount: MoneyIn | None = None


def add(call: Call) -> CreditNoteShown:
    """Take back a part of an issued invoice, in one step; its goods may come back with it."""
    given: CreditNoteIn = call.body
    wanted = WantedNote(
        reason=given.reason,
        text=given.text,
        parts=tuple(
            CreditPart(amount=money(part.amount), line_no=part.line_no, charge_no=part.charge_no)
            for part in given.parts
        ),
        restock=tuple(
            ReturnedGoods(
                line_no=goods.line_no,
                quantity=Decimal(goods.quantity),
                restock=goods.disposition,
            )
            for goods in given.restock
        ),
    )
    return CreditNoteShown.of(call.served(call.id("invoice_id"), wanted))


def page(call: Call) -> PageOf[CreditNoteShown]:
    """List credit notes, the newest first."""
    asked: CreditNoteQuery = call.query
    invoice = None if asked.invoice is None else InvoiceId(asked.invoice)
    found = call.served(invoice_id=invoice, after=call.after, limit=call.limit)
    return call.page(found, of=CreditNoteShown.of)


def one(call: Call) -> CreditNoteShown:
    """Show a credit note."""
    return CreditNoteShown.of(call.served(call.id("credit_note_id")))


def use_credit(call: Call) -> InvoiceShown:
    """Settle an invoice with its customer's credit, which is never converted."""
    given: CreditUse = call.body
    shown = call.look(call.opened.kasa.invoicing.queries.invoice, InvoiceId(given.invoice_id))
    if shown.invoice.customer != call.id("customer_id"):
        raise NotFound
    amount = None if given.amount is None else money(given.amount)
    return InvoiceShown.of(call.served(InvoiceId(given.invoice_id), amount))


def release_credit(call: Call) -> InvoiceShown:
    """Take all credit off an invoice and give it back to the customer; it is due again."""
    return InvoiceShown.of(call.served(call.id("invoice_id")))


def routes(opened: OpenKasa) -> tuple[Route, ...]:
    """Return the routes of credit notes and credit."""
    use = opened.kasa.invoicing
    return (
        Route(
            method="POST",
            path=f"{ONE}/credit-notes",
            serves=use.issue_credit_note,
            handle=add,
            answers=CreditNoteShown,
            status=201,
            body=CreditNoteIn,
            refuses=(CreditTooMuch, CreditLineInvalid, InvoiceWrongState),
        ),
        Route(
            method="GET",
            path="/credit-notes",
            serves=use.queries.credit_notes,
            handle=page,
            answers=PageOf[CreditNoteShown],
            query=CreditNoteQuery,
            paged=True,
        ),
        Route(
            method="GET",
            path="/credit-notes/{credit_note_id}",
            serves=use.queries.credit_note,
            handle=one,
            answers=CreditNoteShown,
        ),
        Route(
            method="POST",
            path="/customers/{customer_id}/credit/apply",
            serves=use.apply_credit,
            handle=use_credit,
            answers=InvoiceShown,
            body=CreditUse,
            refuses=(CreditNotEnough, InvoiceWrongState),
        ),
        Route(
            method="POST",
            path=f"{ONE}/release-credit",
            serves=use.release_credit,
            handle=release_credit,
            answers=InvoiceShown,
        ),
    )
