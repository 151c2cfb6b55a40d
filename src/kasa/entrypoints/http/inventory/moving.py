"""Goods in, corrections, returns and their undoing over HTTP."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import msgspec

from kasa.application.inventory.moving import AdjustedLine, BroughtBack
from kasa.application.inventory.receiving import ReceivedLine
from kasa.domain.inventory.goods import OnReserved
from kasa.domain.inventory.level import StockUncounted
from kasa.domain.inventory.movement import ADJUSTING, MovementReason, ReasonInvalid
from kasa.domain.inventory.returning import Disposition, ReturnNothing
from kasa.domain.inventory.unit import QuantityInvalid
from kasa.domain.kernel.ids import InvoiceId, ProductId
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.invoicing.bodies import RateIn, rate
from kasa.entrypoints.http.routing import Route
from kasa.entrypoints.http.wire import (
    Count,
    MoneyIn,
    Paragraph,
    Quantity,
    SignedQuantity,
    Word,
    money,
)
from kasa.entrypoints.opened import OpenKasa
from kasa.entrypoints.shown.stock import StockMoved

Received = Annotated[tuple["ReceivedIn", ...], msgspec.Meta(min_length=1, max_length=500)]
Adjusted = Annotated[tuple["AdjustedIn", ...], msgspec.Meta(min_length=1, max_length=500)]
Returned = Annotated[tuple["ReturnedIn", ...], msgspec.Meta(min_length=1, max_length=500)]
LineNo = Annotated[int, msgspec.Meta(ge=1, le=500)]
Kinds = Annotated[str, msgspec.Meta(max_length=200)]


class ReceivedIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Goods of a product that came in, in its unit or a pack.

    The cost is stated for all of it or for one, or not at all; one in another currency needs
    ``rate``. ``already_there`` is asked for where the product was never counted.
    """

    product_id: UUID
    quantity: Quantity
    unit_code: Word | None = None
    total_cost: MoneyIn | None = None
    unit_cost: MoneyIn | None = None
    rate: RateIn | None = None
    already_there: Quantity | None = None


class ReceiptIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Goods that came in; ``note`` names supplier and document, ``on`` is for reports."""

    lines: Received
    note: Paragraph = ""
    on: date | None = None


class AdjustedIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A correction in the product's unit: by ``delta``, or to ``set_to`` at a version."""

    product_id: UUID
    reason: MovementReason
    delta: SignedQuantity | None = None
    set_to: Quantity | None = None
    expected_version: Count | None = None
    note: Paragraph = ""


class AdjustmentIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Corrections, all or none; ``on`` is for reports."""

    lines: Adjusted
    on_reserved: OnReserved = OnReserved.REFUSE
    on: date | None = None


class ReturnedIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Goods of a line that came back, in the product's unit or a pack."""

    line_no: LineNo
    quantity: Quantity
    unit_code: Word | None = None
    disposition: Disposition = Disposition.RESTOCK


class ReturnIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Goods of an invoice that came back; money is not touched."""

    lines: Returned


class UndoIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What happens when the goods are reserved."""

    on_reserved: OnReserved = OnReserved.REFUSE


def receive(call: Call) -> StockMoved:
    """Take goods in, and give them to those who paid and wait."""
    given: ReceiptIn = call.body
    lines = [
        ReceivedLine(
            product=ProductId(one.product_id),
            quantity=Decimal(one.quantity),
            unit_code=one.unit_code,
            total_cost=None if one.total_cost is None else money(one.total_cost),
            unit_cost=None if one.unit_cost is None else money(one.unit_cost),
            rate=None if one.rate is None else rate(one.rate),
            already_there=None if one.already_there is None else Decimal(one.already_there),
        )
        for one in given.lines
    ]
    return StockMoved.of(call.served(lines, words=given.note, on=given.on))


def adjust(call: Call) -> StockMoved:
    """Correct what is there, with a reason; all lines or none."""
    given: AdjustmentIn = call.body
    for one in given.lines:
        if one.reason not in ADJUSTING:
            raise ReasonInvalid
    lines = [
        AdjustedLine(
            product=ProductId(one.product_id),
            reason=one.reason,
            delta=None if one.delta is None else Decimal(one.delta),
            set_to=None if one.set_to is None else Decimal(one.set_to),
            expected_version=one.expected_version,
            note=one.note,
        )
        for one in given.lines
    ]
    return StockMoved.of(call.served(lines, on_reserved=given.on_reserved, on=given.on))


def return_goods(call: Call) -> StockMoved:
    """Take goods of an invoice back without a credit note."""
    wanted = InvoiceId(call.id("invoice_id"))
    call.look(call.opened.kasa.invoicing.queries.invoice, wanted)
    lines = [
        BroughtBack(
            line_no=one.line_no,
            quantity=Decimal(one.quantity),
            unit_code=one.unit_code,
            disposition=one.disposition,
        )
        for one in call.body.lines
    ]
    return StockMoved.of(call.served(wanted, lines))


def undo(call: Call) -> StockMoved:
    """Move back what one movement by hand moved, once."""
    return StockMoved.of(call.served(call.id("movement_id"), on_reserved=call.body.on_reserved))


def routes(opened: OpenKasa) -> tuple[Route, ...]:
    """Return the routes of acts on stock."""
    use = opened.kasa.inventory
    return (
        Route(
            method="POST",
            path="/stock/receipts",
            serves=use.receive,
            handle=receive,
            answers=StockMoved,
            status=201,
            body=ReceiptIn,
            refuses=(StockUncounted, QuantityInvalid),
        ),
        Route(
            method="POST",
            path="/stock/adjustments",
            serves=use.adjust,
            handle=adjust,
            answers=StockMoved,
            status=201,
            body=AdjustmentIn,
            refuses=(ReasonInvalid, QuantityInvalid),
        ),
        Route(
            method="POST",
            path="/invoices/{invoice_id}/returns",
            serves=use.return_goods,
            handle=return_goods,
            answers=StockMoved,
            status=201,
            body=ReturnIn,
            refuses=(ReturnNothing,),
        ),
        Route(
            method="POST",
            path="/movements/{movement_id}/undo",
            serves=use.undo,
            handle=undo,
            answers=StockMoved,
            status=201,
            body=UndoIn,
        ),
    )
