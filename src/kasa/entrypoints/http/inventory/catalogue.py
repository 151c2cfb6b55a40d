"""What is sent of products, as values of the domain."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import attrs
import msgspec
from msgspec import UNSET, UnsetType

from kasa.domain.inventory.product import (
    ProductTax,
    ReorderLevel,
    ShortagePolicy,
    Tracking,
)
from kasa.domain.inventory.unit import PIECE, Measured, Pack, base_units
from kasa.domain.kernel.money import currency
from kasa.entrypoints.http.invoicing.bodies import TaxIn, tax
from kasa.entrypoints.http.wire import (
    Amount,
    CurrencyCode,
    Line,
    MoneyIn,
    Pairs,
    Paragraph,
    Quantity,
    Reference,
    Version,
    Word,
    metadata,
)

UnitCode = Annotated[str, msgspec.Meta(min_length=1, max_length=3)]
Scale = Annotated[int, msgspec.Meta(ge=0, le=3)]
Packs = Annotated[tuple["PackIn", ...], msgspec.Meta(max_length=20)]


class PackIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A carton, a crate: how many of the unit it holds."""

    code: Word
    label: Line = ""
    units: Quantity


class ReorderIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Warn at ``low_at`` of what is available, and again only after more than ``rearm_at``."""

    low_at: Quantity
    rearm_at: Quantity | None = None


class ProductIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A product; ``on_hand`` of it are there already and cost ``cost`` in all."""

    name: Line
    code: Word
    price: Amount
    currency: CurrencyCode | None = None
    name_km: Line = ""
    description: Paragraph = ""
    tax: TaxIn | None = None
    image_id: UUID | None = None
    barcode: Word | None = None
    unit: UnitCode = PIECE
    scale: Scale = 0
    packs: Packs = ()
    tracking: Tracking = Tracking.TRACKED
    policy: ShortagePolicy = ShortagePolicy.DENY
    reorder: ReorderIn | None = None
    external_ref: Reference | None = None
    metadata: Pairs = msgspec.field(default_factory=dict)
    on_hand: Quantity = "0"
    cost: MoneyIn | None = None


class ProductPatch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What changes of a product; what is left out stays."""

    version: Version
    name: Line | UnsetType = UNSET
    code: Word | UnsetType = UNSET
    price: Amount | UnsetType = UNSET
    currency: CurrencyCode | UnsetType = UNSET
    name_km: Line | UnsetType = UNSET
    description: Paragraph | UnsetType = UNSET
    tax: TaxIn | UnsetType = UNSET
    image_id: UUID | UnsetType | None = UNSET
    barcode: Word | UnsetType | None = UNSET
    unit: UnitCode | UnsetType = UNSET
    scale: Scale | UnsetType = UNSET
    packs: Packs | UnsetType = UNSET
    tracking: Tracking | UnsetType = UNSET
    policy: ShortagePolicy | UnsetType = UNSET
    reorder: ReorderIn | UnsetType | None = UNSET
    external_ref: Reference | UnsetType | None = UNSET
    metadata: Pairs | UnsetType = UNSET


@attrs.frozen
class Measure:
    """How quantities of a product are told: its unit and decimals."""

    unit: str
    scale: int
    packs: tuple[Pack, ...] = ()


def value_of_field(field: str, given: Any, measure: Measured) -> tuple[str, Any]:
    """Return a field of a product and its value, by the name and value that were sent."""
    if field == "packs":
        return field, tuple(pack(one, measure) for one in given)
    if field == "reorder":
        return field, None if given is None else reorder(given, measure)
    made: Mapping[str, Callable[[Any], Any]] = {
        "price": Decimal,
        "currency": currency,
        "tax": product_tax,
        "metadata": metadata,
    }
    named = "image" if field == "image_id" else field
    return named, made[field](given) if field in made else given


def product_tax(given: TaxIn) -> ProductTax:
    """Return the usual tax that was sent, or raise ``tax.*``."""
    rate = tax(given)
    return ProductTax(
        category=rate.category.value,
        percent=rate.percent,
        label=rate.label,
        reason=rate.exemption_reason,
    )


def pack(given: PackIn, measure: Measured) -> Pack:
    """Return the pack that was sent, or raise ``stock.quantity*``."""
    units = base_units(Decimal(given.units), measure.unit, measure)
    return Pack(given.code, given.label or given.code, units)


def reorder(given: ReorderIn, measure: Measured) -> ReorderLevel:
    """Return the marks that were sent, or raise ``sku.reorder``."""

    def mark(text: str) -> int:
        quantity = Decimal(text)
        return base_units(quantity, measure.unit, measure) if quantity else 0

    rearm = None if given.rearm_at is None else mark(given.rearm_at)
    return ReorderLevel.at(mark(given.low_at), rearm)
