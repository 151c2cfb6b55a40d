"""The statements of the banks' own messages; every one names its tenant."""

from sqlalchemy import text

FOUND_AT = text(
    "SELECT id FROM bank_alerts WHERE tenant_id = :tenant AND chat_id = :chat "
    "AND message_id = :message"
)
FOUND_BY_KEY = text(
    "SELECT r.alert_id FROM alert_references r "
    "JOIN unnest(CAST(:schemes AS text[]), CAST(:keys AS text[])) AS k (scheme, key) "
    "ON k.scheme = r.scheme AND k.key = r.key "
    "WHERE r.tenant_id = :tenant AND NOT r.joins_only ORDER BY r.alert_id LIMIT 1"
)
ADD_ALERT = text(
    "INSERT INTO bank_alerts (tenant_id, id, bot, chat_id, message_id, source, received_at, "
    "digest, amount_minor, currency, paid_at, credit, flags, payment_id, ignored_at, ignored_by) "
    "VALUES (:tenant, :id, :bot, :chat, :message, :source, :received_at, :digest, :amount, "
    ":currency, :paid_at, CAST(:credit AS jsonb), CAST(:flags AS text[]), :payment, "
    ":ignored_at, :ignored_by) ON CONFLICT (tenant_id, chat_id, message_id) DO NOTHING"
)
ADD_KEYS = text(
    "INSERT INTO alert_references (tenant_id, scheme, key, alert_id, joins_only) "
    "SELECT :tenant, k.scheme, k.key, :id, k.joins "
    "FROM unnest(CAST(:schemes AS text[]), CAST(:keys AS text[]), CAST(:joins AS bool[])) "
    "AS k (scheme, key, joins) ORDER BY k.scheme, k.key "
    "ON CONFLICT (tenant_id, scheme, key) WHERE NOT joins_only DO NOTHING"
)
GET_ALERT = text("SELECT * FROM bank_alerts WHERE tenant_id = :tenant AND id = :id")
LOCK_ALERT = text(
    "SELECT * FROM bank_alerts WHERE tenant_id = :tenant AND id = :id FOR NO KEY UPDATE"
)
SAVE_ALERT = text(
    "UPDATE bank_alerts SET flags = CAST(:flags AS text[]), ignored_at = :ignored_at, "
    "ignored_by = :ignored_by WHERE tenant_id = :tenant AND id = :id"
)
JOIN_ALERT = text(
    "UPDATE bank_alerts SET payment_id = :payment WHERE tenant_id = :tenant AND id = :id "
    "AND payment_id IS NULL AND ignored_at IS NULL"
)
HOLD_ALERTS = text(
    "SELECT pg_advisory_xact_lock(hashtextextended(concat_ws('|', 'alerts', "
    "CAST(:tenant AS uuid), CAST(:currency AS text), CAST(:amount AS bigint)), 0))"
)
UNJOINED = text(
    "SELECT * FROM bank_alerts WHERE tenant_id = :tenant AND currency = :currency "
    "AND amount_minor = :amount AND received_at >= :since "
    "AND payment_id IS NULL AND ignored_at IS NULL "
    "ORDER BY abs(extract(epoch FROM paid_at - CAST(:near AS timestamptz))) NULLS LAST, "
    "id DESC LIMIT :limit"
)
WITHOUT_ALERT = text(
    "SELECT * FROM payments p WHERE p.tenant_id = :tenant AND p.currency = :currency "
    "AND p.amount_minor = :amount AND p.submitted_at >= :since AND p.source = 'screenshot' "
    "AND p.state IN ('waiting', 'in_review', 'approved') AND p.inputs IS NOT NULL "
    "AND NOT EXISTS (SELECT FROM bank_alerts a WHERE a.tenant_id = :tenant "
    "AND a.payment_id = p.id) "
    "ORDER BY abs(extract(epoch FROM p.paid_at - CAST(:near AS timestamptz))) NULLS LAST, "
    "p.id DESC LIMIT :limit"
)
OF_PAYMENT = text(
    "SELECT * FROM bank_alerts WHERE tenant_id = :tenant AND payment_id = :payment ORDER BY id"
)
LISTED_ALERTS = text(
    "SELECT * FROM bank_alerts WHERE tenant_id = :tenant "
    "AND (NOT CAST(:unassigned AS bool) OR (payment_id IS NULL AND ignored_at IS NULL)) "
    "AND (CAST(:after AS uuid) IS NULL OR id > CAST(:after AS uuid)) ORDER BY id LIMIT :size"
)
