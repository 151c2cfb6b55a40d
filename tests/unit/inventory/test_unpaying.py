"""Payments that are taken back, and goods for those who wait: exactly, field by field."""

from datetime import timedelta
from typing import Any

import attrs

from kasa.domain.inventory.giving import FILLS_LIMIT, fill_owed, unpay
from kasa.domain.inventory.reservation import (
    Reservation,
    ReservationReason,
    ReservationState,
)
from kasa.domain.inventory.stock import StockChange
from tests.unit.inventory.steps import back, forgiven, kept, took
from tests.unit.inventory.values import (
    ACT,
    ELSEWHERE,
    LATER,
    NOW,
    PLACE,
    book,
    changed,
    level,
    promised,
)

CONSUMED, OWED = ReservationState.CONSUMED, ReservationState.OWED
RELEASED = ReservationState.RELEASED
SHORT, CREDITED = ReservationReason.SHORT, ReservationReason.CREDITED
DELIVERED = ReservationReason.DELIVERED
DAY = timedelta(days=1)


def test_goods_of_a_reversed_payment_are_promised_anew() -> None:
    """They come back at what they cost and are held in the next round until the new end."""
    row = promised(1, state=CONSUMED, taken=4, cost=41, part=3)
    before = book(level(on_hand=6, value_minor=60), rows=(row,))
    held = promised(1, round=2, expires_at=LATER)
    steps = (back(row, "1:reverse", 4, 41), kept(row, "2:reserve", 4))
    assert changed(before, *steps, rows=(held,)) == unpay(
        before, [row], ACT, gone=False, expires_at=LATER
    )


def test_what_was_returned_before_is_not_promised_again() -> None:
    """A part that came back shrinks the promise; when all came back, the line counts credited."""
    some = promised(1, state=CONSUMED, taken=4, cost=40, returned=1, returned_cost=11, part=1)
    before = book(level(on_hand=1, value_minor=5), rows=(some,))
    steps = (back(some, "1:reverse", 3, 29), kept(some, "2:reserve", 3))
    held = promised(1, 3, round=2, expires_at=None)
    assert changed(before, *steps, rows=(held,)) == unpay(before, [some], ACT, gone=False)
    full = attrs.evolve(some, returned=4, returned_cost=40)
    before = book(level(on_hand=9), rows=(full,))
    over = promised(1, state=RELEASED, reason=CREDITED, round=2)
    assert changed(before, rows=(over,)) == unpay(before, [full], ACT, gone=False, expires_at=LATER)


def test_owed_goods_of_a_reversed_payment_are_dropped() -> None:
    """What was owed is forgiven, what was taken comes back, and too few stay short."""
    row = promised(1, state=OWED, taken=1, owed=3, owed_at=NOW, cost=10)
    before = book(level(owed=3), rows=(row,))
    short = promised(1, state=RELEASED, reason=SHORT, round=2, expires_at=LATER)
    wanted = changed(
        before, forgiven(row, "1:forgive:1", 3), back(row, "1:reverse", 1, 10), rows=(short,)
    )
    assert wanted == unpay(before, [row], ACT, gone=False, expires_at=LATER)


def test_small_lines_of_a_reversed_payment_are_held_first() -> None:
    """Where not all fits, the smaller promise is kept; unpaid lines are left alone."""
    large = promised(1, 4, state=OWED, owed=4, owed_at=NOW)
    small = promised(2, 2, state=OWED, owed=2, owed_at=NOW)
    held, gone = promised(3, 1), promised(4, state=RELEASED, reason=SHORT)
    before = book(level(on_hand=6, reserved=1, owed=6), rows=(large, small, held, gone))
    wanted = changed(
        before,
        forgiven(large, "1:forgive:1", 4),
        forgiven(small, "1:forgive:1", 2),
        kept(small, "2:reserve", 2),
        rows=(
            promised(1, 4, state=RELEASED, reason=SHORT, round=2, expires_at=LATER),
            promised(2, 2, round=2, expires_at=LATER),
        ),
    )
    rows = [held, large, gone, small]
    assert wanted == unpay(before, rows, ACT, gone=False, expires_at=LATER)


