"""What a quantity is in base units: exact integers, nothing is rounded."""

import re
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

import attrs

from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.text import TextNotAllowed, TextTooLong, cleaned

QUANTITY_LIMIT = 10**12
SCALE_LIMIT = 3
PACKS_LIMIT = 10
PACK_CODE_LIMIT = 16
PACK_UNITS_LIMIT = 10**6
_UNIT_CODE = re.compile(r"[A-Z0-9]{2,3}\Z")


class UnitInvalid(Invalid):
    """A unit is a UN/ECE Rec 20 code with 0 to 3 decimals."""

    code = "sku.unit"


class PackInvalid(Invalid):
    """A pack has a code of 1 to 16 characters and holds 2 to 1,000,000 base units."""

    code = "sku.pack"


class QuantityInvalid(Invalid):
    """A quantity is above 0 and at most 10^12 base units."""

    code = "stock.quantity"


class QuantityNotWhole(Invalid):
    """The quantity is not a whole number of base units."""

    code = "stock.quantity_not_whole"


@attrs.frozen
class Unit:
    """A unit of UN/ECE Recommendation 20 and its labels."""

    code: str
    label: str
    label_km: str

    def __attrs_post_init__(self) -> None:
        if not _UNIT_CODE.match(self.code):
            raise UnitInvalid(unit=self.code[:8])


PIECE = "C62"
UNITS: dict[str, Unit] = {
    row.code: row
    for row in (
        Unit(PIECE, "piece", "ដុំ"),
        Unit("KGM", "kg", "គីឡូក្រាម"),
        Unit("GRM", "g", "ក្រាម"),
        Unit("LTR", "l", "លីត្រ"),
        Unit("MLT", "ml", "មីលីលីត្រ"),
        Unit("MTR", "m", "ម៉ែត្រ"),
        Unit("CMT", "cm", "សង់ទីម៉ែត្រ"),
        Unit("PR", "pair", "គូ"),
        Unit("SET", "set", "ឈុត"),
        Unit("DZN", "dozen", "ឡូ"),
        Unit("HUR", "hour", "ម៉ោង"),
        Unit("DAY", "day", "ថ្ងៃ"),
    )
}


def unit(code: str) -> Unit:
    """Return a unit; a code without labels of its own is its own label, or ``sku.unit``."""
    return UNITS.get(code) or Unit(code, code, code)


@attrs.frozen
class Pack:
    """A carton, a crate: a code and how many base units it holds, so a carton of 24 is exact."""

    code: str
    label: str
    base_units: int

    def __attrs_post_init__(self) -> None:
        if not 2 <= self.base_units <= PACK_UNITS_LIMIT:
            raise PackInvalid(pack=self.code[:PACK_CODE_LIMIT])
        try:
            clean = cleaned(self.code, limit=PACK_CODE_LIMIT)
        except (TextNotAllowed, TextTooLong) as refused:
            raise PackInvalid(pack=self.code[:PACK_CODE_LIMIT]) from refused
        if not clean or clean != self.code:
            raise PackInvalid(pack=self.code)


class Measured(Protocol):
    """What is counted in a unit, and perhaps in packs."""

    @property
    def unit(self) -> str:
        """The code of its unit."""

    @property
    def scale(self) -> int:
        """One unit is ten to this power of base units."""

    @property
    def packs(self) -> tuple[Pack, ...]:
        """Its packs."""


def base_units(quantity: Decimal | int, code: str, sku: Measured) -> int:
    """Return a quantity in base units, exactly, or raise ``stock.quantity*``.

    ``code`` is the SKU's unit or one of its packs; an unknown one is ``sku.pack``.
    """
    sizes = {pack.code: pack.base_units for pack in sku.packs} | {sku.unit: int(10**sku.scale)}
    size: int | None = sizes.get(code)
    if size is None:
        raise PackInvalid(pack=code[:PACK_CODE_LIMIT])
    if isinstance(quantity, Decimal) and not quantity.is_finite():
        raise QuantityInvalid
    exact = Fraction(quantity) * size
    if exact.denominator != 1:
        raise QuantityNotWhole
    if not 0 < exact.numerator <= QUANTITY_LIMIT:
        raise QuantityInvalid(limit=QUANTITY_LIMIT)
    return exact.numerator


def in_units(quantity: int, scale: int) -> str:
    """Return base units as a decimal text of the unit: 1500 grams are ``1.5`` kilograms."""
    if not scale:
        return str(quantity)
    digits = str(abs(quantity)).rjust(scale + 1, "0")
    whole, rest = digits[:-scale], digits[-scale:].rstrip("0")
    sign = "-" if quantity < 0 else ""
    return f"{sign}{whole}.{rest}" if rest else sign + whole
