"""Goods that are stated at the start or come in: every figure, exactly."""

from datetime import timedelta
from typing import Any

import pytest

from kasa.domain.inventory.goods import (
    AlreadyOpen,
    Incoming,
    OnReserved,
    open_balance,
    receive,
)
from kasa.domain.inventory.level import (
    Level,
    StockUncounted,
    StockUntracked,
)
from kasa.domain.inventory.movement import MovementKind
from kasa.domain.inventory.reservation import ReservationState
from kasa.domain.inventory.stock import Step, StockChange, counted
from kasa.domain.inventory.unit import QuantityInvalid
from kasa.domain.inventory.valuation import CostInvalid
from tests.unit.inventory.values import (
    ACT,
    NOW,
    PLACE,
    book,
    changed,
    level,
)

TICK = timedelta(microseconds=1)
NEWEST, RELEASED = OnReserved.NEWEST, ReservationState.RELEASED
OPEN, RECEIVE, COUNT = MovementKind.OPEN, MovementKind.RECEIVE, MovementKind.COUNT
ADJUST, SCRAP = MovementKind.ADJUST, MovementKind.SCRAP


def goods(quantity: int = 3, **words: Any) -> Incoming:
    """Return a line of incoming goods."""
    return Incoming(**{"place": PLACE, "quantity": quantity, "key": "in:1", **words})


def entered(kind: MovementKind, on_hand: int, value: int = 0, **words: Any) -> Step:
    """Return the step that takes goods in or corrects them."""
    return Step(**{"kind": kind, "key": "in:1", "on_hand": on_hand, "value": value, **words})


def fresh(**figures: Any) -> Level:
    """Return a level that was never counted."""
    return level(counted_at=None, **figures)


def from_(figures: Level, *steps: Step) -> StockChange:
    """Return the change that counts an uncounted level and then appends these steps."""
    change = counted(StockChange(book=book(figures)), figures.place, NOW)
    later = changed(change.book, *steps)
    return change.then(later)


def test_an_opening_states_goods_and_cost() -> None:
    """The level is counted from now on; without a cost the goods are worth nothing yet."""
    wanted = from_(fresh(), entered(OPEN, 3, 50, note="from the shelf"))
    got = open_balance(book(fresh()), [goods(cost=50, note="from the shelf")], ACT)
    assert (wanted, NOW) == (got, got.levels[PLACE].counted_at)
    silent = from_(fresh(), entered(OPEN, 3, cost_unknown=True))
    assert silent == open_balance(book(fresh()), [goods()], ACT)
    free = from_(fresh(), entered(OPEN, 3, 0))
    assert free == open_balance(book(fresh()), [goods(cost=0)], ACT)
    for cost in (None, 0):
        assert from_(fresh()) == open_balance(book(fresh()), [goods(0, cost=cost)], ACT)


@pytest.mark.parametrize(
    ("figures", "line", "error"),
    [
        (fresh(tracked=False), goods(), StockUntracked),
        (fresh(version=1), goods(), AlreadyOpen),
        (level(), goods(), AlreadyOpen),
        (fresh(), goods(-1), QuantityInvalid),
        (fresh(), goods(0, cost=1), CostInvalid),
        (fresh(), goods(cost=-1), CostInvalid),
    ],
)
def test_an_opening_is_given_once_and_makes_sense(
    figures: Level, line: Incoming, error: type[Exception]
) -> None:
    """Untracked goods, moved or counted levels, and odd figures are refused."""
    with pytest.raises(error):
        open_balance(book(figures), [line], ACT)


def test_a_second_opening_names_the_product() -> None:
    """In the same work too."""
    with pytest.raises(AlreadyOpen) as refused:
        open_balance(book(fresh()), [goods(), goods()], ACT)
    assert {"code": "TEA"} == refused.value.facts


def test_goods_come_in_at_their_stated_cost_or_the_average() -> None:
    """An average needs goods; without any the cost is unknown."""
    some = book(level(on_hand=3, value_minor=100))
    for line, step in (
        (goods(2, cost=9, note="n"), entered(RECEIVE, 2, 9, note="n")),
        (goods(2, cost=0), entered(RECEIVE, 2, 0)),
        (goods(2), entered(RECEIVE, 2, 67)),
        (goods(1, already_there=9), entered(RECEIVE, 1, 33)),
    ):
        assert changed(some, step) == receive(some, [line], ACT)
    none = book(level())
    unknown = changed(none, entered(RECEIVE, 1, cost_unknown=True))
    assert unknown == receive(none, [goods(1)], ACT)
    known = changed(none, entered(RECEIVE, 1, 5))
    assert known == receive(none, [goods(1, cost=5)], ACT)


@pytest.mark.parametrize(
    ("figures", "line", "error"),
    [
        (level(), goods(0), QuantityInvalid),
        (level(), goods(cost=-1), CostInvalid),
        (fresh(), goods(), StockUncounted),
        (fresh(), goods(already_there=-1), QuantityInvalid),
        (fresh(version=2), goods(already_there=-1), QuantityInvalid),
        (fresh(tracked=False), goods(), StockUntracked),
        (fresh(tracked=False), goods(already_there=1), StockUntracked),
    ],
)
def test_goods_are_refused_where_they_cannot_be_counted(
    figures: Level, line: Incoming, error: type[Exception]
) -> None:
    """Nothing, a negative cost, and levels that are not counted."""
    with pytest.raises(error):
        receive(book(figures), [line], ACT)


def test_what_is_already_there_is_opened_first() -> None:
    """Its cost is not known and never the cost of the new goods; 0 opens without a movement."""
    line = goods(2, cost=9, already_there=3, note="n")
    steps = (
        entered(OPEN, 3, key="in:1:open", note="n", cost_unknown=True),
        entered(RECEIVE, 2, 9, note="n"),
    )
    assert from_(fresh(), *steps) == receive(book(fresh()), [line], ACT)
    none = from_(fresh(), entered(RECEIVE, 2, 9))
    assert none == receive(book(fresh()), [goods(2, cost=9, already_there=0)], ACT)


@pytest.mark.parametrize(
    ("there", "steps"),
    [
        (7, [entered(COUNT, 2, 4, key="in:1:open")]),
        (5, []),
        (4, [entered(COUNT, -1, -2, key="in:1:open")]),
    ],
)
def test_what_is_there_of_a_moved_level_is_counted(there: int, steps: list[Step]) -> None:
    """The difference to the level is a count at the average; no difference is none."""
    figures = fresh(on_hand=5, value_minor=10, version=4)
    wanted = from_(figures, *steps, entered(RECEIVE, 1, 0))
    assert wanted == receive(book(figures), [goods(1, cost=0, already_there=there)], ACT)
