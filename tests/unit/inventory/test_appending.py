"""The only way to a new level: what a movement says, and its bounds."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import attrs
import pytest

from kasa.domain.inventory.level import Shortage, StockInsufficient
from kasa.domain.inventory.movement import MovementKind, MovementReason, Source, StockMovement
from kasa.domain.inventory.stock import (
    Step,
    StockChange,
    StockDone,
    append,
)
from kasa.domain.inventory.unit import QuantityInvalid
from kasa.domain.inventory.valuation import CostInvalid
from kasa.domain.kernel.ids import MovementId, TenantId
from tests.unit.inventory.values import (
    ACT,
    ELSEWHERE,
    HELD,
    LATER,
    NOW,
    PLACE,
    SKU,
    TODAY,
    book,
    changed,
    level,
    promised,
)

TICK = timedelta(microseconds=1)


def step(kind: MovementKind = MovementKind.ADJUST, **words: Any) -> Step:
    """Return a step."""
    return Step(kind=kind, key="k", **words)


def test_a_movement_says_all_that_its_step_and_its_act_say() -> None:
    """What moved, what was left, why, by whom, when, for which day, and its own name."""
    by, reverses = UUID(int=31), MovementId(UUID(int=32))
    act = attrs.evolve(ACT, at=LATER, by=by)
    source = Source("invoice", UUID(int=33), 2)
    words: dict[str, Any] = {
        "reason": MovementReason.LOST,
        "note": "why",
        "reverses": reverses,
        "cost_unknown": True,
    }
    before = level(on_hand=7, reserved=4, owed=2, value_minor=70, version=5, moved_at=NOW)
    one = step(MovementKind.CONSUME, on_hand=-2, owed=-2, value=-20, source=source, **words)
    change = append(StockChange(book=book(before)), PLACE, one, act)
    row = StockMovement(
        id=MovementId(ACT.new_id("k", LATER)),
        sku=SKU,
        location=PLACE[1],
        version=6,
        kind=MovementKind.CONSUME,
        d_on_hand=-2,
        d_reserved=0,
        d_owed=-2,
        d_value=-20,
        on_hand_after=5,
        reserved_after=4,
        owed_after=0,
        value_after=50,
        source=source,
        key="k",
        at=LATER,
        effective_on=TODAY,
        by=by,
        **words,
    )
    after = level(on_hand=5, reserved=4, value_minor=50, version=6, moved_at=LATER)
    assert StockChange(book=book(after), movements=(row,), levels={PLACE: after}) == change
    plain = changed(book(level()), step(on_hand=1)).movements[0]
    assert (ACT.source, None, "", None, None, False) == (
        plain.source,
        plain.reason,
        plain.note,
        plain.reverses,
        plain.by,
        plain.cost_unknown,
    )


def test_a_name_belongs_to_one_shop_one_act_and_one_moment() -> None:
    """The identifier of a movement follows from them, and is a UUID of version 7."""
    name = ACT.new_id("k")
    assert name == ACT.new_id("k", NOW)
    other = attrs.evolve(ACT, tenant=TenantId(UUID(int=99)))
    moment = timedelta(milliseconds=1)
    assert 4 == len({name, ACT.new_id("l"), ACT.new_id("k", NOW + moment), other.new_id("k")})
    assert 7 == name.version


@pytest.mark.parametrize(
    "figures",
    [
        {"on_hand": 10**12 + 1},
        {"reserved": -(10**12) - 1},
        {"owed": 10**12 + 1},
    ],
)
def test_one_movement_moves_at_most_10_12(figures: dict[str, Any]) -> None:
    """Of each figure, up and down; the refusal names the limit."""
    before = book(level(on_hand=10**14, reserved=10**13, owed=10**13))
    with pytest.raises(QuantityInvalid) as refused:
        append(StockChange(book=before), PLACE, step(**figures), ACT)
    assert {"limit": 10**12} == refused.value.facts


@pytest.mark.parametrize(
    ("figures", "move", "kind"),
    [
        ({"on_hand": 10**15 - 1}, {"on_hand": 1}, MovementKind.ADJUST),
        ({"reserved": 10**15 - 1, "backorder": True}, {"reserved": 1}, MovementKind.RESERVE),
        ({"owed": 10**15 - 1}, {"owed": 1}, MovementKind.OWE),
    ],
)
def test_a_level_holds_at_most_10_15(
    figures: dict[str, Any], move: dict[str, Any], kind: MovementKind
) -> None:
    """On hand, reserved and owed alike; one more does not fit."""
    change = changed(book(level(**figures)), step(kind, **move))
    with pytest.raises(QuantityInvalid) as refused:
        append(change, PLACE, attrs.evolve(step(kind, **move), key="l"), ACT)
    assert {"limit": 10**12} == refused.value.facts


def test_goods_of_a_level_are_worth_less_than_10_15() -> None:
    """The refusal names the limit."""
    before = book(level(on_hand=1, value_minor=5))
    most = changed(before, step(on_hand=1, value=10**15 - 6)).levels[PLACE]
    assert 10**15 - 1 == most.value_minor
    with pytest.raises(CostInvalid) as refused:
        changed(before, step(on_hand=1, value=10**15 - 5))
    assert {"limit": 10**15} == refused.value.facts


@pytest.mark.parametrize(
    ("figures", "move", "wanted", "available"),
    [
        ({"on_hand": 3}, {"on_hand": -4}, 4, 3),
        ({"on_hand": 3, "backorder": True}, {"on_hand": -4}, 4, 3),
        ({"on_hand": 3, "reserved": 1}, {"on_hand": -3}, 3, 2),
        ({"on_hand": 3, "reserved": 1, "owed": 1}, {"reserved": 3}, 3, 1),
    ],
)
def test_the_last_bound_says_what_was_wanted_and_what_there_was(
    figures: dict[str, Any], move: dict[str, Any], wanted: int, available: int
) -> None:
    """Nothing below zero, and without back orders no promise of what is not there."""
    with pytest.raises(StockInsufficient) as refused:
        append(StockChange(book=book(level(**figures))), PLACE, step(**move), ACT)
    assert (
        Shortage(code="TEA", wanted=wanted, available=available, unit="C62"),
    ) == refused.value.shortages


def test_everything_that_is_there_may_go_or_be_promised() -> None:
    """Down to nothing, and up to the last piece."""
    gone = changed(book(level(on_hand=3)), step(on_hand=-3)).levels[PLACE]
    promise = step(MovementKind.RESERVE, reserved=3)
    full = changed(book(level(on_hand=3)), promise).levels[PLACE]
    assert (0, 3) == (gone.on_hand, full.reserved)
    backed = level(on_hand=3, reserved=5, backorder=True)
    assert -5 == changed(book(backed), step(on_hand=-3)).levels[PLACE].available


def test_two_changes_become_one() -> None:
    """Movements and alerts in order, the later versions of levels and reservations."""
    marked: dict[str, Any] = {"low_at": 5, "rearm_at": 6}
    before = book(level(on_hand=6, **marked), level(ELSEWHERE, on_hand=6, **marked))
    first = changed(before, step(on_hand=-1), rows=(promised(1), promised(2)))
    second = changed(
        first.book,
        attrs.evolve(step(on_hand=-1), key="l"),
        (ELSEWHERE, step(on_hand=-2)),
        rows=(promised(2, 9), promised(3)),
    )
    got = first.then(second)
    wanted = StockChange(
        book=second.book,
        movements=(*first.movements, *second.movements),
        levels={PLACE: second.levels[PLACE], ELSEWHERE: second.levels[ELSEWHERE]},
        reservations={row.id: row for row in (promised(1), promised(2, 9), promised(3))},
        alerts=(*first.alerts, *second.alerts),
    )
    assert wanted == got
    assert [SKU, ELSEWHERE[0]] == [alert.sku for alert in got.alerts]
    assert [0, 0] == [got.was(PLACE), got.was(ELSEWHERE)]
    assert 1 == second.was(PLACE)


def test_a_change_is_one_when_a_level_or_a_promise_changed() -> None:
    """Without either there is nothing to store."""
    none = StockChange(book=book(level()))
    assert [False, True, True] == [
        bool(none),
        bool(none.with_level(level(low_at=1))),
        bool(none.with_reservation(HELD)),
    ]


def test_the_answer_to_an_act_holds_what_it_did() -> None:
    """Its id, the movements, the levels and the reservations in order."""
    change = changed(book(level()), step(on_hand=1), rows=(promised(1), promised(2)))
    assert StockDone(
        id=UUID(int=9),
        movements=change.movements,
        levels=(change.levels[PLACE],),
        reservations=(promised(1), promised(2)),
    ) == StockDone.of(change, UUID(int=9))
