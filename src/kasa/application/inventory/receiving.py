"""Goods come in."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar
from uuid import UUID

import attrs

from kasa.application.entitlements import Entitlements
from kasa.application.ports.system import Clock, Ids
from kasa.application.ports.work import UnitOfWork, UnitOfWorkFactory
from kasa.application.workflows.stock_keeping import act_of, home, keep_stock
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.inventory.goods import LINES_LIMIT, Incoming, receive
from kasa.domain.inventory.level import StockBook, StockedSku
from kasa.domain.inventory.movement import NOTE_LIMIT, Source
from kasa.domain.inventory.stock import StockDone
from kasa.domain.inventory.unit import QuantityInvalid, base_units
from kasa.domain.inventory.valuation import CostCurrencyWrong, CostInvalid
from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.ids import ProductId, SkuId
from kasa.domain.kernel.money import Currency, ExchangeRate, Money
from kasa.domain.kernel.text import note
from kasa.domain.subscriptions.plan import Feature

RECEIPT = "receipt"


class LinesInvalid(Invalid):
    """A receipt or an adjustment has 1 to 500 lines."""

    code = "stock.lines"


@attrs.frozen(kw_only=True)
class ReceivedLine:
    """Goods of one product, in ``unit_code`` (its unit unless stated) or a pack.

    The cost is stated for all of it or for one of ``unit_code``, or not at all. One in another
    currency needs ``rate`` to the cost currency. ``already_there`` is asked for where the product
    was never counted.
    """

    product: ProductId
    quantity: Decimal
    unit_code: str | None = None
    total_cost: Money | None = None
    unit_cost: Money | None = None
    rate: ExchangeRate | None = None
    already_there: Decimal | None = None

    def cost(self) -> Money | None:
        """Return what all of it cost, in the currency stated; None when nothing was."""
        if self.total_cost is not None and self.unit_cost is not None:
            raise CostInvalid("State the total cost or the unit cost, not both.")
        if self.unit_cost is not None:
            return self.unit_cost.part(Fraction(self.quantity))
        return self.total_cost

    def valued(self, unit: Currency) -> tuple[int | None, str]:
        """Return the cost in minor units of the cost currency, and what a receipt says of it."""
        cost = self.cost()
        if cost is None or cost.currency == unit:
            return (None if cost is None else cost.minor), ""
        rate = self.rate
        if rate is None or (rate.base, rate.quote) != (cost.currency, unit):
            raise CostCurrencyWrong(currency=unit.code)
        return rate.convert(cost).minor, f"{cost} x {rate.rate} {rate.source} {rate.on}"


@attrs.frozen(kw_only=True, eq=False)
class ReceiveStock:
    """Take goods in, and give them to those who paid and wait.

    Supplier, document and a foreign cost stay on the movements as their note.
    """

    permission: ClassVar[Permission] = Permission.RECEIVE_STOCK
    feature: ClassVar[Feature] = Feature.INVENTORY

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: Ids

    def __call__(
        self,
        actor: Actor,
        lines: Sequence[ReceivedLine],
        *,
        words: str = "",
        on: date | None = None,
    ) -> StockDone:
        """Return what moved; ``words`` name supplier and document, ``on`` is for reports."""
        actor.require(self.permission)
        now = self.clock.now()
        receipt = self.ids.new(now)
        with self.unit_of_work(actor) as work:
            Entitlements(work, at=now).require(self.feature)
            act = act_of(work, Source(RECEIPT, receipt), at=now, day=on)
            book = work.stock.lock(listed(line.product for line in lines), home(work))
            incoming = _incoming(work, book, lines, Words(receipt, words))
            change = keep_stock(work, receive(book, incoming, act), act)
            return work.answer(StockDone.of(change, receipt))


@attrs.frozen
class Words:
    """The receipt that lines belong to, and what it says."""

    receipt: UUID
    text: str


def listed(products: Iterable[ProductId]) -> set[SkuId]:
    """Return the SKUs of 1 to 500 lines, or raise ``stock.lines``."""
    found = [SkuId(product) for product in products]
    if not 1 <= len(found) <= LINES_LIMIT:
        raise LinesInvalid(limit=LINES_LIMIT)
    return set(found)


def quantity_of(sku: StockedSku, quantity: Decimal, unit_code: str | None, line_no: int) -> int:
    """Return base units of a line, or raise ``stock.quantity*`` with its number."""
    try:
        return base_units(quantity, unit_code or sku.unit, sku)
    except Invalid as refused:
        raise type(refused)(line_no=line_no) from refused


def _incoming(
    work: UnitOfWork, book: StockBook, lines: Sequence[ReceivedLine], words: Words
) -> list[Incoming]:
    unit = work.tenant.profile.cost_currency
    found = []
    for no, line in enumerate(lines, 1):
        sku = book.sku(SkuId(line.product))
        cost, foreign = line.valued(unit)
        said = note(" · ".join(part for part in (words.text, foreign) if part), NOTE_LIMIT)
        found.append(
            Incoming(
                place=(sku.id, home(work)),
                quantity=quantity_of(sku, line.quantity, line.unit_code, no),
                key=f"{RECEIPT}:{words.receipt}:{no}",
                cost=cost,
                already_there=_there(sku, line.already_there, no),
                note=said,
            )
        )
    return found


def _there(sku: StockedSku, quantity: Decimal | None, line_no: int) -> int | None:
    if quantity is None or quantity == 0:
        return None if quantity is None else 0
    if quantity < 0:
        raise QuantityInvalid(line_no=line_no)
    return quantity_of(sku, quantity, None, line_no)
