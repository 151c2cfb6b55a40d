"""Promises of goods: who gets them, who does not, and in which order they are given up."""

from datetime import timedelta
from uuid import UUID

import attrs
import pytest

from kasa.domain.inventory.holding import (
    Need,
    expire,
    hold,
    release,
    release_newest,
    reserve,
    shortages,
)
from kasa.domain.inventory.level import Place, Shortage, StockInsufficient
from kasa.domain.inventory.movement import MovementReason, Source
from kasa.domain.inventory.reservation import Reservation, ReservationReason, ReservationState
from kasa.domain.inventory.stock import StockChange
from kasa.domain.kernel.ids import ReservationId
from tests.unit.inventory.steps import freed, kept
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

RELEASED, SHORT = ReservationState.RELEASED, ReservationReason.SHORT
BY_HAND, EXPIRED = ReservationReason.BY_HAND, ReservationReason.EXPIRED
TICK = timedelta(microseconds=1)


def need(no: int, quantity: int, place: Place = PLACE, note: str = "") -> Need:
    """Return what the line of an invoice wants."""
    source = Source("invoice", UUID(int=7), no)
    return Need(source=source, place=place, quantity=quantity, expires_at=LATER, note=note)


def made(wanted: Need, *, held: bool = True) -> Reservation:
    """Return the reservation that a need leads to."""
    return Reservation(
        id=ReservationId(ACT.new_id(wanted.source.key)),
        source=wanted.source,
        sku=wanted.place[0],
        location=wanted.place[1],
        quantity=wanted.quantity,
        state=ReservationState.HELD if held else RELEASED,
        reason=None if held else SHORT,
        expires_at=LATER,
        at=NOW,
        note=wanted.note,
    )


def test_needs_of_one_level_are_added_up() -> None:
    """A SKU is short when all lines together want more than is available, to the unit."""
    before = book(level(on_hand=9, reserved=2, owed=1), level(ELSEWHERE, on_hand=500))
    assert () == shortages(before, [need(1, 2), need(2, 4), need(3, 500, ELSEWHERE)])
    assert (
        Shortage(code="TEA", wanted=7, available=6, unit="C62"),
        Shortage(code="RICE", wanted=501, available=500, unit="KGM", scale=3),
    ) == shortages(before, [need(1, 2), need(3, 501, ELSEWHERE), need(2, 5)])
    owing = book(level(on_hand=1, reserved=1, owed=3))
    (nothing,) = shortages(owing, [need(1, 1)])
    assert 0 == nothing.available
    assert () == shortages(book(level(backorder=True)), [need(1, 5)])


def test_all_needs_are_reserved_in_their_order() -> None:
    """Each line has a promise of its own, with its note and its end."""
    needs = [need(1, 5, note="For Sokha"), need(2, 1), need(3, 2, ELSEWHERE)]
    before = book(level(on_hand=6), level(ELSEWHERE, on_hand=2))
    rows = [made(each) for each in needs]
    steps = [(row.place, kept(row, "1:reserve", row.quantity)) for row in rows]
    got = reserve(before, needs, ACT)
    assert changed(before, *steps, rows=tuple(rows)) == got
    assert [row.id for row in rows] == list(got.reservations)


def test_all_or_none_unless_shortages_are_accepted() -> None:
    """One missing piece refuses all; accepted, small lines go first and the rest is short."""
    needs = [need(1, 4), need(2, 3), need(3, 2)]
    before = book(level(on_hand=5))
    with pytest.raises(StockInsufficient) as refused:
        reserve(before, needs, ACT)
    assert (Shortage(code="TEA", wanted=9, available=5, unit="C62"),) == refused.value.shortages
    large, middle, small = made(needs[0], held=False), made(needs[1]), made(needs[2])
    wanted = changed(
        before,
        kept(small, "1:reserve", small.quantity),
        kept(middle, "1:reserve", middle.quantity),
        rows=(small, middle, large),
    )
    assert wanted == reserve(before, needs, ACT, accept_shortage=True)
    enough = book(level(on_hand=9))
    first = next(iter(reserve(enough, needs, ACT, accept_shortage=True).reservations))
    assert large.id == first


def test_a_promise_that_does_not_fit_stays_as_it_is() -> None:
    """What is available fits to the unit; with back orders everything fits."""
    short = promised(1, state=RELEASED, reason=SHORT)
    for figures in ({"on_hand": 5, "reserved": 1}, {"backorder": True}):
        before = book(level(**figures))
        wanted = changed(before, kept(short, "1:reserve", short.quantity), rows=(promised(1),))
        assert wanted == hold(StockChange(book=before), short, ACT)
    before = book(level(on_hand=5, reserved=1, owed=1))
    assert changed(before, rows=(short,)) == hold(StockChange(book=before), short, ACT)


def test_only_what_is_held_is_given_up() -> None:
    """The reason stands on the movement and on the reservation; others stay as they are."""
    paid, held = promised(1, state=ReservationState.CONSUMED, taken=4), promised(2)
    before = book(level(on_hand=9, reserved=4), rows=(paid, held))
    for reason in (ReservationReason.VOID, ReservationReason.WRITE_OFF, BY_HAND):
        wanted = changed(
            before,
            freed(held, MovementReason(reason.value)),
            rows=(attrs.evolve(held, state=RELEASED, reason=reason),),
        )
        assert wanted == release(before, [paid, held], ACT, reason)
    assert StockChange(book=before) == release(before, [paid], ACT, BY_HAND)


def test_the_newest_promises_are_given_up_first() -> None:
    """Whole promises of this level until enough is free; ties go to the higher id."""
    old, two, three = promised(1, at=NOW - TICK), promised(2, 1), promised(3, 2)
    away = promised(4, 9, place=ELSEWHERE, at=LATER)
    paid = promised(5, 9, state=ReservationState.CONSUMED, at=LATER)
    before = book(level(on_hand=9, reserved=7), rows=(two, away, old, three, paid))
    order = [three, two, old]
    for excess, gone in ((-1, 0), (0, 0), (1, 1), (2, 1), (3, 2), (4, 3), (7, 3), (99, 3)):
        rows = order[:gone]
        wanted = changed(
            before,
            *(freed(row, MovementReason.BY_HAND) for row in rows),
            rows=tuple(attrs.evolve(row, state=RELEASED, reason=BY_HAND) for row in rows),
        )
        got = release_newest(StockChange(book=before), PLACE, excess, ACT)
        assert (wanted, wanted.movements) == (got, got.movements)


def test_promises_end_at_their_very_moment() -> None:
    """Those of every level, or of one; the others stay held."""
    over, open_ = promised(1, 1, expires_at=NOW), promised(2, 1, expires_at=NOW + TICK)
    away = promised(3, 1, place=ELSEWHERE, expires_at=NOW)
    levels = (level(on_hand=2, reserved=2), level(ELSEWHERE, on_hand=1, reserved=1))
    before = book(*levels, rows=(over, open_, away))
    ended = [attrs.evolve(row, state=RELEASED, reason=EXPIRED) for row in (over, away)]
    steps = [(row.place, freed(row, MovementReason.EXPIRED)) for row in (over, away)]
    assert changed(before, *steps, rows=tuple(ended)) == expire(before, ACT)
    assert changed(before, steps[0], rows=(ended[0],)) == expire(before, ACT, place=PLACE)
    assert changed(before, steps[1], rows=(ended[1],)) == expire(before, ACT, place=ELSEWHERE)
