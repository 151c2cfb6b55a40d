"""The steps that acts on one promise append, each with its own key."""

from kasa.domain.inventory.movement import MovementKind, MovementReason
from kasa.domain.inventory.reservation import Reservation
from kasa.domain.inventory.stock import Step
from tests.unit.inventory.values import key


def took(
    row: Reservation, act: str, take: int, cost: int, *, reserved: int = 0, owed: int = 0
) -> Step:
    """Return the step that takes goods for a row."""
    return Step(
        kind=MovementKind.CONSUME,
        key=key(row, act),
        on_hand=-take,
        value=-cost,
        source=row.source,
        reserved=reserved,
        owed=owed,
    )


def owing(row: Reservation, act: str, owed: int, reserved: int = 0) -> Step:
    """Return the step that owes a row its goods."""
    return Step(
        kind=MovementKind.OWE,
        key=key(row, act),
        owed=owed,
        reserved=reserved,
        source=row.source,
    )


def forgiven(row: Reservation, act: str, owed: int) -> Step:
    """Return the step that drops what is owed for a reversed payment."""
    return Step(
        kind=MovementKind.FORGIVE,
        key=key(row, act),
        owed=-owed,
        source=row.source,
        reason=MovementReason.REVERSED,
    )


def back(row: Reservation, act: str, on_hand: int, value: int) -> Step:
    """Return the step that puts kept goods back for a reversed payment."""
    return Step(
        kind=MovementKind.REVERSE,
        key=key(row, act),
        on_hand=on_hand,
        value=value,
        source=row.source,
        reason=MovementReason.REVERSED,
    )


def kept(row: Reservation, act: str, quantity: int) -> Step:
    """Return the step that reserves goods for a row."""
    return Step(kind=MovementKind.RESERVE, key=key(row, act), reserved=quantity, source=row.source)


def freed(row: Reservation, reason: MovementReason) -> Step:
    """Return the step that gives up a row."""
    return Step(
        kind=MovementKind.RELEASE,
        key=key(row, "1:release"),
        reserved=-row.quantity,
        source=row.source,
        reason=reason,
    )
