"""What a refusal of a value says: its code, and the facts that the caller may see."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import attrs
import pytest

from kasa.domain.inventory.movement import MovementReason, effective_day, require_reason
from kasa.domain.inventory.product import ReorderLevel, Sku, sku_code
from kasa.domain.inventory.reservation import manual_expiry
from kasa.domain.inventory.unit import QUANTITY_LIMIT, Pack, Unit, base_units, unit
from kasa.domain.kernel.errors import ErrorFact, KasaError
from kasa.domain.kernel.text import Name
from tests.unit.inventory.test_catalogue_values import SKU, TEA
from tests.unit.inventory.values import NOW, TODAY

BOX = attrs.evolve(SKU, packs=(Pack("box", "Box of 24", 24),))


def sku(**changes: Any) -> Sku:
    """Return a SKU with changes."""
    return attrs.evolve(SKU, **changes)


@pytest.mark.parametrize(
    ("act", "code", "facts"),
    [
        (lambda: unit("lower case"), "sku.unit", {"unit": "lower ca"}),
        (lambda: Unit("K", "k", "k"), "sku.unit", {"unit": "K"}),
        (lambda: sku(scale=4), "sku.unit", {"scale": 4}),
        (lambda: sku(scale=-1), "sku.unit", {"scale": -1}),
        (lambda: Pack("x" * 20, "Pack", 1), "sku.pack", {"pack": "x" * 16}),
        (lambda: Pack("x" * 20, "Pack", 2), "sku.pack", {"pack": "x" * 16}),
        (lambda: Pack("a\nb", "Pack", 2), "sku.pack", {"pack": "a\nb"}),
        (lambda: Pack(" x", "Pack", 2), "sku.pack", {"pack": " x"}),
        (lambda: Pack("", "Pack", 2), "sku.pack", {"pack": ""}),
        (lambda: sku(packs=(Pack("C62", "Piece", 2),)), "sku.pack", {"limit": 10}),
        (lambda: base_units(1, "c" * 20, BOX), "sku.pack", {"pack": "c" * 16}),
        (lambda: base_units(0, "box", BOX), "stock.quantity", {"limit": 10**12}),
        (
            lambda: base_units(QUANTITY_LIMIT + 1, "C62", BOX),
            "stock.quantity",
            {"limit": 10**12},
        ),
        (lambda: base_units(Decimal("NaN"), "C62", BOX), "stock.quantity", {}),
        (lambda: base_units(Decimal("0.3"), "box", BOX), "stock.quantity_not_whole", {}),
        (lambda: sku_code(" "), "sku.code", {}),
        (lambda: ReorderLevel(low_at=3, rearm_at=2), "sku.reorder", {}),
        (
            lambda: SKU.require_same_measure(BOX),
            "sku.scale_in_use",
            {"code": "TEA"},
        ),
        (
            lambda: TEA.archived(at=NOW).require_active(),
            "product.archived",
            {"code": "TEA"},
        ),
        (
            lambda: attrs.evolve(TEA, price=Decimal(-1)),
            "money.out_of_range",
            {"currency": "KHR"},
        ),
        (
            lambda: attrs.evolve(TEA, price=Decimal("0.0000001")),
            "money.too_precise",
            {"currency": "KHR", "decimals": 6},
        ),
        (lambda: attrs.evolve(TEA, name=Name("")), "text.missing", {}),
        (lambda: require_reason(MovementReason.GIFT, "x" * 501), "stock.reason", {"limit": 500}),
        (lambda: require_reason(None, "x"), "stock.reason", {}),
        (lambda: effective_day(TODAY.replace(year=2027), TODAY), "stock.effective_on", {}),
        (lambda: manual_expiry(NOW, at=NOW), "reservation.expiry", {"days": 90}),
    ],
)
def test_a_refusal_says_its_code_and_its_facts(
    act: Callable[[], object], code: str, facts: dict[str, ErrorFact]
) -> None:
    """Codes are stable, and what was sent is shown cut to a length that fits."""
    with pytest.raises(KasaError) as refused:
        act()
    assert (code, facts) == (refused.value.code, refused.value.facts)
