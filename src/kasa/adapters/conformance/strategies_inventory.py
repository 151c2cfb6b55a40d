"""Products, packs and quantities, for property tests."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from kasa.adapters.conformance.strategies_kernel import currencies, metadata, moments
from kasa.domain.inventory.product import (
    Product,
    ProductTax,
    ReorderLevel,
    ShortagePolicy,
    Sku,
    Tracking,
    barcode,
    sku_code,
)
from kasa.domain.inventory.unit import UNITS, Pack
from kasa.domain.kernel.ids import FileId, ProductId, SkuId
from kasa.domain.kernel.text import name

_LETTERS = st.characters(exclude_categories=("C", "Z"), max_codepoint=0xFFFF)
_WORDS = st.text(_LETTERS, min_size=1, max_size=20)


def packs() -> st.SearchStrategy[tuple[Pack, ...]]:
    """Draw up to three packs with codes of their own."""
    sizes = st.lists(st.integers(2, 10**6), max_size=3)
    return sizes.map(
        lambda found: tuple(Pack(f"pack{n}", f"Pack {n}", size) for n, size in enumerate(found))
    )


def reorder_levels() -> st.SearchStrategy[ReorderLevel]:
    """Draw low marks and the marks that arm them again."""
    return st.builds(
        lambda low, gap: ReorderLevel.at(low, low + gap),
        st.integers(0, 10**6),
        st.integers(0, 10**6),
    )


def skus(product: ProductId | None = None) -> st.SearchStrategy[Sku]:
    """Draw SKUs of one product."""
    owner = product or ProductId(UUID(int=1))
    return st.builds(
        Sku,
        id=st.just(SkuId(owner)),
        product=st.just(owner),
        code=_WORDS.map(lambda text: sku_code(f"x{text}")),
        barcode=st.none() | _WORDS.map(lambda text: barcode(f"x{text}")),
        unit=st.sampled_from(sorted(UNITS)),
        scale=st.integers(0, 3),
        packs=packs(),
        tracking=st.sampled_from(Tracking),
        policy=st.sampled_from(ShortagePolicy),
        reorder=st.none() | reorder_levels(),
    )


def products() -> st.SearchStrategy[Product]:
    """Draw products with their SKU."""
    prices = st.integers(0, 10**15).map(lambda micros: Decimal(micros).scaleb(-6))
    taxes = st.builds(
        ProductTax,
        category=st.sampled_from(["S", "Z", "E", "AE", "O"]),
        percent=st.integers(0, 10**6).map(lambda rate: Decimal(rate).scaleb(-4)),
        label=_WORDS,
        reason=_WORDS,
    )
    return st.builds(
        Product,
        id=st.just(ProductId(UUID(int=1))),
        name=_WORDS.map(lambda text: name(f"x{text}")),
        name_km=_WORDS,
        description=_WORDS,
        price=prices,
        currency=currencies(),
        tax=taxes,
        image=st.none() | st.uuids().map(FileId),
        archived_at=st.none() | moments(),
        sku=skus(),
        metadata=metadata(),
        updated_at=moments(),
    )


TYPES: dict[Any, st.SearchStrategy[Any]] = {
    ReorderLevel: reorder_levels(),
    Sku: skus(),
    Product: products(),
}
