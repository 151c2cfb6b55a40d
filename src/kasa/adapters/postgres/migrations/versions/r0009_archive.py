"""How long a shop's records stay, where its old events went, and how a shop is erased."""

from alembic import op

from kasa.adapters.postgres.migrations.erasing import erase_shops, let_go_of_erased, take_out_events
from kasa.adapters.postgres.migrations.template import APPEND_ONLY, at_most, check, tenant_table

revision = "r0009_archive"
down_revision = "r0008_submissions"

_COLUMNS = """ALTER TABLE kasa.tenants
  ADD COLUMN IF NOT EXISTS keep_years int NOT NULL DEFAULT 10,
  ADD COLUMN IF NOT EXISTS evidence_months int NOT NULL DEFAULT 24,
  ADD COLUMN IF NOT EXISTS closed_at timestamptz,
  ADD COLUMN IF NOT EXISTS state_before text"""
_CHECKS = {
    "state": "state IN ('open', 'suspended', 'closed', 'erasing')",
    "keep_years": "keep_years BETWEEN 3 AND 100",
    "evidence_months": "evidence_months BETWEEN 6 AND 120",
    "closed_at": "(closed_at IS NULL) = (state IN ('open', 'suspended'))",
    "state_before": "state_before IN ('open', 'suspended')",
}


def upgrade() -> None:
    """Add the columns of a shop, the list of archived events, and the two functions."""
    op.execute(_COLUMNS)
    for column, condition in _CHECKS.items():
        name = f"tenants_{column}_check"
        op.execute(f"ALTER TABLE kasa.tenants DROP CONSTRAINT IF EXISTS {name}")
        op.execute(f"ALTER TABLE kasa.tenants ADD CONSTRAINT {name} CHECK ({condition}) NOT VALID")
        op.execute(f"ALTER TABLE kasa.tenants VALIDATE CONSTRAINT {name}")
    _archives()
    take_out_events()
    let_go_of_erased()
    erase_shops()


def _archives() -> None:
    tenant_table(
        "event_archives",
        "month date NOT NULL",
        "part int NOT NULL",
        "events int NOT NULL",
        "reactions int NOT NULL",
        "first_at timestamptz NOT NULL",
        "last_at timestamptz NOT NULL",
        "size_bytes bigint NOT NULL",
        "sha256 text NOT NULL",
        "key text NOT NULL",
        "manifest_sha256 text NOT NULL",
        "manifest_key text NOT NULL",
        "archived_at timestamptz NOT NULL",
        key="month, part",
        constraints=(
            *at_most("event_archives", key=200, manifest_key=200),
            check("event_archives", "part", "part >= 1"),
            check("event_archives", "events", "events BETWEEN 1 AND 5000"),
            check("event_archives", "reactions", "reactions >= 0"),
            check("event_archives", "last_at", "last_at >= first_at"),
            check("event_archives", "sha256", "char_length(sha256) = 64"),
            check("event_archives", "manifest_sha256", "char_length(manifest_sha256) = 64"),
        ),
        grants=APPEND_ONLY,
    )
