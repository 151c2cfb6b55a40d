"""Levels that are corrected, goods that make room, and one movement undone, exactly."""

from datetime import timedelta
from typing import Any

import attrs
import pytest

from kasa.domain.inventory.goods import (
    AlreadyReversed,
    Correction,
    NotReversible,
    OnReserved,
    StockReserved,
    adjust,
    correct,
    make_room,
    undo,
)
from kasa.domain.inventory.level import (
    Level,
    Shortage,
    StockBook,
    StockInsufficient,
    StockUncounted,
    StockUntracked,
)
from kasa.domain.inventory.movement import MovementKind, MovementReason
from kasa.domain.inventory.reservation import Reservation, ReservationReason, ReservationState
from kasa.domain.inventory.stock import Step, StockChange
from kasa.domain.inventory.unit import QuantityInvalid
from kasa.domain.kernel.errors import VersionStale
from tests.unit.inventory.steps import freed
from tests.unit.inventory.values import (
    ACT,
    ELSEWHERE,
    MOVED,
    NOW,
    PLACE,
    book,
    changed,
    level,
    promised,
)

TICK = timedelta(microseconds=1)
NEWEST, RELEASED = OnReserved.NEWEST, ReservationState.RELEASED
OPEN, RECEIVE, COUNT = MovementKind.OPEN, MovementKind.RECEIVE, MovementKind.COUNT
ADJUST, SCRAP = MovementKind.ADJUST, MovementKind.SCRAP


def entered(kind: MovementKind, on_hand: int, value: int = 0, **words: Any) -> Step:
    """Return the step that takes goods in or corrects them."""
    return Step(**{"kind": kind, "key": "in:1", "on_hand": on_hand, "value": value, **words})


@pytest.mark.parametrize(
    ("figures", "delta", "value", "unknown"),
    [
        (level(on_hand=3, value_minor=100), 1, 33, False),
        (level(on_hand=3, value_minor=100), -1, -33, False),
        (level(on_hand=3, value_minor=100), -3, -100, False),
        (level(), 2, 0, True),
        (level(on_hand=1), -1, 0, False),
    ],
)
def test_a_correction_moves_the_average(
    figures: Level, delta: int, value: int, *, unknown: bool
) -> None:
    """Goods found enter at it, goods lost leave at it, the last with all that is left."""
    before = book(figures)
    step = entered(ADJUST, delta, note="n", reason=MovementReason.LOST)
    wanted = changed(before, attrs.evolve(step, value=value, cost_unknown=unknown))
    assert wanted == correct(StockChange(book=before), PLACE, step, ACT)


def test_a_correction_by_nothing_is_none() -> None:
    """No movement is written, and what was decided before stays."""
    before = changed(book(level()), entered(RECEIVE, 2, 2))
    assert before == correct(before, PLACE, entered(ADJUST, 0), ACT)


def test_no_more_goes_than_is_there() -> None:
    """Down to 0 and not below, with back orders too; the refusal counts what is on hand."""
    figures = level(on_hand=3, reserved=5, backorder=True)
    change = StockChange(book=book(figures))
    assert change == make_room(change, PLACE, 3, ACT, on_reserved=OnReserved.REFUSE)
    with pytest.raises(StockInsufficient) as refused:
        make_room(change, PLACE, 4, ACT, on_reserved=NEWEST)
    assert (Shortage(code="TEA", wanted=4, available=3, unit="C62"),) == refused.value.shortages


def held_book() -> tuple[StockBook, Reservation, Reservation, Reservation]:
    """Return 9 TEA of which 6 are held: 1 whose time is over, 2 older and 3 newer ones."""
    over = promised(1, 1, at=NOW - TICK, expires_at=NOW)
    old, new = promised(2, 2, at=NOW - TICK), promised(3, 3)
    away = promised(4, 1, place=ELSEWHERE, expires_at=NOW)
    levels = (level(on_hand=9, reserved=6, value_minor=90), level(ELSEWHERE, on_hand=1, reserved=1))
    return book(*levels, rows=(over, old, new, away)), over, old, new


