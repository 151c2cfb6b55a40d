"""Movements, levels and their audit: each rule by itself, with the sentence it breaks."""

from datetime import timedelta
from typing import Any

import attrs
import pytest

from kasa.domain.inventory.audit import drift, rebuilt
from kasa.domain.inventory.level import by_place
from kasa.domain.inventory.movement import MovementKind, Source, sign
from kasa.domain.inventory.reservation import ReservationReason, ReservationState
from kasa.domain.inventory.stock import Step
from tests.unit.inventory.values import (
    ACT,
    ELSEWHERE,
    HELD,
    LATER,
    MOVED,
    NOW,
    PLACE,
    SOURCE,
    book,
    changed,
    level,
    promised,
)

LIMIT = 10**12


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"d_on_hand": -2}, "a receive does not move -2"),
        ({"d_on_hand": LIMIT + 1}, f"a receive does not move {LIMIT + 1}"),
        ({"kind": MovementKind.ADJUST, "d_on_hand": -LIMIT - 1, "d_value": 0}, "does not move"),
        ({"d_value": -1}, "value moves with the goods"),
        (
            {"kind": MovementKind.RESERVE, "d_on_hand": 0, "d_reserved": 1, "d_value": 1},
            "value moves with the goods",
        ),
        (
            {"kind": MovementKind.CONSUME, "d_on_hand": -2, "d_reserved": -1, "d_value": 0},
            "goods leave what was reserved, what was owed, or neither",
        ),
        (
            {"kind": MovementKind.OWE, "d_on_hand": 0, "d_reserved": -1, "d_owed": 2, "d_value": 0},
            "what is owed was reserved, or was not",
        ),
        ({"on_hand_after": -1}, "a movement leaves no negative figure"),
        ({"version": 0}, "a movement leaves no negative figure"),
        ({"key": "k" * 121}, "a movement leaves no negative figure"),
    ],
)
def test_a_movement_that_cannot_be_says_why(wrong: dict[str, Any], sentence: str) -> None:
    """Signs of its kind, at most 10^12, value with the goods, nothing negative after it."""
    with pytest.raises(ValueError, match=sentence) as refused:
        attrs.evolve(MOVED, **wrong)
    assert str(refused.value).endswith(sentence) or "does not move" == sentence


def test_the_edges_of_a_movement_are_allowed() -> None:
    """The first version, all figures down to 0, 10^12 either way, and no value at all."""
    zero = dict.fromkeys(("on_hand_after", "reserved_after", "owed_after", "value_after"), 0)
    changes: Any = {"kind": MovementKind.ADJUST, "d_on_hand": -LIMIT, "d_value": -1, **zero}
    row = attrs.evolve(MOVED, **changes)
    assert (-LIMIT, 0, 1) == (row.d_on_hand, row.value_after, row.version)
    assert 0 == attrs.evolve(MOVED, d_value=0).d_value
    assert PLACE == row.place


def test_signs_and_sources_have_their_words() -> None:
    """One sign for each side of zero; a line stands in the name only where there is one."""
    assert ["-", "-", "0", "+", "+"] == [sign(number) for number in (-2, -1, 0, 1, 2)]
    assert f"receipt:{SOURCE.id}:1" == SOURCE.key
    assert f"receipt:{SOURCE.id}" == Source("receipt", SOURCE.id).key
    assert f"receipt:{SOURCE.id}:0" == Source("receipt", SOURCE.id, 0).key


def test_acts_of_a_promise_are_named() -> None:
    """By reservation and round, and by the part where they may repeat."""
    row = attrs.evolve(HELD, round=2, part=3)
    assert f"reservation:{HELD.id}:2:release" == row.movement_key("release")
    assert f"reservation:{HELD.id}:2:release:3" == row.part_key("release")
    assert attrs.evolve(row, part=4) == row.next_part()


@pytest.mark.parametrize(
    ("changes", "payable"),
    [
        ({}, 0),
        ({"state": ReservationState.OWED, "taken": 1, "owed": 3}, 0),
        ({"state": ReservationState.CONSUMED, "taken": 1}, 3),
        ({"state": ReservationState.CONSUMED, "taken": 4}, 0),
        ({"state": ReservationState.RELEASED, "reason": ReservationReason.SHORT}, 4),
        ({"state": ReservationState.RELEASED, "reason": ReservationReason.CREDITED}, 0),
    ],
)
def test_a_payment_takes_what_was_not_reserved(changes: dict[str, Any], payable: int) -> None:
    """The whole of a released line, the rest of a taken one, nothing of the others."""
    assert payable == attrs.evolve(HELD, **changes).payable


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"quantity": 0}, "no more is taken and owed than was promised"),
        ({"taken": 5}, "no more is taken and owed than was promised"),
        ({"returned": -1}, "no more comes back than was taken"),
        ({"returned": 1}, "no more comes back than was taken"),
        ({"returned_cost": 1}, "no more comes back than was taken"),
        ({"returned_cost": -1}, "no more comes back than was taken"),
        ({"owed": 1}, "only an owed line owes"),
        ({"owed": -1, "state": ReservationState.OWED}, "only an owed line owes"),
        ({"state": ReservationState.OWED}, "only an owed line owes"),
    ],
)
def test_a_promise_that_cannot_be_says_why(wrong: dict[str, Any], sentence: str) -> None:
    """Its sums hold in every state."""
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        attrs.evolve(HELD, **wrong)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"on_hand": -1}, "no figure of a level is negative"),
        ({"reserved": -1}, "no figure of a level is negative"),
        ({"owed": -1}, "no figure of a level is negative"),
        ({"on_hand": 1, "value_minor": -1}, "no figure of a level is negative"),
        ({"value_minor": 1}, "no goods, no value"),
    ],
)
def test_a_level_that_cannot_be_says_why(wrong: dict[str, Any], sentence: str) -> None:
    """Nothing negative, and no value without goods."""
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        level(**wrong)


