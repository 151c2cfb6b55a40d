"""The statements of payments; every one names its tenant."""

from collections.abc import Sequence

from sqlalchemy import text

COLUMNS = (
    "id",
    "invoice_id",
    "invoice_number",
    "customer_id",
    "contact_id",
    "submission_id",
    "state",
    "source",
    "amount_minor",
    "currency",
    "paid_at",
    "precision",
    "bank",
    "points",
    "decision",
    "verdict",
    "inputs",
    "submitted_by",
    "submitted_at",
    "decided_by",
    "decided_at",
    "approvals",
    "reason",
    "unallocated_minor",
    "unallocated_currency",
    "duplicate_of",
    "asked_at",
    "waits_until",
    "version",
)
_JSON = {"verdict", "inputs"}


def _value(name: str) -> str:
    return f"CAST(:{name} AS jsonb)" if name in _JSON else f":{name}"


def _insert(table: str, columns: Sequence[str]) -> str:
    values = ", ".join(_value(name) for name in columns)
    parts = ("INSERT INTO", table, "(tenant_id,", ", ".join(columns), ") VALUES (:tenant,", values)
    return " ".join((*parts, ")"))


def _update(table: str, columns: Sequence[str]) -> str:
    changes = ", ".join(f"{name} = {_value(name)}" for name in columns if name != "id")
    parts = ("UPDATE", table, "SET", changes, "WHERE tenant_id = :tenant AND id = :id")
    return " ".join(parts)


GET = text("SELECT * FROM payments WHERE tenant_id = :tenant AND id = :id")
OF_EVENT = text(
    "SELECT p.*, p.invoice_id IS NULL OR EXISTS (SELECT FROM invoices h WHERE "
    "h.tenant_id = :tenant AND h.id = p.invoice_id AND h.number IS NOT NULL) AS answerable "
    "FROM events e JOIN payments p ON p.tenant_id = :tenant AND p.id = e.subject "
    "WHERE e.tenant_id = :tenant AND e.id = :event"
)
LOCK = text("SELECT * FROM payments WHERE tenant_id = :tenant AND id = :id FOR NO KEY UPDATE")
LOCK_PARTS = text(
    "SELECT * FROM payments WHERE tenant_id = :tenant AND (id = :id OR submission_id = "
    "(SELECT p.submission_id FROM payments p WHERE p.tenant_id = :tenant AND p.id = :id)) "
    "ORDER BY id FOR NO KEY UPDATE"
)
ADD = text(_insert("payments", COLUMNS))
_SAVED = _update("payments", COLUMNS)
SAVE = text(_SAVED)
OF_INVOICE = text(
    "SELECT * FROM payments WHERE tenant_id = :tenant AND invoice_id = :invoice ORDER BY id"
)
SUBMITTED = text(
    "SELECT count(*) FROM payments WHERE tenant_id = :tenant AND submitted_at > :at "
    "AND (CAST(:contact AS uuid) IS NULL OR contact_id = CAST(:contact AS uuid))"
)
ASK_ALONE = text(
    "SELECT pg_advisory_xact_lock(hashtextextended("
    "'kasa.asking:' || CAST(:tenant AS text) || CAST(:contact AS text), 0))"
)
ASKED = text(
    "SELECT count(*) FROM payments WHERE tenant_id = :tenant AND contact_id = :contact "
    "AND asked_at > :at"
)
PAYERS = text(
    "SELECT w.customer_id, p.evidence FROM unnest(CAST(:customers AS uuid[])) AS w (customer_id) "
    "CROSS JOIN LATERAL (SELECT q.id, q.inputs -> 'evidence' AS evidence FROM payments q "
    "WHERE q.tenant_id = :tenant AND q.customer_id = w.customer_id AND q.state = 'approved' "
    "AND q.inputs IS NOT NULL ORDER BY q.id DESC LIMIT 20) p ORDER BY w.customer_id, p.id DESC"
)
HOLD_MONEY = text(
    "SELECT pg_advisory_xact_lock(hashtextextended("
    "concat_ws('|', CAST(:tenant AS uuid), CAST(:currency AS text), CAST(:amount AS bigint)), 0))"
)
NEAR = text(
    "SELECT inputs -> 'evidence' AS evidence FROM payments WHERE tenant_id = :tenant "
    "AND currency = :currency AND amount_minor = :amount "
    "AND (CAST(:besides AS uuid) IS NULL OR id <> CAST(:besides AS uuid)) "
    "AND duplicate_of IS NULL AND inputs IS NOT NULL "
    "AND (paid_at IS NULL OR CAST(:since AS timestamptz) IS NULL "
    "OR paid_at BETWEEN CAST(:since AS timestamptz) AND CAST(:until AS timestamptz) "
    "OR EXISTS (SELECT FROM payment_references r WHERE r.tenant_id = :tenant "
    "AND r.payment_id = payments.id "
    "AND split_part(r.value, '|', 1) = ANY(CAST(:ids AS text[])))) "
    "ORDER BY coalesce(abs(extract(epoch FROM paid_at - CAST(:paid_at AS timestamptz))), 86400), "
    "id DESC LIMIT 200"
)
LISTED = text(
    "SELECT * FROM payments WHERE tenant_id = :tenant "
    "AND (CAST(:states AS text[]) IS NULL OR state = ANY(CAST(:states AS text[]))) "
    "AND (CAST(:invoice AS uuid) IS NULL OR invoice_id = CAST(:invoice AS uuid)) "
    "AND (CAST(:reason AS text) = '' OR EXISTS (SELECT FROM "
    "jsonb_array_elements_text(verdict->'reasons') AS r (code) WHERE r.code = :reason)) "
    "AND (CAST(:after AS uuid) IS NULL OR id > CAST(:after AS uuid)) "
    "ORDER BY id LIMIT :size"
)

