"""A shop with goods, and everything that can happen to them: what suites and machine play on."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

import attrs

from kasa.adapters.conformance.shops import new_shop
from kasa.application.inventory.facade import Inventory
from kasa.application.inventory.moving import AdjustedLine
from kasa.application.inventory.products import ProductFields
from kasa.application.inventory.receiving import ReceivedLine
from kasa.application.ports.bundle import Ports
from kasa.application.ports.inventory import MovementFilter
from kasa.application.ports.work import UnitOfWork
from kasa.application.workflows.invoice_stock import (
    consume_for,
    deliver_for,
    release_for,
    reserve_for,
    return_for,
    unpay_for,
)
from kasa.domain.identity.access import Actor
from kasa.domain.inventory.goods import OnReserved
from kasa.domain.inventory.level import Level
from kasa.domain.inventory.movement import MovementReason, StockMovement
from kasa.domain.inventory.product import Product, ReorderLevel, ShortagePolicy, Tracking
from kasa.domain.inventory.reservation import Reservation, StockOutcome
from kasa.domain.inventory.stock import StockDone
from kasa.domain.inventory.unit import PIECE, Pack
from kasa.domain.invoicing.content import DocumentKind, InvoiceContent
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.invoicing.line_item import LineItem
from kasa.domain.invoicing.returned_goods import Restock, ReturnedGoods
from kasa.domain.invoicing.tax import NO_TAX
from kasa.domain.invoicing.totals import PriceMode
from kasa.domain.kernel.events import Event
from kasa.domain.kernel.ids import InvoiceId
from kasa.domain.kernel.moments import business_date
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.tenancy.tenant import TenantProfile

OutcomeT = TypeVar("OutcomeT")


@attrs.frozen(kw_only=True)
class Wish:
    """One line of an invoice: a product, how much of it, and in which unit or pack."""

    product: Product
    quantity: int
    unit_code: str = PIECE


@attrs.define(kw_only=True)
class StockStage:
    """A shop, its owner, and the use cases of inventory over some ports."""

    ports: Ports
    inventory: Inventory
    owner: Actor
    advance: Callable[[timedelta], object]

    @classmethod
    def over(
        cls,
        ports: Ports,
        advance: Callable[[timedelta], object],
        profile: TenantProfile | None = None,
    ) -> "StockStage":
        """Open a new shop over ports whose clock ``advance`` moves."""
        owner = new_shop(ports, profile)
        return cls(ports=ports, inventory=Inventory.over(ports), owner=owner, advance=advance)

    def product(  # noqa: PLR0913  # a product has many sides, and tests name only some
        self,
        code: str,
        *,
        on_hand: int = 0,
        cost: int | None = None,
        backorder: bool = False,
        tracked: bool = True,
        low_at: int | None = None,
        rearm_at: int | None = None,
        packs: tuple[Pack, ...] = (),
        actor: Actor | None = None,
    ) -> Product:
        """Add a product that is counted from now on."""
        fields = ProductFields(
            name=f"The {code}",
            code=code,
            price=Decimal(1000),
            currency=KHR,
            packs=packs,
            policy=ShortagePolicy.BACKORDER if backorder else ShortagePolicy.DENY,
            tracking=Tracking.TRACKED if tracked else Tracking.UNTRACKED,
            reorder=None if low_at is None else ReorderLevel.at(low_at, rearm_at),
        )
        return self.inventory.add_product(actor or self.owner, fields, on_hand=on_hand, cost=cost)

    def invoice(self, *wishes: Wish, due_in_days: int = 1, due_minor: int = 1) -> Invoice:
        """Return an invoice as it is when its goods are asked for."""
        now = self.ports.clock.now()
        lines = tuple(
            LineItem(
                no=no,
                text=wish.product.name,
                quantity=Decimal(wish.quantity),
                price=Decimal(1000),
                rate=NO_TAX,
                unit_code=wish.unit_code,
                product=wish.product.id,
                sku=wish.product.sku.id,
            )
            for no, wish in enumerate(wishes, 1)
        )
        content = InvoiceContent(
            currency=KHR, mode=PriceMode.NET, kind=DocumentKind.PLAIN, lines=lines
        )
        drafted = Invoice.drafted(InvoiceId(self.ports.ids.new(now)), content, at=now)
        dated = drafted.dated(business_date(now, "Asia/Phnom_Penh"), terms_days=due_in_days)
        return attrs.evolve(dated, due_minor=due_minor)

    def work(self, act: Callable[[UnitOfWork], OutcomeT]) -> OutcomeT:
        """Do one thing in a unit of work of its own."""
        with self.ports.unit_of_work(self.owner) as work:
            return act(work)

    def issue(self, invoice: Invoice, *, accept_shortage: bool = False) -> StockOutcome:
        """Reserve the goods of an invoice."""
        now = self.ports.clock.now()
        return self.work(
            lambda work: reserve_for(work, invoice, at=now, accept_shortage=accept_shortage)
        )

    def issue_in(self, work: UnitOfWork, invoice: Invoice) -> StockOutcome:
        """Reserve the goods of an invoice in a unit of work that is open."""
        return reserve_for(work, invoice, at=self.ports.clock.now())

    def pay(self, invoice: Invoice) -> StockOutcome:
        """Take the goods of a paid invoice."""
        now = self.ports.clock.now()
        return self.work(lambda work: consume_for(work, invoice, at=now))

    def release(self, invoice: Invoice, reason: str = "void") -> StockOutcome:
        """Void or write off an invoice."""
        now = self.ports.clock.now()
        return self.work(lambda work: release_for(work, invoice, reason=reason, at=now))

    def deliver(self, invoice: Invoice) -> StockOutcome:
        """Hand the goods over."""
        now = self.ports.clock.now()
        return self.work(lambda work: deliver_for(work, invoice, at=now))

    def unpay(self, invoice: Invoice, *, gone: bool | None = None) -> StockOutcome:
        """Reverse the payment of an invoice."""
        now = self.ports.clock.now()
        return self.work(lambda work: unpay_for(work, invoice, at=now, goods_gone=gone))

    def give_back(
        self, invoice: Invoice, line_no: int, quantity: int, restock: Restock = Restock.RESTOCK
    ) -> StockOutcome:
        """Credit goods of one line."""
        now = self.ports.clock.now()
        part = ReturnedGoods(line_no=line_no, quantity=Decimal(quantity), restock=restock)
        return self.work(lambda work: return_for(work, invoice, [part], at=now))

    def receive(self, product: Product, quantity: int, cost: int | None = None) -> StockDone:
        """Take goods in; ``cost`` is for all of them."""
        line = ReceivedLine(
            product=product.id,
            quantity=Decimal(quantity),
            total_cost=None if cost is None else Money(cost, KHR),
        )
        return self.inventory.receive(self.owner, [line])

    def adjust(
        self,
        product: Product,
        delta: int,
        *,
        reason: MovementReason | None = MovementReason.LOST,
        on_reserved: OnReserved = OnReserved.REFUSE,
    ) -> StockDone:
        """Correct a level by hand."""
        line = AdjustedLine(product=product.id, delta=Decimal(delta), reason=reason)
        return self.inventory.adjust(self.owner, [line], on_reserved=on_reserved)

    def level(self, product: Product, actor: Actor | None = None) -> Level:
        """Return the level of a product."""
        return self.inventory.queries.level(actor or self.owner, product.id).level

    def figures(self, product: Product) -> tuple[int, int, int, int]:
        """Return on hand, reserved, owed and value."""
        level = self.level(product)
        return (level.on_hand, level.reserved, level.owed, level.value_minor)

    def history(self, product: Product) -> tuple[StockMovement, ...]:
        """Return every movement of a product, oldest first."""
        place = self.level(product).place
        return self.work(lambda work: work.stock.history(place))

    def reservations(self, invoice: Invoice) -> tuple[Reservation, ...]:
        """Return the reservations of an invoice by line."""
        return self.inventory.queries.fulfilment(self.owner, invoice.id).reservations

    def told(self, *kinds: type[Event]) -> list[Event]:
        """Return the recorded events of some kinds, oldest first, at most 100 of each."""
        with self.ports.unit_of_work.read_only(self.owner) as view:
            page = view.events.trail(kinds=[kind.kind for kind in kinds], limit=100)
        return [row.event for row in reversed(page.items)]

    def everything(self, products: Sequence[Product]) -> dict[str, object]:
        """Return all that a refused command must leave as it was."""
        with self.ports.unit_of_work.read_only(self.owner) as view:
            return {
                "levels": [view.stock.level(product.id) for product in products],
                "log": view.stock.movements(MovementFilter(), limit=100),
                "reservations": view.stock.reservations(state=None, limit=100),
                "events": view.events.trail(limit=100),
            }

    def backorder(self, product: Product) -> None:
        """Allow back orders of a product."""
        self.edit(product, policy=ShortagePolicy.BACKORDER)

    def track(self, product: Product) -> None:
        """Count the stock of a product from now on, without saying how much is there."""
        self.edit(product, tracking=Tracking.TRACKED)

    def edit(self, product: Product, **changes: object) -> Product:
        """Change some fields of a product."""
        now = self.inventory.queries.product(self.owner, product.id)
        fields = fields_of(now, **changes)
        return self.inventory.edit_product(self.owner, now.id, fields, version=now.version)

    def switch_off(self) -> None:
        """End the shop's span of stock keeping."""

        def end(work: UnitOfWork) -> None:
            work.tenants.save(attrs.evolve(work.tenants.lock(), inventory_since=None))

        self.work(end)

    def new_id(self) -> UUID:
        """Return a fresh identifier."""
        return self.ports.ids.new(self.ports.clock.now())


def fields_of(product: Product, **changes: object) -> ProductFields:
    """Return what a person says to have a product as it is, but for ``changes``."""
    sku = product.sku
    words: dict[str, object] = {
        "name": product.name,
        "code": sku.code,
        "price": product.price,
        "currency": product.currency,
        "barcode": sku.barcode,
        "scale": sku.scale,
        "packs": sku.packs,
        "tracking": sku.tracking,
        "policy": sku.policy,
        "reorder": sku.reorder,
        **changes,
    }
    return ProductFields(**words)  # type: ignore[arg-type]  # a test names only what it changes
