"""Goods that leave for a promise: every movement and every field of the promise, exactly."""

from typing import Any

import attrs
import pytest

from kasa.domain.inventory.giving import consume, deliver
from kasa.domain.inventory.level import Shortage, StockInsufficient
from kasa.domain.inventory.movement import Source
from kasa.domain.inventory.reservation import (
    ReservationReason,
    ReservationState,
    ReservationWrongState,
)
from kasa.domain.inventory.stock import StockChange
from tests.unit.inventory.steps import owing, took
from tests.unit.inventory.values import (
    ACT,
    ELSEWHERE,
    LATER,
    NOW,
    book,
    changed,
    level,
    promised,
)

CONSUMED, OWED = ReservationState.CONSUMED, ReservationState.OWED
RELEASED = ReservationState.RELEASED
SHORT, CREDITED = ReservationReason.SHORT, ReservationReason.CREDITED
DELIVERED = ReservationReason.DELIVERED


def test_paid_goods_that_were_held_leave_with_their_promise() -> None:
    """A held line takes its goods and its share of the value out of both figures."""
    row = promised(1)
    before = book(level(on_hand=10, reserved=4, value_minor=100), rows=(row,))
    paid = attrs.evolve(row, state=CONSUMED, taken=4, cost=40)
    wanted = changed(before, took(row, "1:consume", 4, 40, reserved=-4), rows=(paid,))
    assert wanted == consume(before, [row], ACT)


def test_what_is_not_there_is_owed_since_the_level_last_moved() -> None:
    """A back ordered line takes what there is and owes the rest; time never runs backwards."""
    row = promised(1)
    figures = level(on_hand=3, reserved=4, value_minor=10, backorder=True, moved_at=LATER)
    before = book(figures, rows=(row,))
    paid = attrs.evolve(row, state=OWED, taken=3, owed=1, owed_at=LATER, cost=10)
    wanted = changed(
        before,
        took(row, "1:consume", 3, 10, reserved=-3),
        owing(row, "1:owe", 1, reserved=-1),
        rows=(paid,),
    )
    assert wanted == consume(before, [row], ACT)


def test_a_payment_without_any_goods_only_owes() -> None:
    """Nothing leaves an empty level, and no cost is asked of it."""
    row = promised(1, state=RELEASED, reason=SHORT)
    before = book(level(), rows=(row,))
    paid = attrs.evolve(row, state=OWED, reason=None, owed=4, owed_at=NOW)
    wanted = changed(before, owing(row, "1:owe", 4), rows=(paid,))
    assert wanted == consume(before, [row], ACT)


@pytest.mark.parametrize(
    ("backorder", "take", "costs"), [(False, 2, (40, 50, 20)), (True, 4, (40, 50, 40))]
)
def test_held_lines_go_first_then_the_others_by_line(
    *, backorder: bool, take: int, costs: tuple[int, int, int]
) -> None:
    """A line without a promise takes what nobody else holds, with back orders all that is left."""
    short = promised(1, state=RELEASED, reason=SHORT)
    second, third, other = promised(2), promised(3, 5), promised(9, 2)
    figures = level(on_hand=13, reserved=11, value_minor=130, backorder=backorder)
    before = book(figures, rows=(short, third, second, other))
    left = 4 - take
    wanted = changed(
        before,
        took(second, "1:consume", 4, costs[0], reserved=-4),
        took(third, "1:consume", 5, costs[1], reserved=-5),
        took(short, "1:consume", take, costs[2]),
        *([owing(short, "1:owe", left)] if left else []),
        rows=(
            attrs.evolve(second, state=CONSUMED, taken=4, cost=costs[0]),
            attrs.evolve(third, state=CONSUMED, taken=5, cost=costs[1]),
            attrs.evolve(
                short,
                state=OWED if left else CONSUMED,
                reason=None,
                taken=take,
                owed=left,
                owed_at=NOW if left else None,
                cost=costs[2],
            ),
        ),
    )
    got = consume(before, [short, third, second], ACT)
    assert wanted == got
    assert [row.key for row in wanted.movements] == [row.key for row in got.movements]


def test_a_line_paid_again_takes_what_is_missing_as_a_next_part() -> None:
    """What was taken stays, with its cost and its reason; the acts carry the part."""
    row = promised(1, state=CONSUMED, reason=DELIVERED, taken=1, cost=7, part=2)
    before = book(level(on_hand=2, value_minor=9), rows=(row,))
    paid = attrs.evolve(row, state=OWED, taken=3, owed=1, owed_at=NOW, cost=16, part=3)
    steps = (took(row, "1:consume:3", 2, 9), owing(row, "1:owe:3", 1))
    assert changed(before, *steps, rows=(paid,)) == consume(before, [row], ACT)
    enough = book(level(on_hand=6, value_minor=60), rows=(row,))
    full = attrs.evolve(row, taken=4, cost=37, part=3)
    wanted = changed(enough, took(row, "1:consume:3", 3, 30), rows=(full,))
    assert wanted == consume(enough, [row], ACT)