def test_expired_promises_of_the_level_make_room_first() -> None:
    """Nothing is released while there is room; then those whose time is over, and no others."""
    before, over, old, new = held_book()
    change = StockChange(book=before)
    assert change == make_room(change, PLACE, 3, ACT, on_reserved=OnReserved.REFUSE)
    ended = attrs.evolve(over, state=RELEASED, reason=ReservationReason.EXPIRED)
    wanted = changed(before, freed(over, MovementReason.EXPIRED), rows=(ended,))
    for choice in OnReserved:
        assert wanted == make_room(change, PLACE, 4, ACT, on_reserved=choice)
    with pytest.raises(StockReserved) as refused:
        make_room(change, PLACE, 5, ACT, on_reserved=OnReserved.REFUSE)
    holders = (f"{new.source.key} 3", f"{old.source.key} 2")
    assert {"code": "TEA", "holders": holders, "total": 2} == refused.value.facts
    by_hand = attrs.evolve(new, state=RELEASED, reason=ReservationReason.BY_HAND)
    steps = (freed(over, MovementReason.EXPIRED), freed(new, MovementReason.BY_HAND))
    wanted = changed(before, *steps, rows=(ended, by_hand))
    assert wanted == make_room(change, PLACE, 5, ACT, on_reserved=NEWEST)


