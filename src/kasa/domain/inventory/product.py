"""The catalogue: what is sold, and how its stock is counted."""

import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NewType

import attrs

from kasa.domain.inventory.unit import (
    PACKS_LIMIT,
    PIECE,
    SCALE_LIMIT,
    Pack,
    PackInvalid,
    UnitInvalid,
    unit,
)
from kasa.domain.kernel.errors import Conflict, Invalid
from kasa.domain.kernel.foreign import NO_METADATA, Metadata, reference
from kasa.domain.kernel.ids import FileId, ProductId, SkuId
from kasa.domain.kernel.money import (
    RATE_DECIMALS,
    Currency,
    MoneyOutOfRange,
    MoneyTooPrecise,
)
from kasa.domain.kernel.text import Name, TextMissing, TextNotAllowed, TextTooLong, cleaned

SkuCode = NewType("SkuCode", str)

CODE_LIMIT = 64
SKUS_LIMIT = 20_000
LEVEL_LIMIT = 10**15
PRICE_LIMIT = 10**12
UNKNOWN_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)
"""When a product was changed last that nobody changed since that is kept."""


class SkuCodeInvalid(Invalid):
    """A SKU code or barcode has 1 to 64 characters."""

    code = "sku.code"


class ReorderInvalid(Invalid):
    """The low mark is at least 0, and the mark that arms it again is not below it."""

    code = "sku.reorder"


class SkuTaken(Conflict):
    """Another product has this SKU code."""

    code = "sku.taken"


class BarcodeTaken(Conflict):
    """Another product has this barcode."""

    code = "barcode.taken"


class ScaleInUse(Conflict):
    """Unit, decimals and packs are fixed once goods of this product have moved."""

    code = "sku.scale_in_use"


class TrackingInUse(Conflict):
    """Whether stock is counted is fixed once goods of this product have moved."""

    code = "sku.tracking_in_use"


class PolicyInUse(Conflict):
    """More is reserved than is there, so shortages cannot be denied yet."""

    code = "stock.policy_in_use"


class ProductArchived(Conflict):
    """The product is archived."""

    code = "product.archived"


class ProductInUse(Conflict):
    """Goods of this product are reserved or owed."""

    code = "product.in_use"


class Tracking(StrEnum):
    """Whether a product's stock is counted; services and delivery are not."""

    UNTRACKED = "untracked"
    TRACKED = "tracked"


class ShortagePolicy(StrEnum):
    """What happens to a sale of more than is there."""

    DENY = "deny"
    BACKORDER = "backorder"


