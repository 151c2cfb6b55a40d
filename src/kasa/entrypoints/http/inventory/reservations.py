"""Goods that are kept over HTTP."""

from decimal import Decimal
from uuid import UUID

import msgspec

from kasa.application.inventory.reserving import WantedGoods
from kasa.domain.inventory.level import StockInsufficient
from kasa.domain.inventory.reservation import (
    Fulfilment,
    ReservationState,
    ReservationTooMany,
    ReservationWrongState,
)
from kasa.domain.kernel.ids import InvoiceId, ProductId
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.paging import PageOf
from kasa.entrypoints.http.routing import Route
from kasa.entrypoints.http.wire import Moment, Paragraph, Quantity, Word
from kasa.entrypoints.opened import OpenKasa
from kasa.entrypoints.shown.stock import ReservationShown


class ReservationIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Goods to keep, in the product's unit or a pack, until a moment, and for whom."""

    product_id: UUID
    quantity: Quantity
    until: Moment
    unit_code: Word | None = None
    note: Paragraph = ""


class ReservationQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which reservations are listed."""

    state: ReservationState = ReservationState.HELD


class FulfilmentShown(msgspec.Struct, frozen=True, kw_only=True):
    """How far the goods of an invoice are, with its reservations."""

    fulfilment: Fulfilment
    reservations: tuple[ReservationShown, ...]


def page(call: Call) -> PageOf[ReservationShown]:
    """List reservations, the oldest first; those held unless another state is asked for."""
    found = call.served(state=call.query.state, after=call.after, limit=call.limit)
    return call.page(found, of=ReservationShown.of)


def keep(call: Call) -> ReservationShown:
    """Keep goods by hand for at most 90 days."""
    given: ReservationIn = call.body
    wanted = WantedGoods(
        product=ProductId(given.product_id),
        quantity=Decimal(given.quantity),
        until=given.until,
        unit_code=given.unit_code,
        words=given.note,
    )
    return ReservationShown.of(call.served(wanted))


def release(call: Call) -> None:
    """Give up what is kept."""
    call.served(call.id("reservation_id"))


def fulfilment(call: Call) -> FulfilmentShown:
    """Show how far the goods of an invoice are."""
    wanted = InvoiceId(call.id("invoice_id"))
    call.look(call.opened.kasa.invoicing.queries.invoice, wanted)
    made = call.served(wanted)
    return FulfilmentShown(
        fulfilment=made.fulfilment,
        reservations=tuple(ReservationShown.of(row) for row in made.reservations),
    )


def routes(opened: OpenKasa) -> tuple[Route, ...]:
    """Return the routes of reservations."""
    use = opened.kasa.inventory
    return (
        Route(
            method="GET",
            path="/reservations",
            serves=use.queries.reservations,
            handle=page,
            answers=PageOf[ReservationShown],
            query=ReservationQuery,
            paged=True,
        ),
        Route(
            method="POST",
            path="/reservations",
            serves=use.reserve,
            handle=keep,
            answers=ReservationShown,
            status=201,
            body=ReservationIn,
            refuses=(StockInsufficient, ReservationTooMany),
        ),
        Route(
            method="DELETE",
            path="/reservations/{reservation_id}",
            serves=use.release,
            handle=release,
            refuses=(ReservationWrongState,),
        ),
        Route(
            method="GET",
            path="/invoices/{invoice_id}/fulfilment",
            serves=use.queries.fulfilment,
            handle=fulfilment,
            answers=FulfilmentShown,
        ),
    )
