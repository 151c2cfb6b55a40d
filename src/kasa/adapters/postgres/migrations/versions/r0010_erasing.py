"""An index for what an erased shop's payments point at: each that goes asks who points at it."""

from kasa.adapters.postgres.migrations.template import index

revision = "r0010_erasing"
down_revision = "r0009_archive"


def upgrade() -> None:
    """Make the index; it holds duplicates alone."""
    index("payments", "duplicate_of", where="duplicate_of IS NOT NULL")
