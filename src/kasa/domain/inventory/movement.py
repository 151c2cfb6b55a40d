"""One appended change of a level: what moved, by how much, why, and what was left after."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

import attrs

from kasa.domain.inventory.unit import QUANTITY_LIMIT
from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.ids import LocationId, MovementId, SkuId
from kasa.domain.kernel.text import Note, TextTooLong, note

NOTE_LIMIT = 500
EFFECTIVE_DAYS = 366
KEY_LIMIT = 120


class ReasonInvalid(Invalid):
    """An adjustment needs a reason, and some reasons need a note of at most 500 characters."""

    code = "stock.reason"


class EffectiveOnInvalid(Invalid):
    """The day lies between 366 days ago and today."""

    code = "stock.effective_on"


class MovementKind(StrEnum):
    """What a movement is; which figures it may move stands in ``SIGNS``."""

    OPEN = "open"
    RECEIVE = "receive"
    RESERVE = "reserve"
    RELEASE = "release"
    CONSUME = "consume"
    OWE = "owe"
    FORGIVE = "forgive"
    RETURN = "return"
    SCRAP = "scrap"
    ADJUST = "adjust"
    COUNT = "count"
    REVERSE = "reverse"
    SEND = "send"
    ARRIVE = "arrive"


SIGNS: dict[MovementKind, tuple[str, str, str]] = {
    # The allowed signs of on hand, reserved and owed.
    MovementKind.OPEN: ("+", "0", "0"),
    MovementKind.RECEIVE: ("+", "0", "0"),
    MovementKind.RESERVE: ("0", "+", "0"),
    MovementKind.RELEASE: ("0", "-", "0"),
    MovementKind.CONSUME: ("-", "-0", "-0"),
    MovementKind.OWE: ("0", "-0", "+"),
    MovementKind.FORGIVE: ("0", "0", "-"),
    MovementKind.RETURN: ("+", "0", "0"),
    MovementKind.SCRAP: ("-", "0", "0"),
    MovementKind.ADJUST: ("+-", "0", "0"),
    MovementKind.COUNT: ("+-", "0", "0"),
    MovementKind.REVERSE: ("+-", "0", "0"),
    MovementKind.SEND: ("-", "0", "0"),
    MovementKind.ARRIVE: ("+", "0", "0"),
}

UNDOABLE = frozenset(
    {
        MovementKind.RECEIVE,
        MovementKind.OPEN,
        MovementKind.ADJUST,
        MovementKind.SCRAP,
        MovementKind.COUNT,
    }
)


class MovementReason(StrEnum):
    """Why goods moved: the first nine for people, the others written by kasa."""

    DAMAGED = "damaged"
    LOST = "lost"
    THEFT = "theft"
    FOUND = "found"
    GIFT = "gift"
    PROMOTION = "promotion"
    OWN_USE = "own_use"
    EXPIRED_GOODS = "expired_goods"
    MISTAKE = "mistake"
    VOID = "void"
    WRITE_OFF = "write_off"
    EXPIRED = "expired"
    BY_HAND = "by_hand"
    CREDITED = "credited"
    SHORT = "short"
    INVENTORY_OFF = "inventory_off"
    REVERSED = "reversed"


ADJUSTING = frozenset(list(MovementReason)[:9])
NEEDS_NOTE = frozenset({MovementReason.FOUND, MovementReason.MISTAKE})


def require_reason(reason: MovementReason | None, text: str) -> Note:
    """Return the clean note of an adjustment, or raise ``stock.reason``."""
    try:
        clean = note(text, NOTE_LIMIT)
    except TextTooLong as error:
        raise ReasonInvalid(limit=NOTE_LIMIT) from error
    if reason not in ADJUSTING or (reason in NEEDS_NOTE and not clean):
        raise ReasonInvalid
    return clean


def effective_day(wanted: date | None, today: date) -> date:
    """Return the day that reports show, today unless stated, or raise ``stock.effective_on``."""
    if wanted is None:
        return today
    if not today - timedelta(days=EFFECTIVE_DAYS) <= wanted <= today:
        raise EffectiveOnInvalid
    return wanted


@attrs.frozen
class Source:
    """What caused a movement or a reservation: ``kind``, its id, and its line where it has one."""

    kind: str
    id: UUID
    line: int | None = None

    @property
    def key(self) -> str:
        """Names it: ``invoice:<id>:<line>``."""
        line = "" if self.line is None else f":{self.line}"
        return f"{self.kind}:{self.id}{line}"


def sign(number: int) -> str:
    """Return ``+``, ``-`` or ``0``."""
    return "0" if number == 0 else "+" if number > 0 else "-"


@attrs.frozen(kw_only=True)
class StockMovement:
    """A change of one level and the figures after it; appended, never changed or deleted.

    ``effective_on`` is a label for reports, not a backdating. ``cost_unknown`` marks goods that
    came in without a stated cost while none were there to take an average from.
    """

    id: MovementId
    sku: SkuId
    location: LocationId
    version: int
    kind: MovementKind
    d_on_hand: int
    d_reserved: int
    d_owed: int
    d_value: int
    on_hand_after: int
    reserved_after: int
    owed_after: int
    value_after: int
    source: Source
    key: str
    at: datetime
    effective_on: date
    reason: MovementReason | None = None
    note: str = ""
    reverses: MovementId | None = None
    by: UUID | None = None
    cost_unknown: bool = False

    def __attrs_post_init__(self) -> None:
        deltas = (self.d_on_hand, self.d_reserved, self.d_owed)
        for allowed, delta in zip(SIGNS[self.kind], deltas, strict=True):
            if sign(delta) not in allowed or abs(delta) > QUANTITY_LIMIT:
                raise ValueError(f"a {self.kind} does not move {delta}")
        if self.d_value and sign(self.d_value) != sign(self.d_on_hand):
            raise ValueError("value moves with the goods")
        if self.kind is MovementKind.CONSUME and (self.d_reserved, self.d_owed) not in {
            (self.d_on_hand, 0),
            (0, self.d_on_hand),
            (0, 0),
        }:
            raise ValueError("goods leave what was reserved, what was owed, or neither")
        if self.kind is MovementKind.OWE and self.d_reserved not in {0, -self.d_owed}:
            raise ValueError("what is owed was reserved, or was not")
        after = (self.on_hand_after, self.reserved_after, self.owed_after, self.value_after)
        if min(after) < 0 or self.version < 1 or len(self.key) > KEY_LIMIT:
            raise ValueError("a movement leaves no negative figure")

    @property
    def place(self) -> tuple[SkuId, LocationId]:
        """The level that it moved."""
        return (self.sku, self.location)
