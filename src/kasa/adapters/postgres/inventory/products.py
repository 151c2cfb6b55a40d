"""The catalogue of a unit of work."""

from collections.abc import Collection, Mapping

from sqlalchemy import text

from kasa.adapters.postgres.connection import TenantConnection
from kasa.adapters.postgres.inventory.values import product_columns, product_of, sku_columns
from kasa.application.ports.work import LockRank
from kasa.domain.inventory.product import Product, code_key
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.foreign import ExternalRefTaken
from kasa.domain.kernel.ids import ProductId

SHOW = (
    "SELECT p.*, s.code, s.code_key, s.barcode, s.unit_code, s.scale, s.packs, s.tracked, "
    "s.backorder, s.low_at, s.rearm_at, s.version AS sku_version "
    "FROM products p JOIN skus s ON (s.tenant_id, s.product_id) = (p.tenant_id, p.id) "
    "WHERE p.tenant_id = :tenant "
)
GET = text(SHOW + "AND p.id = :id")
_SEVERAL = text(SHOW + "AND p.id = ANY(:ids)")
_LOCK = text("SELECT id FROM products WHERE tenant_id = :tenant AND id = :id FOR NO KEY UPDATE")
BY_CODE = text(SHOW + "AND s.code_key = :key")
BY_BARCODE = text(SHOW + "AND s.barcode = :barcode")
_PRODUCT = (
    "id, name, name_km, description, price, currency, tax_category, tax_percent, tax_label, "
    "tax_reason, image, archived_at, version, external_ref, metadata, updated_at"
)
_PRODUCT_VALUES = ", ".join(f":{name}" for name in _PRODUCT.split(", "))
_SKU = (
    "id, code, code_key, barcode, unit_code, scale, packs, tracked, backorder, low_at, "
    "rearm_at, version"
)
_SKU_VALUES = (
    ":sku_id, :code, :code_key, :barcode, :unit_code, :scale, CAST(:packs AS jsonb), :tracked, "
    ":backorder, :low_at, :rearm_at, :sku_version"
)
_HOLDER = text(
    "SELECT id FROM products WHERE tenant_id = :tenant AND id <> :id "
    "AND external_ref = :external_ref"
)
_LOCATION = text(
    "INSERT INTO stock_locations (tenant_id, id, name, is_default) "
    "VALUES (:tenant, :tenant, 'Shop', true) ON CONFLICT DO NOTHING"
)
_ADD = text(
    f"WITH product AS (INSERT INTO products (tenant_id, {_PRODUCT}) "
    f"VALUES (:tenant, {_PRODUCT_VALUES}) RETURNING id), "
    f"sku AS (INSERT INTO skus (tenant_id, product_id, {_SKU}) "
    f"SELECT :tenant, id, {_SKU_VALUES} FROM product RETURNING id, tracked, backorder, "
    "low_at, rearm_at) "
    "INSERT INTO stock_levels (tenant_id, sku_id, location_id, tracked, backorder, low_at, "
    "rearm_at) SELECT :tenant, s.id, l.id, s.tracked, s.backorder, s.low_at, s.rearm_at "
    "FROM sku s CROSS JOIN stock_locations l WHERE l.tenant_id = :tenant"
)
_SAVE = text(
    f"WITH product AS (UPDATE products SET ({_PRODUCT}) = ROW ({_PRODUCT_VALUES}) "
    "WHERE tenant_id = :tenant AND id = :id RETURNING id) "
    f"UPDATE skus SET ({_SKU}) = ROW ({_SKU_VALUES}) "
    "WHERE tenant_id = :tenant AND product_id = (SELECT id FROM product)"
)


class PostgresProducts:
    """The catalogue of one tenant."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, product: Product) -> None:
        """Store a new product and its level at every location."""
        self._require_free(product)
        self._rows.write(_LOCATION)
        self._rows.write(_ADD, **product_columns(product), **sku_columns(product.sku))

    def get(self, id: ProductId) -> Product:
        """Return a product without locking it, or raise NotFound."""
        return product_of(self._rows.get(GET, id=id))

    def several(self, ids: Collection[ProductId]) -> Mapping[ProductId, Product]:
        """Return products without locking them, or raise NotFound when one is missing."""
        wanted = list(set(ids))
        rows = self._rows.all(_SEVERAL, ids=wanted) if wanted else []
        found = {product.id: product for product in map(product_of, rows)}
        if len(found) < len(wanted):
            raise NotFound
        return found

    def lock(self, id: ProductId) -> Product:
        """Return a product, locked until the unit of work ends, or raise NotFound."""
        self._rows.claim(LockRank.DOCUMENTS, id)
        self._rows.get(_LOCK, id=id)
        return product_of(self._rows.get(GET, id=id))

    def save(self, product: Product) -> None:
        """Store a product that was locked in the same unit of work."""
        self._rows.require_claim(LockRank.DOCUMENTS, product.id)
        self._require_free(product)
        self._rows.write(_SAVE, **product_columns(product), **sku_columns(product.sku))

    def by_code(self, code: str) -> Product | None:
        """Return the product of a SKU code, in any spelling of the same key, or None."""
        row = self._rows.first(BY_CODE, key=code_key(code))
        return None if row is None else product_of(row)

    def by_barcode(self, barcode: str) -> Product | None:
        """Return the product of exactly this barcode, or None."""
        row = self._rows.first(BY_BARCODE, barcode=barcode)
        return None if row is None else product_of(row)

    def _require_free(self, product: Product) -> None:
        """Name who has the reference; the unique index decides a race."""
        if product.external_ref is None:
            return
        holder = self._rows.scalar(_HOLDER, id=product.id, external_ref=product.external_ref)
        if holder is not None:
            raise ExternalRefTaken(holder=str(holder))
