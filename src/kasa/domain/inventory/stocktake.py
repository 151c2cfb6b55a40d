"""Counting what is really there; every line has a snapshot of its own."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import attrs

from kasa.domain.inventory.goods import OnReserved, correct
from kasa.domain.inventory.level import Act, StockBook, StockUntracked
from kasa.domain.inventory.movement import MovementKind
from kasa.domain.inventory.product import LEVEL_LIMIT
from kasa.domain.inventory.stock import Step, StockChange, counted
from kasa.domain.inventory.unit import QuantityInvalid
from kasa.domain.inventory.valuation import cost_in, cost_out
from kasa.domain.kernel.errors import Conflict, Invalid, NotFound
from kasa.domain.kernel.ids import CountId, LocationId, SkuId

COUNT_LINES_LIMIT = 5_000
COUNT_DAYS = 7


class CountOpen(Conflict):
    """A count is open here already; commit or cancel it first."""

    code = "count.open"


class CountClosed(Conflict):
    """The count is closed: committed, cancelled, or untouched for 7 days."""

    code = "count.closed"


class CountImpossible(Conflict):
    """More has gone since the line was counted than was counted; count it again."""

    code = "count.impossible"


class CountTooManyLines(Invalid):
    """A count has at most 5,000 lines."""

    code = "count.too_many_lines"


class CountMomentInvalid(Invalid):
    """A line was counted between the opening of the count and now."""

    code = "count.moment"


class CountState(StrEnum):
    """A count is filled in, then committed or dropped."""

    OPEN = "open"
    COMMITTED = "committed"
    CANCELLED = "cancelled"


@attrs.frozen(kw_only=True)
class CountLine:
    """What was counted of a SKU, and what the level said at that very moment."""

    sku: SkuId
    counted: int
    counted_at: datetime
    seen_version: int
    seen_on_hand: int

    def __attrs_post_init__(self) -> None:
        if not 0 <= self.counted <= LEVEL_LIMIT:
            raise QuantityInvalid(limit=LEVEL_LIMIT)

    @property
    def difference(self) -> int:
        """Counted minus what the level said when it was counted."""
        return self.counted - self.seen_on_hand


@attrs.frozen(kw_only=True)
class Difference:
    """What a commit would change: units and value, before it is done."""

    sku: SkuId
    counted: int
    expected: int
    units: int
    value: int


@attrs.frozen(kw_only=True)
class StockCount:
    """A stocktake at one location, of all SKUs (``skus`` empty) or of some.

    Physical goods include reserved ones and exclude delivered ones.
    """

    id: CountId
    location: LocationId
    opened_at: datetime
    changed_at: datetime
    skus: tuple[SkuId, ...] = ()
    state: CountState = CountState.OPEN
    lines: Mapping[SkuId, CountLine] = attrs.field(factory=dict)
    version: int = 1

    def stale(self, at: datetime) -> bool:
        """Return whether it was left untouched for 7 days."""
        open_ = self.state is CountState.OPEN
        return open_ and at - self.changed_at >= timedelta(days=COUNT_DAYS)

    def require_open(self, at: datetime) -> None:
        """Return while it can be filled in, else raise ``count.closed``."""
        if self.state is not CountState.OPEN or self.stale(at):
            raise CountClosed(state=self.state.value)

    def require_moment(self, counted_at: datetime, *, at: datetime) -> None:
        """Return when a line may have been counted then, else raise ``count.moment``."""
        if not self.opened_at <= counted_at <= at:
            raise CountMomentInvalid

    def entered(self, lines: Sequence[CountLine], *, at: datetime) -> "StockCount":
        """Return it with lines entered, each in place of an earlier one of the same SKU."""
        self.require_open(at)
        for line in lines:
            self.require_moment(line.counted_at, at=at)
            if self.skus and line.sku not in self.skus:
                raise NotFound
        kept = {**self.lines, **{line.sku: line for line in lines}}
        if len(kept) > COUNT_LINES_LIMIT:
            raise CountTooManyLines(limit=COUNT_LINES_LIMIT)
        return attrs.evolve(self, lines=kept, changed_at=at, version=self.version + 1)

    def closed(self, state: CountState, *, at: datetime) -> "StockCount":
        """Return it committed or cancelled; a stale one can only be cancelled."""
        if state is CountState.COMMITTED or self.state is not CountState.OPEN:
            self.require_open(at)
        return attrs.evolve(self, state=state, changed_at=at, version=self.version + 1)


def differences(count: StockCount, book: StockBook) -> tuple[Difference, ...]:
    """Return what a commit would change now, in the order of entry."""
    rows = []
    for line in count.lines.values():
        level = book.level((line.sku, count.location))
        units = max(line.difference, -level.on_hand)
        figures = (level.on_hand, level.value_minor)
        worth = cost_in(*figures, units) if units >= 0 else -cost_out(*figures, -units)
        rows.append(
            Difference(
                sku=line.sku,
                counted=line.counted,
                expected=line.seen_on_hand,
                units=line.difference,
                value=worth,
            )
        )
    return tuple(rows)


def commit(
    count: StockCount, book: StockBook, act: Act, *, on_reserved: OnReserved = OnReserved.REFUSE
) -> StockChange:
    """Correct every counted level by the difference that its own snapshot showed.

    What was sold or received since the line was taken stays sold and received. Lines that were
    never entered change nothing.
    """
    change = StockChange(book=book)
    for line in sorted(count.lines.values(), key=lambda line: line.sku):
        place = (line.sku, count.location)
        level = change.book.level(place)
        if not level.tracked:
            raise StockUntracked
        if level.on_hand + line.difference < 0:
            raise CountImpossible(code=book.sku(line.sku).code)
        change = counted(change, place, line.counted_at)
        key = f"count:{count.id}:{line.sku}"
        step = Step(kind=MovementKind.COUNT, key=key, on_hand=line.difference)
        change = correct(change, place, step, act, on_reserved=on_reserved)
    return change
