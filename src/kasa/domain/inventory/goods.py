"""Goods that come in, are corrected or break, and the undoing of one movement."""

from collections.abc import Sequence
from enum import StrEnum

import attrs

from kasa.domain.inventory.holding import expire, release_newest
from kasa.domain.inventory.level import (
    Act,
    Place,
    StockBook,
    StockInsufficient,
    StockUntracked,
    require_counted,
)
from kasa.domain.inventory.movement import (
    UNDOABLE,
    MovementKind,
    MovementReason,
    StockMovement,
    require_reason,
)
from kasa.domain.inventory.stock import Step, StockChange, append, counted
from kasa.domain.inventory.unit import QuantityInvalid
from kasa.domain.inventory.valuation import CostInvalid, cost_in, cost_out
from kasa.domain.kernel.errors import Conflict, Invalid, VersionStale

LINES_LIMIT = 500
HOLDERS_NAMED = 20
BROKEN = frozenset({MovementReason.DAMAGED, MovementReason.EXPIRED_GOODS})


class AlreadyOpen(Conflict):
    """The opening balance was given, or goods have moved already; count them instead."""

    code = "stock.already_open"


class StockReserved(Conflict):
    """These goods are reserved; release the reservations first, or the newest with this."""

    code = "stock.reserved"


class NotReversible(Invalid):
    """A movement of this kind is not undone by itself."""

    code = "movement.not_reversible"


class AlreadyReversed(Conflict):
    """This movement was undone already."""

    code = "movement.already_reversed"


class OnReserved(StrEnum):
    """What happens when goods are to go that are reserved."""

    REFUSE = "refuse"
    NEWEST = "newest"


@attrs.frozen(kw_only=True)
class Incoming:
    """Goods of one line: how many, what they cost in all (None: not stated), and their key.

    ``already_there`` is asked for where the level was not counted yet; 0 is an answer.
    """

    place: Place
    quantity: int
    key: str
    cost: int | None = None
    already_there: int | None = None
    note: str = ""


@attrs.frozen(kw_only=True)
class Correction:
    """A change by hand of one level, in base units: by ``delta``, or to ``set_to``.

    ``set_to`` comes with the version that the person saw.
    """

    place: Place
    key: str
    reason: MovementReason | None
    delta: int | None = None
    set_to: int | None = None
    expected_version: int | None = None
    note: str = ""


def open_balance(book: StockBook, lines: Sequence[Incoming], act: Act) -> StockChange:
    """State what is there when counting starts; once per level, before anything moved."""
    change = StockChange(book=book)
    for line in lines:
        level = change.book.level(line.place)
        if not level.tracked:
            raise StockUntracked
        if level.version or level.counted(act.since):
            raise AlreadyOpen(code=book.sku(line.place[0]).code)
        change = _opened(change, line, act)
    return change


def _opened(change: StockChange, line: Incoming, act: Act) -> StockChange:
    if line.quantity < 0:
        raise QuantityInvalid
    change = counted(change, line.place, act.at)
    if line.quantity:
        return _enter(change, line, MovementKind.OPEN, act)
    if line.cost:
        raise CostInvalid
    return change


def _enter(change: StockChange, line: Incoming, kind: MovementKind, act: Act) -> StockChange:
    level = change.book.level(line.place)
    if line.cost is not None and line.cost < 0:
        raise CostInvalid
    average = cost_in(level.on_hand, level.value_minor, line.quantity)
    step = Step(
        kind=kind,
        key=line.key,
        on_hand=line.quantity,
        value=average if line.cost is None else line.cost,
        note=line.note,
        cost_unknown=line.cost is None and not level.on_hand,
    )
    return append(change, line.place, step, act)


def receive(book: StockBook, lines: Sequence[Incoming], act: Act) -> StockChange:
    """Take goods in at their cost; a level that is not counted is counted first."""
    change = StockChange(book=book)
    for line in lines:
        if line.quantity < 1:
            raise QuantityInvalid
        if line.already_there is not None:
            change = _already_there(change, line, line.already_there, act)
        require_counted(change.book.level(line.place), act)
        change = _enter(change, line, MovementKind.RECEIVE, act)
    return change


def _already_there(change: StockChange, line: Incoming, there: int, act: Act) -> StockChange:
    level = change.book.level(line.place)
    if not level.tracked or level.counted(act.since):
        return change
    if there < 0:
        raise QuantityInvalid
    key = f"{line.key}:open"
    if not level.version:
        return _opened(change, attrs.evolve(line, quantity=there, key=key, cost=None), act)
    change = counted(change, line.place, act.at)
    step = Step(kind=MovementKind.COUNT, key=key, on_hand=there - level.on_hand)
    return correct(change, line.place, step, act)


