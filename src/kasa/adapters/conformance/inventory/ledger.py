"""What a ledger must keep: all or nothing, under lock, and every view of it."""

from datetime import timedelta
from decimal import Decimal

import attrs
import pytest

from kasa.adapters.conformance.inventory.stage import StockStage, Wish
from kasa.application.inventory.counting import CountedLine
from kasa.application.inventory.reserving import WantedGoods
from kasa.application.ports.inventory import MovementFilter
from kasa.application.ports.work import UnitOfWork
from kasa.application.workflows.stock_keeping import act_of, home, keep_hold
from kasa.domain.inventory.events import StockCounted, StockDrifted, StockRebuilt
from kasa.domain.inventory.goods import Incoming, receive
from kasa.domain.inventory.movement import MovementKind, Source, StockMovement
from kasa.domain.inventory.reservation import (
    ReservationExpiryInvalid,
    ReservationState,
    ReservationWrongState,
)
from kasa.domain.inventory.stock import StockChange
from kasa.domain.inventory.stocktake import CountOpen, CountState
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import CountId, InvoiceId, MovementId, ReservationId, SkuId
from kasa.domain.kernel.moments import Period
from kasa.domain.kernel.paging import Cursor
from kasa.domain.payments.events import EvidenceSubmitted


class LedgerConformance:
    """Levels, movements, reservations and stocktakes as they are stored and read."""

    def make_stage(self) -> StockStage:
        """Return a new shop whose clock can be moved."""
        raise NotImplementedError

    def test_a_level_moves_only_under_its_lock(self) -> None:
        """A change of a level not locked, or moved meanwhile, is a bug; nothing is stored."""
        stage = self.make_stage()
        tea = stage.product("TEA", on_hand=4)
        before = stage.everything([tea])
        change = stage.work(lambda work: self._change(work, stage))

        def keep_unlocked(work: UnitOfWork) -> None:
            work.stock.keep(change)

        with pytest.raises(RuntimeError):
            stage.work(keep_unlocked)
        assert before == stage.everything([tea])
        stage.receive(tea, 1)
        later = stage.everything([tea])

        def keep_late(work: UnitOfWork) -> None:
            work.stock.lock([tea.sku.id], home(work))
            work.stock.keep(change)

        with pytest.raises(RuntimeError):
            stage.work(keep_late)
        assert later == stage.everything([tea])

    def _change(self, work: UnitOfWork, stage: StockStage) -> StockChange:
        tea = work.products.by_code("TEA")
        assert tea is not None
        book, place = work.stock.lock([tea.sku.id], home(work)), (tea.sku.id, home(work))
        act = act_of(work, Source("receipt", stage.new_id()), at=stage.ports.clock.now())
        return receive(book, [Incoming(place=place, quantity=2, key="receipt:x:1")], act)

    def test_what_is_missing_is_not_found(self) -> None:
        """Levels, movements, reservations and stocktakes that are not there are NotFound."""
        stage = self.make_stage()
        missing = stage.new_id()
        reads = stage.inventory.queries
        for act in (
            lambda work: work.stock.lock([SkuId(missing)], home(work)),
            lambda work: work.stock.movement(MovementId(missing)),
            lambda work: work.stock.reservation(ReservationId(missing)),
            lambda work: work.counts.lock(CountId(missing)),
        ):
            with pytest.raises(NotFound):
                stage.work(act)
        with pytest.raises(NotFound):
            reads.count(stage.owner, CountId(missing))
        assert () == reads.fulfilment(stage.owner, InvoiceId(missing)).reservations
        assert stage.work(lambda work: work.counts.opened(home(work))) is None

    def test_a_level_knows_its_past(self) -> None:
        """``seen`` is what the last movement at or before a moment left."""
        stage = self.make_stage()
        tea = stage.product("TEA", on_hand=4)
        start = stage.ports.clock.now()
        stage.advance(timedelta(hours=1))
        stage.receive(tea, 2)
        place = stage.level(tea).place
        tick = timedelta(microseconds=1)
        for at, wanted in (
            (start - tick, (0, 0)),
            (start, (1, 4)),
            (start + timedelta(hours=1) - tick, (1, 4)),
            (start + timedelta(hours=1), (2, 6)),
        ):
            with stage.ports.unit_of_work(stage.owner) as work:
                assert wanted == work.stock.seen(place, at)

    def test_movements_are_read_newest_first(self) -> None:
        """By product, source, kind and period, in pages without gap or repeat."""
        stage = self.make_stage()
        tea, rice = stage.product("TEA", on_hand=4, cost=40), stage.product("RICE", on_hand=1)
        invoice = stage.invoice(Wish(product=tea, quantity=1))
        stage.issue(invoice)
        noon = stage.ports.clock.now() + timedelta(hours=2)
        stage.advance(timedelta(hours=2))
        stage.pay(invoice)
        movements = stage.inventory.queries.movements
        found: list[StockMovement] = []
        after: Cursor | None = None
        while True:
            page = movements(stage.owner, MovementFilter(sku=tea.sku.id), after=after, limit=2)
            found += page.items
            if (after := page.next) is None:
                break
        assert list(reversed(stage.history(tea))) == found
        assert 1 == len(movements(stage.owner, MovementFilter(sku=rice.sku.id)).items)
        wanted = MovementFilter(source=invoice.id, kinds=[MovementKind.CONSUME])
        (consumed,) = movements(stage.owner, wanted).items
        assert (-1, -10) == (consumed.d_on_hand, consumed.d_value)
        period = Period(noon, noon + timedelta(hours=1))
        assert (consumed,) == movements(stage.owner, MovementFilter(period=period)).items
        assert 10 == stage.inventory.queries.cost_of_goods(stage.owner, period)
        stage.unpay(invoice)
        assert 0 == stage.inventory.queries.cost_of_goods(stage.owner, period)
        worth = stage.inventory.queries.valuation(stage.owner)
        assert (40, 2, 1) == (worth.value_minor, worth.skus, worth.without_cost)
        assert stage.work(lambda work: work.stock.is_valued())

    def test_goods_are_kept_by_hand(self) -> None:
        """For at most 90 days, in the list of what is held, and given up by hand, once."""
        stage = self.make_stage()
        tea = stage.product("TEA", on_hand=4)
        now = stage.ports.clock.now()
        longest = now + timedelta(days=90)
        wanted = WantedGoods(product=tea.id, quantity=Decimal(3), until=longest, words="for Dara")
        kept = stage.inventory.reserve(stage.owner, wanted)
        assert ("for Dara", 3, longest) == (kept.note, kept.quantity, kept.expires_at)
        assert (kept,) == stage.inventory.queries.reservations(stage.owner).items
        assert 1 == stage.work(lambda work: work.stock.manual_count())
        for until in (now, longest + timedelta(microseconds=1)):
            with pytest.raises(ReservationExpiryInvalid):
                stage.inventory.reserve(stage.owner, attrs.evolve(wanted, until=until))
        released = stage.inventory.release(stage.owner, kept.id)
        assert ReservationState.RELEASED is released.state
        with pytest.raises(ReservationWrongState):
            stage.inventory.release(stage.owner, kept.id)
        assert (4, 0, 0) == stage.figures(tea)[:3]
        assert 0 == stage.work(lambda work: work.stock.manual_count())

    def test_evidence_keeps_goods_while_it_is_read(self) -> None:
        """Goods of the named invoice are kept for 72 h more, at most 180 days after issue."""
        stage = self.make_stage()
        tea = stage.product("TEA", on_hand=4)
        invoice = stage.invoice(Wish(product=tea, quantity=1))
        (row,) = stage.issue(invoice).reservations
        submitted = EvidenceSubmitted(subject=stage.new_id(), invoice=invoice.id)
        stage.advance(timedelta(days=1))
        now = stage.ports.clock.now()
        (kept,) = stage.work(lambda work: keep_hold(work, submitted, at=now))
        assert now + timedelta(hours=72) == kept.expires_at
        assert (kept,) == stage.reservations(invoice)
        assert () == stage.work(lambda work: keep_hold(work, submitted, at=now))
        late = row.at + timedelta(days=179)
        (last,) = stage.work(lambda work: keep_hold(work, submitted, at=late))
        assert row.at + timedelta(days=180) == last.expires_at

    def test_a_count_is_held_to_each_line_s_snapshot(self) -> None:
        """P9: after a count, on hand is what was counted and what moved since that line."""
        stage = self.make_stage()
        tea, rice = stage.product("TEA", on_hand=9, cost=90), stage.product("RICE", on_hand=5)
        count = stage.inventory.open_count(stage.owner)
        with pytest.raises(CountOpen):
            stage.inventory.open_count(stage.owner)
        stage.advance(timedelta(minutes=1))
        paper = stage.ports.clock.now()
        stage.advance(timedelta(minutes=1))
        sold = stage.invoice(Wish(product=tea, quantity=2), due_minor=0)
        stage.issue(sold)
        lines = [
            CountedLine(product=tea.id, counted=Decimal(8), counted_at=paper),
            CountedLine(product=rice.id, counted=Decimal(5)),
        ]
        entered = stage.inventory.enter_count(stage.owner, count.id, lines)
        assert entered == stage.inventory.queries.count(stage.owner, count.id)
        told = stage.inventory.queries.differences(stage.owner, count.id)
        assert {(-1, -10), (0, 0)} == {(row.units, row.value) for row in told}
        stage.receive(tea, 3, cost=30)
        done = stage.inventory.commit_count(stage.owner, count.id)
        assert CountState.COMMITTED is done.state
        assert (8 - 2 + 3, 5) == (stage.level(tea).on_hand, stage.level(rice).on_hand)
        (counted,) = stage.told(StockCounted)
        assert (2, 1, -10) == (
            getattr(counted, "lines", 0),
            getattr(counted, "differences", 0),
            getattr(counted, "value", 0),
        )

    def test_a_drifted_level_is_told_and_rebuilt(self) -> None:
        """The audit names every check that fails and repairs nothing; a rebuild does."""
        stage = self.make_stage()
        tea = stage.product("TEA", on_hand=4, cost=40)
        assert () == stage.inventory.audit(stage.owner).drifts
        good = stage.level(tea)

        def spoil(work: UnitOfWork) -> None:
            level = work.stock.lock([tea.sku.id], home(work)).level(good.place)
            work.stock.rewrite(attrs.evolve(level, on_hand=5, reserved=1, value_minor=41))

        stage.work(spoil)
        (drift,) = stage.inventory.audit(stage.owner).drifts
        assert good.place == drift.place
        assert {"on_hand", "reserved", "value", "after", "held"} == set(drift.checks)
        assert 5 == stage.level(tea).on_hand
        assert 1 == len(stage.told(StockDrifted))
        rebuilt = stage.inventory.rebuild(stage.owner, tea.id)
        assert good == rebuilt.after == stage.level(tea)
        assert () == stage.inventory.audit(stage.owner).drifts
        assert 1 == len(stage.told(StockRebuilt))

    def test_the_sweep_finds_what_is_due(self) -> None:
        """Expired goods are released without anybody asking; twice changes nothing."""
        stage = self.make_stage()
        tea = stage.product("TEA", on_hand=4)
        stage.issue(stage.invoice(Wish(product=tea, quantity=4)))
        sweep = stage.inventory.sweep.shop
        assert 0 == sweep(stage.owner.tenant)
        stage.advance(timedelta(days=4))
        assert 1 == sweep(stage.owner.tenant)
        assert (4, 0, 0) == stage.figures(tea)[:3]
        version = stage.level(tea).version
        assert 0 == sweep(stage.owner.tenant)
        assert version == stage.level(tea).version