@pytest.mark.parametrize(
    "done",
    [
        {"state": CONSUMED, "taken": 4},
        {"state": OWED, "taken": 1, "owed": 3},
        {"state": RELEASED, "reason": CREDITED},
    ],
)
def test_paid_and_credited_lines_take_nothing_more(done: dict[str, Any]) -> None:
    """They are passed over, and a held line after them is still taken."""
    row, held = promised(1, **done), promised(2, 1)
    before = book(level(on_hand=9, reserved=1, owed=3), rows=(row,))
    assert StockChange(book=before) == consume(before, [row], ACT)
    both = before.holding([held])
    paid = attrs.evolve(held, state=CONSUMED, taken=1)
    wanted = changed(both, took(held, "1:consume", 1, 0, reserved=-1), rows=(paid,))
    assert wanted == consume(both, [row, held], ACT)
    other = attrs.evolve(held, state=RELEASED, reason=SHORT, source=promised(3).source)
    free = book(level(on_hand=9), rows=(row, other))
    wanted = changed(
        free,
        took(other, "1:consume", 1, 0),
        rows=(attrs.evolve(other, state=CONSUMED, reason=None, taken=1),),
    )
    assert wanted == consume(free, [row, other], ACT)


def test_a_promise_without_a_line_goes_before_the_first_line() -> None:
    """It has no number to wait for; where goods are few, the first line is the one that owes."""
    line, whole = promised(1), promised(2)
    whole = attrs.evolve(whole, source=Source("invoice", whole.source.id))
    before = book(level(on_hand=4, reserved=8, backorder=True), rows=(line, whole))
    change = consume(before, [line, whole], ACT)
    assert [OWED, CONSUMED] == [change.reservations[row.id].state for row in (line, whole)]


def test_each_level_is_valued_by_itself() -> None:
    """What leaves a level takes that level's value, spread over its own lines."""
    one, two, three = promised(1), promised(2, 2, place=ELSEWHERE), promised(3, 3)
    before = book(
        level(on_hand=7, reserved=7, value_minor=10),
        level(ELSEWHERE, on_hand=4, reserved=2, value_minor=15),
        rows=(one, two, three),
    )
    wanted = changed(
        before,
        took(one, "1:consume", 4, 6, reserved=-4),
        took(three, "1:consume", 3, 4, reserved=-3),
        (ELSEWHERE, took(two, "1:consume", 2, 8, reserved=-2)),
        rows=(
            attrs.evolve(one, state=CONSUMED, taken=4, cost=6),
            attrs.evolve(three, state=CONSUMED, taken=3, cost=4),
            attrs.evolve(two, state=CONSUMED, taken=2, cost=8),
        ),
    )
    assert wanted == consume(before, [one, two, three], ACT)


def test_delivered_goods_leave_before_they_are_paid() -> None:
    """Held lines are taken and marked; taken ones are only marked, once."""
    held, paid = promised(1), promised(2, state=CONSUMED, taken=4)
    marked = promised(3, state=CONSUMED, taken=4, reason=DELIVERED)
    credited = promised(4, state=RELEASED, reason=CREDITED)
    before = book(level(on_hand=4, reserved=4, value_minor=40), rows=(held, paid, marked, credited))
    wanted = changed(
        before,
        took(held, "1:consume", 4, 40, reserved=-4),
        rows=(
            attrs.evolve(held, state=CONSUMED, taken=4, cost=40, reason=DELIVERED),
            attrs.evolve(paid, reason=DELIVERED),
        ),
    )
    assert wanted == deliver(before, [held, paid, marked, credited], ACT)


def test_all_goods_of_a_delivery_must_be_there() -> None:
    """Every SKU that lacks goods is named, with what is owed and what could be had."""
    tea, more = promised(1), promised(2, 3)
    rice = promised(3, 2000, place=ELSEWHERE)
    debt = promised(4, 1500, place=ELSEWHERE, state=OWED, taken=500, owed=1000)
    before = book(
        level(on_hand=6, reserved=7, backorder=True),
        level(ELSEWHERE, on_hand=2500, reserved=2000, owed=1000),
        rows=(tea, more, rice, debt),
    )
    with pytest.raises(StockInsufficient) as refused:
        deliver(before, [tea, more, rice, debt], ACT)
    assert (
        Shortage(code="TEA", wanted=7, available=6, unit="C62"),
        Shortage(code="RICE", wanted=3000, available=500, unit="KGM", scale=3),
    ) == refused.value.shortages
    assert (
        "TEA: 7 C62 wanted, 6 available",
        "RICE: 3 KGM wanted, 0.5 available",
    ) == refused.value.facts["missing"]


def test_no_less_than_nothing_is_there_to_deliver() -> None:
    """Where more is reserved than is there, 0 is available to one who is owed."""
    debt = promised(1, state=OWED, taken=3, owed=1)
    before = book(level(on_hand=1, reserved=2, owed=1), rows=(debt,))
    with pytest.raises(StockInsufficient) as refused:
        deliver(before, [debt], ACT)
    assert (Shortage(code="TEA", wanted=1, available=0, unit="C62"),) == refused.value.shortages


def test_a_line_without_a_promise_is_not_delivered() -> None:
    """It must be held or taken; the refusal names its state."""
    short = promised(1, state=RELEASED, reason=SHORT)
    before = book(level(on_hand=9), rows=(short,))
    with pytest.raises(ReservationWrongState) as refused:
        deliver(before, [short], ACT)
    assert ("reservation.wrong_state", {"state": "released"}) == (
        refused.value.code,
        refused.value.facts,
    )
