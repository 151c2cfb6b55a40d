"""What other systems know customers, products and invoices by."""

from alembic import op

from kasa.adapters.postgres.migrations.template import live_check, live_index, live_validated

revision = "r0012_foreign"
down_revision = "r0011_identity"

METADATA_BYTES = 65536
_COLUMNS = {
    "customers": ("metadata text NOT NULL DEFAULT '{}'",),
    "products": (
        "metadata text NOT NULL DEFAULT '{}'",
        "external_ref text",
        "updated_at timestamptz NOT NULL DEFAULT 'epoch'",
    ),
    "invoices": ("metadata text NOT NULL DEFAULT '{}'", "external_ref text"),
}
_REFERRED = ("products", "invoices")


def upgrade() -> None:
    """Add references, metadata, and the moment of a product's last change."""
    for table, columns in _COLUMNS.items():
        for column in columns:
            op.execute(f"ALTER TABLE kasa.{table} ADD COLUMN IF NOT EXISTS {column}")
        live_check(table, "metadata", f"octet_length(metadata) <= {METADATA_BYTES}")
    for table in _REFERRED:
        live_check(table, "external_ref", "char_length(external_ref) <= 64")
    for table in _COLUMNS:
        live_validated(table, "metadata")
    for table in _REFERRED:
        live_validated(table, "external_ref")
        live_index(table, "external_ref", where="external_ref IS NOT NULL", is_unique=True)
    live_index("products", "updated_at")
