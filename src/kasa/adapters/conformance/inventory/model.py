"""What stock should do, told naively: no costs, no batches, one small thing after the other.

The model is an oracle of its own: it shares no rule with the domain. A method answers the code of
the refusal it expects, or an empty text; after a refusal nothing has changed.
"""

from collections.abc import Iterable
from copy import deepcopy
from datetime import datetime
from uuid import UUID

import attrs

OK = ""
HELD, CONSUMED, RELEASED, OWED = "held", "consumed", "released", "owed"


@attrs.define(kw_only=True)
class ModelLine:
    """One line of an invoice as it should be; ``id`` is its reservation's, to break ties."""

    invoice: UUID
    no: int
    sku: int
    quantity: int
    id: UUID
    at: datetime
    expires_at: datetime
    state: str = RELEASED
    taken: int = 0
    owed: int = 0
    returned: int = 0
    owed_at: datetime | None = None
    credited: bool = False
    delivered: bool = False

    @property
    def figures(self) -> tuple[str, int, int, int, int]:
        """State, quantity, taken, owed, returned."""
        return (self.state, self.quantity, self.taken, self.owed, self.returned)


@attrs.define(kw_only=True)
class ModelSku:
    """How much is there of one SKU, and whether more may be promised."""

    on_hand: int
    backorder: bool


