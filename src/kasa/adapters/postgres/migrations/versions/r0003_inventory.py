"""Catalogue, levels, movements, reservations and stocktakes."""

from kasa.adapters.postgres.migrations.template import (
    APPEND_ONLY,
    COUNTER_FILLFACTOR,
    at_most,
    check,
    foreign,
    index,
    one_of,
    tenant_table,
    unique,
)

revision = "r0003_inventory"
down_revision = "r0002_files"

KEPT = "SELECT, INSERT, UPDATE"
_PLACE = "sku_id, location_id"


def upgrade() -> None:
    """Make the tables of stock."""
    _catalogue()
    _levels()
    _movements()
    _reservations()
    _counts()


def _catalogue() -> None:
    tenant_table(
        "products",
        "id uuid NOT NULL",
        "name text NOT NULL",
        "name_km text NOT NULL",
        "description text NOT NULL",
        "price numeric(18,6) NOT NULL",
        "currency char(3) NOT NULL",
        "tax_category text NOT NULL",
        "tax_percent numeric(7,4) NOT NULL",
        "tax_label text NOT NULL",
        "tax_reason text NOT NULL",
        "image uuid",
        "archived_at timestamptz",
        "version int NOT NULL",
        key="id",
        constraints=(
            *at_most("products", name=200, name_km=200, description=2000, tax_category=2),
            *at_most("products", tax_label=60, tax_reason=300),
            check("products", "price", "price >= 0"),
        ),
        grants=KEPT,
    )
    tenant_table(
        "skus",
        "id uuid NOT NULL",
        "product_id uuid NOT NULL",
        "code text NOT NULL",
        "code_key text NOT NULL",
        "barcode text",
        "unit_code text NOT NULL",
        "scale smallint NOT NULL",
        "packs jsonb NOT NULL",
        "tracked boolean NOT NULL",
        "backorder boolean NOT NULL",
        "low_at bigint",
        "rearm_at bigint",
        "version int NOT NULL",
        key="id",
        constraints=(
            *at_most("skus", code=64, code_key=2000, barcode=64, unit_code=3),
            check("skus", "scale", "scale BETWEEN 0 AND 3"),
            check("skus", "low_at", "low_at >= 0"),
            check("skus", "rearm_at", "rearm_at >= low_at"),
            foreign("skus", "product_id", "products"),
        ),
        grants=KEPT,
    )
    unique("skus", "code_key")
    unique("skus", "barcode")
    unique("skus", "product_id")


def _levels() -> None:
    tenant_table(
        "stock_locations",
        "id uuid NOT NULL",
        "name text NOT NULL",
        "is_default boolean NOT NULL",
        "version int NOT NULL DEFAULT 1",
        key="id",
        constraints=at_most("stock_locations", name=80),
        grants=KEPT,
    )
    unique("stock_locations", "is_default", where="is_default")
    tenant_table(
        "stock_levels",
        "sku_id uuid NOT NULL",
        "location_id uuid NOT NULL",
        "on_hand bigint NOT NULL DEFAULT 0",
        "reserved bigint NOT NULL DEFAULT 0",
        "owed bigint NOT NULL DEFAULT 0",
        "value_minor bigint NOT NULL DEFAULT 0",
        "version bigint NOT NULL DEFAULT 0",
        "backorder boolean NOT NULL DEFAULT false",
        "tracked boolean NOT NULL",
        "low_at bigint",
        "rearm_at bigint",
        "low_armed boolean NOT NULL DEFAULT true",
        "alert_no int NOT NULL DEFAULT 0",
        "counted_at timestamptz",
        "moved_at timestamptz",
        key=_PLACE,
        constraints=(
            check("stock_levels", "on_hand", "on_hand >= 0"),
            check("stock_levels", "reserved", "reserved >= 0"),
            check("stock_levels", "owed", "owed >= 0"),
            check("stock_levels", "value", "value_minor >= 0 AND (on_hand > 0 OR value_minor = 0)"),
            check("stock_levels", "backed", "backorder OR reserved <= on_hand"),
            foreign("stock_levels", "sku_id", "skus"),
            foreign("stock_levels", "location_id", "stock_locations"),
        ),
        grants=KEPT,
        fillfactor=COUNTER_FILLFACTOR,
    )


