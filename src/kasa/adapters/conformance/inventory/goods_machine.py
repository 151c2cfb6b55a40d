"""What happens to goods beside sales: they come in, are corrected, counted, marked."""

from decimal import Decimal

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from kasa.adapters.conformance.inventory.model import OK
from kasa.adapters.conformance.inventory.oracles import Tuning
from kasa.adapters.conformance.inventory.sales_machine import PICKS, SKUS, SalesMachine
from kasa.adapters.conformance.inventory.stage import fields_of
from kasa.adapters.conformance.shops import with_key
from kasa.application.inventory.receiving import ReceivedLine
from kasa.domain.inventory.goods import OnReserved
from kasa.domain.inventory.movement import (
    UNDOABLE,
    MovementKind,
    MovementReason,
    StockMovement,
)
from kasa.domain.inventory.product import ReorderLevel, ShortagePolicy
from kasa.domain.inventory.stock import StockDone
from kasa.domain.kernel.idempotency import Answered, KeyReused
from kasa.domain.kernel.money import KHR, Money

COSTS = st.none() | st.integers(0, 999)
DELTAS = st.sampled_from([-3, -2, -1, 1, 2, 3]) | st.integers(-9, 9).filter(bool)


class GoodsMachine(SalesMachine):
    """Goods come, go and are counted, while invoices come and go."""

    def receive(self, sku: int, quantity: int, cost: int | None) -> None:
        """Take goods in; whoever waits gets them."""
        self.model.skus[sku].on_hand += quantity
        self.model.fill()
        product = self.products[sku]
        done = self.attempt("receive", OK, lambda: self.stage.receive(product, quantity, cost))
        self._undoable(done, sku)

    def _undoable(self, done: StockDone | None, sku: int) -> None:
        kinds = {MovementKind.RECEIVE, MovementKind.ADJUST, MovementKind.SCRAP}
        if done is not None:
            self.undoable += [(row, sku) for row in done.movements if row.kind in kinds]

    def correct(self, sku: int, delta: int, *, newest: bool = False) -> None:
        """Correct a level by hand."""
        expected = self.model.move(sku, delta, now=self.now(), newest=newest)
        way = OnReserved.NEWEST if newest else OnReserved.REFUSE
        done = self.attempt(
            f"adjust {way.value}",
            expected,
            lambda: self.stage.adjust(self.products[sku], delta, on_reserved=way),
        )
        self._undoable(done, sku)

    @rule(sku=SKUS, quantity=st.integers(1, 5), cost=COSTS)
    def receive_some(self, sku: int, quantity: int, cost: int | None) -> None:
        """Take goods in."""
        self.receive(sku, quantity, cost)

    @rule(sku=SKUS, cost=st.integers(0, 999))
    def receive_twice(self, sku: int, cost: int) -> None:
        """P6: a repeated request changes nothing; its key names no other request."""
        line = ReceivedLine(
            product=self.products[sku].id, quantity=Decimal(1), total_cost=Money(cost, KHR)
        )
        key = f"key-{self.stage.new_id()}"
        caller = with_key(self.stage.owner, key)
        self.model.skus[sku].on_hand += 1
        self.model.fill()
        receive = self.stage.inventory.receive
        first = self.attempt("receive with key", OK, lambda: receive(caller, [line]))
        with pytest.raises(Answered) as again:
            receive(caller, [line])
        assert first == again.value.value
        other = with_key(self.stage.owner, key, fingerprint="other")
        with pytest.raises(KeyReused):
            receive(other, [line])
        self.note("receive again: answered")

    @rule(sku=SKUS, delta=DELTAS, newest=st.booleans())
    def correct_some(self, sku: int, delta: int, newest: bool) -> None:  # noqa: FBT001  # drawn
        """Correct a level by a little."""
        self.correct(sku, delta, newest=newest)

    @rule(sku=SKUS, past=st.integers(-1, 1), newest=st.booleans())
    def correct_to_the_edge(
        self,
        sku: int,
        past: int,
        newest: bool,  # noqa: FBT001  # Hypothesis draws it by name
    ) -> None:
        """Take away just what nobody was promised, one less or one more."""
        delta = -(self.model.free(sku) + past)
        if delta:
            self.correct(sku, delta, newest=newest)

    @rule(sku=SKUS, reason=st.sampled_from([None, MovementReason.VOID, MovementReason.FOUND]))
    def correct_without_reason(self, sku: int, reason: MovementReason | None) -> None:
        """A correction needs a reason of the list, and some reasons a note."""
        product = self.products[sku]
        self.attempt(
            "adjust", "stock.reason", lambda: self.stage.adjust(product, -1, reason=reason)
        )

    @precondition(lambda self: self.undoable)
    @rule(pick=PICKS, newest=st.booleans())
    def undo_one(self, pick: int, newest: bool) -> None:  # noqa: FBT001  # drawn by name
        """Undo a receipt or a correction, once."""
        movement, sku = self.undoable[pick % len(self.undoable)]
        self.undo(movement, sku, newest=newest)

    def undo(self, movement: StockMovement, sku: int, *, newest: bool = False) -> None:
        """Undo one movement, or be told that it was undone."""
        if movement.id in self.undone:
            expected = "movement.already_reversed"
        else:
            delta = -movement.d_on_hand
            expected = self.model.move(sku, delta, now=self.now(), newest=newest)
        way = OnReserved.NEWEST if newest else OnReserved.REFUSE
        undo = self.stage.inventory.undo
        done = self.attempt(
            "undo", expected, lambda: undo(self.stage.owner, movement.id, on_reserved=way)
        )
        if done is not None:
            self.undone.add(movement.id)

    @rule(sku=SKUS, quantity=st.integers(1, 4), newest=st.booleans())
    def undo_what_is_promised(
        self,
        sku: int,
        quantity: int,
        newest: bool,  # noqa: FBT001  # Hypothesis draws it by name
    ) -> None:
        """Take goods in, promise all of them, and undo the receipt."""
        self.receive(sku, quantity, cost=100)
        movement, _ = self.undoable[-1]
        if self.model.available(sku) > 0:
            self.issue([(sku, self.model.available(sku))])
        self.undo(movement, sku, newest=newest)

    @precondition(lambda self: not self.model.owed(0) and self.model.free(0) > 0)
    @rule(delta=st.integers(-3, 3).filter(bool))
    def correct_and_undo(self, delta: int) -> None:
        """P7: a correction and its undoing leave goods and value as they were."""
        before = self.stage.figures(self.products[0])
        self.correct(0, max(delta, -self.model.free(0)))
        movement, sku = self.undoable[-1]
        self.undo(movement, sku)
        assert before == self.stage.figures(self.products[0])

    @precondition(lambda self: self.model.lines)
    @rule(pick=PICKS)
    def undo_a_sale(self, pick: int) -> None:
        """What invoices moved is not undone by hand."""
        product = self.products[pick % 2]
        log = self.stage.history(product)
        rows = [row for row in log if row.source.kind == "invoice" and row.kind not in UNDOABLE]
        if rows:
            movement = rows[pick % len(rows)]
            undo = self.stage.inventory.undo
            self.attempt(
                "undo", "movement.not_reversible", lambda: undo(self.stage.owner, movement.id)
            )

    @rule(sku=SKUS, low=st.none() | st.integers(0, 4), gap=st.integers(0, 3))
    def mark(self, sku: int, low: int | None, gap: int) -> None:
        """Change the low mark; it is looked at once."""
        product = self.stage.inventory.queries.product(self.stage.owner, self.products[sku].id)
        mark = None if low is None else ReorderLevel.at(low, low + gap)
        edit = self.stage.inventory.edit_product
        self.attempt(
            "mark",
            OK,
            lambda: edit(
                self.stage.owner,
                product.id,
                fields_of(product, reorder=mark),
                version=product.version,
            ),
        )
        if mark != product.sku.reorder:
            version = self.stage.level(product).version
            rearm = None if low is None else low + gap
            self.tunings[sku].append(Tuning(version, low, rearm))

    @precondition(lambda self: self.model.available(0) > 0)
    @rule(newest=st.booleans(), pays=st.booleans())
    def take_what_is_promised(
        self,
        newest: bool,  # noqa: FBT001  # Hypothesis draws it by name
        pays: bool,  # noqa: FBT001  # Hypothesis draws it by name
    ) -> None:
        """Promise goods of both SKUs, lose one of them and all of the other, and be paid."""
        self.allow(backorder=True)
        invoice = self.issue([(0, self.model.available(0)), (1, 2)])
        self.correct(0, -1, newest=newest)
        if self.model.skus[1].on_hand:
            self.correct(1, -self.model.skus[1].on_hand)
        if invoice is not None and pays:
            self.pay(invoice)

    @rule(more=st.integers(0, 2))
    def promise_too_much(self, more: int) -> None:
        """Promise more than is there, and then deny shortages."""
        self.allow(backorder=True)
        self.issue([(1, max(1, self.model.available(1) + more))])
        self.allow(backorder=False)

    @rule(backorder=st.booleans())
    def promise_more(self, backorder: bool) -> None:  # noqa: FBT001  # drawn by name
        """Allow or deny back orders of the second SKU."""
        self.allow(backorder=backorder)

    def allow(self, *, backorder: bool) -> None:
        """Allow back orders of the second SKU, or deny them while all is backed."""
        product = self.stage.inventory.queries.product(self.stage.owner, self.products[1].id)
        goods = self.model.skus[1]
        refused = not backorder and self.model.reserved(1) > goods.on_hand
        policy = ShortagePolicy.BACKORDER if backorder else ShortagePolicy.DENY
        edit, fields = self.stage.inventory.edit_product, fields_of(product, policy=policy)
        if not refused:
            goods.backorder = backorder
            self.model.fill()
        self.attempt(
            "policy",
            "stock.policy_in_use" if refused else OK,
            lambda: edit(self.stage.owner, product.id, fields, version=product.version),
        )
