"""Movements and levels: what they allow, and what they refuse."""

from datetime import timedelta
from typing import Any

import attrs
import pytest

from kasa.domain.inventory.level import (
    Level,
    Shortage,
    StockBook,
    StockedSku,
    StockInsufficient,
    StockUncounted,
    StockUntracked,
    require_counted,
)
from kasa.domain.inventory.movement import (
    ADJUSTING,
    EffectiveOnInvalid,
    MovementKind,
    MovementReason,
    ReasonInvalid,
    effective_day,
    require_reason,
)
from kasa.domain.inventory.stock import Step, StockChange, append
from kasa.domain.inventory.unit import QUANTITY_LIMIT, QuantityInvalid
from kasa.domain.inventory.valuation import CostInvalid
from kasa.domain.kernel.errors import NotFound
from tests.unit.inventory.values import ACT, HELD, MOVED, NOW, PLACE, SKU, TODAY


def book(**changes: Any) -> StockBook:
    """Return a book with one counted level."""
    level = Level(sku=SKU, location=PLACE[1], counted_at=NOW, **changes)
    return StockBook(levels={PLACE: level}, skus={SKU: StockedSku(id=SKU, code="TEA", unit="C62")})


def step(kind: MovementKind = MovementKind.RECEIVE, **figures: Any) -> Step:
    """Return a step to append."""
    return Step(kind=kind, key="receipt:3:1", **figures)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("open", [(1, 0, 0, 1), (1, 0, 0, 0)], [(-1, 0, 0, 0), (0, 0, 0, 0), (1, 1, 0, 0)]),
        ("reserve", [(0, 1, 0, 0)], [(0, -1, 0, 0), (0, 1, 0, 1), (1, 1, 0, 0), (0, 0, 0, 0)]),
        ("release", [(0, -1, 0, 0)], [(0, 1, 0, 0), (0, -1, 1, 0)]),
        (
            "consume",
            [(-2, -2, 0, -5), (-2, 0, -2, 0), (-2, 0, 0, -1)],
            [(-2, -1, 0, 0), (-2, -2, -2, 0), (-2, 0, -1, 0), (2, 0, 0, 0), (-2, 0, 0, 1)],
        ),
        ("owe", [(0, -2, 2, 0), (0, 0, 2, 0)], [(0, -1, 2, 0), (0, 0, -2, 0), (-1, 0, 1, 0)]),
        ("forgive", [(0, 0, -1, 0)], [(0, 0, 1, 0), (0, -1, -1, 0)]),
        ("return", [(1, 0, 0, 3)], [(-1, 0, 0, 0), (1, 0, 0, -3)]),
        ("scrap", [(-1, 0, 0, -3)], [(1, 0, 0, 3), (-1, -1, 0, 0)]),
        ("adjust", [(-1, 0, 0, -3), (1, 0, 0, 3)], [(0, 0, 0, 0), (1, 0, 0, -3), (1, 0, 1, 0)]),
        ("count", [(-1, 0, 0, 0), (1, 0, 0, 0)], [(0, 1, 0, 0)]),
        ("reverse", [(-1, 0, 0, -1), (1, 0, 0, 1)], [(-1, 0, 0, 1), (1, 0, -1, 0)]),
        ("send", [(-1, 0, 0, -1)], [(1, 0, 0, 1)]),
        ("arrive", [(1, 0, 0, 1)], [(-1, 0, 0, -1)]),
    ],
)
def test_each_kind_moves_what_its_table_allows(
    kind: str, good: list[tuple[int, ...]], bad: list[tuple[int, ...]]
) -> None:
    """The table of signs decides which figures a kind of movement may move, and how."""
    names = ("d_on_hand", "d_reserved", "d_owed", "d_value")
    after: dict[str, Any] = dict.fromkeys(
        ("on_hand_after", "reserved_after", "owed_after", "value_after"), 9
    )
    for figures in good:
        moved: dict[str, Any] = dict(zip(names, figures, strict=True))
        attrs.evolve(MOVED, kind=MovementKind(kind), **moved, **after)
    for figures in bad:
        moved = dict(zip(names, figures, strict=True))
        with pytest.raises(ValueError, match=r"moves?|leave|owed"):
            attrs.evolve(MOVED, kind=MovementKind(kind), **moved, **after)


@pytest.mark.parametrize(
    "wrong",
    [
        {"on_hand_after": -1},
        {"value_after": -1},
        {"owed_after": -1},
        {"reserved_after": -1},
        {"version": 0},
        {"key": "k" * 121},
        {"d_on_hand": QUANTITY_LIMIT + 1},
    ],
)
def test_a_movement_leaves_nothing_negative(wrong: dict[str, Any]) -> None:
    """Balances, versions and keys stay in range."""
    with pytest.raises(ValueError, match=r"."):
        attrs.evolve(MOVED, **wrong)
    attrs.evolve(MOVED, key="k" * 120, d_on_hand=QUANTITY_LIMIT)


