"""Counting what is really there: its limits, its preview, and what a commit moves."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import attrs
import pytest

from kasa.domain.inventory.goods import OnReserved, StockReserved
from kasa.domain.inventory.level import StockUntracked
from kasa.domain.inventory.movement import MovementKind, MovementReason
from kasa.domain.inventory.product import LEVEL_LIMIT
from kasa.domain.inventory.reservation import ReservationReason, ReservationState
from kasa.domain.inventory.stock import Step, StockChange, counted
from kasa.domain.inventory.stocktake import (
    COUNT_LINES_LIMIT,
    CountClosed,
    CountImpossible,
    CountLine,
    CountState,
    CountTooManyLines,
    Difference,
    StockCount,
    commit,
    differences,
)
from kasa.domain.inventory.unit import QuantityInvalid
from kasa.domain.kernel.ids import CountId, SkuId
from tests.unit.inventory.steps import freed
from tests.unit.inventory.values import (
    ACT,
    ELSEWHERE,
    LATER,
    NOW,
    PLACE,
    SKU,
    book,
    changed,
    level,
    promised,
)

TICK, WEEK = timedelta(microseconds=1), timedelta(days=7)
COUNT = StockCount(
    id=CountId(UUID(int=8)), location=PLACE[1], opened_at=NOW, changed_at=NOW, version=3
)


def line(found: int, seen: int, sku: SkuId = SKU, *, at: datetime = NOW) -> CountLine:
    """Return a line: what was found, and what the level said then."""
    return CountLine(sku=sku, counted=found, counted_at=at, seen_version=1, seen_on_hand=seen)


def counting(*lines: CountLine, **changes: Any) -> StockCount:
    """Return an open count with lines."""
    return attrs.evolve(COUNT, lines={row.sku: row for row in lines}, **changes)


def step(on_hand: int, value: int, sku: SkuId = SKU, **words: Any) -> Step:
    """Return the step that corrects a counted level."""
    key = f"count:{COUNT.id}:{sku}"
    return Step(kind=MovementKind.COUNT, key=key, on_hand=on_hand, value=value, **words)


def test_what_was_found_is_a_quantity() -> None:
    """From nothing to 10^15; the refusal names the limit."""
    assert [-7, LEVEL_LIMIT] == [line(0, 7).difference, line(LEVEL_LIMIT, 0).difference]
    for wrong in (-1, LEVEL_LIMIT + 1):
        with pytest.raises(QuantityInvalid) as refused:
            line(wrong, 0)
        assert {"limit": 10**15} == refused.value.facts


def test_a_line_replaces_the_earlier_one_of_its_product() -> None:
    """Entering keeps the order of first entry, the moment and a new version."""
    before = counting(line(1, 1), line(2, 2, ELSEWHERE[0]))
    after = before.entered([line(5, 1)], at=LATER)
    wanted = attrs.evolve(
        COUNT,
        lines={SKU: line(5, 1), ELSEWHERE[0]: line(2, 2, ELSEWHERE[0])},
        changed_at=LATER,
        version=4,
    )
    assert (wanted, list(wanted.lines)) == (after, list(after.lines))


def test_a_count_tells_its_limit_and_its_state() -> None:
    """Too many lines, and a closed or a stale count, say so with the fact."""
    many = [line(1, 1, SkuId(UUID(int=no))) for no in range(COUNT_LINES_LIMIT + 1)]
    with pytest.raises(CountTooManyLines) as crowded:
        COUNT.entered(many, at=NOW)
    assert {"limit": 5000} == crowded.value.facts
    for state in CountState:
        with pytest.raises(CountClosed) as closed:
            attrs.evolve(COUNT, state=state).entered([line(1, 1)], at=NOW + WEEK)
        assert {"state": state.value} == closed.value.facts


def test_closing_is_the_last_change() -> None:
    """An open count is committed or dropped in time; a stale one is only dropped."""
    for state in (CountState.COMMITTED, CountState.CANCELLED):
        wanted = attrs.evolve(COUNT, state=state, changed_at=LATER, version=4)
        assert wanted == COUNT.closed(state, at=LATER)
        for again in (CountState.COMMITTED, CountState.CANCELLED):
            with pytest.raises(CountClosed) as refused:
                wanted.closed(again, at=LATER)
            assert {"state": state.value} == refused.value.facts
    over = COUNT.closed(CountState.CANCELLED, at=NOW + WEEK)
    assert NOW + WEEK == over.changed_at
    last = COUNT.closed(CountState.COMMITTED, at=NOW + WEEK - TICK)
    assert CountState.COMMITTED is last.state
    with pytest.raises(CountClosed):
        COUNT.closed(CountState.COMMITTED, at=NOW + WEEK)


@pytest.mark.parametrize(
    ("found", "seen", "units", "value"),
    [(7, 6, 1, 33), (6, 6, 0, 0), (5, 6, -1, -33), (3, 6, -3, -100), (1, 6, -5, -100)],
)
def test_a_preview_values_each_difference(found: int, seen: int, units: int, value: int) -> None:
    """At the average of now, and never more than what is still there."""
    before = book(level(on_hand=3, value_minor=100), level(ELSEWHERE, on_hand=2, value_minor=3))
    rice = line(3, 2, ELSEWHERE[0])
    wanted = (
        Difference(sku=ELSEWHERE[0], counted=3, expected=2, units=1, value=2),
        Difference(sku=SKU, counted=found, expected=seen, units=units, value=value),
    )
    assert wanted == differences(counting(rice, line(found, seen)), before)


def test_goods_found_on_an_empty_level_are_worth_nothing_yet() -> None:
    """There is no average to value them with; what never was cannot be lost."""
    for found, seen, units in ((3, 0, 3), (0, 2, -2)):
        wanted = Difference(sku=SKU, counted=found, expected=seen, units=units, value=0)
        assert (wanted,) == differences(counting(line(found, seen)), book(level()))


def test_a_commit_moves_each_counted_level_by_its_difference() -> None:
    """What moved since stays moved, and the level counts as counted at the line's own moment."""
    rice, tea = line(3, 2, ELSEWHERE[0], at=LATER), line(5, 6, at=NOW + TICK)
    before = book(
        level(on_hand=4, value_minor=40, counted_at=None),
        level(ELSEWHERE, on_hand=2, value_minor=3),
    )
    marked = counted(StockChange(book=before), PLACE, NOW + TICK)
    first = marked.then(changed(marked.book, step(-1, -10)))
    again = first.then(counted(StockChange(book=first.book), ELSEWHERE, LATER))
    last = changed(again.book, (ELSEWHERE, step(1, 2, ELSEWHERE[0])))
    wanted, got = again.then(last), commit(counting(rice, tea), before, ACT)
    assert (wanted, wanted.movements) == (got, got.movements)
    assert NOW + TICK == got.levels[PLACE].counted_at


