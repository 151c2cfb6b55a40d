"""Goods that come back: what is given up first, what comes back, and at which cost."""

from typing import Any

import attrs
import pytest

from kasa.domain.inventory.movement import MovementKind, MovementReason
from kasa.domain.inventory.reservation import Reservation, ReservationReason, ReservationState
from kasa.domain.inventory.returning import (
    Disposition,
    ReturnedLine,
    ReturnNothing,
    ReturnTooMuch,
    return_goods,
)
from kasa.domain.inventory.stock import Step, StockChange
from kasa.domain.inventory.unit import QuantityInvalid
from tests.unit.inventory.values import ACT, NOW, book, changed, key, level, promised

CONSUMED, OWED = ReservationState.CONSUMED, ReservationState.OWED
RELEASED, CREDITED = ReservationState.RELEASED, ReservationReason.CREDITED
RESTOCK, SCRAP, KEEP = Disposition.RESTOCK, Disposition.SCRAP, Disposition.KEEP


def line(row: Reservation, quantity: int, disposition: Disposition = RESTOCK) -> ReturnedLine:
    """Return what comes back of a row."""
    return ReturnedLine(row.id, quantity, disposition)


def freed(row: Reservation, act: str, quantity: int) -> Step:
    """Return the step that gives up held goods for a credit."""
    return Step(
        kind=MovementKind.RELEASE,
        key=key(row, act),
        reserved=-quantity,
        source=row.source,
        reason=MovementReason.CREDITED,
    )


def dropped(row: Reservation, act: str, quantity: int) -> Step:
    """Return the step that gives up owed goods for a credit."""
    return Step(
        kind=MovementKind.FORGIVE,
        key=key(row, act),
        owed=-quantity,
        source=row.source,
        reason=MovementReason.CREDITED,
    )


def brought(row: Reservation, act: str, quantity: int, cost: int) -> Step:
    """Return the step that puts returned goods on the shelf."""
    return Step(
        kind=MovementKind.RETURN, key=key(row, act), on_hand=quantity, value=cost, source=row.source
    )


@pytest.mark.parametrize(
    ("changes", "most"),
    [
        ({}, 4),
        ({"state": CONSUMED, "taken": 4}, 4),
        ({"state": CONSUMED, "taken": 4, "returned": 1}, 3),
        ({"state": OWED, "taken": 2, "returned": 1, "owed": 2}, 3),
    ],
)
def test_no_more_comes_back_than_is_out(changes: dict[str, Any], most: int) -> None:
    """Held, kept by the customer, or owed: one more is refused, and so is nothing."""
    row = promised(1, **changes)
    before = book(level(on_hand=4, reserved=4, owed=2), rows=(row,))
    assert return_goods(before, [line(row, most)], ACT)
    with pytest.raises(ReturnTooMuch) as refused:
        return_goods(before, [line(row, most + 1)], ACT)
    assert {"most": most} == refused.value.facts
    assert return_goods(before, [line(row, 1)], ACT)
    with pytest.raises(QuantityInvalid):
        return_goods(before, [line(row, 0)], ACT)


@pytest.mark.parametrize(
    "changes",
    [
        {"state": RELEASED, "reason": CREDITED},
        {"state": CONSUMED, "taken": 4, "returned": 4},
        {"state": CONSUMED},
    ],
)
def test_of_nothing_nothing_comes_back(changes: dict[str, Any]) -> None:
    """Released lines and those that are back have nothing to return, whatever is asked."""
    row = promised(1, **changes)
    for quantity in (0, 1, 9):
        with pytest.raises(ReturnNothing):
            return_goods(book(level(), rows=(row,)), [line(row, quantity)], ACT)


def test_goods_that_the_customer_keeps_move_nothing() -> None:
    """A kept line is passed over, and the lines after it are still done."""
    one, two = promised(1, state=CONSUMED, taken=4), promised(2)
    before = book(level(on_hand=4, reserved=4), rows=(one, two))
    assert StockChange(book=before) == return_goods(before, [line(one, 4, KEEP)], ACT)
    wanted = changed(before, freed(two, "1:release:1", 1), rows=(promised(2, 3, part=1),))
    assert wanted == return_goods(before, [line(one, 1, KEEP), line(two, 1)], ACT)


