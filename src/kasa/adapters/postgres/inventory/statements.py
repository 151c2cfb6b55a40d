"""The two statements of every stock work: lock in key order, then write all of it at once."""

from sqlalchemy import text

BOOK = (
    "SELECT l.*, s.code, s.unit_code, s.scale, s.packs FROM stock_levels l "
    "JOIN skus s ON (s.tenant_id, s.id) = (l.tenant_id, l.sku_id) "
    "WHERE l.tenant_id = :tenant AND l.sku_id = ANY(:skus) AND l.location_id = :location "
    "ORDER BY l.sku_id, l.location_id"
)
READ = text(BOOK)
LOCK = text(BOOK + " FOR NO KEY UPDATE OF l")

_LEVEL = (
    "on_hand, reserved, owed, value_minor, version, backorder, tracked, low_at, rearm_at, "
    "low_armed, alert_no, counted_at, moved_at"
)
_LEVEL_TYPES = (
    "on_hand bigint, reserved bigint, owed bigint, value_minor bigint, version bigint, "
    "backorder boolean, tracked boolean, low_at bigint, rearm_at bigint, low_armed boolean, "
    "alert_no int, counted_at timestamptz, moved_at timestamptz"
)
_NEW_LEVEL = ", ".join(f"x.{name}" for name in _LEVEL.split(", "))
_MOVEMENT_TYPES = (
    "id uuid, sku_id uuid, location_id uuid, version bigint, kind text, d_on_hand bigint, "
    "d_reserved bigint, d_owed bigint, d_value_minor bigint, on_hand_after bigint, "
    "reserved_after bigint, owed_after bigint, value_after_minor bigint, reason text, note text, "
    "source_kind text, source_id uuid, source_line int, key text, reverses uuid, at timestamptz, "
    "effective_on date, by uuid, cost_unknown boolean"
)
_MOVEMENT = ", ".join(part.split()[0] for part in _MOVEMENT_TYPES.split(", "))
_RESERVATION_TYPES = (
    "id uuid, source_kind text, source_id uuid, source_line int, sku_id uuid, location_id uuid, "
    "quantity bigint, state text, reason text, expires_at timestamptz, round int, part int, "
    "taken bigint, owed bigint, owed_at timestamptz, cost_minor bigint, returned bigint, "
    "returned_cost_minor bigint, at timestamptz, note text"
)
_RESERVATION = ", ".join(part.split()[0] for part in _RESERVATION_TYPES.split(", "))
_CHANGING = (
    "quantity, state, reason, expires_at, round, part, taken, owed, owed_at, cost_minor, "
    "returned, returned_cost_minor"
)
_CHANGED = ", ".join(f"excluded.{name}" for name in _CHANGING.split(", "))

WRITE = text(
    f"WITH moved AS (INSERT INTO stock_movements (tenant_id, {_MOVEMENT}) "
    f"SELECT :tenant, m.* FROM jsonb_to_recordset(CAST(:movements AS jsonb)) "
    f"AS m({_MOVEMENT_TYPES}) RETURNING 1), "
    f"changed AS (UPDATE stock_levels l SET ({_LEVEL}) = ROW ({_NEW_LEVEL}) "
    f"FROM jsonb_to_recordset(CAST(:levels AS jsonb)) "
    f"AS x(sku_id uuid, location_id uuid, {_LEVEL_TYPES}, was bigint) "
    "WHERE l.tenant_id = :tenant AND l.sku_id = x.sku_id AND l.location_id = x.location_id "
    "AND l.version = x.was RETURNING 1), "
    f"kept AS (INSERT INTO stock_reservations AS r (tenant_id, {_RESERVATION}) "
    f"SELECT :tenant, z.* FROM jsonb_to_recordset(CAST(:reservations AS jsonb)) "
    f"AS z({_RESERVATION_TYPES}) ON CONFLICT (tenant_id, id) "
    f"DO UPDATE SET ({_CHANGING}) = ROW ({_CHANGED}) RETURNING 1) "
    "SELECT (SELECT count(*) FROM moved) AS moved, (SELECT count(*) FROM changed) AS changed, "
    "(SELECT count(*) FROM kept) AS kept"
)

