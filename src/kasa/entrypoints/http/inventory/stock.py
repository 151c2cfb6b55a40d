"""Levels, movements, goods in, corrections over HTTP."""

from uuid import UUID

import msgspec

from kasa.domain.inventory.movement import MovementKind
from kasa.domain.kernel.ids import ProductId
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.paging import PageOf
from kasa.entrypoints.http.routing import Route
from kasa.entrypoints.http.wire import (
    Moment,
)
from kasa.entrypoints.opened import OpenKasa
from kasa.entrypoints.shown.stock import MovementShown, OwedShown, StockShown
from kasa.entrypoints.shown.values import MoneyOut


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
    )