def test_held_goods_are_given_up_in_parts() -> None:
    """A promise shrinks by what is credited; the whole of it is released."""
    one, two = promised(1, part=2), promised(2, 3)
    before = book(level(on_hand=9, reserved=7), rows=(one, two))
    wanted = changed(
        before,
        freed(one, "1:release:3", 1),
        freed(two, "1:release:1", 3),
        freed(one, "1:release:4", 2),
        rows=(
            promised(1, 1, part=4),
            promised(2, 3, state=RELEASED, reason=CREDITED, part=1),
        ),
    )
    lines = [line(one, 1), line(two, 3, SCRAP), line(one, 2)]
    assert wanted == return_goods(before, lines, ACT)


def test_owed_goods_are_given_up_before_any_come_back() -> None:
    """A debt shrinks first; when it is gone the rest of the line counts as taken."""
    row = promised(1, state=OWED, taken=1, owed=3, owed_at=NOW, cost=10)
    before = book(level(owed=3), rows=(row,))
    some = attrs.evolve(row, quantity=2, owed=1, part=1)
    wanted = changed(before, dropped(row, "1:forgive:1", 2), rows=(some,))
    assert wanted == return_goods(before, [line(row, 2)], ACT)
    none = attrs.evolve(row, quantity=1, owed=0, owed_at=None, state=CONSUMED, part=1)
    wanted = changed(before, dropped(row, "1:forgive:1", 3), rows=(none,))
    assert wanted == return_goods(before, [line(row, 3)], ACT)
    full = attrs.evolve(none, part=2, returned=1, returned_cost=10)
    steps = (dropped(row, "1:forgive:1", 3), brought(row, "1:return:2", 1, 10))
    assert changed(before, *steps, rows=(full,)) == return_goods(before, [line(row, 4)], ACT)


def test_a_line_of_which_nothing_was_taken_ends_as_credited() -> None:
    """Given up whole, it owes nothing and waits for nothing."""
    row = promised(1, state=OWED, owed=4, owed_at=NOW)
    before = book(level(owed=4), rows=(row,))
    over = promised(1, state=RELEASED, reason=CREDITED, part=1)
    wanted = changed(before, dropped(row, "1:forgive:1", 4), rows=(over,))
    assert wanted == return_goods(before, [line(row, 4)], ACT)


def test_goods_come_back_at_their_own_cost() -> None:
    """Parts sum to what the goods cost when they left, whatever the level's average is now."""
    row = promised(1, state=CONSUMED, taken=3, cost=100, returned=1, returned_cost=33, part=1)
    before = book(level(on_hand=5, value_minor=1), rows=(row,))
    two = attrs.evolve(row, returned=2, returned_cost=67, part=2)
    three = attrs.evolve(row, returned=3, returned_cost=100, part=3)
    steps = (brought(row, "1:return:2", 1, 34), brought(row, "1:return:3", 1, 33))
    assert changed(before, steps[0], rows=(two,)) == return_goods(before, [line(row, 1)], ACT)
    assert changed(before, *steps, rows=(three,)) == return_goods(before, [line(row, 1)] * 2, ACT)


def test_broken_goods_come_back_and_leave_at_once() -> None:
    """Both movements stand in the ledger with the same part and the same cost."""
    row = promised(1, state=CONSUMED, taken=4, cost=40)
    before = book(level(on_hand=1, value_minor=2), rows=(row,))
    away = Step(
        kind=MovementKind.SCRAP,
        key=key(row, "1:scrap:1"),
        on_hand=-2,
        value=-20,
        source=row.source,
        reason=MovementReason.DAMAGED,
    )
    after = attrs.evolve(row, returned=2, returned_cost=20, part=1)
    wanted = changed(before, brought(row, "1:return:1", 2, 20), away, rows=(after,))
    assert wanted == return_goods(before, [line(row, 2, SCRAP)], ACT)
