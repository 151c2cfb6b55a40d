"""One movement, one reservation, one act: what tests of single values start from."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from kasa.domain.inventory.level import (
    Act,
)
from kasa.domain.inventory.movement import (
    MovementKind,
    Source,
    StockMovement,
)
from kasa.domain.inventory.reservation import (
    Reservation,
    ReservationState,
)
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
