"""Invoices with lines and entries, customers, credit, credit notes, numbers, rates."""

from kasa.adapters.postgres.migrations.issued import keep_issued
from kasa.adapters.postgres.migrations.template import (
    APPEND_ONLY,
    COUNTER_FILLFACTOR,
    at_most,
    check,
    foreign,
    index,
    one_of,
    tenant_table,
    unique,
)

revision = "r0004_invoicing"
down_revision = "r0003_inventory"

MINOR = "BETWEEN 0 AND 999999999999999"
KINDS = (
    *("payment", "payment_reversed", "refund", "credit_note", "credit_applied"),
    *("credit_released", "credit_granted", "grant_reversed"),
)


def _columns(text: str) -> list[str]:
    """Return column definitions that are told in one text."""
    return text.split(", ")


def _json(table: str, *columns: str) -> tuple[str, ...]:
    """Return the checks of columns that hold documents: at most 1 MiB each."""
    return tuple(check(table, one, f"octet_length({one}) <= 1048576") for one in columns)


def upgrade() -> None:
    """Make the tables of invoicing, and the triggers that keep issued documents."""
    _customers()
    _invoices()
    _lines()
    _entries()
    _copies()
    _credit()
    _notes()
    _numbers()
    keep_issued()


def _customers() -> None:
    tenant_table(
        "customers",
        *_columns(
            "id uuid NOT NULL, name text NOT NULL, name_key text NOT NULL, "
            "name_km text NOT NULL, phone text, email text NOT NULL, "
            "address text NOT NULL, tin text NOT NULL, country text NOT NULL, "
            "language text NOT NULL, external_ref text, created_at timestamptz NOT NULL, "
            "updated_at timestamptz NOT NULL, archived_at timestamptz, "
            "archived bool NOT NULL, version int NOT NULL"
        ),
        key="id",
        constraints=(
            *at_most("customers", name=200, name_key=800, name_km=200, phone=16, email=254),
            *at_most("customers", address=500, tin=40, country=2, language=5, external_ref=64),
        ),
        grants="SELECT, INSERT, UPDATE",
    )
    unique("customers", "phone", where="phone IS NOT NULL")
    unique("customers", "external_ref", where="external_ref IS NOT NULL")
    index("customers", "archived, name_key, id")
    index("customers", "updated_at")


def _invoices() -> None:
    tenant_table(
        "invoices",
        *_columns(
            "id uuid NOT NULL, state text NOT NULL, version int NOT NULL, "
            "revision int NOT NULL, customer_id uuid, currency char(3) NOT NULL, "
            "content text NOT NULL, totals text NOT NULL, gross_minor bigint NOT NULL, "
            "due_minor bigint NOT NULL, riel_due_minor bigint, riel_step int NOT NULL, "
            "number text, series text, series_year int, series_number bigint, "
            "issue_date date, due_date date, issued_at timestamptz, "
            "listed_at timestamptz NOT NULL, accounting text, snapshot text, digest text, "
            "internal_note text NOT NULL, entries_count int NOT NULL, "
            "notes_count int NOT NULL, reviews uuid[] NOT NULL, reason text NOT NULL, "
            "paid_at timestamptz, created_at timestamptz NOT NULL, "
            "updated_at timestamptz NOT NULL"
        ),
        key="id",
        constraints=(
            foreign("invoices", "customer_id", "customers"),
            one_of("invoices", "state", *["draft", "open", "paid", "uncollectible", "void"]),
            check("invoices", "gross_minor", f"gross_minor {MINOR}"),
            check("invoices", "due_minor", f"due_minor {MINOR} AND due_minor <= gross_minor"),
            check("invoices", "riel_step", "riel_step >= 1"),
            check("invoices", "issued", "(number IS NULL) = (snapshot IS NULL)"),
            *_json("invoices", "content", "totals", "accounting", "snapshot"),
            *at_most("invoices", number=25, series=8, digest=64, internal_note=2000, reason=300),
        ),
    )
    unique("invoices", "number", where="number IS NOT NULL")
    index("invoices", "listed_at DESC, id DESC")
    index("invoices", "state, listed_at DESC, id DESC")
    index("invoices", "customer_id, listed_at DESC, id DESC")
    payable = "state IN ('open', 'uncollectible')"
    index("invoices", "currency, due_minor", where=payable)
    index("invoices", "riel_due_minor", where=payable)
    index("invoices", "due_date", where="state = 'open'")
    index("invoices", "updated_at")


def _lines() -> None:
    tenant_table(
        "invoice_lines",
        *_columns(
            "invoice_id uuid NOT NULL, no int NOT NULL, revision int NOT NULL, "
            "product_id uuid, sku_id uuid, quantity numeric(16,6) NOT NULL, "
            "unit_code text NOT NULL, unit_price numeric(18,6) NOT NULL, "
            "category text NOT NULL, percent numeric(7,4) NOT NULL, "
            "amount_minor bigint NOT NULL, discount_minor bigint NOT NULL, "
            "document_discount_minor bigint NOT NULL, tax_minor bigint NOT NULL, "
            "issued_at timestamptz, item text NOT NULL"
        ),
        key="invoice_id, no",
        constraints=(
            foreign("invoice_lines", "invoice_id", "invoices"),
            check("invoice_lines", "no", "no BETWEEN 1 AND 500"),
            check("invoice_lines", "quantity", "quantity > 0 AND quantity <= 1000000000"),
            check("invoice_lines", "unit_price", "unit_price >= 0"),
            check("invoice_lines", "amount_minor", f"amount_minor {MINOR}"),
            *at_most("invoice_lines", unit_code=64, category=2, item=8000),
        ),
    )
    index("invoice_lines", "product_id, issued_at")


