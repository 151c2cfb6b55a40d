"""A shop with a few products, and short words for what tests do with them."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from kasa.application.inventory.products import ProductFields
from kasa.application.kasa import Kasa
from kasa.domain.inventory.product import Product
from kasa.domain.kernel.money import KHR
from tests.unit.conftest import Shop

AddedProduct = Callable[..., Product]


def fields(code: str = "RICE", **changes: object) -> ProductFields:
    """Return what a person says about a product of 5,000 riel."""
    words: dict[str, object] = {
        "name": f"The {code}",
        "code": code,
        "price": Decimal(5000),
        "currency": KHR,
        **changes,
    }
    return ProductFields(**words)  # type: ignore[arg-type]  # a test names only what it changes


@pytest.fixture
def add(kasa: Kasa, shop: Shop) -> AddedProduct:
    """Return a function that adds a product with ``on_hand`` goods that cost ``cost``."""

    def added(
        code: str = "RICE", on_hand: int = 10, cost: int = 1000, **changes: object
    ) -> Product:
        return kasa.inventory.add_product(
            shop.owner, fields(code, **changes), on_hand=on_hand, cost=cost
        )

    return added
