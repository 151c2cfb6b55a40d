"""The catalogue in memory."""

from collections.abc import Collection, Mapping

from kasa.adapters.memory.inventory.tables import LEVELS, PRODUCTS
from kasa.adapters.memory.tables import Working
from kasa.domain.inventory.level import Level
from kasa.domain.inventory.product import (
    BarcodeTaken,
    Product,
    ShortagePolicy,
    SkuTaken,
    code_key,
)
from kasa.domain.kernel.foreign import ExternalRefTaken
from kasa.domain.kernel.ids import LocationId, ProductId


class MemoryProducts:
    """The catalogue of one tenant."""

    def __init__(self, rows: Working) -> None:
        self._rows = rows

    def add(self, product: Product) -> None:
        """Store a new product and its level at every location."""
        self._require_free(product)
        self._rows.add(PRODUCTS, product.id, product)
        sku, reorder = product.sku, product.sku.reorder
        level = Level(
            sku=sku.id,
            location=LocationId(self._rows.tenant),
            tracked=sku.tracked,
            backorder=sku.policy is ShortagePolicy.BACKORDER,
            low_at=reorder.low_at if reorder else None,
            rearm_at=reorder.rearm_at if reorder else None,
        )
        self._rows.write(LEVELS)[level.place] = level

    def get(self, id: ProductId) -> Product:
        """Return a product without locking it, or raise NotFound."""
        return self._rows.get(PRODUCTS, id)

    def several(self, ids: Collection[ProductId]) -> Mapping[ProductId, Product]:
        """Return products without locking them, or raise NotFound when one is missing."""
        return {product: self._rows.get(PRODUCTS, product) for product in ids}

    def lock(self, id: ProductId) -> Product:
        """Return a product, locked until the unit of work ends, or raise NotFound."""
        return self._rows.lock(PRODUCTS, id)

    def save(self, product: Product) -> None:
        """Store a product that was locked in the same unit of work."""
        self._require_free(product)
        self._rows.save(PRODUCTS, product.id, product)

    def by_code(self, code: str) -> Product | None:
        """Return the product of a SKU code, in any spelling of the same key, or None."""
        key, products = code_key(code), self._rows.read(PRODUCTS).values()
        return next((product for product in products if product.sku.key == key), None)

    def by_barcode(self, barcode: str) -> Product | None:
        """Return the product of exactly this barcode, or None."""
        products = self._rows.read(PRODUCTS).values()
        return next((product for product in products if product.sku.barcode == barcode), None)

    def _require_free(self, product: Product) -> None:
        same = self.by_code(product.sku.code)
        if same is not None and same.id != product.id:
            raise SkuTaken(code=product.sku.code)
        barcode = product.sku.barcode
        same = None if barcode is None else self.by_barcode(barcode)
        if same is not None and same.id != product.id:
            raise BarcodeTaken(barcode=barcode)
        wanted = product.external_ref
        for other in self._rows.read(PRODUCTS).values():
            if wanted is not None and other.external_ref == wanted and other.id != product.id:
                raise ExternalRefTaken(holder=str(other.id))