EVIDENCE_OF = text(
    "SELECT * FROM evidence WHERE tenant_id = :tenant AND payment_id = :id ORDER BY no, id"
)
ADD_EVIDENCE = text(
    "INSERT INTO evidence (tenant_id, id, payment_id, no, source, file_id, storage_key, sha256, "
    "fields, took_ms) VALUES (:tenant, :id, :payment, (SELECT count(*) FROM evidence e "
    "WHERE e.tenant_id = :tenant AND e.payment_id = :payment), :source, :file, :storage_key, "
    ":sha256, CAST(:fields AS jsonb), :took_ms)"
)
_READ = (
    "UPDATE evidence SET fields = CAST(:fields AS jsonb) WHERE tenant_id = :tenant AND id = "
    "(SELECT e.id FROM evidence e WHERE e.tenant_id = :tenant AND e.payment_id = :id "
    "ORDER BY e.no, e.id LIMIT 1)"
)
SAVE_READ = text(f"WITH saved AS ({_SAVED} RETURNING 1) {_READ}")
SAME_FILE = text(
    "SELECT f.*, f.submitted_at AS first_seen FROM evidence mine "
    "JOIN evidence theirs ON theirs.tenant_id = :tenant AND theirs.sha256 = mine.sha256 "
    "AND theirs.payment_id <> mine.payment_id "
    "JOIN payments o ON o.tenant_id = :tenant AND o.id = theirs.payment_id "
    "JOIN payments f ON f.tenant_id = :tenant AND f.id = coalesce(o.duplicate_of, o.id) "
    "JOIN payments h ON h.tenant_id = :tenant AND h.id = mine.payment_id "
    "WHERE mine.tenant_id = :tenant AND mine.payment_id = :id AND f.id <> :id "
    "AND (f.submitted_at, f.id) < (h.submitted_at, h.id) "
    "ORDER BY f.submitted_at, f.id LIMIT 1"
)

REGISTER = text(
    "WITH registered AS (INSERT INTO payment_references "
    "(tenant_id, scheme, value, payment_id, first_seen) "
    "SELECT :tenant, k.scheme, k.value, :payment, :at "
    "FROM unnest(CAST(:schemes AS text[]), CAST(:values AS text[])) "
    "WITH ORDINALITY AS k(scheme, value, no) ORDER BY k.no "
    "ON CONFLICT (tenant_id, scheme, value) DO NOTHING RETURNING scheme, value) "
    "SELECT count(*) AS new, CASE WHEN count(*) > 0 THEN platform.reference_seen("
    "array_agg(n.scheme || chr(10) || n.value)) ELSE false END AS elsewhere FROM registered n"
)
OWNERS = text(
    "SELECT f.*, r.first_seen FROM payment_references r "
    "JOIN payments o ON o.tenant_id = :tenant AND o.id = r.payment_id "
    "JOIN payments f ON f.tenant_id = :tenant AND f.id = coalesce(o.duplicate_of, o.id) "
    "WHERE r.tenant_id = :tenant AND (r.scheme, r.value) IN (SELECT k.scheme, k.value "
    "FROM unnest(CAST(:schemes AS text[]), CAST(:values AS text[])) AS k(scheme, value)) "
    "AND (CAST(:besides AS uuid) IS NULL OR f.id <> CAST(:besides AS uuid)) "
    "ORDER BY r.first_seen, f.id LIMIT 1"
)

