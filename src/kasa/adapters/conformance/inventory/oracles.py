"""Figures that are worked out from the log and the commands alone, never read from a level."""

from collections.abc import Iterable, Sequence

import attrs

from kasa.domain.inventory.level import Level
from kasa.domain.inventory.movement import MovementKind, StockMovement
from kasa.domain.inventory.reservation import Reservation, ReservationState
from kasa.domain.kernel.money import rounded

INCOMING = {"open", "receive", "return", "adjust", "count", "reverse"}
OUTGOING = {"consume", "scrap", "adjust", "count", "reverse"}


def check_folded(level: Level, log: Sequence[StockMovement]) -> None:
    """P1, P3, P14: a level is the fold of its movements, and every prefix is a valid state."""
    on_hand = reserved = owed = value = 0
    for version, row in enumerate(log, 1):
        on_hand, reserved = on_hand + row.d_on_hand, reserved + row.d_reserved
        owed, value = owed + row.d_owed, value + row.d_value
        after = (row.on_hand_after, row.reserved_after, row.owed_after, row.value_after)
        assert (on_hand, reserved, owed, value) == after, row.key
        assert version == row.version, row.key
        assert min(after) >= 0, row.key
        assert on_hand or not value, row.key
    moments = [row.at for row in log]
    assert sorted(moments) == moments
    assert (on_hand, reserved, owed, value) == (
        level.on_hand,
        level.reserved,
        level.owed,
        level.value_minor,
    )
    assert len(log) == level.version
    assert level.backorder or level.reserved <= level.on_hand
    assert len({row.key for row in log}) == len(log)


def check_promised(level: Level, rows: Iterable[Reservation]) -> None:
    """P2: reserved and owed are the sums of their reservations; nobody waits for free goods."""
    mine = [row for row in rows if row.place == level.place]
    assert level.reserved == sum(row.quantity for row in mine if row.held)
    assert level.owed == sum(row.owed for row in mine)
    assert not level.owed or level.free <= 0
    for row in mine:
        if row.state is ReservationState.OWED:
            assert row.quantity == row.taken + row.owed


@attrs.frozen
class Tuning:
    """A change of the low mark after ``version`` movements."""

    version: int
    low_at: int | None
    rearm_at: int | None


def alerts_of(log: Sequence[StockMovement], tunings: Sequence[Tuning]) -> list[int]:
    """P10: return what was available at each alert, from the log and the changes of the mark."""
    fired: list[int] = []
    armed, low, rearm = True, None, None
    waiting = list(tunings)
    for version in range(len(log) + 1):
        row = log[version - 1] if version else None
        left = 0 if row is None else row.on_hand_after - row.reserved_after - row.owed_after
        looked = [left] if row is not None else []
        while True:
            for figure in looked:
                if low is not None and armed and figure <= low:
                    fired.append(figure)
                    armed = False
                elif rearm is not None and figure > rearm:
                    armed = True
            if not waiting or waiting[0].version != version:
                break
            tuning = waiting.pop(0)
            armed, low, rearm = True, tuning.low_at, tuning.rearm_at
            looked = [left] if version else []
    return fired


def check_costs(works: Sequence[Sequence[StockMovement]]) -> None:
    """P11: goods leave at the average once per work, and come back at what they left with."""
    on_hand = value = 0
    lines: dict[tuple[object, ...], list[int]] = {}
    for work in works:
        before, gone = (on_hand, value), [row for row in work if row.kind.value == "consume"]
        for row in work:
            if row is (gone[0] if gone else None):
                before = (on_hand, value)
            on_hand, value = on_hand + row.d_on_hand, value + row.d_value
            _check_line(row, lines)
        quantity = -sum(row.d_on_hand for row in gone)
        if gone:
            there, worth = before
            wanted = worth if quantity == there else rounded(worth * quantity, there)
            assert wanted == -sum(row.d_value for row in gone), gone[0].key
        _check_received(work)


def _check_received(work: Sequence[StockMovement]) -> None:
    for row in work:
        if row.kind is MovementKind.SCRAP and row.source.kind == "invoice":
            (back,) = [
                each
                for each in work
                if each.kind is MovementKind.RETURN and each.version == row.version - 1
            ]
            assert (back.d_on_hand, back.d_value) == (-row.d_on_hand, -row.d_value)


def _check_line(row: StockMovement, lines: dict[tuple[object, ...], list[int]]) -> None:
    """Follow one line of an invoice: taken, its cost, returned, what came back."""
    taken, cost, returned, given = lines.setdefault((row.source.id, row.source.line), [0] * 4)
    if row.kind is MovementKind.CONSUME:
        taken, cost = taken - row.d_on_hand, cost - row.d_value
    elif row.kind is MovementKind.RETURN:
        returned += row.d_on_hand
        assert row.d_value == max(0, rounded(cost * returned, taken) - given), row.key
        given += row.d_value
    elif row.kind is MovementKind.REVERSE and row.source.kind == "invoice":
        assert (taken - returned, cost - given) == (row.d_on_hand, row.d_value), row.key
        taken = cost = returned = given = 0
    assert returned <= taken
    lines[row.source.id, row.source.line] = [taken, cost, returned, given]


def check_turns(log: Sequence[StockMovement]) -> None:
    """P16: owed lines are filled oldest first, and nobody is passed over while goods are left."""
    waiting: dict[str, tuple[object, ...]] = {}
    owed: dict[str, int] = {}
    for row in log:
        line = row.key.split(":")[1] if row.key.startswith("reservation:") else ""
        if row.kind is MovementKind.OWE:
            waiting[line] = (row.at, line)
        if row.kind is MovementKind.CONSUME and row.d_owed:
            first = min((turn, who) for who, turn in waiting.items() if owed[who])
            assert first[1] == line, row.key
        if row.d_owed:
            owed[line] = owed.get(line, 0) + row.d_owed
