"""Every act on goods has a key of its own, which lets it happen once."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from kasa.adapters.conformance.inventory.stage import StockStage, Wish
from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.outside import StoppedClock
from kasa.domain.inventory.product import Product
from kasa.domain.inventory.stocktake import (
    COUNT_LINES_LIMIT,
    CountClosed,
    CountLine,
    CountMomentInvalid,
    CountState,
    CountTooManyLines,
    StockCount,
)
from kasa.domain.invoicing.returned_goods import Restock
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import CountId, LocationId, SkuId

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)


@pytest.fixture
def stage() -> StockStage:
    """Return a shop in memory."""
    clock = StoppedClock()
    return StockStage.over(memory_ports(clock=clock), lambda span: clock.set(clock.now() + span))


def acts(stage: StockStage, product: Product) -> list[str]:
    """Return the keys of a product's reservations without the identifiers."""
    keys = [row.key.split(":", 2) for row in stage.history(product)]
    return [rest[-1] for first, *rest in keys if first == "reservation"]


def test_acts_of_a_reservation_are_named_by_round_and_part(stage: StockStage) -> None:
    """Once in a round without a part, and with one where it may repeat."""
    tea = stage.product("TEA", on_hand=4)
    invoice = stage.invoice(Wish(product=tea, quantity=4))
    stage.issue(invoice)
    stage.give_back(invoice, 1, 1)
    stage.pay(invoice)
    stage.give_back(invoice, 1, 1, Restock.SCRAP)
    stage.unpay(invoice)
    stage.release(invoice)
    first = ["1:reserve", "1:release:1", "1:consume", "1:return:2", "1:scrap:2", "1:reverse"]
    assert [*first, "2:reserve", "2:release"] == acts(stage, tea)


def test_owed_goods_have_keys_of_their_own(stage: StockStage) -> None:
    """Owed once, filled in parts, and forgiven."""
    tea = stage.product("TEA", backorder=True)
    invoice = stage.invoice(Wish(product=tea, quantity=4))
    stage.issue(invoice)
    stage.pay(invoice)
    stage.receive(tea, 1)
    stage.receive(tea, 1)
    stage.unpay(invoice, gone=True)
    stage.pay(invoice)
    wanted = ["reserve", "owe", "consume:1", "consume:2", "forgive:3", "owe:4"]
    assert [f"1:{act}" for act in wanted] == acts(stage, tea)


def entered(sku: int, *, at: datetime = NOW) -> CountLine:
    """Return a line of a count."""
    return CountLine(
        sku=SkuId(UUID(int=sku)), counted=1, counted_at=at, seen_version=1, seen_on_hand=1
    )


def test_a_count_has_its_limits() -> None:
    """5,000 lines, of its own products, counted while it is open, closed after 7 days."""
    place = LocationId(UUID(int=9))
    count = StockCount(id=CountId(UUID(int=8)), location=place, opened_at=NOW, changed_at=NOW)
    full = count.entered([entered(no) for no in range(COUNT_LINES_LIMIT)], at=NOW)
    assert (COUNT_LINES_LIMIT, 2) == (len(full.lines), full.version)
    with pytest.raises(CountTooManyLines):
        full.entered([entered(COUNT_LINES_LIMIT)], at=NOW)
    tick, week = timedelta(microseconds=1), timedelta(days=7)
    for moment in (NOW - tick, NOW + tick):
        with pytest.raises(CountMomentInvalid):
            count.entered([entered(1, at=moment)], at=NOW)
    some = StockCount(
        id=count.id, location=place, opened_at=NOW, changed_at=NOW, skus=(SkuId(UUID(int=1)),)
    )
    assert 1 == len(some.entered([entered(1)], at=NOW + week - tick).lines)
    with pytest.raises(NotFound):
        some.entered([entered(2)], at=NOW)
    assert not count.stale(NOW + week - tick)
    with pytest.raises(CountClosed):
        count.closed(CountState.COMMITTED, at=NOW + week)
    gone = count.closed(CountState.CANCELLED, at=NOW + week)
    assert (CountState.CANCELLED, False) == (gone.state, gone.stale(NOW + 2 * week))
    with pytest.raises(CountClosed):
        gone.closed(CountState.CANCELLED, at=NOW)
