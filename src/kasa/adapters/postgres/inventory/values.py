"""Rows of stock as values, and values as rows."""

import json
from collections.abc import Sequence
from typing import Any

from kasa.adapters.postgres.connection import Row
from kasa.adapters.postgres.rows import text_of, value_of
from kasa.domain.inventory.level import Level, StockedSku
from kasa.domain.inventory.movement import StockMovement
from kasa.domain.inventory.product import (
    Product,
    ProductTax,
    ReorderLevel,
    ShortagePolicy,
    Sku,
    Tracking,
)
from kasa.domain.inventory.reservation import Reservation


def level_of(row: Row) -> Level:
    """Return a stored level."""
    return value_of({**row, "sku": row["sku_id"], "location": row["location_id"]}, Level)


def stocked_of(row: Row) -> StockedSku:
    """Return what a decision needs of the SKU that was joined to a level."""
    return value_of({**row, "id": row["sku_id"], "unit": row["unit_code"]}, StockedSku)


def movement_of(row: Row) -> StockMovement:
    """Return a stored movement."""
    renamed = {
        "sku": row["sku_id"],
        "location": row["location_id"],
        "d_value": row["d_value_minor"],
        "value_after": row["value_after_minor"],
        "source": source_of(row),
    }
    return value_of({**row, **renamed}, StockMovement)


def source_of(row: Row) -> dict[str, Any]:
    """Return the source that a row names."""
    return {"kind": row["source_kind"], "id": row["source_id"], "line": row["source_line"]}


def reservation_of(row: Row) -> Reservation:
    """Return a stored reservation."""
    renamed = {
        "sku": row["sku_id"],
        "location": row["location_id"],
        "cost": row["cost_minor"],
        "returned_cost": row["returned_cost_minor"],
        "source": source_of(row),
    }
    return value_of({**row, **renamed}, Reservation)


def product_of(row: Row) -> Product:
    """Return a stored product with its SKU."""
    low, rearm = row["low_at"], row["rearm_at"]
    tracking = Tracking.TRACKED if row["tracked"] else Tracking.UNTRACKED
    policy = ShortagePolicy.BACKORDER if row["backorder"] else ShortagePolicy.DENY
    sku = {
        **row,
        "product": row["id"],
        "unit": row["unit_code"],
        "tracking": tracking.value,
        "policy": policy.value,
        "reorder": None if low is None else {"low_at": low, "rearm_at": rearm},
        "version": row["sku_version"],
    }
    tax = {name: row[f"tax_{name}"] for name in ("category", "percent", "label", "reason")}
    return value_of({**row, "sku": sku, "tax": tax}, Product)


def product_columns(product: Product) -> dict[str, Any]:
    """Return a product as the columns of its row."""
    tax: ProductTax = product.tax
    return {
        "id": product.id,
        "name": product.name,
        "name_km": product.name_km,
        "description": product.description,
        "price": product.price,
        "currency": product.currency.code,
        "tax_category": tax.category,
        "tax_percent": tax.percent,
        "tax_label": tax.label,
        "tax_reason": tax.reason,
        "image": product.image,
        "archived_at": product.archived_at,
        "version": product.version,
        "external_ref": product.external_ref,
        "metadata": text_of(product.metadata),
        "updated_at": product.updated_at,
    }


def sku_columns(sku: Sku) -> dict[str, Any]:
    """Return a SKU as the columns of its row."""
    reorder: ReorderLevel | None = sku.reorder
    return {
        "sku_id": sku.id,
        "code": sku.code,
        "code_key": sku.key,
        "barcode": sku.barcode,
        "unit_code": sku.unit,
        "scale": sku.scale,
        "packs": text_of(sku.packs),
        "tracked": sku.tracked,
        "backorder": sku.policy is ShortagePolicy.BACKORDER,
        "low_at": None if reorder is None else reorder.low_at,
        "rearm_at": None if reorder is None else reorder.rearm_at,
        "sku_version": sku.version,
    }


def rows_text(rows: Sequence[dict[str, Any]]) -> str:
    """Return rows as the JSON text that a statement unpacks."""
    return json.dumps(rows, ensure_ascii=False, default=str, separators=(",", ":"))


def level_row(level: Level, was: int) -> dict[str, Any]:
    """Return a level as a row to write, with the version that was locked."""
    return {
        "sku_id": level.sku,
        "location_id": level.location,
        "on_hand": level.on_hand,
        "reserved": level.reserved,
        "owed": level.owed,
        "value_minor": level.value_minor,
        "version": level.version,
        "backorder": level.backorder,
        "tracked": level.tracked,
        "low_at": level.low_at,
        "rearm_at": level.rearm_at,
        "low_armed": level.low_armed,
        "alert_no": level.alert_no,
        "counted_at": level.counted_at,
        "moved_at": level.moved_at,
        "was": was,
    }


def movement_row(row: StockMovement) -> dict[str, Any]:
    """Return a movement as a row to write."""
    return {
        "id": row.id,
        "sku_id": row.sku,
        "location_id": row.location,
        "version": row.version,
        "kind": row.kind.value,
        "d_on_hand": row.d_on_hand,
        "d_reserved": row.d_reserved,
        "d_owed": row.d_owed,
        "d_value_minor": row.d_value,
        "on_hand_after": row.on_hand_after,
        "reserved_after": row.reserved_after,
        "owed_after": row.owed_after,
        "value_after_minor": row.value_after,
        "reason": None if row.reason is None else row.reason.value,
        "note": row.note,
        "source_kind": row.source.kind,
        "source_id": row.source.id,
        "source_line": row.source.line,
        "key": row.key,
        "reverses": row.reverses,
        "at": row.at,
        "effective_on": row.effective_on,
        "by": row.by,
        "cost_unknown": row.cost_unknown,
    }


def reservation_row(row: Reservation) -> dict[str, Any]:
    """Return a reservation as a row to write."""
    return {
        "id": row.id,
        "source_kind": row.source.kind,
        "source_id": row.source.id,
        "source_line": row.source.line or 0,
        "sku_id": row.sku,
        "location_id": row.location,
        "quantity": row.quantity,
        "state": row.state.value,
        "reason": None if row.reason is None else row.reason.value,
        "expires_at": row.expires_at,
        "round": row.round,
        "part": row.part,
        "taken": row.taken,
        "owed": row.owed,
        "owed_at": row.owed_at,
        "cost_minor": row.cost,
        "returned": row.returned,
        "returned_cost_minor": row.returned_cost,
        "at": row.at,
        "note": row.note,
    }
