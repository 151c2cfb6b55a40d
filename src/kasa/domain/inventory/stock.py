"""What was decided about stock, and the only way to a new level: append a movement."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import attrs

from kasa.domain.inventory.level import (
    Act,
    Level,
    Place,
    StockBook,
    StockInsufficient,
    StockUntracked,
)
from kasa.domain.inventory.movement import MovementKind, MovementReason, Source, StockMovement
from kasa.domain.inventory.product import LEVEL_LIMIT, ReorderLevel
from kasa.domain.inventory.reorder import LowStock, arms, fires
from kasa.domain.inventory.reservation import Reservation
from kasa.domain.inventory.unit import QUANTITY_LIMIT, QuantityInvalid
from kasa.domain.inventory.valuation import VALUE_LIMIT, CostInvalid
from kasa.domain.kernel.ids import MovementId, ReservationId


@attrs.frozen(kw_only=True)
class StockChange:
    """What was decided: movements in order, the last versions of levels and reservations, alerts.

    ``book`` is what is true when all of it is stored.
    """

    book: StockBook
    movements: tuple[StockMovement, ...] = ()
    levels: Mapping[Place, Level] = attrs.field(factory=dict)
    reservations: Mapping[ReservationId, Reservation] = attrs.field(factory=dict)
    alerts: tuple[LowStock, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.levels or self.reservations)

    def then(self, later: "StockChange") -> "StockChange":
        """Return this and a later change, which was decided over this one's book, as one."""
        return StockChange(
            book=later.book,
            movements=self.movements + later.movements,
            levels={**self.levels, **later.levels},
            reservations={**self.reservations, **later.reservations},
            alerts=self.alerts + later.alerts,
        )

    def was(self, place: Place) -> int:
        """Return the version that a changed level had before."""
        moved = sum(1 for row in self.movements if row.place == place)
        return self.levels[place].version - moved

    def with_level(self, level: Level) -> "StockChange":
        """Return it with another version of a level; figures change in ``append`` only."""
        book = attrs.evolve(self.book, levels={**self.book.levels, level.place: level})
        return attrs.evolve(self, book=book, levels={**self.levels, level.place: level})

    def with_reservation(self, reservation: Reservation) -> "StockChange":
        """Return it with another version of a reservation."""
        kept = {**self.reservations, reservation.id: reservation}
        return attrs.evolve(self, book=self.book.holding([reservation]), reservations=kept)


@attrs.frozen(kw_only=True)
class Step:
    """One movement to append; figures that it does not name do not move."""

    kind: MovementKind
    key: str
    on_hand: int = 0
    reserved: int = 0
    owed: int = 0
    value: int = 0
    source: Source | None = None
    reason: MovementReason | None = None
    note: str = ""
    reverses: MovementId | None = None
    cost_unknown: bool = False


def append(change: StockChange, place: Place, step: Step, act: Act) -> StockChange:
    """Append one movement to a level and return the change with it.

    Raises ``stock.untracked``, ``stock.quantity``, ``stock.cost``, and ``stock.insufficient`` as
    the last bound: nothing below zero, and without back orders no more reserved than is there.
    Time never runs backwards inside a level.
    """
    level = change.book.level(place)
    if not level.tracked:
        raise StockUntracked
    _require_bounds(change.book, level, step)
    at = act.at if level.moved_at is None else max(act.at, level.moved_at)
    moved = attrs.evolve(
        level,
        on_hand=level.on_hand + step.on_hand,
        reserved=level.reserved + step.reserved,
        owed=level.owed + step.owed,
        value_minor=level.value_minor + step.value,
        version=level.version + 1,
        moved_at=at,
    )
    change = attrs.evolve(change, movements=(*change.movements, _movement(moved, step, act, at)))
    return watched(change, moved, act)


def _require_bounds(book: StockBook, level: Level, step: Step) -> None:
    on_hand, reserved = level.on_hand + step.on_hand, level.reserved + step.reserved
    largest = max(abs(step.on_hand), abs(step.reserved), abs(step.owed))
    if largest > QUANTITY_LIMIT or max(on_hand, reserved, level.owed + step.owed) > LEVEL_LIMIT:
        raise QuantityInvalid(limit=QUANTITY_LIMIT)
    if level.value_minor + step.value >= VALUE_LIMIT:
        raise CostInvalid(limit=VALUE_LIMIT)
    if on_hand < 0 or (not level.backorder and reserved > on_hand):
        wanted = max(-step.on_hand, step.reserved)
        raise StockInsufficient(
            book.shortage(level.place, wanted=wanted, available=level.available)
        )


def _movement(moved: Level, step: Step, act: Act, at: datetime) -> StockMovement:
    return StockMovement(
        id=MovementId(act.new_id(step.key, at)),
        sku=moved.sku,
        location=moved.location,
        version=moved.version,
        kind=step.kind,
        d_on_hand=step.on_hand,
        d_reserved=step.reserved,
        d_owed=step.owed,
        d_value=step.value,
        on_hand_after=moved.on_hand,
        reserved_after=moved.reserved,
        owed_after=moved.owed,
        value_after=moved.value_minor,
        source=step.source or act.source,
        key=step.key,
        at=at,
        effective_on=act.day,
        reason=step.reason,
        note=step.note,
        reverses=step.reverses,
        by=act.by,
        cost_unknown=step.cost_unknown,
    )


def watched(change: StockChange, level: Level, act: Act) -> StockChange:
    """Return the change with a level whose alert edge was looked at, and its alert if it fires.

    A level that is not counted, or has no mark, never fires.
    """
    if level.counted(act.since) and level.low_at is not None:
        if fires(level.available, level.low_at, armed=level.low_armed):
            level = attrs.evolve(level, low_armed=False, alert_no=level.alert_no + 1)
            alert = LowStock(
                sku=level.sku,
                location=level.location,
                available=level.available,
                low_at=level.low_at or 0,
                alert_no=level.alert_no,
            )
            change = attrs.evolve(change, alerts=(*change.alerts, alert))
        elif arms(level.available, level.rearm_at):
            level = attrs.evolve(level, low_armed=True)
    return change.with_level(level)


def counted(change: StockChange, place: Place, at: datetime) -> StockChange:
    """Return the change with a level marked as counted at a moment, never earlier than before."""
    level = change.book.level(place)
    latest = at if level.counted_at is None else max(at, level.counted_at)
    return change.with_level(attrs.evolve(level, counted_at=latest))


def retuned(
    change: StockChange, place: Place, reorder: ReorderLevel | None, act: Act
) -> StockChange:
    """Return the change with another low mark: armed, looked at once, fired at most once.

    A level that never moved does not fire.
    """
    level = attrs.evolve(
        change.book.level(place),
        low_at=None if reorder is None else reorder.low_at,
        rearm_at=None if reorder is None else reorder.rearm_at,
        low_armed=True,
    )
    return watched(change, level, act) if level.version else change.with_level(level)


@attrs.frozen(kw_only=True)
class StockDone:
    """The answer to an act by hand: its id, what moved, and the levels that it touched."""

    id: UUID
    movements: tuple[StockMovement, ...] = ()
    levels: tuple[Level, ...] = ()
    reservations: tuple[Reservation, ...] = ()

    @classmethod
    def of(cls, change: StockChange, act: UUID) -> "StockDone":
        """Return what a change did, as the answer to an act."""
        return cls(
            id=act,
            movements=change.movements,
            levels=tuple(change.levels.values()),
            reservations=tuple(change.reservations.values()),
        )
