"""The table of files, as statements name it; its shape is made by the revision r0002."""

from sqlalchemy import BigInteger, DateTime, Text, Uuid, column, table

FILES = table(
    "files",
    column("tenant_id", Uuid()),
    column("id", Uuid()),
    column("kind", Text()),
    column("key", Text()),
    column("name", Text()),
    column("media_type", Text()),
    column("size_bytes", BigInteger()),
    column("sha256", Text()),
    column("stored_at", DateTime(timezone=True)),
    column("by", Uuid()),
)