_ACCOUNT = (
    "SELECT a.*, (SELECT array_agg(n.name ORDER BY n.no) FROM accepted_names n "
    "WHERE n.tenant_id = :tenant AND n.account_id = a.id) AS names "
    "FROM receiving_accounts a WHERE a.tenant_id = :tenant"
)
ACCOUNT = text(f"{_ACCOUNT} AND a.id = :id")
LOCK_ACCOUNT = text(f"{_ACCOUNT} AND a.id = :id FOR NO KEY UPDATE OF a")
ACCOUNTS = text(f"{_ACCOUNT} ORDER BY a.archived_at IS NOT NULL, a.id")
_POLICY = "SELECT p.policy FROM match_policies p WHERE p.tenant_id = :tenant"
ACTIVE_ACCOUNTS = text(
    f"{_ACCOUNT} AND a.archived_at IS NULL ORDER BY a.id".replace(
        " AS names ", f" AS names, ({_POLICY}) AS policy "
    )
)
_ACCOUNT_COLUMNS = (
    "id",
    "bank",
    "number",
    "currency",
    "bakong_id",
    "account_info",
    "tag",
    "merchant_id",
    "city",
    "printed_qr",
    "short_name_alone",
    "archived_at",
    "version",
)
ADD_ACCOUNT = text(_insert("receiving_accounts", _ACCOUNT_COLUMNS))
SAVE_ACCOUNT = text(_update("receiving_accounts", _ACCOUNT_COLUMNS))
FORGET_NAMES = text("DELETE FROM accepted_names WHERE tenant_id = :tenant AND account_id = :id")
ADD_NAMES = text(
    "INSERT INTO accepted_names (tenant_id, account_id, no, name) "
    "SELECT :tenant, :id, n.no, n.name "
    "FROM unnest(CAST(:names AS text[])) WITH ORDINALITY AS n(name, no)"
)
POLICY = text(_POLICY)
SET_POLICY = text(
    "INSERT INTO match_policies (tenant_id, policy) VALUES (:tenant, CAST(:policy AS jsonb)) "
    "ON CONFLICT (tenant_id) DO UPDATE SET policy = excluded.policy"
)

ADD_CODE = text(
    "INSERT INTO khqr_codes (tenant_id, md5, payload, invoice_id, amount_minor, currency, "
    "created_at, expires_at) VALUES (:tenant, :md5, :payload, :invoice, :amount, :currency, "
    ":created_at, :expires_at) ON CONFLICT (tenant_id, md5) DO NOTHING"
)
SHOWN_FOR = text("SELECT invoice_id FROM khqr_codes WHERE tenant_id = :tenant AND md5 = :md5")
CODES_OF = text(
    "SELECT invoice_id, array_agg(md5 ORDER BY md5) AS codes FROM khqr_codes "
    "WHERE tenant_id = :tenant AND invoice_id = ANY(CAST(:invoices AS uuid[])) GROUP BY invoice_id"
)
ISSUED = text(
    "SELECT h.id FROM invoices h WHERE h.tenant_id = :tenant AND h.id = :id "
    "AND h.number IS NOT NULL"
)
DUE = text(
    "SELECT h.id, h.number, h.due_minor, h.currency, h.riel_due_minor, h.issued_at, "
    "(SELECT array_agg(k.md5) FROM khqr_codes k "
    "WHERE k.tenant_id = :tenant AND k.invoice_id = h.id) AS codes, "
    "(SELECT accept_riel FROM tenants WHERE tenant_id = :tenant) AS accept_riel "
    "FROM invoices h WHERE h.tenant_id = :tenant AND h.state IN ('open', 'uncollectible') "
    "AND h.due_minor > 0 AND (h.id = CAST(:answers AS uuid) OR CAST(:answers AS uuid) IS NULL "
    "OR NOT EXISTS (SELECT FROM invoices a WHERE a.tenant_id = :tenant "
    "AND a.id = CAST(:answers AS uuid) AND a.state IN ('open', 'uncollectible') "
    "AND a.due_minor > 0) "
    "OR h.customer_id = (SELECT a.customer_id FROM invoices a "
    "WHERE a.tenant_id = :tenant AND a.id = CAST(:answers AS uuid))) "
    "ORDER BY coalesce(h.id = CAST(:answers AS uuid), false) DESC, h.issued_at, h.id LIMIT :limit"
)