def code_key(text: str) -> str:
    """Return the form under which SKU codes are unique: NFKC, casefolded, spaces folded."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(folded.split())


def _short(text: str) -> str:
    try:
        clean = cleaned(text, limit=CODE_LIMIT)
    except (TextNotAllowed, TextTooLong) as error:
        raise SkuCodeInvalid from error
    if not clean:
        raise SkuCodeInvalid
    return clean


def sku_code(text: str) -> SkuCode:
    """Return a SKU code of 1 to 64 characters, or raise ``sku.code``."""
    clean = _short(text)
    if not code_key(clean):
        raise SkuCodeInvalid
    return SkuCode(clean)


def barcode(text: str) -> str:
    """Return a barcode of 1 to 64 characters, or raise ``sku.code``."""
    return _short(text)


@attrs.frozen(kw_only=True)
class ReorderLevel:
    """Warn at ``low_at`` base units available, and again only after more than ``rearm_at``."""

    low_at: int
    rearm_at: int

    def __attrs_post_init__(self) -> None:
        if not 0 <= self.low_at <= self.rearm_at <= LEVEL_LIMIT:
            raise ReorderInvalid

    @classmethod
    def at(cls, low_at: int, rearm_at: int | None = None) -> "ReorderLevel":
        """Return a threshold that arms again above ``low_at`` unless told otherwise."""
        return cls(low_at=low_at, rearm_at=low_at if rearm_at is None else rearm_at)


@attrs.frozen(kw_only=True)
class Sku:
    """One stock identity of a product; one unit is ten to the ``scale`` base units."""

    id: SkuId
    product: ProductId
    code: SkuCode
    barcode: str | None = None
    unit: str = PIECE
    scale: int = 0
    packs: tuple[Pack, ...] = ()
    tracking: Tracking = Tracking.TRACKED
    policy: ShortagePolicy = ShortagePolicy.DENY
    reorder: ReorderLevel | None = None
    version: int = 1

    def __attrs_post_init__(self) -> None:
        unit(self.unit)
        if not 0 <= self.scale <= SCALE_LIMIT:
            raise UnitInvalid(scale=self.scale)
        codes = {pack.code for pack in self.packs} | {self.unit}
        if len(self.packs) > PACKS_LIMIT or len(codes) != len(self.packs) + 1:
            raise PackInvalid(limit=PACKS_LIMIT)

    @property
    def key(self) -> str:
        """The form under which its code is unique in the shop."""
        return code_key(self.code)

    @property
    def tracked(self) -> bool:
        """Whether its stock is counted."""
        return self.tracking is Tracking.TRACKED

    def require_same_measure(self, other: "Sku") -> None:
        """Return when unit, decimals and packs are the same, else raise ``sku.scale_in_use``."""
        if (self.unit, self.scale, self.packs) != (other.unit, other.scale, other.packs):
            raise ScaleInUse(code=self.code)


@attrs.frozen(kw_only=True)
class ProductTax:
    """The tax that a sale of it takes by default, in the words of EN 16931.

    It is checked where a rate of an invoice is made of it.
    """

    category: str = "O"
    percent: Decimal = Decimal(0)
    label: str = ""
    reason: str = "Not registered for VAT"


@attrs.frozen(kw_only=True)
class Product:
    """A catalogue entry; ``price`` is net or gross as the shop's prices are.

    ``external_ref`` and ``metadata`` are another system's; ``updated_at`` is the last change here.

    An archived product takes no new line; its stock and its history stay.
    """

    id: ProductId
    name: Name
    price: Decimal
    currency: Currency
    sku: Sku
    name_km: str = ""
    description: str = ""
    tax: ProductTax = attrs.field(factory=ProductTax)
    image: FileId | None = None
    archived_at: datetime | None = None
    version: int = 1
    external_ref: str | None = attrs.field(default=None, converter=reference)
    metadata: Metadata = NO_METADATA
    updated_at: datetime = UNKNOWN_MOMENT

    def __attrs_post_init__(self) -> None:
        if not self.name:
            raise TextMissing
        exponent = self.price.as_tuple().exponent
        if not isinstance(exponent, int) or not 0 <= self.price < PRICE_LIMIT:
            raise MoneyOutOfRange(currency=self.currency.code)
        if -exponent > RATE_DECIMALS:
            raise MoneyTooPrecise(currency=self.currency.code, decimals=RATE_DECIMALS)

    def require_active(self) -> None:
        """Return when it may be sold, else raise ``product.archived``."""
        if self.archived_at is not None:
            raise ProductArchived(code=self.sku.code)

    def archived(self, *, at: datetime) -> "Product":
        """Return it archived; an archived one unchanged."""
        if self.archived_at is not None:
            return self
        return attrs.evolve(self, archived_at=at, updated_at=at, version=self.version + 1)

    def restored(self, *, at: datetime) -> "Product":
        """Return it active again; an active one unchanged."""
        if self.archived_at is None:
            return self
        return attrs.evolve(self, archived_at=None, updated_at=at, version=self.version + 1)


def changed_fields(before: Product, after: Product) -> tuple[str, ...]:
    """Return the names of the fields that an edit changed, those of the SKU included."""
    skip = {"version", "sku", "updated_at"}
    names: Sequence[str] = [field.name for field in attrs.fields(Product) if field.name not in skip]
    of_sku = [field.name for field in attrs.fields(Sku) if field.name != "version"]
    changed = [name for name in names if getattr(before, name) != getattr(after, name)]
    changed += [name for name in of_sku if getattr(before.sku, name) != getattr(after.sku, name)]
    return tuple(changed)
