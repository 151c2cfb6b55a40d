"""Products as they are shown."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import attrs

from kasa.domain.inventory.product import Product
from kasa.domain.inventory.unit import in_units
from kasa.domain.invoicing.decimals import plain
from kasa.entrypoints.shown.values import TaxOut, maybe, moment


@attrs.frozen(kw_only=True)
class PackShown:
    """A carton, a crate: how many of the unit it holds."""

    code: str
    label: str
    units: str


@attrs.frozen(kw_only=True)
class ReorderShown:
    """Where it warns, and above which it may warn again, in units."""

    low_at: str
    rearm_at: str


@attrs.frozen(kw_only=True)
class ProductShown:
    """An entry of the catalogue.

    ``price`` is for one unit, net or gross as the shop's prices are; ``scale`` is how many
    decimals a quantity of it has.
    """

    id: UUID
    name: str
    name_km: str
    description: str
    code: str
    barcode: str | None
    price: str
    currency: str
    tax: TaxOut
    image_id: UUID | None
    unit: str
    scale: int
    packs: tuple[PackShown, ...]
    tracking: str
    policy: str
    reorder: ReorderShown | None
    external_ref: str | None
    metadata: Mapping[str, str]
    updated_at: datetime
    archived_at: datetime | None
    version: int

    @classmethod
    def of(cls, product: Product) -> "ProductShown":
        """Return a product as it is shown."""
        sku, scale = product.sku, product.sku.scale
        return cls(
            id=product.id,
            name=product.name,
            name_km=product.name_km,
            description=product.description,
            code=sku.code,
            barcode=sku.barcode,
            price=plain(product.price),
            currency=product.currency.code,
            tax=TaxOut(
                category=product.tax.category,
                percent=plain(product.tax.percent),
                label=product.tax.label,
                exemption_reason=product.tax.reason,
            ),
            image_id=product.image,
            unit=sku.unit,
            scale=scale,
            packs=tuple(
                PackShown(code=one.code, label=one.label, units=in_units(one.base_units, scale))
                for one in sku.packs
            ),
            tracking=sku.tracking.value,
            policy=sku.policy.value,
            reorder=None
            if sku.reorder is None
            else ReorderShown(
                low_at=in_units(sku.reorder.low_at, scale),
                rearm_at=in_units(sku.reorder.rearm_at, scale),
            ),
            external_ref=product.external_ref,
            metadata=dict(product.metadata.pairs),
            updated_at=moment(product.updated_at),
            archived_at=maybe(moment, product.archived_at),
            version=product.version,
        )
