"""Goods that a customer brings back, or no longer gets, line by line."""

from collections.abc import Sequence
from enum import StrEnum

import attrs

from kasa.domain.inventory.level import Act, StockBook
from kasa.domain.inventory.movement import MovementKind, MovementReason
from kasa.domain.inventory.reservation import Reservation, ReservationReason, ReservationState
from kasa.domain.inventory.stock import Step, StockChange, append
from kasa.domain.inventory.unit import QuantityInvalid
from kasa.domain.inventory.valuation import cost_back
from kasa.domain.kernel.errors import Conflict, Invalid
from kasa.domain.kernel.ids import ReservationId


class ReturnNothing(Conflict):
    """There is nothing of this line that could come back."""

    code = "return.nothing"


class ReturnTooMuch(Invalid):
    """More would come back than was taken and is owed."""

    code = "return.too_much"


class Disposition(StrEnum):
    """Where returned goods go: back on the shelf, away, or they stay with the customer."""

    RESTOCK = "restock"
    SCRAP = "scrap"
    KEEP = "keep"


@attrs.frozen
class ReturnedLine:
    """How many base units of a reservation come back, and where they go."""

    reservation: ReservationId
    quantity: int
    disposition: Disposition


def return_goods(book: StockBook, lines: Sequence[ReturnedLine], act: Act) -> StockChange:
    """Give up what is held or owed first, then bring back what was taken, at its own cost.

    Goods that the customer keeps move nothing.
    """
    change = StockChange(book=book)
    for line in lines:
        row = change.book.reservation(line.reservation)
        _require_returnable(row, line.quantity)
        if line.disposition is Disposition.KEEP:
            continue
        if row.held:
            change = _give_up_held(change, row, line.quantity, act)
            continue
        owed = min(row.owed, line.quantity)
        if owed:
            change = _give_up_owed(change, row, owed, act)
        if line.quantity > owed:
            rest = attrs.evolve(line, quantity=line.quantity - owed)
            change = _bring_back(change, change.book.reservation(row.id), rest, act)
    return change


def _require_returnable(row: Reservation, quantity: int) -> None:
    most = row.quantity if row.held else row.kept + row.owed
    if not most:
        raise ReturnNothing
    if quantity < 1:
        raise QuantityInvalid
    if quantity > most:
        raise ReturnTooMuch(most=most)


def _give_up_held(change: StockChange, row: Reservation, quantity: int, act: Act) -> StockChange:
    row = row.next_part()
    step = Step(
        kind=MovementKind.RELEASE,
        key=row.part_key("release"),
        reserved=-quantity,
        source=row.source,
        reason=MovementReason.CREDITED,
    )
    change = append(change, row.place, step, act)
    return change.with_reservation(_smaller(row, quantity))


def _give_up_owed(change: StockChange, row: Reservation, quantity: int, act: Act) -> StockChange:
    row = row.next_part()
    step = Step(
        kind=MovementKind.FORGIVE,
        key=row.part_key("forgive"),
        owed=-quantity,
        source=row.source,
        reason=MovementReason.CREDITED,
    )
    change = append(change, row.place, step, act)
    return change.with_reservation(_smaller(row, quantity))


def _smaller(row: Reservation, quantity: int) -> Reservation:
    """Return a reservation that lost ``quantity`` of what it holds or owes."""
    left = row.quantity - quantity
    if not left:
        return attrs.evolve(
            row,
            state=ReservationState.RELEASED,
            reason=ReservationReason.CREDITED,
            owed=0,
            owed_at=None,
        )
    if row.held:
        return attrs.evolve(row, quantity=left)
    owed = row.owed - quantity
    return attrs.evolve(
        row,
        quantity=left,
        owed=owed,
        owed_at=row.owed_at if owed else None,
        state=ReservationState.OWED if owed else ReservationState.CONSUMED,
    )


def _bring_back(change: StockChange, row: Reservation, line: ReturnedLine, act: Act) -> StockChange:
    row = row.next_part()
    returned = row.returned + line.quantity
    cost = cost_back(row.cost, row.taken, returned, row.returned_cost)
    back = Step(
        kind=MovementKind.RETURN,
        key=row.part_key("return"),
        on_hand=line.quantity,
        value=cost,
        source=row.source,
    )
    change = append(change, row.place, back, act)
    if line.disposition is Disposition.SCRAP:
        away = Step(
            kind=MovementKind.SCRAP,
            key=row.part_key("scrap"),
            on_hand=-line.quantity,
            value=-cost,
            source=row.source,
            reason=MovementReason.DAMAGED,
        )
        change = append(change, row.place, away, act)
    kept = attrs.evolve(row, returned=returned, returned_cost=row.returned_cost + cost)
    return change.with_reservation(kept)