@attrs.define
class StockModel:
    """Two SKUs, and the lines of every invoice."""

    skus: list[ModelSku]
    lines: list[ModelLine] = attrs.field(factory=list)

    def copy(self) -> "StockModel":
        """Return the same once more."""
        return deepcopy(self)

    def of(self, invoice: UUID) -> list[ModelLine]:
        """Return the lines of an invoice."""
        return [line for line in self.lines if line.invoice == invoice]

    def held(self, sku: int) -> list[ModelLine]:
        """Return what is held of a SKU, newest first."""
        found = [line for line in self.lines if line.sku == sku and line.state == HELD]
        return sorted(found, key=lambda line: (line.at, line.id), reverse=True)

    def reserved(self, sku: int) -> int:
        """Return how much is held."""
        return sum(line.quantity for line in self.held(sku))

    def owed(self, sku: int) -> int:
        """Return how much is owed."""
        return sum(line.owed for line in self.lines if line.sku == sku)

    def available(self, sku: int) -> int:
        """Return how much may still be promised."""
        return self.skus[sku].on_hand - self.reserved(sku) - self.owed(sku)

    def free(self, sku: int) -> int:
        """Return how much a payment without a promise may take."""
        goods = self.skus[sku]
        return goods.on_hand - (0 if goods.backorder else self.reserved(sku))

    def fits(self, sku: int, quantity: int) -> bool:
        """Tell whether a promise can be given."""
        return self.skus[sku].backorder or quantity <= self.available(sku)

    def expire(self, now: datetime, skus: Iterable[int]) -> None:
        """Give up promises whose time is over."""
        for sku in skus:
            for line in self.held(sku):
                if line.expires_at <= now:
                    line.state = RELEASED

    def issue(self, lines: list[ModelLine], *, now: datetime, accept: bool, paid: bool) -> str:
        """Promise all lines or none; with ``accept`` those that fit, small ones first."""
        before = deepcopy(self)
        skus = {line.sku for line in lines}
        if self._missing(lines):
            self.expire(now, skus)
        missing = self._missing(lines)
        if missing and not accept:
            self.lines = before.lines
            return "stock.insufficient"
        ordered = sorted(lines, key=lambda line: line.quantity) if missing else lines
        for line in ordered:
            line.state = HELD if self.fits(line.sku, line.quantity) else RELEASED
            self.lines.append(line)
        if paid:
            self._take(lines, now)
        self.fill()
        return OK

    def _missing(self, lines: list[ModelLine]) -> bool:
        wanted = dict.fromkeys(range(len(self.skus)), 0)
        for line in lines:
            wanted[line.sku] += line.quantity
        return any(quantity and not self.fits(sku, quantity) for sku, quantity in wanted.items())

    def pay(self, invoice: UUID, *, now: datetime) -> str:
        """Take the goods of every line, unit by unit, and owe the rest."""
        self._take(self.of(invoice), now)
        self.fill()
        return OK

    def _take(self, lines: list[ModelLine], now: datetime) -> None:
        for line in sorted(lines, key=lambda line: (line.state != HELD, line.no)):
            if line.credited or line.state == OWED or line.taken == line.quantity:
                continue
            was_held, line.state = line.state == HELD, CONSUMED
            goods = self.skus[line.sku]
            while line.taken < line.quantity:
                there = goods.on_hand if was_held else self.free(line.sku)
                if there <= 0:
                    break
                goods.on_hand, line.taken = goods.on_hand - 1, line.taken + 1
            if line.taken < line.quantity:
                line.state, line.owed = OWED, line.quantity - line.taken
                line.owed_at = now

    def fill(self) -> None:
        """Give what is free to who waits longest, unit by unit."""
        for sku in range(len(self.skus)):
            waiting = [line for line in self.lines if line.sku == sku and line.owed]
            for line in sorted(waiting, key=lambda line: (line.owed_at, line.id)):
                while line.owed and self.free(sku) > 0:
                    self.skus[sku].on_hand -= 1
                    line.owed, line.taken = line.owed - 1, line.taken + 1
                if not line.owed:
                    line.state = CONSUMED

    def release(self, invoice: UUID) -> str:
        """Give up what is held."""
        for line in self.of(invoice):
            if line.state == HELD:
                line.state = RELEASED
        self.fill()
        return OK

    def deliver(self, invoice: UUID, *, now: datetime) -> str:
        """Hand over all of it, or refuse."""
        lines = [line for line in self.of(invoice) if not line.credited]
        for sku in {line.sku for line in lines}:
            of_sku = [line for line in lines if line.sku == sku]
            wanted = sum(line.quantity for line in of_sku if line.state == HELD)
            if wanted > self.skus[sku].on_hand or any(line.owed for line in of_sku):
                return "stock.insufficient"
        if any(line.state == RELEASED for line in lines):
            return "reservation.wrong_state"
        self._take([line for line in lines if line.state == HELD], now)
        for line in lines:
            line.delivered = True
        self.fill()
        return OK

    def unpay(self, invoice: UUID, *, gone: bool | None, until: datetime) -> str:
        """Take a payment back."""
        lines = [line for line in self.of(invoice) if line.state in {CONSUMED, OWED}]
        left = any(line.delivered for line in lines) if gone is None else gone
        for line in lines:
            line.owed, line.state = 0, CONSUMED
            if not left:
                self.skus[line.sku].on_hand += line.taken - line.returned
                if line.returned == line.quantity:
                    line.credited = True
                else:
                    line.quantity -= line.returned
                line.taken = line.returned = 0
                line.delivered = False
            if not line.taken:
                line.state = RELEASED
        if not left:
            for line in sorted(lines, key=lambda line: line.quantity):
                if not line.credited and self.fits(line.sku, line.quantity):
                    line.state, line.expires_at = HELD, until
        self.fill()
        return OK

    def give_back(self, line: ModelLine, quantity: int, *, restock: str) -> str:
        """Credit goods of a line."""
        kept = line.taken - line.returned + line.owed
        most = line.quantity if line.state == HELD else kept
        if not most:
            return "return.nothing"
        if quantity > most:
            return "return.too_much"
        if restock != "keep":
            rest = self._give_up(line, quantity)
            line.returned += rest
            self.skus[line.sku].on_hand += rest if restock == "restock" else 0
        self.fill()
        return OK

    def _give_up(self, line: ModelLine, quantity: int) -> int:
        """Take off what is held or owed, and return what is left to bring back."""
        if line.state not in {HELD, OWED}:
            return quantity
        off = quantity if line.state == HELD else min(quantity, line.owed)
        line.owed = max(0, line.owed - off)
        if off == line.quantity:
            line.state, line.credited = RELEASED, True
        else:
            line.quantity -= off
            if line.state == OWED and not line.owed:
                line.state = CONSUMED
        return quantity - off

    def move(self, sku: int, delta: int, *, now: datetime, newest: bool) -> str:
        """Correct on hand, within what is there and what is promised."""
        goods = self.skus[sku]
        left = goods.on_hand + delta
        if left < 0:
            return "stock.insufficient"
        before = deepcopy(self.lines)
        if delta < 0 and not goods.backorder and self.reserved(sku) > left:
            self.expire(now, [sku])
            if self.reserved(sku) > left and not newest:
                self.lines = before
                return "stock.reserved"
            for line in self.held(sku):
                if self.reserved(sku) > left:
                    line.state = RELEASED
        goods.on_hand = left
        self.fill()
        return OK
