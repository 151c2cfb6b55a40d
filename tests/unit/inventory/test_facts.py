"""What a change of stock tells: each fact whole, in its order, and small."""

from typing import Any
from uuid import UUID

import attrs
import pytest

from kasa.domain.inventory.events import (
    OwedStockArrived,
    ReservationsExpired,
    StockMoved,
    StockOwed,
    StockRanLow,
    facts,
)
from kasa.domain.inventory.movement import MovementKind, MovementReason, Source, StockMovement
from kasa.domain.inventory.reorder import LowStock
from kasa.domain.inventory.reservation import ReservationState
from kasa.domain.inventory.stock import StockChange
from kasa.domain.kernel.ids import SkuId
from tests.unit.inventory.values import ACT, ELSEWHERE, MOVED, PLACE, SKU, SOURCE, book, promised

RICE = ELSEWHERE[0]
ONE, TWO = Source("invoice", UUID(int=21), 1), Source("order", UUID(int=22))


def moved(kind: MovementKind, on_hand: int = 0, owed: int = 0, **words: Any) -> StockMovement:
    """Return a movement of some goods."""
    figures: dict[str, Any] = {"d_on_hand": on_hand, "d_owed": owed, "d_value": 0}
    return attrs.evolve(MOVED, kind=kind, **figures, **words)


def change(*rows: StockMovement, **words: Any) -> StockChange:
    """Return a change with these movements."""
    return StockChange(book=book(), movements=rows, **words)


def told(*rows: StockMovement, **words: Any) -> list[object]:
    """Return the facts of these movements after the one that says what moved."""
    return list(facts(change(*rows, **words), ACT)[1:])


def test_nothing_tells_nothing() -> None:
    """A change without movements and alerts is no fact."""
    assert () == facts(change(), ACT)


def test_what_moved_is_counted_by_kind() -> None:
    """The subject is what caused the act; kinds are sorted, products stand in order, once."""
    rows = (
        moved(MovementKind.RECEIVE, 2),
        moved(MovementKind.ADJUST, 1, sku=RICE),
        moved(MovementKind.RECEIVE, 1),
    )
    (fact,) = facts(change(*rows), ACT)
    wanted = StockMoved(
        subject=SOURCE.id,
        source="receipt",
        kinds={"adjust": 1, "receive": 2},
        skus=(SKU, RICE),
        sku_count=2,
    )
    assert wanted == fact
    assert isinstance(fact, StockMoved)
    assert ["adjust", "receive"] == list(fact.kinds)


def test_at_most_20_products_are_named() -> None:
    """All are counted; the first 20 are named, also of those that expired."""
    skus = [SkuId(UUID(int=50 + no)) for no in range(21)]
    ended: dict[str, Any] = {"d_reserved": -1, "reason": MovementReason.EXPIRED}
    rows = [moved(MovementKind.RELEASE, sku=sku, **ended) for sku in skus]
    wanted = (
        StockMoved(
            subject=SOURCE.id,
            source="receipt",
            kinds={"release": 21},
            skus=tuple(skus[:20]),
            sku_count=21,
        ),
        ReservationsExpired(subject=ACT.tenant, reservations=21, skus=tuple(skus[:20])),
    )
    assert wanted == facts(change(*rows), ACT)


def test_expired_promises_are_told_to_the_shop() -> None:
    """Each counts, each product once; other reasons are not expiry."""
    freed: dict[str, Any] = {"d_reserved": -1}
    over = moved(MovementKind.RELEASE, reason=MovementReason.EXPIRED, **freed)
    void = moved(MovementKind.RELEASE, reason=MovementReason.VOID, sku=RICE, **freed)
    wanted = ReservationsExpired(subject=ACT.tenant, reservations=2, skus=(SKU,))
    assert [wanted] == told(over, void, over)
    assert [] == told(void)


def test_owed_goods_are_told_by_what_they_are_owed_for() -> None:
    """One fact for each source, in order; quantities of one product are added up."""
    rows = (
        moved(MovementKind.OWE, owed=2, source=ONE),
        moved(MovementKind.OWE, owed=7, source=TWO),
        moved(MovementKind.OWE, owed=3, source=attrs.evolve(ONE, line=2)),
        moved(MovementKind.OWE, owed=1, source=ONE, sku=RICE),
        moved(MovementKind.CONSUME, on_hand=-1, source=ONE),
    )
    assert [
        StockOwed(subject=ONE.id, source="invoice", owed={str(SKU): 5, str(RICE): 1}),
        StockOwed(subject=TWO.id, source="order", owed={str(SKU): 7}),
    ] == told(*rows)


def test_arrived_goods_are_told_to_those_who_waited() -> None:
    """What is filled, by source, and whether nothing is owed there any more."""
    owing = promised(1, 4, state=ReservationState.OWED, owed=4, source=TWO)
    paid = promised(2, 4, state=ReservationState.CONSUMED, taken=4, source=ONE)
    rows = (
        moved(MovementKind.CONSUME, -2, -2, source=ONE),
        moved(MovementKind.CONSUME, -1, -1, source=TWO, sku=RICE),
        moved(MovementKind.CONSUME, -3, -3, source=ONE),
        moved(MovementKind.CONSUME, -9, source=ONE),
        moved(MovementKind.FORGIVE, 0, -9, source=ONE),
    )
    assert [
        OwedStockArrived(subject=ONE.id, source="invoice", filled={str(SKU): 5}, complete=True),
        OwedStockArrived(subject=TWO.id, source="order", filled={str(RICE): 1}, complete=False),
    ] == told(*rows, reservations={row.id: row for row in (owing, paid)})


@pytest.mark.parametrize("kind", [MovementKind.OWE, MovementKind.CONSUME])
def test_quantities_are_told_of_20_products(kind: MovementKind) -> None:
    """The 21st is left out, and those that are named are still added up."""
    skus = [SkuId(UUID(int=50 + no)) for no in range(21)]
    figures = (0, 1) if kind is MovementKind.OWE else (-1, -1)
    rows = [moved(kind, *figures, source=ONE, sku=sku) for sku in (*skus, skus[0], skus[20])]
    (fact,) = told(*rows)
    wanted = {str(skus[0]): 2} | {str(sku): 1 for sku in skus[1:20]}
    assert isinstance(fact, StockOwed | OwedStockArrived)
    assert wanted == (fact.owed if isinstance(fact, StockOwed) else fact.filled)


def test_alerts_come_last() -> None:
    """In the order in which they fired, with all that they say; without movements too."""
    alert = LowStock(sku=SKU, location=PLACE[1], available=2, low_at=3, alert_no=4)
    other = attrs.evolve(alert, sku=RICE, available=-1)
    wanted = [
        StockRanLow(subject=SKU, location=PLACE[1], available=2, low_at=3, alert_no=4),
        StockRanLow(subject=RICE, location=PLACE[1], available=-1, low_at=3, alert_no=4),
    ]
    assert wanted == list(facts(change(alerts=(alert, other)), ACT))
    owe = moved(MovementKind.OWE, owed=2, source=ONE)
    owed = StockOwed(subject=ONE.id, source="invoice", owed={str(SKU): 2})
    assert [owed, *wanted] == told(owe, alerts=(alert, other))
