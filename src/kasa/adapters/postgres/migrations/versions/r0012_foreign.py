"""What other systems know customers, products and invoices by."""

from alembic import op

from kasa.adapters.postgres.migrations.template import check, index, unique

revision = "r0012_foreign"
down_revision = "r0011_identity"

METADATA_BYTES = 65536


def upgrade() -> None:
    """Add references, metadata, and the moment of a product's last change."""
    for table in ("customers", "products", "invoices"):
        size = check(table, "metadata", f"octet_length(metadata) <= {METADATA_BYTES}")
        op.execute(
            f"ALTER TABLE kasa.{table} "
            f"ADD COLUMN IF NOT EXISTS metadata text NOT NULL DEFAULT '{{}}' {size}"
        )
    for table in ("products", "invoices"):
        short = check(table, "external_ref", "char_length(external_ref) <= 64")
        op.execute(f"ALTER TABLE kasa.{table} ADD COLUMN IF NOT EXISTS external_ref text {short}")
        unique(table, "external_ref", where="external_ref IS NOT NULL")
    op.execute(
        "ALTER TABLE kasa.products "
        "ADD COLUMN IF NOT EXISTS updated_at timestamptz NOT NULL DEFAULT 'epoch'"
    )
    index("products", "updated_at")