def _entries() -> None:
    tenant_table(
        "invoice_entries",
        *_columns(
            "invoice_id uuid NOT NULL, no int NOT NULL, kind text NOT NULL, "
            "amount_minor bigint NOT NULL, currency char(3) NOT NULL, payment_id uuid, "
            "approval int, note_id uuid, paid_in_minor bigint, paid_in_currency char(3), "
            "at timestamptz NOT NULL, by uuid"
        ),
        key="invoice_id, no",
        constraints=(
            foreign("invoice_entries", "invoice_id", "invoices"),
            one_of("invoice_entries", "kind", *KINDS),
            check("invoice_entries", "amount_minor", f"amount_minor > 0 AND amount_minor {MINOR}"),
        ),
        grants=APPEND_ONLY,
    )
    unique(
        "invoice_entries",
        "payment_id, invoice_id, kind, approval",
        where="payment_id IS NOT NULL AND kind <> 'refund'",
    )


def _copies() -> None:
    tenant_table(
        "invoice_copies",
        *_columns(
            "invoice_id uuid NOT NULL, file_id uuid NOT NULL, mark text NOT NULL, "
            "digest text NOT NULL, at timestamptz NOT NULL, copy text NOT NULL"
        ),
        key="file_id",
        constraints=(
            foreign("invoice_copies", "invoice_id", "invoices"),
            one_of("invoice_copies", "mark", "original", "paid", "void"),
            *at_most("invoice_copies", digest=64, copy=100000),
        ),
        grants=APPEND_ONLY,
    )
    index("invoice_copies", "invoice_id, file_id")


def _credit() -> None:
    tenant_table(
        "customer_credits",
        *_columns(
            "customer_id uuid NOT NULL, currency char(3) NOT NULL, "
            "balance_minor bigint NOT NULL, version int NOT NULL"
        ),
        key="customer_id, currency",
        constraints=(foreign("customer_credits", "customer_id", "customers"),),
        grants="SELECT, INSERT, UPDATE",
    )
    tenant_table(
        "customer_credit_entries",
        *_columns(
            "id uuid NOT NULL, customer_id uuid NOT NULL, currency char(3) NOT NULL, "
            "change_minor bigint NOT NULL, invoice_id uuid, entry_no int, "
            "text text NOT NULL, at timestamptz NOT NULL, by uuid"
        ),
        key="id",
        constraints=(
            foreign("customer_credit_entries", "customer_id", "customers"),
            check("customer_credit_entries", "change_minor", "change_minor <> 0"),
            *at_most("customer_credit_entries", text=300),
        ),
        grants=APPEND_ONLY,
    )
    index("customer_credit_entries", "customer_id, currency, id")


def _notes() -> None:
    tenant_table(
        "credit_notes",
        *_columns(
            "id uuid NOT NULL, invoice_id uuid NOT NULL, number text NOT NULL, "
            "issue_date date NOT NULL, issued_at timestamptz NOT NULL, "
            "currency char(3) NOT NULL, net_minor bigint NOT NULL, "
            "tax_minor bigint NOT NULL, total_minor bigint NOT NULL, note text NOT NULL, "
            "snapshot text NOT NULL, digest text NOT NULL"
        ),
        key="id",
        constraints=(
            foreign("credit_notes", "invoice_id", "invoices"),
            check("credit_notes", "total_minor", f"total_minor {MINOR}"),
            *_json("credit_notes", "note", "snapshot"),
            *at_most("credit_notes", number=25, digest=64),
        ),
        grants=APPEND_ONLY,
    )
    unique("credit_notes", "number")
    index("credit_notes", "invoice_id, id")
    index("credit_notes", "issue_date, id")


def _numbers() -> None:
    tenant_table(
        "number_series",
        *_columns(
            "series text NOT NULL, year int NOT NULL, first bigint NOT NULL, "
            "next bigint NOT NULL, template text NOT NULL, last_issued_on date NOT NULL"
        ),
        key="series, year",
        constraints=(
            check("number_series", "next", "first >= 1 AND next >= first"),
            *at_most("number_series", series=8, template=100),
        ),
        grants="SELECT, INSERT, UPDATE",
        fillfactor=COUNTER_FILLFACTOR,
    )
    tenant_table(
        "exchange_rates",
        *_columns(
            "base char(3) NOT NULL, quote char(3) NOT NULL, source text NOT NULL, "
            "day date NOT NULL, rate numeric(18,6) NOT NULL, reference text NOT NULL"
        ),
        key="base, quote, source, day",
        constraints=(
            one_of("exchange_rates", "source", "nbc_daily", "gdt_monthly", "market", "merchant"),
            check("exchange_rates", "rate", "rate > 0 AND rate < 1000000000"),
            *at_most("exchange_rates", reference=200),
        ),
        grants="SELECT, INSERT, UPDATE",
    )