def test_what_may_be_promised_and_what_a_payment_may_take() -> None:
    """Available leaves out what is reserved and owed; free leaves out what others hold."""
    figures = level(on_hand=9, reserved=3, owed=2)
    backed = attrs.evolve(figures, backorder=True)
    assert (4, 6) == (figures.available, figures.free)
    assert (4, 9) == (backed.available, backed.free)


def test_promises_are_gathered_by_level() -> None:
    """In the order given, levels and lines alike."""
    one, two, three = promised(1), promised(2, place=ELSEWHERE), promised(3)
    found = by_place([two, one, three])
    assert {ELSEWHERE: [two], PLACE: [one, three]} == found
    assert [ELSEWHERE, PLACE] == list(found)


def test_a_level_is_the_sum_of_its_movements() -> None:
    """Each figure, the number of them and the last moment; of none it is empty."""
    steps = (
        Step(kind=MovementKind.RECEIVE, key="a", on_hand=5, value=50),
        Step(kind=MovementKind.RESERVE, key="b", reserved=4),
        Step(kind=MovementKind.OWE, key="c", reserved=-1, owed=1),
    )
    change = changed(book(level()), *steps, act=attrs.evolve(ACT, at=LATER))
    after = change.levels[PLACE]
    assert level(
        on_hand=5, reserved=3, owed=1, value_minor=50, version=3, moved_at=LATER
    ) == rebuilt(level(on_hand=9, moved_at=NOW), change.movements)
    rows = [
        promised(1, 3),
        promised(2, 1, state=ReservationState.OWED, owed=1),
        promised(3, 7, state=ReservationState.CONSUMED, taken=7),
    ]
    assert ("waiting",) == drift(after, change.movements, rows)
    moved = level(on_hand=9, reserved=1, owed=1, value_minor=9, version=4, moved_at=NOW)
    assert level() == rebuilt(moved, [])


def test_an_empty_level_agrees_with_no_movements() -> None:
    """And any figure in it does not."""
    assert () == drift(level(), [], [])
    assert ("version",) == drift(level(version=1), [], [])
    assert ("on_hand", "value", "after") == drift(level(on_hand=1, value_minor=1), [], [])
    assert ("owed", "after", "owing") == drift(level(owed=1), [], [])


def test_the_figures_after_the_last_movement_are_audited() -> None:
    """The ledger is held to its own balances, and its versions to their order."""
    row = attrs.evolve(MOVED, on_hand_after=3)
    figures = level(on_hand=2, value_minor=10, version=1)
    assert ("after",) == drift(figures, [row], [])
    for wrong in ({"reserved_after": 1}, {"owed_after": 1}, {"value_after": 1}):
        changes: Any = wrong
        assert ("after",) == drift(figures, [attrs.evolve(MOVED, **changes)], [])
    more = attrs.evolve(MOVED, version=2, on_hand_after=4, value_after=20)
    both = level(on_hand=4, value_minor=20, version=2)
    assert () == drift(both, [MOVED, more], [])
    assert ("version",) == drift(both, [attrs.evolve(MOVED, version=3), more], [])


@pytest.mark.parametrize(
    ("on_hand", "reserved", "backorder", "wrong"),
    [(0, 0, False, ()), (1, 0, False, ("waiting",)), (1, 1, False, ()), (1, 1, True, ("waiting",))],
)
def test_nobody_waits_while_goods_are_free(
    on_hand: int, reserved: int, wrong: tuple[str, ...], *, backorder: bool
) -> None:
    """What is owed is filled as soon as goods are free: not reserved, or with back orders any."""
    steps = (
        *([Step(kind=MovementKind.RECEIVE, key="a", on_hand=on_hand)] if on_hand else []),
        *([Step(kind=MovementKind.RESERVE, key="b", reserved=reserved)] if reserved else []),
        Step(kind=MovementKind.OWE, key="c", owed=2),
    )
    change = changed(book(level(backorder=backorder)), *steps)
    rows = [promised(1, 2, state=ReservationState.OWED, owed=2)]
    rows += [promised(2, reserved)] if reserved else []
    assert wrong == drift(change.levels[PLACE], change.movements, rows)


def test_a_level_counts_as_counted_from_the_start_of_its_span() -> None:
    """At that very moment too; never without a span or a count."""
    tick = timedelta(microseconds=1)
    figures = level(counted_at=NOW)
    assert [True, True, False, False] == [
        figures.counted(NOW - tick),
        figures.counted(NOW),
        figures.counted(NOW + tick),
        figures.counted(None),
    ]
    assert not level(counted_at=None).counted(NOW)
