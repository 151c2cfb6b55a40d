"""Goods that leave for a promise: paid, delivered, filled later, or given back unpaid."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

import attrs

from kasa.domain.inventory.holding import hold
from kasa.domain.inventory.level import Act, Place, StockBook, StockInsufficient, by_place
from kasa.domain.inventory.movement import MovementKind, MovementReason
from kasa.domain.inventory.reservation import (
    Reservation,
    ReservationReason,
    ReservationState,
    ReservationWrongState,
)
from kasa.domain.inventory.stock import Step, StockChange, append
from kasa.domain.inventory.valuation import cost_out
from kasa.domain.kernel.money import spread

FILLS_LIMIT = 200

HELD, CONSUMED = ReservationState.HELD, ReservationState.CONSUMED
RELEASED, OWED = ReservationState.RELEASED, ReservationState.OWED


@attrs.frozen
class Taking:
    """What one reservation takes from the goods now, and what it owes instead."""

    reservation: Reservation
    take: int
    owe: int = 0


def consume(book: StockBook, rows: Iterable[Reservation], act: Act) -> StockChange:
    """Take the goods of paid lines, and owe what is not there; a payment is never refused.

    Held lines go first. Asking again, in any order, changes nothing.
    """
    current = [book.reservation(row.id) for row in rows]
    ordered = sorted(current, key=lambda row: (row.state is not HELD, row.source.line or 0))
    takings = [
        taking for place, some in by_place(ordered).items() for taking in _plan(book, place, some)
    ]
    return _take(StockChange(book=book), takings, act, _take_paid)


def _plan(book: StockBook, place: Place, rows: Sequence[Reservation]) -> list[Taking]:
    level, takings = book.level(place), []
    on_hand, reserved = level.on_hand, level.reserved
    for row in rows:
        if row.state is HELD:
            wanted, there = row.quantity, on_hand
            reserved -= row.quantity
        elif row.payable:
            wanted, there = row.payable, on_hand if level.backorder else on_hand - reserved
        else:
            continue
        take = max(0, min(wanted, there))
        on_hand -= take
        takings.append(Taking(row, take, wanted - take))
    return takings


StepOf = Callable[[StockChange, Taking, int, Act], StockChange]


def _take(change: StockChange, takings: Sequence[Taking], act: Act, step_of: StepOf) -> StockChange:
    """Apply takings in order; what leaves a level is valued once and spread over its lines."""
    costs = _costs(change.book, takings)
    for index, taking in enumerate(takings):
        change = step_of(change, taking, costs[index], act)
    return change


def _costs(book: StockBook, takings: Sequence[Taking]) -> Mapping[int, int]:
    at_place: dict[Place, list[int]] = {}
    for index, taking in enumerate(takings):
        at_place.setdefault(taking.reservation.place, []).append(index)
    costs: dict[int, int] = {}
    for place, indexes in at_place.items():
        level, weights = book.level(place), [takings[index].take for index in indexes]
        total = cost_out(level.on_hand, level.value_minor, sum(weights))
        costs.update(zip(indexes, spread(total, weights), strict=True))
    return costs


def _take_paid(change: StockChange, taking: Taking, cost: int, act: Act) -> StockChange:
    row, held = taking.reservation, taking.reservation.held
    again = row.state is CONSUMED
    row = row.next_part() if again else row
    key = row.part_key if again else row.movement_key
    if taking.take:
        step = Step(
            kind=MovementKind.CONSUME,
            key=key("consume"),
            on_hand=-taking.take,
            reserved=-taking.take if held else 0,
            value=-cost,
            source=row.source,
        )
        change = append(change, row.place, step, act)
    if taking.owe:
        step = Step(
            kind=MovementKind.OWE,
            key=key("owe"),
            reserved=-taking.owe if held else 0,
            owed=taking.owe,
            source=row.source,
        )
        change = append(change, row.place, step, act)
    paid = attrs.evolve(
        row,
        state=OWED if taking.owe else CONSUMED,
        reason=row.reason if again else None,
        taken=row.taken + taking.take,
        owed=taking.owe,
        owed_at=change.book.level(row.place).moved_at if taking.owe else None,
        cost=row.cost + cost,
    )
    return change.with_reservation(paid)


def deliver(book: StockBook, rows: Iterable[Reservation], act: Act) -> StockChange:
    """Take the goods of lines that are handed over before payment.

    All must be there (``stock.insufficient``), and every line held or taken already
    (``reservation.wrong_state``).
    """
    current = [book.reservation(row.id) for row in rows]
    _require_deliverable(book, current)
    takings = [Taking(row, row.quantity) for row in current if row.held]
    change = _take(StockChange(book=book), takings, act, _take_paid)
    for row in current:
        handed = change.book.reservation(row.id)
        if handed.state is CONSUMED and handed.reason is not ReservationReason.DELIVERED:
            handed = attrs.evolve(handed, reason=ReservationReason.DELIVERED)
            change = change.with_reservation(handed)
    return change


def _require_deliverable(book: StockBook, rows: Sequence[Reservation]) -> None:
    missing = []
    for place, some in by_place(rows).items():
        level = book.level(place)
        wanted = sum(row.quantity for row in some if row.held)
        owed = sum(row.owed for row in some)
        if owed or wanted > level.on_hand:
            there = max(0, level.free)
            missing.append(book.shortage(place, wanted=wanted + owed, available=there))
    if missing:
        raise StockInsufficient(*missing)
    for row in rows:
        if row.state not in {HELD, CONSUMED} and row.reason is not ReservationReason.CREDITED:
            raise ReservationWrongState(state=row.state.value)


def unpay(
    book: StockBook,
    rows: Iterable[Reservation],
    act: Act,
    *,
    gone: bool,
    expires_at: datetime | None = None,
) -> StockChange:
    """Take back a payment: goods that were kept are promised anew, goods that are gone stay gone.

    What is owed is dropped either way. Kept goods come back at the cost they left with and are
    held until ``expires_at`` if they fit, small lines first.
    """
    change, paid = StockChange(book=book), []
    for row in rows:
        current = book.reservation(row.id)
        if current.state in {CONSUMED, OWED}:
            paid.append(current.id)
            change = _forgive(change, current, act)
    for each in paid:
        row = change.book.reservation(each)
        change = _given_up(change, row) if gone else _back(change, row, act)
    if gone:
        return change
    again = [change.book.reservation(each) for each in paid]
    for row in sorted(again, key=lambda row: row.quantity):
        if row.reason is ReservationReason.SHORT:
            change = hold(change, attrs.evolve(row, expires_at=expires_at), act)
    return change


def _forgive(change: StockChange, row: Reservation, act: Act) -> StockChange:
    if not row.owed:
        return change
    row = row.next_part()
    step = Step(
        kind=MovementKind.FORGIVE,
        key=row.part_key("forgive"),
        owed=-row.owed,
        source=row.source,
        reason=MovementReason.REVERSED,
    )
    change = append(change, row.place, step, act)
    return change.with_reservation(attrs.evolve(row, state=CONSUMED, owed=0, owed_at=None))


def _given_up(change: StockChange, row: Reservation) -> StockChange:
    if row.taken:
        return change
    short = attrs.evolve(
        row, state=RELEASED, reason=ReservationReason.SHORT, round=row.round + 1, part=0
    )
    return change.with_reservation(short)


def _back(change: StockChange, row: Reservation, act: Act) -> StockChange:
    if row.kept:
        step = Step(
            kind=MovementKind.REVERSE,
            key=row.movement_key("reverse"),
            on_hand=row.kept,
            value=row.cost - row.returned_cost,
            source=row.source,
            reason=MovementReason.REVERSED,
        )
        change = append(change, row.place, step, act)
    left = row.quantity - row.returned
    back = attrs.evolve(
        row,
        state=RELEASED,
        reason=ReservationReason.SHORT if left else ReservationReason.CREDITED,
        quantity=left or row.quantity,
        round=row.round + 1,
        part=0,
        taken=0,
        cost=0,
        returned=0,
        returned_cost=0,
    )
    return change.with_reservation(back)


def fill_owed(book: StockBook, act: Act, *, limit: int = FILLS_LIMIT) -> StockChange:
    """Give free goods to those who paid and wait, oldest first, in parts if need be.

    At most ``limit`` lines are filled; the sweep goes on with the rest.
    """
    takings: list[Taking] = []
    owing = [row for row in book.reservations.values() if row.owed]
    oldest = sorted(owing, key=lambda row: (row.owed_at or row.at, row.id))
    for place, rows in by_place(oldest).items():
        free = book.level(place).free
        for row in rows:
            if free <= 0 or len(takings) >= limit:
                break
            takings.append(Taking(row, min(free, row.owed)))
            free -= takings[-1].take
    return _take(StockChange(book=book), takings, act, _take_owed)


def _take_owed(change: StockChange, taking: Taking, cost: int, act: Act) -> StockChange:
    row = taking.reservation.next_part()
    step = Step(
        kind=MovementKind.CONSUME,
        key=row.part_key("consume"),
        on_hand=-taking.take,
        owed=-taking.take,
        value=-cost,
        source=row.source,
    )
    change = append(change, row.place, step, act)
    left = row.owed - taking.take
    filled = attrs.evolve(
        row,
        state=OWED if left else CONSUMED,
        taken=row.taken + taking.take,
        owed=left,
        owed_at=row.owed_at if left else None,
        cost=row.cost + cost,
    )
    return change.with_reservation(filled)
