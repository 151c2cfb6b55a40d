"""Files of a shop."""

from kasa.adapters.postgres.migrations.template import (
    at_most,
    check,
    index,
    one_of,
    tenant_table,
)

revision = "r0002_files"
down_revision = "r0001_tenancy"


def upgrade() -> None:
    """Make the list of files."""
    tenant_table(
        "files",
        "id uuid NOT NULL",
        "kind text NOT NULL",
        "key text NOT NULL",
        "name text NOT NULL",
        "media_type text NOT NULL",
        "size_bytes bigint NOT NULL",
        "sha256 text NOT NULL",
        "stored_at timestamptz NOT NULL",
        "by uuid",
        key="id",
        constraints=(
            *at_most("files", key=200, name=200, media_type=200, sha256=64),
            one_of("files", "kind", "receipt", "document", "export", "logo", "media"),
            check("files", "size_bytes", "size_bytes > 0"),
        ),
        grants="SELECT, INSERT, UPDATE, DELETE",
    )
    index("files", "sha256, id")
    index("files", "kind, id")