def test_goods_that_are_gone_stay_gone() -> None:
    """Only what is owed is dropped; a line that had nothing yet is short in the next round."""
    paid = promised(1, state=CONSUMED, taken=4, cost=40)
    part = promised(2, state=OWED, taken=1, owed=3, owed_at=NOW, cost=10)
    none = promised(3, state=OWED, owed=4, owed_at=NOW)
    before = book(level(on_hand=20, owed=7), rows=(paid, part, none))
    wanted = changed(
        before,
        forgiven(part, "1:forgive:1", 3),
        forgiven(none, "1:forgive:1", 4),
        rows=(
            attrs.evolve(part, state=CONSUMED, owed=0, owed_at=None, part=1),
            attrs.evolve(none, state=RELEASED, reason=SHORT, owed=0, owed_at=None, round=2),
        ),
    )
    rows = [paid, part, none]
    assert wanted == unpay(before, rows, ACT, gone=True, expires_at=LATER)


def waiting(no: int, owed: int, since: timedelta | None, **words: Any) -> Reservation:
    """Return a paid line that waits for goods."""
    moment = None if since is None else NOW - since
    return promised(no, words.pop("quantity", owed), state=OWED, owed=owed, owed_at=moment, **words)


def test_those_who_waited_longest_get_their_goods_first() -> None:
    """In parts if need be, at the average cost, never what others hold."""
    late, early = waiting(1, 2, DAY), waiting(2, 3, 2 * DAY, quantity=4, taken=1, cost=5, part=2)
    before = book(level(on_hand=6, reserved=2, owed=5, value_minor=60), rows=(late, early))
    wanted = changed(
        before,
        took(early, "1:consume:3", 3, 30, owed=-3),
        took(late, "1:consume:1", 1, 10, owed=-1),
        rows=(
            attrs.evolve(early, state=CONSUMED, taken=4, owed=0, owed_at=None, cost=35, part=3),
            attrs.evolve(late, taken=1, owed=1, cost=10, part=1),
        ),
    )
    got = fill_owed(before, ACT)
    assert (wanted, wanted.movements) == (got, got.movements)


def test_equal_waits_are_told_apart_by_their_start_and_number() -> None:
    """Without a moment of owing the reservation's own counts; ties go to the lower id."""
    second, first = waiting(2, 1, DAY), waiting(1, 1, DAY)
    old = waiting(3, 1, None, at=NOW - 2 * DAY)
    rows = (second, first, old)
    for there, filled in ((1, [old]), (2, [old, first]), (3, [old, first, second])):
        change = fill_owed(book(level(on_hand=there, owed=3), rows=rows), ACT)
        assert [row.id for row in filled] == list(change.reservations)


def test_one_work_fills_a_bounded_number_of_lines() -> None:
    """The limit counts over all levels, and is 200 unless told otherwise."""
    assert 200 == FILLS_LIMIT
    here, there = waiting(1, 1, 2 * DAY), waiting(2, 1, DAY, place=ELSEWHERE)
    before = book(level(on_hand=9, owed=1), level(ELSEWHERE, on_hand=9, owed=1), rows=(here, there))
    assert [here.id] == list(fill_owed(before, ACT, limit=1).reservations)
    assert [here.id, there.id] == list(fill_owed(before, ACT, limit=2).reservations)
    many = tuple(waiting(no, 1, DAY) for no in range(201))
    crowd = book(level(on_hand=300, owed=201), rows=many)
    assert 200 == len(fill_owed(crowd, ACT).movements)


def test_an_empty_level_keeps_no_other_from_filling() -> None:
    """Lines wait where nothing is free; lines of other levels get their goods."""
    here, there = waiting(1, 2, 2 * DAY), waiting(2, 1, DAY, place=ELSEWHERE)
    before = book(
        level(on_hand=2, reserved=2, owed=2),
        level(ELSEWHERE, on_hand=1, owed=1, value_minor=3),
        rows=(here, there),
    )
    filled = attrs.evolve(there, state=CONSUMED, taken=1, owed=0, owed_at=None, cost=3, part=1)
    wanted = changed(before, (ELSEWHERE, took(there, "1:consume:1", 1, 3, owed=-1)), rows=(filled,))
    assert wanted == fill_owed(before, ACT)
    assert StockChange(book=book(level(PLACE, on_hand=5))) == fill_owed(
        book(level(PLACE, on_hand=5)), ACT
    )
