"""The banks' own messages to the merchant, and the keys that make each of them count once."""

from kasa.adapters.postgres.migrations.template import (
    APPEND_ONLY,
    at_most,
    check,
    foreign,
    index,
    one_of,
    tenant_table,
    unique,
)

revision = "r0006_alerts"
down_revision = "r0005_payments"

KEPT = "SELECT, INSERT, UPDATE"


def upgrade() -> None:
    """Make the tables of alerts."""
    tenant_table(
        "bank_alerts",
        "id uuid NOT NULL",
        "bot text NOT NULL",
        "chat_id bigint NOT NULL",
        "message_id bigint NOT NULL",
        "source text NOT NULL",
        "received_at timestamptz NOT NULL",
        "digest text NOT NULL",
        "amount_minor bigint NOT NULL",
        "currency char(3) NOT NULL",
        "paid_at timestamptz NOT NULL",
        "credit jsonb NOT NULL",
        "flags text[] NOT NULL",
        "payment_id uuid",
        "ignored_at timestamptz",
        "ignored_by uuid",
        key="id",
        constraints=(
            *at_most("bank_alerts", bot=64),
            one_of("bank_alerts", "source", "bank_alert", "alert_ingested"),
            check("bank_alerts", "digest", "char_length(digest) = 64"),
            check("bank_alerts", "amount_minor", "amount_minor > 0"),
            check("bank_alerts", "credit", "octet_length(credit::text) <= 16384"),
            check("bank_alerts", "flags", "cardinality(flags) <= 8"),
            check("bank_alerts", "ignored_at", "ignored_at IS NULL OR payment_id IS NULL"),
            foreign("bank_alerts", "payment_id", "payments"),
        ),
        grants=KEPT,
    )
    unique("bank_alerts", "chat_id, message_id")
    index("bank_alerts", "currency, amount_minor, received_at", where="payment_id IS NULL")
    index("bank_alerts", "payment_id", where="payment_id IS NOT NULL")
    tenant_table(
        "alert_references",
        "scheme text NOT NULL",
        "key text NOT NULL",
        "alert_id uuid NOT NULL",
        "joins_only bool NOT NULL",
        key="alert_id, scheme, key",
        constraints=(
            *at_most("alert_references", scheme=40),
            check("alert_references", "key", "char_length(key) BETWEEN 4 AND 120"),
            foreign("alert_references", "alert_id", "bank_alerts"),
        ),
        grants=APPEND_ONLY,
    )
    unique("alert_references", "scheme, key", where="NOT joins_only")
