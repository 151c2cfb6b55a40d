"""Payments, their evidence and references, receiving accounts, codes, rules of matching."""

from alembic import op

from kasa.adapters.postgres.migrations.template import (
    APP,
    APPEND_ONLY,
    at_most,
    check,
    foreign,
    index,
    one_of,
    tenant_table,
)

revision = "r0005_payments"
down_revision = "r0004_invoicing"

KEPT = "SELECT, INSERT, UPDATE"
_STATES = ("submitted", "waiting", "in_review", "approved", "duplicate", "rejected", "reversed")
_SOURCES = (
    "bank_api",
    "short_hash",
    "bank_alert",
    "alert_ingested",
    "screenshot",
    "manual",
)

# Other shops are asked by a digest that only this function makes: no tenant and no reference can
# be read out of the table. Its secret never leaves the schema that the application cannot read.
_SEEN_TABLES = """
CREATE TABLE IF NOT EXISTS platform.reference_secret (secret bytea NOT NULL);
INSERT INTO platform.reference_secret (secret)
  SELECT uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
  WHERE NOT EXISTS (SELECT FROM platform.reference_secret);
CREATE TABLE IF NOT EXISTS platform.references_seen (
  key bytea CONSTRAINT references_seen_pkey PRIMARY KEY,
  first_seen timestamptz NOT NULL DEFAULT now());
"""
_SEEN_FUNCTION = """
CREATE OR REPLACE FUNCTION platform.reference_seen(keys text[]) RETURNS bool
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
  WITH hashed AS (
    SELECT DISTINCT sha256(s.secret || sha256(s.secret || convert_to(k, 'UTF8'))) AS key
    FROM unnest(keys) AS k, platform.reference_secret AS s ORDER BY 1),
  added AS (
    INSERT INTO platform.references_seen (key) SELECT key FROM hashed ORDER BY key
    ON CONFLICT (key) DO NOTHING RETURNING key)
  SELECT (SELECT count(*) FROM added) < (SELECT count(*) FROM hashed)
$body$
"""


def upgrade() -> None:
    """Make the tables of payments."""
    _payments()
    _evidence()
    _references()
    _accounts()
    _codes()
    op.execute(_SEEN_TABLES)
    op.execute(_SEEN_FUNCTION)
    op.execute("REVOKE ALL ON FUNCTION platform.reference_seen FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION platform.reference_seen TO {APP}")
    op.execute(f"GRANT USAGE ON SCHEMA platform TO {APP}")


def _payments() -> None:
    tenant_table(
        "payments",
        "id uuid NOT NULL",
        "invoice_id uuid",
        "invoice_number text NOT NULL",
        "customer_id uuid",
        "contact_id uuid",
        "state text NOT NULL",
        "source text NOT NULL",
        "amount_minor bigint",
        "currency char(3)",
        "paid_at timestamptz",
        "precision text NOT NULL",
        "bank text NOT NULL",
        "points smallint NOT NULL",
        "decision text NOT NULL",
        "verdict jsonb",
        "inputs jsonb",
        "submitted_by uuid",
        "submitted_at timestamptz NOT NULL",
        "decided_by uuid",
        "decided_at timestamptz",
        "approvals int NOT NULL DEFAULT 0",
        "reason text NOT NULL",
        "unallocated_minor bigint",
        "unallocated_currency char(3)",
        "duplicate_of uuid",
        "version int NOT NULL",
        key="id",
        constraints=(
            *at_most("payments", invoice_number=40, bank=60, reason=500),
            one_of("payments", "state", *_STATES),
            one_of("payments", "source", *_SOURCES),
            one_of("payments", "precision", "second", "minute", "day"),
            one_of("payments", "decision", "", "approve", "duplicate", "wait", "review"),
            check("payments", "points", "points BETWEEN 0 AND 100"),
            check("payments", "amount_minor", "(amount_minor IS NULL) = (currency IS NULL)"),
            check("payments", "approvals", "approvals >= 0"),
            check("payments", "verdict", "octet_length(verdict::text) <= 65536"),
            check("payments", "inputs", "octet_length(inputs::text) <= 262144"),
            foreign("payments", "duplicate_of", "payments"),
        ),
        grants=KEPT,
    )
    index("payments", "currency, amount_minor, paid_at")
    index("payments", "state, id")
    index("payments", "invoice_id, id")
    index("payments", "customer_id, id")
    index("payments", "submitted_at")


def _evidence() -> None:
    tenant_table(
        "evidence",
        "id uuid NOT NULL",
        "payment_id uuid NOT NULL",
        "no int NOT NULL",
        "source text NOT NULL",
        "file_id uuid",
        "storage_key text NOT NULL",
        "sha256 text",
        "fields jsonb",
        "took_ms int NOT NULL",
        key="id",
        constraints=(
            *at_most("evidence", storage_key=200, sha256=64),
            one_of("evidence", "source", *_SOURCES),
            check("evidence", "fields", "octet_length(fields::text) <= 65536"),
            foreign("evidence", "payment_id", "payments"),
        ),
        grants=KEPT,
    )
    index("evidence", "payment_id, no")
    index("evidence", "sha256")


def _references() -> None:
    tenant_table(
        "payment_references",
        "scheme text NOT NULL",
        "value text NOT NULL",
        "payment_id uuid NOT NULL",
        "first_seen timestamptz NOT NULL",
        key="scheme, value",
        constraints=(
            *at_most("payment_references", scheme=40),
            check("payment_references", "value", "char_length(value) BETWEEN 4 AND 120"),
            foreign("payment_references", "payment_id", "payments"),
        ),
        grants=APPEND_ONLY,
    )
    index("payment_references", "payment_id")


def _accounts() -> None:
    tenant_table(
        "receiving_accounts",
        "id uuid NOT NULL",
        "bank text NOT NULL",
        "number text NOT NULL",
        "currency char(3) NOT NULL",
        "bakong_id text NOT NULL",
        "account_info text NOT NULL",
        "tag text NOT NULL",
        "merchant_id text NOT NULL",
        "city text NOT NULL",
        "printed_qr bool NOT NULL",
        "short_name_alone bool NOT NULL",
        "archived_at timestamptz",
        "version int NOT NULL",
        key="id",
        constraints=(
            *at_most("receiving_accounts", bank=20, number=20, bakong_id=40, account_info=40),
            *at_most("receiving_accounts", merchant_id=40, city=40),
            one_of("receiving_accounts", "tag", "29", "30"),
        ),
        grants=KEPT,
    )
    tenant_table(
        "accepted_names",
        "account_id uuid NOT NULL",
        "no int NOT NULL",
        "name text NOT NULL",
        key="account_id, no",
        constraints=(
            *at_most("accepted_names", name=200),
            foreign("accepted_names", "account_id", "receiving_accounts"),
        ),
    )
    tenant_table(
        "match_policies",
        "policy jsonb NOT NULL",
        key="",
        constraints=(check("match_policies", "policy", "octet_length(policy::text) <= 8192"),),
        grants=KEPT,
    )


def _codes() -> None:
    tenant_table(
        "khqr_codes",
        "md5 text NOT NULL",
        "payload text NOT NULL",
        "invoice_id uuid",
        "amount_minor bigint",
        "currency char(3) NOT NULL",
        "created_at timestamptz NOT NULL",
        "expires_at timestamptz",
        key="md5",
        constraints=(
            *at_most("khqr_codes", payload=512),
            check("khqr_codes", "md5", "char_length(md5) = 32"),
        ),
        grants=APPEND_ONLY,
    )
    index("khqr_codes", "invoice_id")
