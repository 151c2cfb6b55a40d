"""The statements of invoices: one write each, whatever the number of lines and entries."""

from sqlalchemy import text

_ITEMS = (
    "(SELECT array_agg(l.item ORDER BY l.no) FROM invoice_lines l "
    "WHERE l.tenant_id = :tenant AND l.invoice_id = h.id) AS items, "
    "(SELECT max(l.revision) FROM invoice_lines l "
    "WHERE l.tenant_id = :tenant AND l.invoice_id = h.id) AS lines_revision"
)
_SHOW = f"SELECT h.*, {_ITEMS} FROM invoices h WHERE h.tenant_id = :tenant"

GET = text(f"{_SHOW} AND h.id = :id")
LOCK = text(f"{_SHOW} AND h.id = :id FOR NO KEY UPDATE OF h")
BY_NUMBER = text(f"{_SHOW} AND h.number = :number")
LINES = text(
    "SELECT l.item FROM invoice_lines l "
    "WHERE l.tenant_id = :tenant AND l.invoice_id = :id ORDER BY l.no"
)
ENTRIES = text(
    "SELECT e.* FROM invoice_entries e "
    "WHERE e.tenant_id = :tenant AND e.invoice_id = :id ORDER BY e.no"
)
CANDIDATES = text(
    f"""{_SHOW} AND h.state IN ('open', 'uncollectible') AND (CAST(:every AS bool)
  OR (CAST(h.currency AS text), h.due_minor) IN
    (SELECT * FROM unnest(CAST(:currencies AS text[]), CAST(:minors AS bigint[])))
  OR h.riel_due_minor = ANY(CAST(:riel AS bigint[]))
  OR h.number = ANY(CAST(:numbers AS text[]))
  OR h.customer_id = CAST(:customer AS uuid))
ORDER BY (h.number = ANY(CAST(:numbers AS text[]))) DESC, h.issued_at, h.id LIMIT :limit"""
)
_LINE_COLUMNS = (
    "no int, product_id uuid, sku_id uuid, quantity numeric, unit_code text, unit_price numeric, "
    "category text, percent numeric, amount_minor bigint, discount_minor bigint, "
    "document_discount_minor bigint, tax_minor bigint, item text"
)
_LINE_NAMES = ", ".join(part.split()[0] for part in _LINE_COLUMNS.split(", "))
_LINES_WRITTEN = f"""INSERT INTO invoice_lines
    (tenant_id, invoice_id, revision, issued_at, {_LINE_NAMES})
  SELECT :tenant, :id, :revision, :issued_at, {_LINE_NAMES}
  FROM jsonb_to_recordset(CAST(:lines AS jsonb)) AS l({_LINE_COLUMNS})"""
_LINES_KEPT = (
    f"{_LINES_WRITTEN} ON CONFLICT (tenant_id, invoice_id, no) DO UPDATE SET "
    + ", ".join(
        f"{name} = excluded.{name}"
        for name in ("revision", "issued_at", *_LINE_NAMES.split(", ")[1:])
    )
)
HEADER = (
    "id",
    "state",
    "version",
    "revision",
    "customer_id",
    "currency",
    "content",
    "totals",
    "gross_minor",
    "due_minor",
    "riel_due_minor",
    "riel_step",
    "number",
    "series",
    "series_year",
    "series_number",
    "issue_date",
    "due_date",
    "issued_at",
    "listed_at",
    "accounting",
    "snapshot",
    "digest",
    "internal_note",
    "entries_count",
    "notes_count",
    "reviews",
    "reason",
    "paid_at",
    "external_ref",
    "metadata",
    "created_at",
    "updated_at",
)
MOVED = (
    "state",
    "version",
    "due_minor",
    "riel_due_minor",
    "internal_note",
    "entries_count",
    "notes_count",
    "reviews",
    "reason",
    "paid_at",
    "external_ref",
    "metadata",
    "updated_at",
)
"""What still changes once an invoice is issued."""

ADD = text(
    f"""WITH header AS (INSERT INTO invoices (tenant_id, {", ".join(HEADER)})
  SELECT :tenant, {", ".join(f":{name}" for name in HEADER)}
  WHERE (SELECT count(*) FROM invoices WHERE tenant_id = :tenant AND state = 'draft') < :drafts
  RETURNING 1), kept AS ({_LINES_WRITTEN} WHERE EXISTS (SELECT FROM header) RETURNING 1)
SELECT count(*) FROM header"""
)
_BOOKED = """booked AS (INSERT INTO invoice_entries (tenant_id, invoice_id, no, kind,
    amount_minor, currency, payment_id, approval, note_id, paid_in_minor, paid_in_currency, at, by)
  SELECT :tenant, :id, no, kind, amount_minor, currency, payment_id, approval, note_id,
    paid_in_minor, paid_in_currency, at, by
  FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS e(no int, kind text, amount_minor bigint,
    currency text, payment_id uuid, approval int, note_id uuid, paid_in_minor bigint,
    paid_in_currency text, at timestamptz, by uuid) RETURNING 1),
 credited AS (INSERT INTO customer_credit_entries
    (tenant_id, id, customer_id, currency, change_minor, invoice_id, entry_no, text, at, by)
  SELECT :tenant, id, CAST(:customer_id AS uuid), currency, change_minor, :id, no, '', at, by
  FROM jsonb_to_recordset(CAST(:changes AS jsonb)) AS c(id uuid, currency text,
    change_minor bigint, no int, at timestamptz, by uuid) RETURNING currency, change_minor),
 balanced AS (INSERT INTO customer_credits AS c
    (tenant_id, customer_id, currency, balance_minor, version)
  SELECT :tenant, CAST(:customer_id AS uuid), currency, sum(change_minor), count(*)
  FROM credited GROUP BY currency
  ON CONFLICT (tenant_id, customer_id, currency) DO UPDATE
  SET balance_minor = c.balance_minor + excluded.balance_minor,
    version = c.version + excluded.version RETURNING 1)"""


def _assigned(names: tuple[str, ...]) -> str:
    return ", ".join(f"{name} = :{name}" for name in names if name != "id")


SAVE_WHOLE = text(
    f"""WITH header AS (UPDATE invoices SET {_assigned(HEADER)}
  WHERE tenant_id = :tenant AND id = :id AND version < :version RETURNING 1),
 kept AS ({_LINES_KEPT} RETURNING 1),
 cut AS (DELETE FROM invoice_lines WHERE tenant_id = :tenant AND invoice_id = :id
   AND no > :line_count RETURNING 1),
 {_BOOKED} SELECT count(*) FROM header"""
)
SAVE_MOVED = text(
    f"""WITH header AS (UPDATE invoices SET {_assigned(MOVED)}
  WHERE tenant_id = :tenant AND id = :id AND version < :version RETURNING 1),
 {_BOOKED} SELECT count(*) FROM header"""
)
ADD_COPY = text(
    "INSERT INTO invoice_copies (tenant_id, invoice_id, file_id, mark, digest, at, copy) "
    "VALUES (:tenant, :invoice, :file, :mark, :digest, :at, :copy)"
)
HOLDER = text(
    "SELECT id FROM invoices WHERE tenant_id = :tenant AND id <> :id "
    "AND external_ref = :external_ref"
)
COPIES = text(
    "SELECT copy FROM invoice_copies WHERE tenant_id = :tenant AND invoice_id = :id "
    "ORDER BY file_id"
)
CUT_LINES = text("DELETE FROM invoice_lines WHERE tenant_id = :tenant AND invoice_id = :id")
DISCARD = text("DELETE FROM invoices WHERE tenant_id = :tenant AND id = :id AND state = 'draft'")
