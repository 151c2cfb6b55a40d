"""The figures of one SKU at one location, and the book of what a work has locked."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

import attrs

from kasa.domain.inventory.movement import Source
from kasa.domain.inventory.reservation import Reservation
from kasa.domain.inventory.unit import Pack, in_units
from kasa.domain.kernel.errors import Conflict, Invalid, NotFound
from kasa.domain.kernel.ids import LocationId, ReservationId, SkuId, TenantId, uuid7

Place = tuple[SkuId, LocationId]


class StockUntracked(Invalid):
    """The stock of this product is not counted."""

    code = "stock.untracked"


class StockUncounted(Conflict):
    """This product was not counted yet: say how much is already there, or count it."""

    code = "stock.uncounted"


@attrs.frozen(kw_only=True)
class Shortage:
    """A SKU of which more is wanted than is available, in base units."""

    code: str
    wanted: int
    available: int
    unit: str
    scale: int = 0

    @property
    def text(self) -> str:
        """The shortage in units: ``RICE: 5 KGM wanted, 3.5 available``."""
        wanted, there = in_units(self.wanted, self.scale), in_units(self.available, self.scale)
        return f"{self.code}: {wanted} {self.unit} wanted, {there} available"


class StockInsufficient(Conflict):
    """There is not enough of it."""

    code = "stock.insufficient"

    def __init__(self, *shortages: Shortage) -> None:
        self.shortages = shortages
        super().__init__(missing=tuple(row.text for row in shortages))


@attrs.frozen(kw_only=True)
class Act:
    """Who moves goods, why, when, and for which day; ``since`` starts the span of counting.

    ``since`` is None while the feature ``inventory`` is off. ``day`` is a label for reports.
    """

    tenant: TenantId
    source: Source
    at: datetime
    day: date
    by: UUID | None = None
    since: datetime | None = None

    def new_id(self, key: str, at: datetime | None = None) -> UUID:
        """Return the identifier that ``key`` has in this shop at this moment."""
        text = f"{self.tenant}:{key}"
        return uuid7(at or self.at, sha256(text.encode()).digest())


@attrs.frozen(kw_only=True)
class StockedSku:
    """What a decision about stock needs of a SKU; fixed once its goods have moved."""

    id: SkuId
    code: str
    unit: str
    scale: int = 0
    packs: tuple[Pack, ...] = ()


@attrs.frozen(kw_only=True)
class Level:
    """The figures of one SKU at one location; ``version`` counts its movements.

    ``value_minor`` is what the goods on hand cost. Available is never stored.
    """

    sku: SkuId
    location: LocationId
    on_hand: int = 0
    reserved: int = 0
    owed: int = 0
    value_minor: int = 0
    version: int = 0
    backorder: bool = False
    tracked: bool = True
    low_at: int | None = None
    rearm_at: int | None = None
    low_armed: bool = True
    alert_no: int = 0
    counted_at: datetime | None = None
    moved_at: datetime | None = None

    def __attrs_post_init__(self) -> None:
        if min(self.on_hand, self.reserved, self.owed, self.value_minor) < 0:
            raise ValueError("no figure of a level is negative")
        if not self.on_hand and self.value_minor:
            raise ValueError("no goods, no value")

    @property
    def place(self) -> Place:
        """Its SKU and location."""
        return (self.sku, self.location)

    @property
    def available(self) -> int:
        """What may still be promised; negative when more is promised than is there."""
        return self.on_hand - self.reserved - self.owed

    @property
    def free(self) -> int:
        """What a payment without a reservation may take now."""
        return self.on_hand if self.backorder else self.on_hand - self.reserved

    def counted(self, since: datetime | None) -> bool:
        """Return whether it was counted since the present span of stock keeping began."""
        return since is not None and self.counted_at is not None and self.counted_at >= since


@attrs.frozen(kw_only=True)
class StockBook:
    """What a work has locked: levels, their SKUs, and the reservations in play."""

    levels: Mapping[Place, Level]
    skus: Mapping[SkuId, StockedSku]
    reservations: Mapping[ReservationId, Reservation] = attrs.field(factory=dict)

    def level(self, place: Place) -> Level:
        """Return a level that was locked, or raise NotFound."""
        found = self.levels.get(place)
        if found is None:
            raise NotFound
        return found

    def sku(self, sku: SkuId) -> StockedSku:
        """Return a SKU whose level was locked, or raise NotFound."""
        found = self.skus.get(sku)
        if found is None:
            raise NotFound
        return found

    def holding(self, reservations: Iterable[Reservation]) -> "StockBook":
        """Return it with more reservations in play."""
        more = {row.id: row for row in reservations}
        return attrs.evolve(self, reservations={**self.reservations, **more})

    def reservation(self, reservation: ReservationId) -> Reservation:
        """Return a reservation in play, or raise NotFound."""
        found = self.reservations.get(reservation)
        if found is None:
            raise NotFound
        return found

    def shortage(self, place: Place, *, wanted: int, available: int) -> Shortage:
        """Return the words about a SKU of which there is not enough."""
        sku = self.sku(place[0])
        return Shortage(
            code=sku.code, wanted=wanted, available=available, unit=sku.unit, scale=sku.scale
        )


def require_counted(level: Level, act: Act) -> None:
    """Return when a level may be moved by hand, else raise ``stock.untracked, uncounted``."""
    if not level.tracked:
        raise StockUntracked
    if not level.counted(act.since):
        raise StockUncounted


def by_place(rows: Sequence[Reservation]) -> dict[Place, list[Reservation]]:
    """Return reservations by their level, in the order given."""
    found: dict[Place, list[Reservation]] = {}
    for row in rows:
        found.setdefault(row.place, []).append(row)
    return found
