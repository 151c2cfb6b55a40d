"""Promises of goods: reserved for all lines or none, released by hand or by time."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import attrs

from kasa.domain.inventory.level import Act, Place, Shortage, StockBook, StockInsufficient
from kasa.domain.inventory.movement import MovementKind, MovementReason, Source
from kasa.domain.inventory.reservation import (
    Reservation,
    ReservationReason,
    ReservationState,
)
from kasa.domain.inventory.stock import Step, StockChange, append
from kasa.domain.kernel.ids import ReservationId


@attrs.frozen(kw_only=True)
class Need:
    """What one line wants: base units at a place, until when, for which source."""

    source: Source
    place: Place
    quantity: int
    expires_at: datetime | None
    note: str = ""


def shortages(book: StockBook, needs: Sequence[Need]) -> tuple[Shortage, ...]:
    """Return every SKU without back orders of which the needs, added up, exceed what is there."""
    wanted: dict[Place, int] = {}
    for need in needs:
        wanted[need.place] = wanted.get(need.place, 0) + need.quantity
    return tuple(
        book.shortage(place, wanted=quantity, available=max(0, book.level(place).available))
        for place, quantity in wanted.items()
        if not book.level(place).backorder and quantity > book.level(place).available
    )


def reserve(
    book: StockBook, needs: Sequence[Need], act: Act, *, accept_shortage: bool = False
) -> StockChange:
    """Reserve all needs or none, or raise ``stock.insufficient`` with every missing SKU.

    With ``accept_shortage`` what does not fit is kept as RELEASED for being short; small lines
    go first, so the order of lines changes no level.
    """
    change = StockChange(book=book)
    missing = shortages(book, needs)
    if missing and not accept_shortage:
        raise StockInsufficient(*missing)
    ordered = sorted(needs, key=lambda need: need.quantity) if missing else needs
    for need in ordered:
        reservation = Reservation(
            id=ReservationId(act.new_id(need.source.key)),
            source=need.source,
            sku=need.place[0],
            location=need.place[1],
            quantity=need.quantity,
            state=ReservationState.RELEASED,
            reason=ReservationReason.SHORT,
            expires_at=need.expires_at,
            at=act.at,
            note=need.note,
        )
        change = hold(change, reservation, act)
    return change


def hold(change: StockChange, reservation: Reservation, act: Act) -> StockChange:
    """Reserve the goods of one reservation if they fit, else keep it as it is: released, short."""
    level = change.book.level(reservation.place)
    if not level.backorder and reservation.quantity > level.available:
        return change.with_reservation(reservation)
    step = Step(
        kind=MovementKind.RESERVE,
        key=reservation.movement_key("reserve"),
        reserved=reservation.quantity,
        source=reservation.source,
    )
    change = append(change, reservation.place, step, act)
    return change.with_reservation(
        attrs.evolve(reservation, state=ReservationState.HELD, reason=None)
    )


def release(
    book: StockBook, rows: Iterable[Reservation], act: Act, reason: ReservationReason
) -> StockChange:
    """Give up what is still held; goods that left or are owed stay as they are."""
    change = StockChange(book=book)
    for row in rows:
        current = change.book.reservation(row.id)
        if current.held:
            change = _release(change, current, act, reason)
    return change


def _release(
    change: StockChange, row: Reservation, act: Act, reason: ReservationReason
) -> StockChange:
    step = Step(
        kind=MovementKind.RELEASE,
        key=row.movement_key("release"),
        reserved=-row.quantity,
        source=row.source,
        reason=MovementReason(reason.value),
    )
    change = append(change, row.place, step, act)
    return change.with_reservation(
        attrs.evolve(row, state=ReservationState.RELEASED, reason=reason)
    )


def release_newest(change: StockChange, place: Place, excess: int, act: Act) -> StockChange:
    """Release whole reservations of a level, newest first, until ``excess`` is free again."""
    held = [row for row in change.book.reservations.values() if row.held and row.place == place]
    for row in sorted(held, key=lambda row: (row.at, row.id), reverse=True):
        if excess <= 0:
            break
        change = _release(change, row, act, ReservationReason.BY_HAND)
        excess -= row.quantity
    return change


def expire(book: StockBook, act: Act, *, place: Place | None = None) -> StockChange:
    """Release every reservation in play whose time is over; at the very moment it is.

    With ``place`` only those of one level.
    """
    wanted = [row for row in book.reservations.values() if place is None or row.place == place]
    over = [row for row in wanted if row.expired(act.at)]
    return release(book, over, act, ReservationReason.EXPIRED)
