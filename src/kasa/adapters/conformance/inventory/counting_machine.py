"""Counting while goods move: every line is held to its own snapshot."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from kasa.adapters.conformance.inventory.goods_machine import GoodsMachine
from kasa.adapters.conformance.inventory.machine import Counting
from kasa.adapters.conformance.inventory.model import OK
from kasa.adapters.conformance.inventory.sales_machine import SKUS
from kasa.application.inventory.counting import CountedLine
from kasa.domain.inventory.goods import OnReserved
from kasa.domain.inventory.stocktake import COUNT_DAYS, CountState


class CountingMachine(GoodsMachine):
    """Everything that can happen to stock: sales, goods, and counting."""

    def is_counting(self) -> bool:
        """Tell whether a stocktake is open and not forgotten."""
        counting = self.counting
        if counting is None or not counting.is_open:
            return False
        return self.now() - counting.count.changed_at < timedelta(days=COUNT_DAYS)

    @rule(sku=SKUS, off=st.integers(-3, 1), meanwhile=st.integers(0, 6), newest=st.booleans())
    def count_while_goods_move(
        self,
        sku: int,
        off: int,
        meanwhile: int,
        newest: bool,  # noqa: FBT001  # Hypothesis draws it by name
    ) -> None:
        """Count a SKU, sell or lose some before the commit, and commit."""
        if not self.is_counting():
            self.open_count()
        self.enter_count(sku=sku, off=off)
        if meanwhile % 2:
            self.issue([(sku, max(1, self.model.available(sku)))], paid=meanwhile > 3)
        elif meanwhile:
            self.correct(sku, -max(1, self.model.free(sku)))
        self.commit_count(newest=newest)

    @precondition(lambda self: self.model.available(0) > 0)
    @rule(newest=st.booleans())
    def count_less_than_promised(self, newest: bool) -> None:  # noqa: FBT001  # drawn by name
        """Promise all that is there, then find one piece less."""
        if not self.is_counting():
            self.open_count()
        self.issue([(0, self.model.available(0))])
        self.enter_count(sku=0, off=-1)
        self.commit_count(newest=newest)

    @rule()
    def open_count(self) -> None:
        """Begin to count, once."""
        expected = "count.open" if self.is_counting() else OK
        opened = self.attempt(
            "open count", expected, lambda: self.stage.inventory.open_count(self.stage.owner)
        )
        if opened is not None:
            self.counting = Counting(count=opened)

    @precondition(lambda self: self.counting is not None)
    @rule(sku=SKUS, off=st.integers(-2, 2))
    def enter_one(self, sku: int, off: int) -> None:
        """Count one SKU, perhaps not as the level says."""
        self.enter_count(sku=sku, off=off)

    def enter_count(self, *, sku: int, off: int) -> None:
        """Enter one SKU; the line remembers what the level says now."""
        counting = self.counting
        assert counting is not None
        seen = self.model.skus[sku].on_hand
        counted = max(0, seen + off)
        line = CountedLine(product=self.products[sku].id, counted=Decimal(counted))
        early = self.now() < counting.count.opened_at
        expected = "count.moment" if early else OK
        expected = expected if self.is_counting() else "count.closed"
        enter = self.stage.inventory.enter_count
        entered = self.attempt(
            "enter count", expected, lambda: enter(self.stage.owner, counting.count.id, [line])
        )
        if entered is not None:
            counting.count = entered
            counting.entered[sku] = (counted, seen)

    @precondition(lambda self: self.counting is not None)
    @rule(newest=st.booleans())
    def commit_some(self, newest: bool) -> None:  # noqa: FBT001  # Hypothesis draws it by name
        """Commit the count."""
        self.commit_count(newest=newest)

    def commit_count(self, *, newest: bool) -> None:
        """P9: correct what was counted by the difference that was seen when it was counted."""
        counting = self.counting
        assert counting is not None
        expected = self.counted(newest=newest) if self.is_counting() else "count.closed"
        way = OnReserved.NEWEST if newest else OnReserved.REFUSE
        commit = self.stage.inventory.commit_count
        done = self.attempt(
            "commit count",
            expected,
            lambda: commit(self.stage.owner, counting.count.id, on_reserved=way),
        )
        if done is not None:
            assert CountState.COMMITTED is done.state
            counting.is_open = False

    def counted(self, *, newest: bool) -> str:
        """Correct the model by what was counted, all of it or nothing."""
        assert self.counting is not None
        before = self.model.copy()
        for sku, (counted, seen) in sorted(self.counting.entered.items()):
            delta = counted - seen
            code = "count.impossible"
            if self.model.skus[sku].on_hand + delta >= 0:
                code = self.model.move(sku, delta, now=self.now(), newest=newest)
            if code:
                self.model = before
                return code
        return OK

    @precondition(lambda self: self.counting is not None)
    @rule(twice=st.booleans())
    def cancel_count(self, twice: bool) -> None:  # noqa: FBT001  # Hypothesis draws it by name
        """Drop a count that is open; a closed one only to be told so."""
        assert self.counting is not None
        if self.counting.is_open or twice:
            self.cancel()

    def cancel(self) -> None:
        """Drop a count, or be told that it is closed."""
        counting = self.counting
        assert counting is not None
        expected = OK if counting.is_open else "count.closed"
        cancel = self.stage.inventory.cancel_count
        self.attempt("cancel count", expected, lambda: cancel(self.stage.owner, counting.count.id))
        counting.is_open = False
