"""Reservations, costs and the audit: sums that hold, edges that are exact."""

from datetime import timedelta
from typing import Any

import attrs
import pytest

from kasa.domain.inventory.audit import drift, rebuilt
from kasa.domain.inventory.level import (
    Level,
)
from kasa.domain.inventory.reservation import (
    Fulfilment,
    Reservation,
    ReservationExpiryInvalid,
    ReservationReason,
    ReservationState,
    fulfilment,
    kept_until,
    manual_expiry,
)
from kasa.domain.inventory.valuation import cost_back, cost_in, cost_out
from tests.unit.inventory.values import HELD, MOVED, NOW, PLACE, SKU


@pytest.mark.parametrize(
    ("on_hand", "value", "quantity", "cost"),
    [(3, 100, 1, 33), (3, 100, 2, 67), (3, 100, 3, 100), (2, 1, 1, 1), (5, 0, 2, 0), (0, 0, 0, 0)],
)
def test_goods_leave_at_the_average(on_hand: int, value: int, quantity: int, cost: int) -> None:
    """Rounded once, half away from zero, and all of it with the last piece."""
    assert cost == cost_out(on_hand, value, quantity)
    if on_hand:
        assert cost == cost_in(on_hand, value, quantity)
    assert 0 == cost_in(0, 0, quantity)


def test_returns_never_take_more_away() -> None:
    """The parts sum to the cost, and a return never costs anything, however cheap a later fill."""
    given_back = [cost_back(100, 3, 1, 0)]
    given_back.append(cost_back(100, 3, 2, sum(given_back)))
    given_back.append(cost_back(100, 3, 3, sum(given_back)))
    assert [33, 34, 33] == given_back
    assert 0 == cost_back(200, 10, 2, 100)


@pytest.mark.parametrize(
    "wrong",
    [
        {"quantity": 0},
        {"taken": 5},
        {"taken": 2, "returned": 3},
        {"owed": 1},
        {"state": ReservationState.OWED},
        {"returned": -1},
        {"returned_cost": 1},
    ],
)
def test_a_reservation_keeps_its_sums(wrong: dict[str, Any]) -> None:
    """No more is taken, owed or returned than there was."""
    with pytest.raises(ValueError, match=r"no more|only an owed"):
        attrs.evolve(HELD, **wrong)


def test_a_hold_ends_at_its_very_moment() -> None:
    """P16: half-open; only what is held expires."""
    end = NOW + timedelta(days=2)
    assert HELD.expired(end)
    assert not HELD.expired(end - timedelta(microseconds=1))
    assert not attrs.evolve(HELD, state=ReservationState.RELEASED).expired(end)
    assert not attrs.evolve(HELD, expires_at=None).expired(end)


def test_a_hold_is_kept_while_evidence_is_read() -> None:
    """72 h from now, never shorter than before, never beyond 180 days from its start."""
    day, end = timedelta(days=1), NOW + timedelta(days=2)
    assert end == kept_until(HELD, at=NOW - 2 * day)
    assert NOW + 4 * day == kept_until(HELD, at=NOW + day)
    assert NOW + 180 * day == kept_until(HELD, at=NOW + 179 * day)
    assert kept_until(attrs.evolve(HELD, expires_at=None), at=NOW) is None


def test_goods_are_kept_by_hand_for_at_most_90_days() -> None:
    """The end is chosen, in the future and not far away."""
    longest = NOW + timedelta(days=90)
    assert longest == manual_expiry(longest, at=NOW)
    for wrong in (NOW, longest + timedelta(microseconds=1)):
        with pytest.raises(ReservationExpiryInvalid):
            manual_expiry(wrong, at=NOW)


def row(state: str, **changes: Any) -> Reservation:
    """Return a reservation in a state."""
    return attrs.evolve(HELD, state=ReservationState(state), **changes)


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ([], "none"),
        ([row("released", reason=ReservationReason.CREDITED)], "none"),
        ([HELD], "reserved"),
        ([HELD, row("consumed", taken=4)], "reserved"),
        ([HELD, row("released", reason=ReservationReason.SHORT)], "not_reserved"),
        ([row("consumed", taken=4)], "deducted"),
        ([row("owed", owed=4), row("consumed", taken=4)], "awaiting_stock"),
        ([row("consumed", taken=4, returned=1)], "part_returned"),
        ([row("consumed", taken=4, returned=4), row("consumed", taken=4)], "part_returned"),
        ([row("consumed", taken=4, returned=4)], "returned"),
    ],
)
def test_fulfilment_is_what_the_lines_show(rows: list[Reservation], wanted: str) -> None:
    """One word for all lines of an invoice; lines that were credited whole do not count."""
    assert Fulfilment(wanted) is fulfilment(rows)


def test_an_audit_names_what_differs() -> None:
    """Each figure of a level is held to its movements and its reservations."""
    level = Level(sku=SKU, location=PLACE[1], on_hand=2, value_minor=10, version=1, moved_at=NOW)
    assert () == drift(level, [MOVED], [])
    assert level == rebuilt(attrs.evolve(level, on_hand=7, version=3), [MOVED])
    assert ("on_hand", "after") == drift(attrs.evolve(level, on_hand=3), [MOVED], [])
    assert ("version",) == drift(attrs.evolve(level, version=2), [MOVED], [])
    assert ("value", "after") == drift(attrs.evolve(level, value_minor=9), [MOVED], [])
    assert ("held",) == drift(level, [MOVED], [HELD])
    owing = attrs.evolve(HELD, state=ReservationState.OWED, owed=4)
    assert ("owing",) == drift(level, [MOVED], [owing])
    waits = attrs.evolve(level, owed=4)
    assert {"owed", "after", "waiting"} == set(drift(waits, [MOVED], [owing]))
    reserved = attrs.evolve(level, reserved=1)
    assert {"reserved", "after", "held"} == set(drift(reserved, [MOVED], []))
