"""What came in together, who was asked and when, and an account that is added once."""

from alembic import op

from kasa.adapters.postgres.migrations.template import index, unique

revision = "r0008_submissions"
down_revision = "r0007_bank_questions"

# An account that was added several times keeps the names of all, at most 20, under its first row.
_MERGE_NAMES = """
WITH twins AS (
  SELECT a.tenant_id, a.id, min(a.id::text) OVER same AS first
  FROM kasa.receiving_accounts a WHERE a.archived_at IS NULL
  WINDOW same AS (PARTITION BY a.tenant_id, a.bank, a.number, a.currency)),
missing AS (
  SELECT t.tenant_id, t.first::uuid AS first, n.name, min(t.id::text || lpad(n.no::text, 3, '0'))
    AS place
  FROM twins t
  JOIN kasa.accepted_names n ON n.tenant_id = t.tenant_id AND n.account_id = t.id
  WHERE t.id::text <> t.first AND NOT EXISTS (
    SELECT FROM kasa.accepted_names o WHERE o.tenant_id = t.tenant_id
    AND o.account_id = t.first::uuid AND o.name = n.name)
  GROUP BY t.tenant_id, t.first, n.name),
numbered AS (
  SELECT m.tenant_id, m.first, m.name, row_number() OVER (PARTITION BY m.tenant_id, m.first
    ORDER BY m.place) + (SELECT coalesce(max(o.no), 0) FROM kasa.accepted_names o
    WHERE o.tenant_id = m.tenant_id AND o.account_id = m.first) AS no
  FROM missing m)
INSERT INTO kasa.accepted_names (tenant_id, account_id, no, name)
SELECT tenant_id, first, no, name FROM numbered WHERE no <= 20
"""
_ARCHIVE_TWINS = """
UPDATE kasa.receiving_accounts a SET archived_at = now(), version = a.version + 1
WHERE a.archived_at IS NULL AND EXISTS (
  SELECT FROM kasa.receiving_accounts o WHERE o.tenant_id = a.tenant_id AND o.bank = a.bank
  AND o.number = a.number AND o.currency = a.currency AND o.archived_at IS NULL AND o.id < a.id)
"""


def upgrade() -> None:
    """Add the columns, and keep an account in use from being added again."""
    op.execute(
        "ALTER TABLE kasa.payments ADD COLUMN IF NOT EXISTS submission_id uuid, "
        "ADD COLUMN IF NOT EXISTS asked_at timestamptz, "
        "ADD COLUMN IF NOT EXISTS waits_until timestamptz"
    )
    index("payments", "submission_id, id", where="submission_id IS NOT NULL")
    index("payments", "contact_id, asked_at", where="asked_at IS NOT NULL")
    index("payments", "waits_until", where="waits_until IS NOT NULL")
    op.execute(_MERGE_NAMES)
    op.execute(_ARCHIVE_TWINS)
    unique("receiving_accounts", "bank, number, currency", where="archived_at IS NULL")
