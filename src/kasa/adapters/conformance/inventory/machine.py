"""The ground of the stock machine: a shop, its model, and what is compared after every step."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import ClassVar, TypeVar

import attrs
from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from kasa.adapters.conformance.inventory.model import OK, OWED, ModelLine, ModelSku, StockModel
from kasa.adapters.conformance.inventory.oracles import (
    Tuning,
    alerts_of,
    check_costs,
    check_folded,
    check_promised,
    check_turns,
)
from kasa.adapters.conformance.inventory.stage import StockStage
from kasa.domain.inventory.events import StockRanLow
from kasa.domain.inventory.level import Level
from kasa.domain.inventory.movement import StockMovement
from kasa.domain.inventory.product import Product
from kasa.domain.inventory.reservation import Reservation
from kasa.domain.inventory.stocktake import StockCount
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.kernel.errors import KasaError

ResultT = TypeVar("ResultT")
ROWS = 100


@attrs.define(kw_only=True)
class Counting:
    """The stocktake that the machine has begun, and what it entered, by SKU."""

    count: StockCount
    entered: dict[int, tuple[int, int]] = attrs.field(factory=dict)
    is_open: bool = True


class StockMachine(RuleBasedStateMachine):
    """A shop with two SKUs, one that denies shortages and one of either kind.

    ``covered`` counts, over a whole run, every command with its outcome and every change of a
    reservation's state.
    """

    covered: ClassVar[Counter[str]]

    def make_stage(self) -> StockStage:
        """Return a new shop whose clock can be moved, also back."""
        raise NotImplementedError

    @initialize(
        goods=st.tuples(st.integers(0, 8), st.integers(0, 8)),
        costs=st.tuples(st.integers(0, 1000), st.integers(0, 1000)),
        marks=st.tuples(st.none() | st.integers(0, 4), st.integers(0, 4)),
        backorder=st.booleans(),
    )
    def open_shop(
        self,
        goods: tuple[int, int],
        costs: tuple[int, int],
        marks: tuple[int | None, int],
        backorder: bool,  # noqa: FBT001  # Hypothesis draws it by name
    ) -> None:
        """Open a shop with some goods."""
        self.stage = self.make_stage()
        self.invoices: list[Invoice] = []
        self.undoable: list[tuple[StockMovement, int]] = []
        self.undone: set[object] = set()
        self.counting: Counting | None = None
        self.states: dict[object, str] = {}
        self.products: list[Product] = []
        self.marks: list[list[int]] = [[], []]
        self.tunings: list[list[Tuning]] = [[], []]
        self.model = StockModel([])
        for no, code in enumerate(("DENY", "EITHER")):
            backs = backorder and code == "EITHER"
            low, gap = (marks[0], marks[1]) if no == 0 else (marks[1], 0)
            rearm = None if low is None else low + gap
            self.model.skus.append(ModelSku(on_hand=goods[no], backorder=backs))
            self.products.append(
                self.stage.product(
                    code,
                    on_hand=goods[no],
                    cost=costs[no] if goods[no] else None,
                    backorder=backs,
                    low_at=low,
                    rearm_at=rearm,
                )
            )
            self.tunings[no].append(Tuning(0, low, rearm))

    def note(self, what: str) -> None:
        """Count what happened, for Hypothesis and for the assertions on coverage."""
        event(what)
        self.covered[what] += 1

    def attempt(self, kind: str, expected: str, act: Callable[[], ResultT]) -> ResultT | None:
        """Do one thing and hold its outcome to the model; a refusal leaves all as it was."""
        before = self.stage.everything(self.products) if expected else None
        try:
            result, code = act(), OK
        except KasaError as refused:
            result, code = None, refused.code
        assert expected == code, kind
        if expected:
            assert before == self.stage.everything(self.products), kind
        self.note(f"{kind}: {code or 'ok'}")
        for no, product in enumerate(self.products):
            self.marks[no].append(self.stage.level(product).version)
        return result

    def rows(self) -> dict[object, Reservation]:
        """Return the oldest reservations of the shop."""
        with self.stage.ports.unit_of_work.read_only(self.stage.owner) as view:
            page = view.stock.reservations(state=None, limit=ROWS)
        return {row.id: row for row in page.items}

    @invariant()
    def model_and_stock_agree(self) -> None:
        """Levels and reservations are what the model says."""
        for no, product in enumerate(self.products):
            found = self.stage.figures(product)[:3]
            wanted = self.model.skus[no].on_hand, self.model.reserved(no), self.model.owed(no)
            assert wanted == found, product.sku.code
        rows = self.rows()
        for line in self.model.lines:
            row = rows.get(line.id)
            if row is not None:
                self._compare(line, row)

    def _compare(self, line: ModelLine, row: Reservation) -> None:
        found = (row.state.value, row.quantity, row.taken, row.owed, row.returned)
        assert line.figures == found
        before, now = self.states.get(line.id, "new"), line.state
        if now == OWED and before != OWED:
            now = f"owed in part from {before}" if line.taken else f"owed whole from {before}"
        if before != line.state:
            self.note(f"{before} > {now}")
        self.states[line.id] = line.state
        line.owed_at = row.owed_at

    def teardown(self) -> None:
        """Hold the whole log to the oracles."""
        if not hasattr(self, "stage"):
            return
        rows = self.rows()
        alerts = 0
        for no, product in enumerate(self.products):
            level, log = self.stage.level(product), self.stage.history(product)
            self._check_log(no, level, log)
            if len(rows) < ROWS:
                check_promised(level, rows.values())
            fired = alerts_of(log, self.tunings[no])
            assert len(fired) == level.alert_no
            alerts += len(fired)
        told = self.stage.told(StockRanLow)
        assert len(told) == min(alerts, ROWS)
        with self.stage.ports.unit_of_work(self.stage.owner) as work:
            assert () == work.stock.drifts()
        with self.stage.ports.unit_of_work.read_only(self.stage.owner) as view:
            assert () == tuple(row for row in view.books.differences() if row.total.is_stock)

    def _check_log(self, no: int, level: Level, log: tuple[StockMovement, ...]) -> None:
        check_folded(level, log)
        check_turns(log)
        marks = [0, *self.marks[no], len(log)]
        check_costs([log[start:end] for start, end in pairwise(marks)])

    def pass_time(self, span: timedelta) -> None:
        """Move the clock."""
        self.stage.advance(span)