def correct(
    change: StockChange,
    place: Place,
    step: Step,
    act: Act,
    *,
    on_reserved: OnReserved = OnReserved.REFUSE,
) -> StockChange:
    """Move on hand by what the step says, at the present average cost; 0 changes nothing.

    Below zero is ``stock.insufficient``. Below what is reserved, expired reservations go first,
    then it is ``stock.reserved``, or whole reservations are released, newest first.
    """
    delta = step.on_hand
    if not delta:
        return change
    if delta < 0:
        change = make_room(change, place, -delta, act, on_reserved=on_reserved)
    level = change.book.level(place)
    figures = (level.on_hand, level.value_minor)
    value = cost_in(*figures, delta) if delta > 0 else -cost_out(*figures, -delta)
    unknown = delta > 0 and not level.on_hand
    step = attrs.evolve(step, value=value, cost_unknown=unknown)
    return append(change, place, step, act)


def make_room(
    change: StockChange, place: Place, quantity: int, act: Act, *, on_reserved: OnReserved
) -> StockChange:
    """Let ``quantity`` go from a level as ``correct`` says; reservations must be in play."""
    level = change.book.level(place)
    left = level.on_hand - quantity
    if left < 0:
        shortage = change.book.shortage(place, wanted=quantity, available=level.on_hand)
        raise StockInsufficient(shortage)
    if level.backorder or level.reserved <= left:
        return change
    change = change.then(expire(change.book, act, place=place))
    excess = change.book.level(place).reserved - left
    if excess > 0 and on_reserved is OnReserved.REFUSE:
        raise _reserved(change.book, place)
    return release_newest(change, place, excess, act)


def _reserved(book: StockBook, place: Place) -> StockReserved:
    held = [row for row in book.reservations.values() if row.held and row.place == place]
    named = sorted(held, key=lambda row: (row.at, row.id), reverse=True)[:HOLDERS_NAMED]
    holders = tuple(f"{row.source.key} {row.quantity}" for row in named)
    return StockReserved(code=book.sku(place[0]).code, holders=holders, total=len(held))


def adjust(
    book: StockBook,
    lines: Sequence[Correction],
    act: Act,
    *,
    on_reserved: OnReserved = OnReserved.REFUSE,
) -> StockChange:
    """Correct levels by hand with a reason; what broke or went bad is scrapped."""
    change = StockChange(book=book)
    for line in lines:
        clean = require_reason(line.reason, line.note)
        level = change.book.level(line.place)
        require_counted(level, act)
        delta = line.delta
        if line.set_to is not None:
            if level.version != line.expected_version:
                raise VersionStale
            delta = line.set_to - level.on_hand
        if delta is None or (line.set_to is not None and line.set_to < 0):
            raise QuantityInvalid
        broken = delta < 0 and line.reason in BROKEN
        kind = MovementKind.SCRAP if broken else MovementKind.ADJUST
        step = Step(kind=kind, key=line.key, on_hand=delta, reason=line.reason, note=clean)
        change = correct(change, line.place, step, act, on_reserved=on_reserved)
    return change


def undo(
    book: StockBook,
    movement: StockMovement,
    act: Act,
    *,
    reversed_already: bool,
    on_reserved: OnReserved = OnReserved.REFUSE,
) -> StockChange:
    """Move back what one movement moved, once, with what it cost; nothing is deleted.

    Goods that came in take their cost out again, at most what is left, all of it with the last.
    """
    if movement.kind not in UNDOABLE:
        raise NotReversible(kind=movement.kind.value)
    if reversed_already:
        raise AlreadyReversed
    change, delta = StockChange(book=book), -movement.d_on_hand
    if delta < 0:
        change = make_room(change, movement.place, -delta, act, on_reserved=on_reserved)
    level = change.book.level(movement.place)
    value = -movement.d_value
    if delta < 0:
        last = level.on_hand + delta == 0
        value = -level.value_minor if last else -min(movement.d_value, level.value_minor)
    step = Step(
        kind=MovementKind.REVERSE,
        key=f"undo:{movement.id}",
        on_hand=delta,
        value=value,
        reverses=movement.id,
    )
    return append(change, movement.place, step, act)