def test_at_most_20_holders_are_named_newest_first() -> None:
    """Ties go to the higher id, and the number of all of them is told."""
    rows = tuple(promised(no, 1, at=NOW - TICK * (no // 2)) for no in range(21))
    before = book(level(on_hand=21, reserved=21), rows=rows)
    with pytest.raises(StockReserved) as refused:
        make_room(StockChange(book=before), PLACE, 1, ACT, on_reserved=OnReserved.REFUSE)
    order = [1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14, 17, 16, 19, 18]
    holders = tuple(f"{rows[no].source.key} 1" for no in order)
    assert {"code": "TEA", "holders": holders, "total": 21} == refused.value.facts


def fix(reason: MovementReason = MovementReason.LOST, **words: Any) -> Correction:
    """Return a correction by hand."""
    return Correction(**{"place": PLACE, "key": "in:1", "reason": reason, **words})


@pytest.mark.parametrize(
    ("line", "kind", "delta"),
    [
        (fix(delta=-1), ADJUST, -1),
        (fix(delta=2), ADJUST, 2),
        (fix(MovementReason.DAMAGED, delta=-1), SCRAP, -1),
        (fix(MovementReason.EXPIRED_GOODS, delta=-4), SCRAP, -4),
        (fix(MovementReason.DAMAGED, delta=1), ADJUST, 1),
        (fix(set_to=0, expected_version=7), ADJUST, -4),
        (fix(set_to=6, expected_version=7), ADJUST, 2),
        (fix(MovementReason.DAMAGED, set_to=3, expected_version=7, delta=9), SCRAP, -1),
    ],
)
def test_a_correction_by_hand_keeps_its_reason(
    line: Correction, kind: MovementKind, delta: int
) -> None:
    """Broken goods that go are scrapped; all else is an adjustment, by or to a figure."""
    before = book(level(on_hand=4, value_minor=40, version=7))
    step = entered(kind, delta, 10 * delta, reason=line.reason, note="why")
    got = adjust(before, [attrs.evolve(line, note=" why ")], ACT)
    assert changed(before, step) == got


@pytest.mark.parametrize(
    ("figures", "line", "error"),
    [
        (level(), fix(), QuantityInvalid),
        (level(), fix(set_to=-1, expected_version=0), QuantityInvalid),
        (level(version=2), fix(set_to=1, expected_version=1), VersionStale),
        (level(version=2), fix(set_to=1), VersionStale),
        (level(counted_at=None), fix(delta=1), StockUncounted),
        (level(tracked=False), fix(delta=1), StockUntracked),
    ],
)
def test_a_correction_by_hand_needs_a_figure_and_a_counted_level(
    figures: Level, line: Correction, error: type[Exception]
) -> None:
    """Neither figure, a negative one, a version of before, and uncounted levels are refused."""
    with pytest.raises(error):
        adjust(book(figures), [line], ACT)


def test_corrections_by_hand_respect_promises() -> None:
    """They are refused, or the newest go, as the person chose; each line on top of the last."""
    row = promised(1, 2)
    before = book(level(on_hand=3, reserved=2, value_minor=30), rows=(row,))
    with pytest.raises(StockReserved):
        adjust(before, [fix(delta=-1), fix(delta=-1)], ACT)
    gone = attrs.evolve(row, state=RELEASED, reason=ReservationReason.BY_HAND)
    lost = entered(ADJUST, -1, -10, reason=MovementReason.LOST)
    wanted = changed(
        before,
        lost,
        freed(row, MovementReason.BY_HAND),
        attrs.evolve(lost, key="in:2"),
        rows=(gone,),
    )
    lines = [fix(delta=-1), fix(delta=-1, key="in:2")]
    assert wanted == adjust(before, lines, ACT, on_reserved=NEWEST)


def undoing(on_hand: int, value: int) -> Step:
    """Return the step that undoes the movement of all these tests."""
    return Step(
        kind=MovementKind.REVERSE,
        key=f"undo:{MOVED.id}",
        on_hand=on_hand,
        value=value,
        reverses=MOVED.id,
    )


@pytest.mark.parametrize(
    ("figures", "value"),
    [
        (level(on_hand=3, value_minor=40), -10),
        (level(on_hand=3, value_minor=6), -6),
        (level(on_hand=2, value_minor=40), -40),
        (level(on_hand=2, value_minor=0), 0),
    ],
)
def test_undoing_a_receipt_takes_its_cost_out_again(figures: Level, value: int) -> None:
    """At most what is left, and all of it with the last goods."""
    before = book(figures)
    wanted = changed(before, undoing(-2, value))
    assert wanted == undo(before, MOVED, ACT, reversed_already=False)


def test_undoing_a_loss_brings_goods_and_cost_back() -> None:
    """The average of today does not matter."""
    lost = attrs.evolve(MOVED, kind=SCRAP, d_on_hand=-2, d_value=-7)
    before = book(level(on_hand=1, value_minor=90))
    wanted = changed(before, undoing(2, 7))
    assert wanted == undo(before, lost, ACT, reversed_already=False)


def test_undoing_makes_room_like_any_correction() -> None:
    """Promises refuse it or give way; without the goods it is refused."""
    row = promised(1, 2)
    before = book(level(on_hand=3, reserved=2, value_minor=30), rows=(row,))
    with pytest.raises(StockReserved):
        undo(before, MOVED, ACT, reversed_already=False)
    gone = attrs.evolve(row, state=RELEASED, reason=ReservationReason.BY_HAND)
    wanted = changed(before, freed(row, MovementReason.BY_HAND), undoing(-2, -10), rows=(gone,))
    assert wanted == undo(before, MOVED, ACT, reversed_already=False, on_reserved=NEWEST)
    with pytest.raises(StockInsufficient) as refused:
        undo(book(level(on_hand=1)), MOVED, ACT, reversed_already=False)
    assert (Shortage(code="TEA", wanted=2, available=1, unit="C62"),) == refused.value.shortages


@pytest.mark.parametrize(
    ("kind", "figures"),
    [
        ("reserve", (0, 1, 0)),
        ("release", (0, -1, 0)),
        ("consume", (-1, 0, 0)),
        ("owe", (0, 0, 1)),
        ("forgive", (0, 0, -1)),
        ("return", (1, 0, 0)),
        ("reverse", (1, 0, 0)),
        ("send", (-1, 0, 0)),
        ("arrive", (1, 0, 0)),
    ],
)
def test_what_follows_from_an_invoice_is_not_undone_by_itself(
    kind: str, figures: tuple[int, int, int]
) -> None:
    """The refusal names the kind, also of a movement that was undone already."""
    names = ("d_on_hand", "d_reserved", "d_owed")
    deltas: dict[str, Any] = dict(zip(names, figures, strict=True))
    row = attrs.evolve(MOVED, kind=MovementKind(kind), d_value=0, **deltas)
    with pytest.raises(NotReversible) as refused:
        undo(book(level(on_hand=9)), row, ACT, reversed_already=True)
    assert {"kind": kind} == refused.value.facts


@pytest.mark.parametrize("kind", ["open", "receive", "adjust", "count", "scrap"])
def test_acts_by_hand_are_undone_once(kind: str) -> None:
    """Five kinds can be undone, and none of them twice."""
    on_hand = -1 if kind == "scrap" else 1
    row = attrs.evolve(MOVED, kind=MovementKind(kind), d_on_hand=on_hand, d_value=0)
    before = book(level(on_hand=9))
    wanted = changed(before, undoing(-on_hand, 0))
    assert wanted == undo(before, row, ACT, reversed_already=False)
    with pytest.raises(AlreadyReversed):
        undo(before, row, ACT, reversed_already=True)
