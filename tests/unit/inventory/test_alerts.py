"""When a level runs low: fired once on the way down, armed again on the way up."""

from datetime import timedelta

import attrs
import pytest

from kasa.domain.inventory.level import Level
from kasa.domain.inventory.product import ReorderLevel
from kasa.domain.inventory.reorder import LowStock, arms, fires
from kasa.domain.inventory.stock import (
    StockChange,
    counted,
    retuned,
    watched,
)
from tests.unit.inventory.values import (
    ACT,
    LATER,
    NOW,
    PLACE,
    SKU,
    book,
    level,
)

TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("available", "low_at", "armed", "fired"),
    [
        (3, 3, True, True),
        (2, 3, True, True),
        (4, 3, True, False),
        (3, 3, False, False),
        (-1, None, True, False),
        (0, 0, True, True),
    ],
)
def test_an_alert_fires_at_its_mark(
    available: int, low_at: int | None, *, armed: bool, fired: bool
) -> None:
    """Once armed, at the mark and below it."""
    assert fired is fires(available, low_at, armed=armed)


@pytest.mark.parametrize(
    ("available", "rearm_at", "armed"), [(5, 5, False), (6, 5, True), (9, None, False)]
)
def test_an_alert_is_armed_above_its_mark(
    available: int, rearm_at: int | None, *, armed: bool
) -> None:
    """More than the mark is needed, not as much."""
    assert armed is arms(available, rearm_at)


MARKED = level(on_hand=5, reserved=1, owed=1, low_at=3, rearm_at=4, alert_no=6)
FIRED = attrs.evolve(MARKED, low_armed=False, alert_no=7)
ALERT = LowStock(sku=SKU, location=PLACE[1], available=3, low_at=3, alert_no=7)


@pytest.mark.parametrize(
    ("looked_at", "after", "alerts"),
    [
        (MARKED, FIRED, (ALERT,)),
        (
            attrs.evolve(MARKED, low_at=0, on_hand=2),
            attrs.evolve(FIRED, low_at=0, on_hand=2),
            (attrs.evolve(ALERT, available=0, low_at=0),),
        ),
        (attrs.evolve(MARKED, on_hand=6), attrs.evolve(MARKED, on_hand=6), ()),
        (FIRED, FIRED, ()),
        (attrs.evolve(FIRED, on_hand=6), attrs.evolve(FIRED, on_hand=6), ()),
        (attrs.evolve(FIRED, on_hand=7), attrs.evolve(FIRED, on_hand=7, low_armed=True), ()),
        (attrs.evolve(MARKED, counted_at=None), attrs.evolve(MARKED, counted_at=None), ()),
        (attrs.evolve(MARKED, low_at=None), attrs.evolve(MARKED, low_at=None), ()),
        (
            attrs.evolve(FIRED, low_at=None, on_hand=9),
            attrs.evolve(FIRED, low_at=None, on_hand=9),
            (),
        ),
        (
            attrs.evolve(FIRED, counted_at=NOW - TICK, on_hand=9),
            attrs.evolve(FIRED, counted_at=NOW - TICK, on_hand=9),
            (),
        ),
    ],
)
def test_a_level_is_watched(looked_at: Level, after: Level, alerts: tuple[LowStock, ...]) -> None:
    """It fires once on the way down with the next number, and is armed on the way up."""
    earlier = attrs.evolve(ALERT, alert_no=1)
    before = StockChange(book=book(level()), alerts=(earlier,))
    wanted = attrs.evolve(before.with_level(after), alerts=(earlier, *alerts))
    assert wanted == watched(before, looked_at, ACT)


def test_a_level_is_never_counted_earlier_than_before() -> None:
    """The latest moment stays."""
    for known, moment, wanted in (
        (None, NOW, NOW),
        (NOW, LATER, LATER),
        (LATER, NOW, LATER),
    ):
        change = StockChange(book=book(level(on_hand=2, counted_at=known)))
        after = level(on_hand=2, counted_at=wanted)
        assert change.with_level(after) == counted(change, PLACE, moment)


def test_another_mark_is_armed_and_looked_at_once() -> None:
    """A level that moved fires at once if it is low; one that never moved does not."""
    low = ReorderLevel(low_at=5, rearm_at=8)
    moved = level(on_hand=4, version=1, low_at=1, rearm_at=2, low_armed=False, alert_no=2)
    change = StockChange(book=book(moved))
    fired = attrs.evolve(moved, low_at=5, rearm_at=8, alert_no=3)
    alert = LowStock(sku=SKU, location=PLACE[1], available=4, low_at=5, alert_no=3)
    wanted = attrs.evolve(change.with_level(fired), alerts=(alert,))
    assert wanted == retuned(change, PLACE, low, ACT)
    none = attrs.evolve(moved, low_at=None, rearm_at=None, low_armed=True)
    assert change.with_level(none) == retuned(change, PLACE, None, ACT)
    still = attrs.evolve(moved, version=0)
    change = StockChange(book=book(still))
    armed = attrs.evolve(still, low_at=5, rearm_at=8, low_armed=True)
    assert change.with_level(armed) == retuned(change, PLACE, low, ACT)