def _movements() -> None:
    tenant_table(
        "stock_movements",
        "id uuid NOT NULL",
        "sku_id uuid NOT NULL",
        "location_id uuid NOT NULL",
        "version bigint NOT NULL",
        "kind text NOT NULL",
        "d_on_hand bigint NOT NULL",
        "d_reserved bigint NOT NULL",
        "d_owed bigint NOT NULL",
        "d_value_minor bigint NOT NULL",
        "on_hand_after bigint NOT NULL",
        "reserved_after bigint NOT NULL",
        "owed_after bigint NOT NULL",
        "value_after_minor bigint NOT NULL",
        "reason text",
        "note text NOT NULL",
        "source_kind text NOT NULL",
        "source_id uuid NOT NULL",
        "source_line int",
        "key text NOT NULL",
        "reverses uuid",
        "at timestamptz NOT NULL",
        "effective_on date NOT NULL",
        "by uuid",
        "cost_unknown boolean NOT NULL",
        key="id",
        constraints=(
            *at_most("stock_movements", note=500, key=120, source_kind=40, reason=40),
            check("stock_movements", "version", "version >= 1"),
            one_of(
                "stock_movements",
                "kind",
                *("open", "receive", "reserve", "release", "consume", "owe", "forgive"),
                *("return", "scrap", "adjust", "count", "reverse", "send", "arrive"),
            ),
            foreign("stock_movements", _PLACE, "stock_levels", parent_key=_PLACE),
            foreign("stock_movements", "reverses", "stock_movements"),
        ),
        grants=APPEND_ONLY,
    )
    unique("stock_movements", "sku_id, location_id, version")
    unique("stock_movements", "key")
    unique("stock_movements", "reverses")
    index("stock_movements", "source_id, id", name="stock_movements_source")
    index("stock_movements", "at, version, id", name="stock_movements_at")


def _reservations() -> None:
    tenant_table(
        "stock_reservations",
        "id uuid NOT NULL",
        "source_kind text NOT NULL",
        "source_id uuid NOT NULL",
        "source_line int NOT NULL",
        "sku_id uuid NOT NULL",
        "location_id uuid NOT NULL",
        "quantity bigint NOT NULL",
        "state text NOT NULL",
        "reason text",
        "expires_at timestamptz",
        "round int NOT NULL DEFAULT 1",
        "part int NOT NULL DEFAULT 0",
        "taken bigint NOT NULL DEFAULT 0",
        "owed bigint NOT NULL DEFAULT 0",
        "owed_at timestamptz",
        "cost_minor bigint NOT NULL DEFAULT 0",
        "returned bigint NOT NULL DEFAULT 0",
        "returned_cost_minor bigint NOT NULL DEFAULT 0",
        "at timestamptz NOT NULL",
        "note text NOT NULL",
        key="id",
        constraints=(
            *at_most("stock_reservations", note=500, source_kind=40, reason=40),
            one_of("stock_reservations", "state", "held", "consumed", "released", "owed"),
            check("stock_reservations", "quantity", "quantity > 0 AND taken + owed <= quantity"),
            check("stock_reservations", "returned", "returned <= taken"),
            check("stock_reservations", "owed", "owed >= 0 AND (owed > 0) = (state = 'owed')"),
            foreign("stock_reservations", _PLACE, "stock_levels", parent_key=_PLACE),
        ),
        grants=KEPT,
    )
    unique("stock_reservations", "source_kind, source_id, source_line")
    index(
        "stock_reservations",
        "sku_id, expires_at",
        name="stock_reservations_held",
        where="state = 'held'",
    )
    index("stock_reservations", "sku_id, owed_at", name="stock_reservations_owed", where="owed > 0")
    index("stock_reservations", "at, id", name="stock_reservations_at")


def _counts() -> None:
    tenant_table(
        "stock_counts",
        "id uuid NOT NULL",
        "location_id uuid NOT NULL",
        "opened_at timestamptz NOT NULL",
        "changed_at timestamptz NOT NULL",
        "skus jsonb NOT NULL",
        "state text NOT NULL",
        "version int NOT NULL",
        key="id",
        constraints=(one_of("stock_counts", "state", "open", "committed", "cancelled"),),
        grants=KEPT,
    )
    unique("stock_counts", "location_id", where="state = 'open'")
    tenant_table(
        "stock_count_lines",
        "count_id uuid NOT NULL",
        "sku_id uuid NOT NULL",
        "counted bigint NOT NULL",
        "counted_at timestamptz NOT NULL",
        "seen_version bigint NOT NULL",
        "seen_on_hand bigint NOT NULL",
        key="count_id, sku_id",
        constraints=(
            check("stock_count_lines", "counted", "counted >= 0"),
            foreign("stock_count_lines", "count_id", "stock_counts"),
            foreign("stock_count_lines", "sku_id", "skus"),
        ),
        grants=KEPT,
    )
