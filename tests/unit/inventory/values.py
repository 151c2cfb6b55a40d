"""One movement, one reservation, one act, one book: what tests of single values start from."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import attrs

from kasa.domain.inventory.level import Act, Level, Place, StockBook, StockedSku
from kasa.domain.inventory.movement import (
    MovementKind,
    Source,
    StockMovement,
)
from kasa.domain.inventory.reservation import (
    Reservation,
    ReservationState,
)
from kasa.domain.inventory.stock import Step, StockChange, append
from kasa.domain.kernel.ids import LocationId, MovementId, ReservationId, SkuId, TenantId

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 2)
SKU, PLACE = SkuId(UUID(int=1)), (SkuId(UUID(int=1)), LocationId(UUID(int=2)))
SOURCE = Source("receipt", UUID(int=3), 1)
ACT = Act(tenant=TenantId(UUID(int=4)), source=SOURCE, at=NOW, day=TODAY, since=NOW)
MOVED = StockMovement(
    id=MovementId(UUID(int=5)),
    sku=SKU,
    location=PLACE[1],
    version=1,
    kind=MovementKind.RECEIVE,
    d_on_hand=2,
    d_reserved=0,
    d_owed=0,
    d_value=10,
    on_hand_after=2,
    reserved_after=0,
    owed_after=0,
    value_after=10,
    source=SOURCE,
    key="receipt:3:1",
    at=NOW,
    effective_on=TODAY,
)
HELD = Reservation(
    id=ReservationId(UUID(int=6)),
    source=Source("invoice", UUID(int=7), 1),
    sku=SKU,
    location=PLACE[1],
    quantity=4,
    state=ReservationState.HELD,
    at=NOW,
    expires_at=NOW + timedelta(days=2),
)
LATER = NOW + timedelta(hours=1)
ELSEWHERE: Place = (SkuId(UUID(int=11)), PLACE[1])


def level(place: Place = PLACE, **figures: Any) -> Level:
    """Return a counted level."""
    words: dict[str, Any] = {"counted_at": NOW, **figures}
    return Level(sku=place[0], location=place[1], **words)


def book(*levels: Level, rows: tuple[Reservation, ...] = ()) -> StockBook:
    """Return a book with levels of TEA and, elsewhere, of RICE in grams, and reservations."""
    return StockBook(
        levels={each.place: each for each in levels},
        skus={
            SKU: StockedSku(id=SKU, code="TEA", unit="C62"),
            ELSEWHERE[0]: StockedSku(id=ELSEWHERE[0], code="RICE", unit="KGM", scale=3),
        },
        reservations={row.id: row for row in rows},
    )


def promised(no: int, quantity: int = 4, *, place: Place = PLACE, **changes: Any) -> Reservation:
    """Return the reservation of a line: its number stands in its id and in its source."""
    words: dict[str, Any] = {
        "id": ReservationId(UUID(int=100 + no)),
        "source": Source("invoice", UUID(int=7), no),
        "sku": place[0],
        "quantity": quantity,
        **changes,
    }
    return attrs.evolve(HELD, **words)


def key(row: Reservation, act: str) -> str:
    """Return the key of an act on a reservation, ``round:act`` or ``round:act:part``."""
    return f"reservation:{row.id}:{act}"


def changed(
    before: StockBook,
    *steps: Step | tuple[Place, Step],
    rows: tuple[Reservation, ...] = (),
    act: Act = ACT,
) -> StockChange:
    """Return the change that appends these steps, and ends with these reservations."""
    change = StockChange(book=before)
    for each in steps:
        place, step = each if isinstance(each, tuple) else (PLACE, each)
        change = append(change, place, step, act)
    for row in rows:
        change = change.with_reservation(row)
    return change