def test_a_count_without_difference_only_marks_the_level() -> None:
    """No movement, but the level counts as counted; no line changes nothing at all."""
    before = book(level(on_hand=4, counted_at=None))
    same = counted(StockChange(book=before), PLACE, NOW)
    assert same == commit(counting(line(6, 6)), before, ACT)
    assert StockChange(book=before) == commit(COUNT, before, ACT)
    empty = book(level(counted_at=None))
    marked = counted(StockChange(book=empty), PLACE, NOW)
    found = changed(marked.book, step(2, 0, cost_unknown=True))
    assert marked.then(found) == commit(counting(line(2, 0)), empty, ACT)


def test_more_cannot_have_gone_than_was_there() -> None:
    """Down to nothing is possible, below it the product is to be counted again."""
    before = book(level(on_hand=2, value_minor=9))
    assert 0 == commit(counting(line(4, 6)), before, ACT).levels[PLACE].on_hand
    with pytest.raises(CountImpossible) as refused:
        commit(counting(line(3, 6)), before, ACT)
    assert {"code": "TEA"} == refused.value.facts
    with pytest.raises(StockUntracked):
        commit(counting(line(6, 6)), book(level(tracked=False)), ACT)


def test_a_count_below_what_is_promised_asks_first() -> None:
    """It is refused, or the newest promise gives way, as the person chose."""
    row = promised(1)
    before = book(level(on_hand=5, reserved=4, value_minor=50), rows=(row,))
    with pytest.raises(StockReserved):
        commit(counting(line(3, 5)), before, ACT)
    gone = attrs.evolve(row, state=ReservationState.RELEASED, reason=ReservationReason.BY_HAND)
    wanted = changed(before, freed(row, MovementReason.BY_HAND), step(-2, -20), rows=(gone,))
    got = commit(counting(line(3, 5)), before, ACT, on_reserved=OnReserved.NEWEST)
    assert wanted == got
