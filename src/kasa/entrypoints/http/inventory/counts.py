"""Stocktakes over HTTP."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

import attrs
import msgspec

from kasa.application.inventory.counting import CountedLine
from kasa.domain.inventory.goods import OnReserved
from kasa.domain.inventory.stocktake import CountClosed, CountOpen, CountState, StockCount
from kasa.domain.kernel.ids import ProductId
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.routing import Route
from kasa.entrypoints.http.wire import Moment, Quantity
from kasa.entrypoints.opened import OpenKasa
from kasa.entrypoints.shown.counts import CountShown, DifferenceShown

ONE = "/stock/counts/{count_id}"
Products = Annotated[tuple[UUID, ...], msgspec.Meta(max_length=1000)]
Lines = Annotated[tuple["CountedIn", ...], msgspec.Meta(min_length=1, max_length=1000)]


class CountIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which products are counted; without any, everything."""

    products: Products = ()


class CountedIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was counted of a product, in its unit; a paper sheet says when."""

    product_id: UUID
    counted: Quantity
    counted_at: Moment | None = None


class CountLinesIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was counted; each line in place of an earlier one of that product."""

    lines: Lines


class CommitIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What happens when goods are to go that are reserved."""

    on_reserved: OnReserved = OnReserved.REFUSE


def start(call: Call) -> CountShown:
    """Start counting, everything or some products; one count at a time."""
    return CountShown.of(call.served([ProductId(one) for one in call.body.products]))


def one(call: Call) -> CountShown:
    """Show a stocktake, and while it is open what committing it would change."""
    return _with_differences(call, call.served(call.id("count_id")))


def enter(call: Call) -> CountShown:
    """Enter what was counted; the answer tells what committing it would change."""
    given: CountLinesIn = call.body
    lines = [
        CountedLine(
            product=ProductId(one.product_id),
            counted=Decimal(one.counted),
            counted_at=one.counted_at,
        )
        for one in given.lines
    ]
    return _with_differences(call, call.served(call.id("count_id"), lines))


def commit(call: Call) -> CountShown:
    """Correct every counted level by what its own line showed."""
    return CountShown.of(call.served(call.id("count_id"), on_reserved=call.body.on_reserved))


def cancel(call: Call) -> CountShown:
    """Drop a count; nothing changes."""
    return CountShown.of(call.served(call.id("count_id")))


def _with_differences(call: Call, count: StockCount) -> CountShown:
    shown = CountShown.of(count)
    if count.state is not CountState.OPEN:
        return shown
    rows = call.look(call.opened.kasa.inventory.queries.differences, count.id)
    return attrs.evolve(shown, differences=tuple(DifferenceShown.of(row) for row in rows))


def routes(opened: OpenKasa) -> tuple[Route, ...]:
    """Return the routes of stocktakes."""
    use = opened.kasa.inventory
    return (
        Route(
            method="POST",
            path="/stock/counts",
            serves=use.open_count,
            handle=start,
            answers=CountShown,
            status=201,
            body=CountIn,
            refuses=(CountOpen,),
        ),
        Route(method="GET", path=ONE, serves=use.queries.count, handle=one, answers=CountShown),
        Route(
            method="PUT",
            path=f"{ONE}/lines",
            serves=use.enter_count,
            handle=enter,
            answers=CountShown,
            body=CountLinesIn,
            refuses=(CountClosed,),
        ),
        Route(
            method="POST",
            path=f"{ONE}/commit",
            serves=use.commit_count,
            handle=commit,
            answers=CountShown,
            body=CommitIn,
            refuses=(CountClosed,),
        ),
        Route(
            method="POST",
            path=f"{ONE}/cancel",
            serves=use.cancel_count,
            handle=cancel,
            answers=CountShown,
            refuses=(CountClosed,),
        ),
    )
