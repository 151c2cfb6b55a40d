"""Products come into the catalogue, change, leave it and come back."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

import attrs

from kasa.application.entitlements import Entitlements
from kasa.application.ports.system import Clock, Ids
from kasa.application.ports.work import UnitOfWork, UnitOfWorkFactory
from kasa.application.workflows.stock_keeping import act_of, home, keep_stock
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.inventory.events import ProductAdded, ProductArchived, ProductChanged
from kasa.domain.inventory.goods import Incoming, open_balance
from kasa.domain.inventory.level import Act, Level
from kasa.domain.inventory.movement import Source
from kasa.domain.inventory.product import (
    UNKNOWN_MOMENT,
    PolicyInUse,
    Product,
    ProductInUse,
    ProductTax,
    ReorderLevel,
    ShortagePolicy,
    Sku,
    Tracking,
    TrackingInUse,
    barcode,
    changed_fields,
    sku_code,
)
from kasa.domain.inventory.stock import StockChange, retuned
from kasa.domain.inventory.unit import PIECE, Pack
from kasa.domain.kernel.errors import VersionStale
from kasa.domain.kernel.foreign import NO_METADATA, Metadata
from kasa.domain.kernel.ids import FileId, ProductId, SkuId
from kasa.domain.kernel.money import Currency
from kasa.domain.kernel.text import NAME_LIMIT, name, note
from kasa.domain.subscriptions.plan import Meter

PRODUCT = "product"


@attrs.frozen(kw_only=True)
class ProductFields:
    """What a person says about a product; marks and packs count base units."""

    name: str
    code: str
    price: Decimal
    currency: Currency
    name_km: str = ""
    description: str = ""
    tax: ProductTax = attrs.field(factory=ProductTax)
    image: FileId | None = None
    barcode: str | None = None
    unit: str = PIECE
    scale: int = 0
    packs: tuple[Pack, ...] = ()
    tracking: Tracking = Tracking.TRACKED
    policy: ShortagePolicy = ShortagePolicy.DENY
    reorder: ReorderLevel | None = None
    external_ref: str | None = None
    metadata: Metadata = NO_METADATA

    @classmethod
    def of(cls, product: Product) -> "ProductFields":
        """Return the fields that describe exactly this product."""
        sku = product.sku
        return cls(
            name=product.name,
            code=sku.code,
            price=product.price,
            currency=product.currency,
            name_km=product.name_km,
            description=product.description,
            tax=product.tax,
            image=product.image,
            barcode=sku.barcode,
            unit=sku.unit,
            scale=sku.scale,
            packs=sku.packs,
            tracking=sku.tracking,
            policy=sku.policy,
            reorder=sku.reorder,
            external_ref=product.external_ref,
            metadata=product.metadata,
        )

    def product(self, id: ProductId, *, version: int = 1, at: datetime = UNKNOWN_MOMENT) -> Product:
        """Return the product that they describe, or raise what is wrong with it."""
        sku = Sku(
            id=SkuId(id),
            product=id,
            code=sku_code(self.code),
            barcode=None if self.barcode is None else barcode(self.barcode),
            unit=self.unit,
            scale=self.scale,
            packs=self.packs,
            tracking=self.tracking,
            policy=self.policy,
            reorder=self.reorder,
            version=version,
        )
        return Product(
            id=id,
            name=name(self.name),
            name_km=note(self.name_km, NAME_LIMIT),
            description=note(self.description),
            price=self.price,
            currency=self.currency,
            tax=self.tax,
            image=self.image,
            sku=sku,
            version=version,
            external_ref=self.external_ref,
            metadata=self.metadata,
            updated_at=at,
        )


@attrs.frozen(kw_only=True, eq=False)
class AddProduct:
    """Add a product to the catalogue; its stock is counted from now on, opening at 0 or as said.

    ``on_hand`` is in base units, ``cost`` in minor units of the cost currency for all of them.
    """

    permission: ClassVar[Permission] = Permission.WRITE_CATALOGUE
    meter: ClassVar[Meter] = Meter.PRODUCTS

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: Ids

    def __call__(
        self, actor: Actor, fields: ProductFields, *, on_hand: int = 0, cost: int | None = None
    ) -> Product:
        """Return the new product."""
        actor.require(self.permission)
        now = self.clock.now()
        product = fields.product(ProductId(self.ids.new(now)), at=now)
        with self.unit_of_work(actor) as work:
            Entitlements(work, at=now).spend(self.meter, 1)
            work.products.add(product)
            act = act_of(work, Source(PRODUCT, product.id), at=now)
            if (product.sku.tracked and act.since is not None) or on_hand:
                self._open(work, product, act, Opening(on_hand, cost))
            work.events.record(ProductAdded(subject=product.id, code=product.sku.code), at=now)
            return work.answer(product)

    def _open(self, work: UnitOfWork, product: Product, act: Act, opening: "Opening") -> None:
        place = (product.sku.id, home(work))
        key = f"open:{product.id}"
        line = Incoming(place=place, quantity=opening.on_hand, cost=opening.cost, key=key)
        book = work.stock.lock({product.sku.id}, home(work))
        keep_stock(work, open_balance(book, [line], act), act)


@attrs.frozen
class Opening:
    """What is there when a product is added, and what it cost."""

    on_hand: int
    cost: int | None


@attrs.frozen(kw_only=True, eq=False)
class EditProduct:
    """Change a product; unit, packs and tracking are fixed once its goods have moved.

    Shortage policy, low mark and tracking need the right to adjust stock.
    """

    permission: ClassVar[Permission] = Permission.WRITE_CATALOGUE
    stock_permission: ClassVar[Permission] = Permission.ADJUST_STOCK

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(
        self, actor: Actor, product_id: ProductId, fields: ProductFields, *, version: int
    ) -> Product:
        """Return the product as it is now; ``version.stale`` when it changed meanwhile."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            before = work.products.lock(product_id)
            after = _edited(before, fields, version, at=now)
            if _stock_terms(before.sku) != _stock_terms(after.sku):
                actor.require(self.stock_permission)
            if _measure_terms(before.sku) != _measure_terms(after.sku):
                act = act_of(work, Source(PRODUCT, after.id), at=now)
                self._reshape(work, before.sku, after.sku, act)
            changed = changed_fields(before, after)
            if not changed:
                return work.answer(before)
            work.products.save(after)
            work.events.record(ProductChanged(subject=after.id, fields=changed), at=now)
            return work.answer(after)

    def _reshape(self, work: UnitOfWork, before: Sku, after: Sku, act: Act) -> None:
        place = (after.id, home(work))
        book = work.stock.lock({after.id}, home(work))
        level, change = book.level(place), StockChange(book=book)
        _require_allowed(level, before, after)
        change = change.with_level(
            attrs.evolve(
                level,
                tracked=after.tracked,
                backorder=after.policy is ShortagePolicy.BACKORDER,
            )
        )
        if before.reorder != after.reorder:
            change = retuned(change, place, after.reorder, act)
        keep_stock(work, change, act)


