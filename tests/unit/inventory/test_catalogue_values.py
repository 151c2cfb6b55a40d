"""Codes, units, packs, products: what is refused, and with which code."""

import sys
import unicodedata
from decimal import Decimal
from typing import Any
from uuid import UUID

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.adapters.memory.outside import StoppedClock
from kasa.domain.inventory.product import (
    Product,
    ProductArchived,
    ReorderInvalid,
    ReorderLevel,
    ScaleInUse,
    Sku,
    SkuCodeInvalid,
    Tracking,
    barcode,
    changed_fields,
    code_key,
    sku_code,
)
from kasa.domain.inventory.unit import (
    QUANTITY_LIMIT,
    Pack,
    PackInvalid,
    QuantityInvalid,
    QuantityNotWhole,
    Unit,
    UnitInvalid,
    base_units,
    in_units,
    unit,
)
from kasa.domain.kernel.ids import ProductId, SkuId
from kasa.domain.kernel.money import KHR, MoneyOutOfRange, MoneyTooPrecise
from kasa.domain.kernel.text import Name, TextMissing, name

ONE = ProductId(UUID(int=1))
SKU = Sku(id=SkuId(ONE), product=ONE, code=sku_code("TEA"))
TEA = Product(id=ONE, name=name("Tea"), price=Decimal(5), currency=KHR, sku=SKU)


def test_a_code_key_is_its_own_key() -> None:
    """P15: folding a folded code changes nothing, for every character of Unicode."""
    letters = map(chr, range(sys.maxunicode + 1))
    kept = [one for one in letters if unicodedata.category(one) not in {"Cs", "Cn", "Co"}]
    assert [] == [one for one in kept if code_key(code_key(one)) != code_key(one)]


@given(st.text(max_size=20))
def test_a_code_key_of_any_text_is_its_own_key(text: str) -> None:
    """P15: also where characters meet."""
    assert code_key(code_key(text)) == code_key(text)


@pytest.mark.parametrize(
    ("left", "right"),
    [("Tea 1", "TEA  1"), ("ｔｅａ", "tea"), ("Straße", "STRASSE"), (" a\tb ", "A B"), ("ﬁ", "FI")],
)
def test_spellings_of_one_code_share_its_key(left: str, right: str) -> None:
    """Case, width, ligatures and white space do not make another code."""
    assert code_key(left) == code_key(right)


@pytest.mark.parametrize("text", ["", "  ", "x" * 65, "a\x00b", "a\nb"])
def test_a_code_has_1_to_64_characters(text: str) -> None:
    """Neither code nor barcode is empty, long or unprintable."""
    for read in (sku_code, barcode):
        with pytest.raises(SkuCodeInvalid) as refused:
            read(text)
        assert "sku.code" == refused.value.code
    assert "x" * 64 == sku_code("x" * 64) == barcode("x" * 64)


@pytest.mark.parametrize(
    ("quantity", "code", "scale", "wanted"),
    [
        (3, "C62", 0, 3),
        (Decimal("1.5"), "C62", 3, 1500),
        (Decimal("0.001"), "C62", 3, 1),
        (2, "box", 0, 48),
        (Decimal("0.5"), "box", 0, 12),
        (2, "box", 3, 48),
        (QUANTITY_LIMIT, "C62", 0, QUANTITY_LIMIT),
    ],
)
def test_quantities_become_base_units_exactly(
    quantity: Decimal | int, code: str, scale: int, wanted: int
) -> None:
    """A unit is ten to the scale, a pack what it holds; nothing is rounded."""
    sku = attrs.evolve(SKU, scale=scale, packs=(Pack("box", "Box of 24", 24),))
    assert wanted == base_units(quantity, code, sku)


@pytest.mark.parametrize(
    ("quantity", "code", "error"),
    [
        (Decimal("1.5"), "C62", QuantityNotWhole),
        (Decimal("0.1"), "box", QuantityNotWhole),
        (0, "C62", QuantityInvalid),
        (-1, "C62", QuantityInvalid),
        (QUANTITY_LIMIT + 1, "C62", QuantityInvalid),
        (Decimal("NaN"), "C62", QuantityInvalid),
        (Decimal("Infinity"), "box", QuantityInvalid),
        (1, "crate", PackInvalid),
    ],
)
def test_other_quantities_are_refused(
    quantity: Decimal | int, code: str, error: type[Exception]
) -> None:
    """Broken pieces, nothing, too much, and packs that the SKU does not have."""
    sku = attrs.evolve(SKU, packs=(Pack("box", "Box of 24", 24),))
    with pytest.raises(error):
        base_units(quantity, code, sku)


@pytest.mark.parametrize(
    ("quantity", "scale", "text"),
    [(5, 0, "5"), (1500, 3, "1.5"), (-1, 3, "-0.001"), (2000, 3, "2"), (10, 1, "1"), (0, 2, "0")],
)
def test_base_units_are_told_in_units(quantity: int, scale: int, text: str) -> None:
    """People read units, not grams."""
    assert text == in_units(quantity, scale)


