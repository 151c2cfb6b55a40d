"""A promise of goods to one line of an invoice, or by hand, and how far it is kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import attrs

from kasa.domain.inventory.movement import Source
from kasa.domain.kernel.errors import Conflict, Invalid
from kasa.domain.kernel.ids import LocationId, ReservationId, SkuId

MANUAL_LIMIT = 1_000
MANUAL_DAYS = 90
LIFE_DAYS = 180
READING_HOURS = 72


class ReservationWrongState(Conflict):
    """The reservation is not in a state that allows this."""

    code = "reservation.wrong_state"


class ReservationExpiryInvalid(Invalid):
    """Goods are kept by hand for a time that has not passed yet, at most 90 days."""

    code = "reservation.expiry"


class ReservationTooMany(Invalid):
    """There are 1,000 open reservations by hand; release some first."""

    code = "reservation.too_many"


class ReservationState(StrEnum):
    """Promised, given, given up, or paid and still to come."""

    HELD = "held"
    CONSUMED = "consumed"
    RELEASED = "released"
    OWED = "owed"


class ReservationReason(StrEnum):
    """Why it was released; DELIVERED says that consumed goods were handed over before payment."""

    VOID = "void"
    WRITE_OFF = "write_off"
    EXPIRED = "expired"
    BY_HAND = "by_hand"
    CREDITED = "credited"
    SHORT = "short"
    INVENTORY_OFF = "inventory_off"
    DELIVERED = "delivered"


class Fulfilment(StrEnum):
    """How far the goods of an invoice are, as its reservations show."""

    NONE = "none"
    RESERVED = "reserved"
    NOT_RESERVED = "not_reserved"
    DEDUCTED = "deducted"
    AWAITING_STOCK = "awaiting_stock"
    PART_RETURNED = "part_returned"
    RETURNED = "returned"


class Skipped(StrEnum):
    """Why nothing is written for a line: the feature is off, or the goods were never counted."""

    INVENTORY_OFF = "inventory_off"
    UNCOUNTED = "uncounted"


@attrs.frozen(kw_only=True)
class Reservation:
    """``quantity`` base units of a SKU for a source; ``taken`` have left, ``owed`` are to come.

    ``round`` counts how often the goods were promised anew after a reversed payment, ``part`` the
    acts that may repeat within a round; both only name movements. ``cost`` is what the taken
    goods cost, ``returned`` of them are back with ``returned_cost``.
    """

    id: ReservationId
    source: Source
    sku: SkuId
    location: LocationId
    quantity: int
    state: ReservationState
    at: datetime
    reason: ReservationReason | None = None
    expires_at: datetime | None = None
    round: int = 1
    part: int = 0
    taken: int = 0
    owed: int = 0
    owed_at: datetime | None = None
    cost: int = 0
    returned: int = 0
    returned_cost: int = 0
    note: str = ""

    def __attrs_post_init__(self) -> None:
        if self.quantity < 1 or self.taken + self.owed > self.quantity:
            raise ValueError("no more is taken and owed than was promised")
        if not 0 <= self.returned <= self.taken or not 0 <= self.returned_cost <= self.cost:
            raise ValueError("no more comes back than was taken")
        if self.owed < 0 or (self.owed > 0) is not (self.state is ReservationState.OWED):
            raise ValueError("only an owed line owes")

    @property
    def place(self) -> tuple[SkuId, LocationId]:
        """The level that it concerns."""
        return (self.sku, self.location)

    @property
    def kept(self) -> int:
        """What was taken and is not back."""
        return self.taken - self.returned

    @property
    def held(self) -> bool:
        """Whether it counts as reserved."""
        return self.state is ReservationState.HELD

    @property
    def payable(self) -> int:
        """What a payment still has to take or owe without having it reserved."""
        if self.state is ReservationState.CONSUMED:
            return self.quantity - self.taken
        if self.state is ReservationState.RELEASED:
            return 0 if self.reason is ReservationReason.CREDITED else self.quantity
        return 0

    def expired(self, at: datetime) -> bool:
        """Return whether it is held and its time is over; at the very moment it is."""
        return self.held and self.expires_at is not None and at >= self.expires_at

    def movement_key(self, act: str) -> str:
        """Name an act that happens once in a round."""
        return f"reservation:{self.id}:{self.round}:{act}"

    def part_key(self, act: str) -> str:
        """Name an act that may repeat within a round, by its part."""
        return f"{self.movement_key(act)}:{self.part}"

    def next_part(self) -> "Reservation":
        """Return it with the next part."""
        return attrs.evolve(self, part=self.part + 1)


def kept_until(reservation: Reservation, *, at: datetime) -> datetime | None:
    """Return the end of a hold while evidence is read: 72 h more, at most 180 days from issue."""
    if reservation.expires_at is None:
        return None
    latest = reservation.at + timedelta(days=LIFE_DAYS)
    wanted = max(reservation.expires_at, at + timedelta(hours=READING_HOURS))
    return max(reservation.expires_at, min(wanted, latest))


def manual_expiry(wanted: datetime, *, at: datetime) -> datetime:
    """Return the chosen end of a reservation by hand, or raise ``reservation.expiry``."""
    if not at < wanted <= at + timedelta(days=MANUAL_DAYS):
        raise ReservationExpiryInvalid(days=MANUAL_DAYS)
    return wanted


def fulfilment(reservations: Sequence[Reservation]) -> Fulfilment:
    """Return how far the goods of one source are; lines that were credited whole do not count."""
    rows = [row for row in reservations if row.reason is not ReservationReason.CREDITED]
    if not rows:
        return Fulfilment.NONE
    states = {row.state for row in rows}
    taken, returned = sum(row.taken for row in rows), sum(row.returned for row in rows)
    if ReservationState.OWED in states:
        return Fulfilment.AWAITING_STOCK
    if ReservationState.RELEASED in states:
        return Fulfilment.NOT_RESERVED
    if ReservationState.HELD in states:
        return Fulfilment.RESERVED
    if not returned:
        return Fulfilment.DEDUCTED
    return Fulfilment.RETURNED if returned == taken else Fulfilment.PART_RETURNED


@attrs.frozen(kw_only=True)
class StockOutcome:
    """What an act on an invoice did to its goods; ``skipped`` says why, by line number."""

    reservations: tuple[Reservation, ...] = ()
    skipped: Mapping[int, Skipped] = attrs.field(factory=dict)

    @property
    def fulfilment(self) -> Fulfilment:
        """How far the goods of the invoice are."""
        return fulfilment(self.reservations)

    @property
    def awaited(self) -> tuple[Reservation, ...]:
        """The lines that are paid and wait for goods."""
        return tuple(row for row in self.reservations if row.owed)
