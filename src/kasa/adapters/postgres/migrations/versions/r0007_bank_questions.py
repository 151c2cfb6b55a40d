"""What the bank was asked about payments and codes."""

from kasa.adapters.postgres.migrations.template import at_most, check, foreign, index, tenant_table

revision = "r0007_bank_questions"
down_revision = "r0006_alerts"


def upgrade() -> None:
    """Make the table of questions."""
    tenant_table(
        "bank_questions",
        "id uuid NOT NULL",
        "payment_id uuid",
        "invoice_id uuid",
        "kind text NOT NULL",
        "value text NOT NULL",
        "asked_at timestamptz NOT NULL",
        "answer text NOT NULL",
        "http_status smallint NOT NULL",
        key="id",
        constraints=(
            *at_most("bank_questions", kind=20, value=120, answer=20),
            check("bank_questions", "http_status", "http_status BETWEEN 0 AND 999"),
            foreign("bank_questions", "payment_id", "payments"),
        ),
        grants="SELECT, INSERT, UPDATE",
    )
    index("bank_questions", "payment_id, asked_at")
    index("bank_questions", "invoice_id")
    index("bank_questions", "value, asked_at")
    index("bank_questions", "asked_at")