@pytest.mark.parametrize("code", ["c62", "K", "KGMX", "", "K M"])
def test_a_unit_has_a_code_of_two_or_three(code: str) -> None:
    """Rec 20 codes are two or three capital letters or digits."""
    with pytest.raises(UnitInvalid):
        unit(code)


def test_units_have_their_labels() -> None:
    """A known unit has words in both languages; an unknown one is its own word."""
    assert ("kg", "គីឡូក្រាម") == (unit("KGM").label, unit("KGM").label_km)
    assert Unit("XYZ", "XYZ", "XYZ") == unit("XYZ")


@pytest.mark.parametrize(
    ("code", "size"), [("", 2), ("x" * 17, 2), (" x", 2), ("x", 1), ("x", 10**6 + 1)]
)
def test_a_pack_is_small_and_named(code: str, size: int) -> None:
    """A pack has a code of 1 to 16 characters and holds 2 to 1,000,000."""
    with pytest.raises(PackInvalid):
        Pack(code, "Pack", size)
    assert 2 == Pack("x" * 16, "Pack", 2).base_units
    assert 10**6 == Pack("x", "Pack", 10**6).base_units


def test_a_sku_has_few_packs_with_codes_of_their_own() -> None:
    """Ten packs, none named like another or like the unit; 0 to 3 decimals."""
    packs = tuple(Pack(f"p{no}", "Pack", 2) for no in range(11))
    assert 10 == len(attrs.evolve(SKU, packs=packs[:10]).packs)
    for wrong in (packs, (packs[0], packs[0]), (Pack("C62", "Piece", 2),)):
        with pytest.raises(PackInvalid):
            attrs.evolve(SKU, packs=wrong)
    for scale in (-1, 4):
        with pytest.raises(UnitInvalid):
            attrs.evolve(SKU, scale=scale)
    assert 3 == attrs.evolve(SKU, scale=3).scale


@pytest.mark.parametrize(("low", "rearm"), [(-1, 0), (3, 2), (0, 10**15 + 1)])
def test_marks_are_ordered(low: int, rearm: int) -> None:
    """The mark is at least 0 and not above the one that arms it again."""
    with pytest.raises(ReorderInvalid):
        ReorderLevel.at(low, rearm)
    assert ReorderLevel(low_at=0, rearm_at=10**15) == ReorderLevel.at(0, 10**15)
    assert ReorderLevel(low_at=4, rearm_at=4) == ReorderLevel.at(4)


@pytest.mark.parametrize(
    ("price", "error"),
    [
        ("-1", MoneyOutOfRange),
        ("1e12", MoneyOutOfRange),
        ("NaN", MoneyOutOfRange),
        ("0.0000001", MoneyTooPrecise),
    ],
)
def test_a_price_is_a_price(price: str, error: type[Exception]) -> None:
    """0 or more, below 10^12, at most 6 decimals."""
    with pytest.raises(error):
        attrs.evolve(TEA, price=Decimal(price))
    for fine in ("0", "999999999999.999999"):
        assert Decimal(fine) == attrs.evolve(TEA, price=Decimal(fine)).price


def test_a_product_has_a_name() -> None:
    """A product without a name is refused."""
    with pytest.raises(TextMissing):
        attrs.evolve(TEA, name=Name(""))


def test_archiving_twice_is_archiving_once(clock: StoppedClock) -> None:
    """The version rises with each change, and only then."""
    at = clock.now()
    gone = TEA.archived(at=at)
    assert (at, 2) == (gone.archived_at, gone.version)
    assert gone == gone.archived(at=at)
    with pytest.raises(ProductArchived):
        gone.require_active()
    back = gone.restored(at=at)
    assert (None, 3) == (back.archived_at, back.version)
    assert back == back.restored(at=at)
    back.require_active()


def test_an_edit_names_what_it_changed() -> None:
    """Fields of the product and of its SKU, never the version."""
    sku = attrs.evolve(SKU, tracking=Tracking.UNTRACKED, version=9)
    after = attrs.evolve(TEA, name=name("Green tea"), sku=sku, version=2)
    assert ("name", "tracking") == changed_fields(TEA, after)
    assert () == changed_fields(TEA, TEA)


@pytest.mark.parametrize("change", [{"unit": "KGM"}, {"scale": 1}, {"packs": (Pack("b", "B", 2),)}])
def test_a_measure_in_use_stays(change: dict[str, Any]) -> None:
    """Unit, decimals and packs of moved goods are fixed; all else may change."""
    with pytest.raises(ScaleInUse):
        SKU.require_same_measure(attrs.evolve(SKU, **change))
    SKU.require_same_measure(attrs.evolve(SKU, code=sku_code("other")))
