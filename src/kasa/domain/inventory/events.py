"""What happens to stock, as facts; rows are in the ledger, so payloads stay small."""

from collections import Counter
from uuid import UUID

import attrs

from kasa.domain.inventory.level import Act
from kasa.domain.inventory.movement import (
    MovementKind,
    MovementReason,
    Source,
    StockMovement,
)
from kasa.domain.inventory.stock import StockChange
from kasa.domain.kernel.events import Event
from kasa.domain.kernel.ids import LocationId, SkuId

SKUS_NAMED = 20


@attrs.frozen(kw_only=True)
class StockMoved(Event):
    """Goods moved; ``subject`` is the source, ``kinds`` counts the movements of each kind."""

    kind = "inventory.stock_moved"

    source: str
    kinds: dict[str, int]
    skus: tuple[SkuId, ...]
    sku_count: int


@attrs.frozen(kw_only=True)
class StockRanLow(Event):
    """A SKU, the subject, has no more than its low mark available."""

    kind = "inventory.stock_ran_low"

    location: LocationId
    available: int
    low_at: int
    alert_no: int


@attrs.frozen(kw_only=True)
class StockOwed(Event):
    """Goods were paid that are not there; ``owed`` counts base units of the first 20 SKUs."""

    kind = "inventory.stock_owed"

    source: str
    owed: dict[str, int]


@attrs.frozen(kw_only=True)
class OwedStockArrived(Event):
    """Goods arrived for somebody who paid and waited; ``filled`` as in ``StockOwed``."""

    kind = "inventory.owed_stock_arrived"

    source: str
    filled: dict[str, int]
    complete: bool


@attrs.frozen(kw_only=True)
class ReservationsExpired(Event):
    """The time of reservations was over; ``subject`` is the shop."""

    kind = "inventory.reservations_expired"

    reservations: int
    skus: tuple[SkuId, ...]


@attrs.frozen(kw_only=True)
class StockCounted(Event):
    """A count, the subject, was committed."""

    kind = "inventory.stock_counted"

    lines: int
    differences: int
    value: int


@attrs.frozen(kw_only=True)
class StockCountOpened(Event):
    """A count, the subject, was opened."""

    kind = "inventory.stock_count_opened"

    location: LocationId


@attrs.frozen(kw_only=True)
class StockCountCancelled(Event):
    """A count, the subject, was dropped without changing anything."""

    kind = "inventory.stock_count_cancelled"


@attrs.frozen(kw_only=True)
class StockDrifted(Event):
    """A level, its SKU the subject, is not what its movements say; nothing was repaired."""

    kind = "inventory.stock_drifted"

    location: LocationId
    checks: tuple[str, ...]


@attrs.frozen(kw_only=True)
class StockRebuilt(Event):
    """A level, its SKU the subject, was written anew from its movements by an administrator."""

    kind = "inventory.stock_rebuilt"

    location: LocationId
    before: dict[str, int]
    after: dict[str, int]


@attrs.frozen(kw_only=True)
class ProductAdded(Event):
    """A product was added to the catalogue."""

    kind = "inventory.product_added"

    code: str


@attrs.frozen(kw_only=True)
class ProductChanged(Event):
    """A product was edited; ``fields`` names what changed."""

    kind = "inventory.product_changed"

    fields: tuple[str, ...]


@attrs.frozen(kw_only=True)
class ProductArchived(Event):
    """A product was taken out of the catalogue; its history stays."""

    kind = "inventory.product_archived"


def facts(change: StockChange, act: Act) -> tuple[Event, ...]:
    """Return what a work's change of stock has to tell, in a fixed order."""
    told: list[Event] = []
    if change.movements:
        told.append(_moved(change, act.source))
    told += _expired(change, act)
    told += _owed(change)
    told += _arrived(change)
    told += [
        StockRanLow(
            subject=alert.sku,
            location=alert.location,
            available=alert.available,
            low_at=alert.low_at,
            alert_no=alert.alert_no,
        )
        for alert in change.alerts
    ]
    return tuple(told)


def _expired(change: StockChange, act: Act) -> list[Event]:
    rows = [row for row in change.movements if row.reason is MovementReason.EXPIRED]
    if not rows:
        return []
    skus = tuple(dict.fromkeys(row.sku for row in rows))
    expired = ReservationsExpired(
        subject=act.tenant, reservations=len(rows), skus=skus[:SKUS_NAMED]
    )
    return [expired]


def _moved(change: StockChange, source: Source) -> StockMoved:
    skus = tuple(dict.fromkeys(row.sku for row in change.movements))
    kinds = Counter(row.kind.value for row in change.movements)
    return StockMoved(
        subject=source.id,
        source=source.kind,
        kinds=dict(sorted(kinds.items())),
        skus=skus[:SKUS_NAMED],
        sku_count=len(skus),
    )


def _by_source(rows: list[StockMovement]) -> dict[tuple[str, UUID], dict[str, int]]:
    found: dict[tuple[str, UUID], dict[str, int]] = {}
    for row in rows:
        of_source = found.setdefault((row.source.kind, row.source.id), {})
        if str(row.sku) in of_source or len(of_source) < SKUS_NAMED:
            quantity = row.d_owed if row.kind is MovementKind.OWE else -row.d_on_hand
            of_source[str(row.sku)] = of_source.get(str(row.sku), 0) + quantity
    return found


def _owed(change: StockChange) -> list[Event]:
    rows = [row for row in change.movements if row.kind is MovementKind.OWE]
    return [
        StockOwed(subject=subject, source=kind, owed=owed)
        for (kind, subject), owed in _by_source(rows).items()
    ]


def _arrived(change: StockChange) -> list[Event]:
    rows = [row for row in change.movements if row.kind is MovementKind.CONSUME and row.d_owed < 0]
    waiting = {row.source.id for row in change.reservations.values() if row.owed}
    return [
        OwedStockArrived(
            subject=subject, source=kind, filled=filled, complete=subject not in waiting
        )
        for (kind, subject), filled in _by_source(rows).items()
    ]
