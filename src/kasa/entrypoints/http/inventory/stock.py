"""Levels, movements, goods in, corrections over HTTP."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import msgspec

from kasa.application.inventory.moving import AdjustedLine, BroughtBack
from kasa.application.inventory.receiving import ReceivedLine
from kasa.domain.inventory.goods import OnReserved
from kasa.domain.inventory.level import StockUncounted
from kasa.domain.inventory.movement import ADJUSTING, MovementKind, MovementReason, ReasonInvalid
from kasa.domain.inventory.returning import Disposition, ReturnNothing
from kasa.domain.inventory.unit import QuantityInvalid
from kasa.domain.kernel.ids import ProductId
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.invoicing.bodies import RateIn, rate
from kasa.entrypoints.http.paging import PageOf
from kasa.entrypoints.http.routing import Route
from kasa.entrypoints.http.wire import (
    Count,
    Moment,
    MoneyIn,
    Paragraph,
    Quantity,
    SignedQuantity,
    Word,
    money,
)
from kasa.entrypoints.opened import OpenKasa
from kasa.entrypoints.shown.stock import MovementShown, OwedShown, StockMoved, StockShown
from kasa.entrypoints.shown.values import MoneyOut

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


class MovementQuery(msgspec.Struct, frozen=True, kw_only=True, rename={"since": "from"}):
    """Which movements are listed; ``from`` and ``to`` are moments, ``to`` not included."""

    kind: MovementKind | None = None
    source: UUID | None = None
    since: Moment | None = None
    to: Moment | None = None


class ValuationShown(msgspec.Struct, frozen=True, kw_only=True):
    """What the goods on hand cost; ``without_cost`` products are there whose cost is unknown."""

    value: MoneyOut
    products: int
    without_cost: int


def levels(call: Call) -> PageOf[StockShown]:
    """List what is there, by code."""
    return call.page(call.served(after=call.after, limit=call.limit), of=StockShown.of)


def low(call: Call) -> PageOf[StockShown]:
    """List what is at or below its low mark, by code."""
    return call.page(call.served(after=call.after, limit=call.limit), of=StockShown.of)


def level(call: Call) -> StockShown:
    """Show what is there of a product."""
    return StockShown.of(call.served(call.id("product_id")))


def owed(call: Call) -> PageOf[OwedShown]:
    """List what was paid and waits for goods, longest waiting first."""
    return call.page(call.served(after=call.after, limit=call.limit), of=OwedShown.of)


def valuation(call: Call) -> ValuationShown:
    """Show what all goods on hand cost, in the shop's cost currency."""
    unit = call.opened.kasa.tenancy.queries.tenant(call.actor).profile.cost_currency
    made = call.served()
    return ValuationShown(
        value=MoneyOut.minor(made.value_minor, unit),
        products=made.skus,
        without_cost=made.without_cost,
    )


def movements(call: Call) -> PageOf[MovementShown]:
    """List movements, the newest first; of one product, or of all."""
    asked: MovementQuery = call.query
    product = ProductId(call.id("product_id")) if "product_id" in call.path else None
    found = call.served(
        product_id=product,
        source=asked.source,
        kinds=() if asked.kind is None else (asked.kind,),
        since=asked.since,
        until=asked.to,
        after=call.after,
        limit=call.limit,
    )
    return call.page(found, of=MovementShown.of)


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
    lines = [
        BroughtBack(
            line_no=one.line_no,
            quantity=Decimal(one.quantity),
            unit_code=one.unit_code,
            disposition=one.disposition,
        )
        for one in call.body.lines
    ]
    return StockMoved.of(call.served(call.id("invoice_id"), lines))


def undo(call: Call) -> StockMoved:
    """Move back what one movement by hand moved, once."""
    return StockMoved.of(call.served(call.id("movement_id"), on_reserved=call.body.on_reserved))


def routes(opened: OpenKasa) -> tuple[Route, ...]:
    """Return the routes of stock."""
    use = opened.kasa.inventory
    listed = PageOf[StockShown]
    return (
        Route(
            method="GET",
            path="/stock",
            serves=use.queries.levels,
            handle=levels,
            answers=listed,
            paged=True,
        ),
        Route(
            method="GET",
            path="/stock/low",
            serves=use.queries.low,
            handle=low,
            answers=listed,
            paged=True,
        ),
        Route(
            method="GET",
            path="/stock/owed",
            serves=use.queries.owed,
            handle=owed,
            answers=PageOf[OwedShown],
            paged=True,
        ),
        Route(
            method="GET",
            path="/stock/valuation",
            serves=use.queries.valuation,
            handle=valuation,
            answers=ValuationShown,
        ),
        Route(
            method="GET",
            path="/products/{product_id}/stock",
            serves=use.queries.level,
            handle=level,
            answers=StockShown,
        ),
        *(
            Route(
                method="GET",
                path=path,
                serves=use.queries.moved,
                handle=movements,
                answers=PageOf[MovementShown],
                query=MovementQuery,
                paged=True,
            )
            for path in ("/movements", "/products/{product_id}/movements")
        ),
        *_acts(opened),
    )


def _acts(opened: OpenKasa) -> tuple[Route, ...]:
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
