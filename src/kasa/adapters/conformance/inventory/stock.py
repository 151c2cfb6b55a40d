"""What stock must do from issue to return, over any adapter: P4 to P17 as properties."""

from datetime import timedelta

import attrs
import pytest

from kasa.adapters.conformance.inventory.oracles import check_folded, check_promised
from kasa.adapters.conformance.inventory.sales_machine import promised_until
from kasa.adapters.conformance.inventory.stage import StockStage, Wish
from kasa.domain.inventory.events import (
    OwedStockArrived,
    ReservationsExpired,
    StockMoved,
    StockOwed,
)
from kasa.domain.inventory.level import StockInsufficient
from kasa.domain.inventory.movement import MovementKind
from kasa.domain.inventory.reservation import (
    Fulfilment,
    ReservationReason,
    ReservationState,
    Skipped,
    fulfilment,
)
from kasa.domain.inventory.unit import Pack, PackInvalid, QuantityNotWhole
from kasa.domain.kernel.errors import NotFound

_TICK = timedelta(microseconds=1)


class StockConformance:
    """Reservations, payments, returns and their costs."""

    def make_stage(self) -> StockStage:
        """Return a new shop whose clock can be moved."""
        raise NotImplementedError

    def test_a_sale_moves_reserved_then_on_hand(self) -> None:
        """Issue reserves, payment takes the goods at their average cost."""
        stage = self.make_stage()
        tea = stage.product("TEA", on_hand=10, cost=1001)
        invoice = stage.invoice(Wish(product=tea, quantity=3))
        assert Fulfilment.RESERVED is stage.issue(invoice).fulfilment
        assert (10, 3, 0, 1001) == stage.figures(tea)
        assert Fulfilment.DEDUCTED is stage.pay(invoice).fulfilment
        assert (7, 0, 0, 701) == stage.figures(tea)
        (row,) = stage.reservations(invoice)
        assert (ReservationState.CONSUMED, 3, 300) == (row.state, row.taken, row.cost)
        kinds = [row.kind for row in stage.history(tea)]
        assert [MovementKind.OPEN, MovementKind.RESERVE, MovementKind.CONSUME] == kinds
        told = [event for event in stage.told(StockMoved) if event.subject == invoice.id]
        assert 2 == len(told)

    def test_an_invoice_paid_at_issue_has_one_reservation(self) -> None:
        """Nothing due at issue: the goods leave at once, the reservation's last version stays."""
        stage = self.make_stage()
        tea = stage.product("TEA", on_hand=2, cost=10, backorder=True)
        invoice = stage.invoice(Wish(product=tea, quantity=3), due_minor=0)
        outcome = stage.issue(invoice)
        (row,) = outcome.reservations
        assert (ReservationState.OWED, 2, 1) == (row.state, row.taken, row.owed)
        assert outcome.reservations == stage.reservations(invoice)
        assert (0, 0, 1, 0) == stage.figures(tea)
        (told,) = stage.told(StockOwed)
        assert {str(tea.id): 1} == getattr(told, "owed", None)

    def test_a_shortage_names_every_missing_product(self) -> None:
        """P4: all lines or none, with each missing SKU, and nothing is changed."""
        stage = self.make_stage()
        tea, rice = stage.product("TEA", on_hand=2), stage.product("RICE", on_hand=1)
        salt = stage.product("SALT", on_hand=5)
        invoice = stage.invoice(
            Wish(product=tea, quantity=2),
            Wish(product=rice, quantity=2),
            Wish(product=salt, quantity=5),
            Wish(product=tea, quantity=1),
        )
        before = stage.everything([tea, rice, salt])
        with pytest.raises(StockInsufficient) as refused:
            stage.issue(invoice)
        assert {("TEA", 3, 2), ("RICE", 2, 1)} == {
            (row.code, row.wanted, row.available) for row in refused.value.shortages
        }
        assert before == stage.everything([tea, rice, salt])

    @pytest.mark.parametrize(("late", "sold"), [(timedelta(), True), (-_TICK, False)])
    def test_a_promise_ends_at_its_very_moment(self, late: timedelta, *, sold: bool) -> None:
        """P16: at ``expires_at`` the goods are anybody's, one microsecond before they are not."""
        stage = self.make_stage()
        tea = stage.product("TEA", on_hand=2)
        first = stage.invoice(Wish(product=tea, quantity=2))
        (row,) = stage.issue(first).reservations
        assert row.expires_at is not None
        assert promised_until(first, stage.ports.clock.now()) == row.expires_at
        stage.advance(row.expires_at + late - stage.ports.clock.now())
        second = stage.invoice(Wish(product=tea, quantity=1))
        if not sold:
            with pytest.raises(StockInsufficient):
                stage.issue(second)
            return
        stage.issue(second)
        (lost,) = stage.reservations(first)
        assert ReservationReason.EXPIRED is lost.reason
        assert 1 == len(stage.told(ReservationsExpired))
        stage.pay(first)
        (waiting,) = stage.reservations(first)
        assert (1, 1) == (waiting.taken, waiting.owed)
        stage.release(second)
        assert (0, 0, 0) == stage.figures(tea)[:3]
        (arrived,) = stage.told(OwedStockArrived)
        assert first.id == arrived.subject
        assert getattr(arrived, "complete", None)
        assert {str(tea.id): 1} == getattr(arrived, "filled", None)

    def test_goods_that_come_in_go_to_who_waits_longest(self) -> None:
        """P16: oldest first, in parts; nobody waits while goods lie free."""
        stage = self.make_stage()
        tea = stage.product("TEA", on_hand=0, backorder=True)
        invoices = [stage.invoice(Wish(product=tea, quantity=2)) for _ in range(3)]
        for invoice in invoices:
            stage.advance(_TICK)
            stage.issue(invoice)
        for invoice in reversed(invoices):
            stage.advance(_TICK)
            stage.pay(invoice)
        stage.receive(tea, 3, cost=300)
        taken = [stage.reservations(invoice)[0].taken for invoice in invoices]
        assert [0, 1, 2] == taken
        owed = stage.inventory.queries.owed(stage.owner, limit=1)
        rest = stage.inventory.queries.owed(stage.owner, after=owed.next)
        assert [1, 2] == [row.owed for row in (*owed.items, *rest.items)]
        assert (0, 0, 3, 0) == stage.figures(tea)

    def test_back_orders_allowed_serve_who_waits(self) -> None:
        """What is held for others is free once more may be promised than is there."""
        stage = self.make_stage()
        tea = stage.product("TEA", on_hand=2)
        held, late = (stage.invoice(Wish(product=tea, quantity=2)) for _ in range(2))
        stage.issue(held)
        stage.issue(late, accept_shortage=True)
        assert Fulfilment.NOT_RESERVED is fulfilment(stage.reservations(late))
        assert Fulfilment.AWAITING_STOCK is stage.pay(late).fulfilment
        assert (2, 2, 2) == stage.figures(tea)[:3]
        stage.backorder(tea)
        assert Fulfilment.DEDUCTED is fulfilment(stage.reservations(late))
        assert (0, 2, 0) == stage.figures(tea)[:3]

    def test_nothing_is_written_where_nothing_is_counted(self) -> None:
        """Services move nothing; a product that was never counted is skipped and says so."""
        stage = self.make_stage()
        service, never = stage.product("FIT", tracked=False), stage.product("NEW", tracked=False)
        stage.track(never)
        invoice = stage.invoice(Wish(product=service, quantity=1), Wish(product=never, quantity=1))
        for act in (stage.issue, stage.pay, stage.deliver, stage.unpay):
            outcome = act(invoice)
            assert ({2: Skipped.UNCOUNTED}, ()) == (outcome.skipped, outcome.reservations)
        assert () == stage.history(service)

    def test_a_shop_without_stock_keeping_writes_nothing(self) -> None:
        """Payments and issues go on as always, and say why no stock is written."""
        stage = self.make_stage()
        tea = stage.product("TEA", on_hand=2)
        held = stage.invoice(Wish(product=tea, quantity=1))
        stage.issue(held)
        stage.switch_off()
        invoice = stage.invoice(Wish(product=tea, quantity=9))
        for outcome in (stage.issue(invoice), stage.pay(invoice), stage.pay(held)):
            assert {1: Skipped.INVENTORY_OFF} == outcome.skipped
        assert (2, 1, 0) == stage.figures(tea)[:3]

    @pytest.mark.parametrize(("unit", "error"), [("box", PackInvalid), ("six", QuantityNotWhole)])
    def test_a_line_is_counted_in_units_or_packs(self, unit: str, error: type[Exception]) -> None:
        """An unknown pack, or a broken number of base units, names its line and stores nothing."""
        stage = self.make_stage()
        six = Pack("six", "Six", 6)
        tea = stage.product("TEA", on_hand=20, packs=(six,))
        invoice = stage.invoice(Wish(product=tea, quantity=1, unit_code=unit))
        if error is QuantityNotWhole:
            line = attrs.evolve(invoice.lines[0], quantity=invoice.lines[0].quantity / 4)
            content = attrs.evolve(invoice.content, lines=(line,))
            invoice = attrs.evolve(invoice, content=content)
        with pytest.raises(error):
            stage.issue(invoice)
        assert () == stage.reservations(invoice)

    def test_a_shop_never_touches_another(self) -> None:
        """P13: a foreign product, movement or reservation is a missing one."""
        stage = self.make_stage()
        other = StockStage.over(stage.ports, stage.advance)
        tea = other.product("TEA", on_hand=4, cost=4)
        theirs = other.invoice(Wish(product=tea, quantity=1))
        (row,) = other.issue(theirs).reservations
        before = other.everything([tea])
        movement = other.history(tea)[0]
        for act in (
            lambda: stage.receive(tea, 1),
            lambda: stage.adjust(tea, -1),
            lambda: stage.issue(stage.invoice(Wish(product=tea, quantity=1))),
            lambda: stage.inventory.undo(stage.owner, movement.id),
            lambda: stage.inventory.release(stage.owner, row.id),
            lambda: stage.inventory.rebuild(stage.owner, tea.id),
        ):
            with pytest.raises(NotFound):
                act()
        assert before == other.everything([tea])
        check_folded(other.level(tea), other.history(tea))
        check_promised(other.level(tea), [row])