def test_a_correction_has_a_reason_of_the_list() -> None:
    """Nine reasons are for people; two of them need a note, of at most 500 characters."""
    assert {
        *("damaged", "lost", "theft", "found", "gift", "promotion"),
        *("own_use", "expired_goods", "mistake"),
    } == {reason.value for reason in ADJUSTING}
    for reason in (None, *(set(MovementReason) - ADJUSTING)):
        with pytest.raises(ReasonInvalid):
            require_reason(reason, "a note")
    for reason in (MovementReason.FOUND, MovementReason.MISTAKE):
        with pytest.raises(ReasonInvalid):
            require_reason(reason, "  ")
        assert "why" == require_reason(reason, " why ")
    assert "x" * 500 == require_reason(MovementReason.GIFT, "x" * 500)
    with pytest.raises(ReasonInvalid):
        require_reason(MovementReason.GIFT, "x" * 501)


def test_a_label_for_reports_lies_in_the_last_year() -> None:
    """Today unless stated, and at most 366 days ago; there is no backdating."""
    year = timedelta(days=366)
    assert TODAY == effective_day(None, TODAY)
    for day in (TODAY, TODAY - year):
        assert day == effective_day(day, TODAY)
    for day in (TODAY + timedelta(days=1), TODAY - year - timedelta(days=1)):
        with pytest.raises(EffectiveOnInvalid):
            effective_day(day, TODAY)


@pytest.mark.parametrize(
    "wrong",
    [{"on_hand": -1}, {"reserved": -1}, {"owed": -1}, {"value_minor": -1}, {"value_minor": 1}],
)
def test_a_level_is_never_negative_nor_worth_something_for_nothing(wrong: dict[str, Any]) -> None:
    """P3: a level that breaks its bounds cannot be made."""
    with pytest.raises(ValueError, match="no "):
        Level(sku=SKU, location=PLACE[1], **wrong)


def test_appending_moves_a_level_once() -> None:
    """The figures, the version, the moment and the identifier follow from level, step and act."""
    change = append(StockChange(book=book()), PLACE, step(on_hand=2, value=10), ACT)
    (row,) = change.movements
    level = change.levels[PLACE]
    assert (2, 10, 1, NOW) == (level.on_hand, level.value_minor, level.version, level.moved_at)
    assert (0, ACT.new_id("receipt:3:1"), TODAY) == (change.was(PLACE), row.id, row.effective_on)
    later = attrs.evolve(ACT, at=NOW - timedelta(hours=1))
    again = append(change, PLACE, attrs.evolve(step(on_hand=1), key="b"), later)
    assert (NOW, 2, 0) == (again.movements[1].at, again.levels[PLACE].version, again.was(PLACE))


@pytest.mark.parametrize(
    ("level", "figures", "error"),
    [
        ({"tracked": False}, {"on_hand": 1}, StockUntracked),
        ({}, {"on_hand": QUANTITY_LIMIT + 1}, QuantityInvalid),
        ({"on_hand": 10**15}, {"on_hand": 1}, QuantityInvalid),
        ({"on_hand": 1}, {"on_hand": 1, "value": 10**15}, CostInvalid),
        ({"on_hand": 1}, {"kind": MovementKind.ADJUST, "on_hand": -2}, StockInsufficient),
        ({"on_hand": 1}, {"kind": MovementKind.RESERVE, "reserved": 2}, StockInsufficient),
        ({"on_hand": 2, "reserved": 2}, {"kind": MovementKind.ADJUST, "on_hand": -1}, Exception),
    ],
)
def test_appending_is_the_last_bound(
    level: dict[str, Any], figures: dict[str, Any], error: type[Exception]
) -> None:
    """Untracked goods, large numbers, nothing below zero, and no promise without goods."""
    with pytest.raises(error):
        append(StockChange(book=book(**level)), PLACE, step(**figures), ACT)


def test_the_largest_numbers_fit() -> None:
    """10^12 in one movement, 10^15 on hand, less than 10^15 of value."""
    change = StockChange(book=book(on_hand=10**15 - QUANTITY_LIMIT))
    most = step(on_hand=QUANTITY_LIMIT, value=10**15 - 1)
    assert 10**15 == append(change, PLACE, most, ACT).levels[PLACE].on_hand
    backed = StockChange(book=book(on_hand=1, backorder=True))
    promised = append(backed, PLACE, step(MovementKind.RESERVE, reserved=5), ACT)
    assert -4 == promised.levels[PLACE].available


def test_what_was_not_locked_is_not_found() -> None:
    """A book answers only for what it holds."""
    empty = StockBook(levels={}, skus={})
    for read in (
        lambda: empty.level(PLACE),
        lambda: empty.sku(SKU),
        lambda: empty.reservation(HELD.id),
    ):
        with pytest.raises(NotFound):
            read()


def test_goods_are_moved_by_hand_only_where_they_are_counted() -> None:
    """Counted means since the present span of stock keeping began, at that very moment too."""
    level = book().level(PLACE)
    require_counted(level, ACT)
    for since in (None, NOW + timedelta(microseconds=1)):
        with pytest.raises(StockUncounted):
            require_counted(level, attrs.evolve(ACT, since=since))
    with pytest.raises(StockUncounted):
        require_counted(attrs.evolve(level, counted_at=None), ACT)
    with pytest.raises(StockUntracked):
        require_counted(attrs.evolve(level, tracked=False), ACT)


def test_a_shortage_speaks_of_units() -> None:
    """People read kilograms where the level counts grams."""
    shortage = Shortage(code="RICE", wanted=5000, available=3500, unit="KGM", scale=3)
    assert "RICE: 5 KGM wanted, 3.5 available" == shortage.text