def _edited(before: Product, fields: ProductFields, version: int, *, at: datetime) -> Product:
    if version != before.version:
        raise VersionStale(current_version=before.version)
    after = fields.product(before.id, version=before.version + 1, at=at)
    return attrs.evolve(after, archived_at=before.archived_at)


def _stock_terms(sku: Sku) -> tuple[object, ...]:
    return (sku.tracking, sku.policy, sku.reorder)


def _measure_terms(sku: Sku) -> tuple[object, ...]:
    return (*_stock_terms(sku), sku.unit, sku.scale, sku.packs)


def _require_allowed(level: Level, before: Sku, after: Sku) -> None:
    """Refuse what would change the meaning of movements, or promise what is not there."""
    if level.version:
        before.require_same_measure(after)
        if before.tracking is not after.tracking:
            raise TrackingInUse(code=before.code)
    denies = after.policy is ShortagePolicy.DENY
    if denies and level.reserved > level.on_hand:
        raise PolicyInUse(code=before.code)


@attrs.frozen(kw_only=True, eq=False)
class ArchiveProduct:
    """Take a product out of the catalogue; stock and history stay, its quota is given back."""

    permission: ClassVar[Permission] = Permission.WRITE_CATALOGUE
    meter: ClassVar[Meter] = Meter.PRODUCTS

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, product_id: ProductId) -> Product:
        """Return it archived, or raise ``product.in_use`` while goods are reserved or owed."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            before = work.products.lock(product_id)
            after = before.archived(at=now)
            if after == before:
                return work.answer(before)
            Entitlements(work, at=now).release(self.meter, 1)
            level = work.stock.lock({before.sku.id}, home(work)).level((before.sku.id, home(work)))
            if level.reserved or level.owed:
                raise ProductInUse(code=before.sku.code)
            work.products.save(after)
            work.events.record(ProductArchived(subject=after.id), at=now)
            return work.answer(after)


@attrs.frozen(kw_only=True, eq=False)
class RestoreProduct:
    """Bring an archived product back; it counts against the quota again."""

    permission: ClassVar[Permission] = Permission.WRITE_CATALOGUE
    meter: ClassVar[Meter] = Meter.PRODUCTS

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, product_id: ProductId) -> Product:
        """Return it active again."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            before = work.products.lock(product_id)
            after = before.restored(at=now)
            if after == before:
                return work.answer(before)
            Entitlements(work, at=now).spend(self.meter, 1)
            work.products.save(after)
            changed = ProductChanged(subject=after.id, fields=("archived_at",))
            work.events.record(changed, at=now)
            return work.answer(after)