OWED_PER_SKU = 200
_RESERVED = "SELECT r.* FROM stock_reservations r WHERE r.tenant_id = :tenant "
OF_SOURCE = text(
    _RESERVED + "AND r.source_kind = :kind AND r.source_id = :source ORDER BY r.source_line"
)
RESERVATION = text(_RESERVED + "AND r.id = :id")
HELD = text(_RESERVED + "AND r.state = 'held' AND r.sku_id = ANY(:skus) ORDER BY r.at, r.id")
EXPIRED = text(
    _RESERVED + "AND r.state = 'held' AND r.sku_id = ANY(:skus) AND r.expires_at <= :now "
    "ORDER BY r.at, r.id"
)
OWED = text(
    "SELECT o.* FROM (SELECT r.*, row_number() OVER (PARTITION BY r.sku_id "
    "ORDER BY r.owed_at, r.id) AS turn FROM stock_reservations r "
    "WHERE r.tenant_id = :tenant AND r.owed > 0 AND r.sku_id = ANY(:skus)) o "
    "WHERE o.turn <= :most ORDER BY o.sku_id, o.turn"
)
MOVEMENT = text("SELECT m.* FROM stock_movements m WHERE m.tenant_id = :tenant AND m.id = :id")
REVERSED = text(
    "SELECT EXISTS (SELECT FROM stock_movements WHERE tenant_id = :tenant AND reverses = :id)"
)
SEEN = text(
    "SELECT version, on_hand_after FROM stock_movements WHERE tenant_id = :tenant "
    "AND sku_id = :sku AND location_id = :location AND at <= :at ORDER BY version DESC LIMIT 1"
)
DUE = text(
    "SELECT sku_id FROM stock_reservations WHERE tenant_id = :tenant AND state = 'held' "
    "AND expires_at <= :now UNION SELECT sku_id FROM stock_levels WHERE tenant_id = :tenant "
    "AND owed > 0 AND (backorder AND on_hand > 0 OR on_hand > reserved) "
    "ORDER BY sku_id LIMIT :limit"
)
MANUAL = text(
    "SELECT count(*) FROM stock_reservations WHERE tenant_id = :tenant AND state = 'held' "
    "AND source_kind = 'manual'"
)
_VALUING = "hashtextextended('kasa.valuing:' || CAST(:tenant AS text), 0)"
VALUE_SOME = text(f"SELECT pg_advisory_xact_lock_shared({_VALUING})")
VALUE_NONE = text(f"SELECT pg_advisory_xact_lock({_VALUING})")
COST_CURRENCY = text("SELECT cost_currency FROM tenants WHERE tenant_id = :tenant")
VALUED = text(
    "SELECT EXISTS (SELECT FROM stock_movements WHERE tenant_id = :tenant AND d_value_minor <> 0)"
)
HISTORY = text(
    "SELECT m.* FROM stock_movements m WHERE m.tenant_id = :tenant AND m.sku_id = :sku "
    "AND m.location_id = :location ORDER BY m.version"
)
REWRITE = text(
    "UPDATE stock_levels SET (on_hand, reserved, owed, value_minor, version, moved_at) "
    "= ROW (:on_hand, :reserved, :owed, :value_minor, :version, CAST(:moved_at AS timestamptz)) "
    "WHERE tenant_id = :tenant AND sku_id = :sku AND location_id = :location"
)
CHECKS = ("on_hand", "reserved", "owed", "value", "version", "after", "held", "owing", "waiting")
DRIFTS = text(
    "WITH sums AS (SELECT sku_id, location_id, sum(d_on_hand) AS on_hand, "
    "sum(d_reserved) AS reserved, sum(d_owed) AS owed, sum(d_value_minor) AS value, "
    "count(*) AS moved, max(version) AS last FROM stock_movements WHERE tenant_id = :tenant "
    "GROUP BY sku_id, location_id), "
    "promised AS (SELECT sku_id, location_id, "
    "sum(quantity) FILTER (WHERE state = 'held') AS held, sum(owed) AS owing "
    "FROM stock_reservations WHERE tenant_id = :tenant GROUP BY sku_id, location_id), "
    "checked AS (SELECT l.sku_id, l.location_id, "
    "l.on_hand = coalesce(s.on_hand, 0) AS on_hand, "
    "l.reserved = coalesce(s.reserved, 0) AS reserved, "
    "l.owed = coalesce(s.owed, 0) AS owed, "
    "l.value_minor = coalesce(s.value, 0) AS value, "
    "l.version = coalesce(s.moved, 0) AND l.version = coalesce(s.last, 0) AS version, "
    "(l.on_hand, l.reserved, l.owed, l.value_minor) = (coalesce(m.on_hand_after, 0), "
    "coalesce(m.reserved_after, 0), coalesce(m.owed_after, 0), coalesce(m.value_after_minor, 0)) "
    "AS after, "
    "l.reserved = coalesce(p.held, 0) AS held, l.owed = coalesce(p.owing, 0) AS owing, "
    "l.owed = 0 OR (CASE WHEN l.backorder THEN l.on_hand ELSE l.on_hand - l.reserved END) <= 0 "
    "AS waiting FROM stock_levels l "
    "LEFT JOIN sums s ON (s.sku_id, s.location_id) = (l.sku_id, l.location_id) "
    "LEFT JOIN promised p ON (p.sku_id, p.location_id) = (l.sku_id, l.location_id) "
    "LEFT JOIN stock_movements m ON (m.tenant_id, m.sku_id, m.location_id, m.version) "
    "= (l.tenant_id, l.sku_id, l.location_id, s.last) WHERE l.tenant_id = :tenant) "
    "SELECT * FROM checked WHERE NOT (on_hand AND reserved AND owed AND value AND version "
    "AND after AND held AND owing AND waiting) ORDER BY sku_id, location_id"
)
