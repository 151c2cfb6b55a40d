"""The functions that remove what nobody else may: old events, and everything of an erased shop.

Both are owned by ``kasa_owner``, trust no search path, and are on the allow-list of the
catalogue test.
"""

from alembic import op

from kasa.adapters.postgres.migrations.template import APP, PLATFORM

# An event of a paper that is still open stays, and so does one that is younger than the law
# allows, whatever a clock says: the three years are counted by the database.
_ARCHIVE = """
CREATE OR REPLACE FUNCTION platform.archive(tenant uuid, before timestamptz, ids uuid[])
RETURNS TABLE (events_gone bigint, reactions_gone bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
  IF tenant IS DISTINCT FROM kasa.current_tenant() THEN
    RAISE EXCEPTION 'a shop archives its own events' USING ERRCODE = '42501';
  END IF;
  IF before > now() - interval '3 years' OR cardinality(ids) > 5000 THEN
    RAISE EXCEPTION 'events stay for three years, and go 5,000 at a time' USING ERRCODE = 'KA002';
  END IF;
  DELETE FROM kasa.reactions_done r USING kasa.events e
  WHERE r.tenant_id = archive.tenant AND r.event_id = ANY (ids)
    AND e.tenant_id = r.tenant_id AND e.id = r.event_id AND e.at < before;
  GET DIAGNOSTICS reactions_gone = ROW_COUNT;
  DELETE FROM kasa.events e
  WHERE e.tenant_id = archive.tenant AND e.id = ANY (ids) AND e.at < before
    AND NOT EXISTS (SELECT FROM kasa.invoices i WHERE i.tenant_id = e.tenant_id
      AND i.id = e.subject AND i.state NOT IN ('paid', 'void'))
    AND NOT EXISTS (SELECT FROM kasa.payments p WHERE p.tenant_id = e.tenant_id
      AND p.id = e.subject AND p.state IN ('submitted', 'waiting', 'in_review'));
  GET DIAGNOSTICS events_gone = ROW_COUNT;
  RETURN NEXT;
END $body$"""

_IS_ERASING = """
CREATE OR REPLACE FUNCTION kasa.is_erasing(shop uuid) RETURNS bool
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $body$
  SELECT current_user = 'kasa_owner' AND NOT EXISTS (
    SELECT FROM kasa.tenants t WHERE t.tenant_id = shop AND t.state <> 'erasing')
$body$"""
_KEEP_ISSUED = """
CREATE OR REPLACE FUNCTION kasa.keep_issued() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$ BEGIN
  IF OLD.number IS NOT NULL AND TG_OP = 'DELETE' AND NOT kasa.is_erasing(OLD.tenant_id) THEN
    RAISE EXCEPTION 'an issued invoice is kept' USING ERRCODE = 'KA001';
  END IF;
  IF OLD.number IS NOT NULL AND TG_OP = 'UPDATE' AND ROW({new}) IS DISTINCT FROM ROW({old}) THEN
    RAISE EXCEPTION 'an issued invoice keeps what it said' USING ERRCODE = 'KA001';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $body$"""
_KEEP_LINES = """
CREATE OR REPLACE FUNCTION kasa.keep_issued_lines() RETURNS trigger
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $body$
DECLARE line record; BEGIN
  line := CASE TG_OP WHEN 'INSERT' THEN NEW ELSE OLD END;
  IF EXISTS (SELECT FROM kasa.invoices i WHERE i.tenant_id = line.tenant_id
             AND i.id = line.invoice_id AND i.number IS NOT NULL)
     AND NOT (TG_OP = 'DELETE' AND kasa.is_erasing(line.tenant_id)) THEN
    RAISE EXCEPTION 'an issued invoice keeps its lines' USING ERRCODE = 'KA001';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $body$"""
# What issued documents froze when this revision was made; a landed revision never changes.
_FROZEN = (
    *("content", "totals", "customer_id", "currency", "gross_minor", "number", "issue_date"),
    *("due_date", "issued_at", "accounting", "riel_step", "snapshot", "digest", "revision"),
)

# The tables are found in the catalogue, children before their parents and shops last, so a table
# that a later revision makes is erased with the others. A row that points at another one of its
# own table lets go first.
_FORGET = """
CREATE OR REPLACE FUNCTION platform.forget_tenant(id uuid) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE target record; gone bigint;
BEGIN
  IF EXISTS (SELECT FROM kasa.tenants t
             WHERE t.tenant_id = forget_tenant.id AND t.state <> 'erasing') THEN
    RAISE EXCEPTION 'only a shop that is being erased is forgotten' USING ERRCODE = 'KA003';
  END IF;
  FOR target IN
    SELECT c.oid::regclass AS place, a.attname AS link
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (k.conkey)
    WHERE k.contype = 'f' AND k.conrelid = k.confrelid AND a.attname <> 'tenant_id'
      AND c.relnamespace = 'kasa'::regnamespace
    ORDER BY 1, 2
  LOOP
    EXECUTE format('UPDATE %1$s SET %2$I = NULL WHERE ctid = ANY (ARRAY(SELECT ctid FROM %1$s '
      'WHERE tenant_id = $1 AND %2$I IS NOT NULL LIMIT 5000))', target.place, target.link)
      USING forget_tenant.id;
    GET DIAGNOSTICS gone = ROW_COUNT;
    IF gone > 0 THEN RETURN gone; END IF;
  END LOOP;
  FOR target IN
    WITH RECURSIVE links AS (
      SELECT DISTINCT conrelid AS child, confrelid AS parent FROM pg_constraint
      WHERE contype = 'f' AND conrelid <> confrelid),
    places AS (
      SELECT c.oid FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE a.attname = 'tenant_id' AND NOT a.attisdropped AND c.relkind IN ('r', 'p')
        AND NOT c.relispartition
        AND c.relnamespace IN ('kasa'::regnamespace, 'platform'::regnamespace)),
    chain AS (
      SELECT oid, 0 AS depth FROM places
      UNION SELECT l.child, depth + 1 FROM chain JOIN links l ON l.parent = chain.oid
      WHERE depth < 50)
    SELECT p.oid::regclass AS place FROM places p JOIN chain ON chain.oid = p.oid
    GROUP BY p.oid
    ORDER BY p.oid = 'kasa.tenants'::regclass, max(depth) DESC, p.oid
  LOOP
    EXECUTE format('DELETE FROM %1$s WHERE ctid = ANY (ARRAY(SELECT ctid FROM %1$s '
      'WHERE tenant_id = $1 LIMIT 5000))', target.place) USING forget_tenant.id;
    GET DIAGNOSTICS gone = ROW_COUNT;
    IF gone > 0 THEN RETURN gone; END IF;
  END LOOP;
  RETURN 0;
END $body$"""


def take_out_events() -> None:
    """Make ``platform.archive``: it removes old events of the current tenant, given by id."""
    op.execute(_ARCHIVE)
    _only_for("platform.archive", APP)


def let_go_of_erased() -> None:
    """Let the owner's functions, and nobody else, remove issued documents of an erased shop."""
    op.execute(_IS_ERASING)
    _only_for("kasa.is_erasing", f"{APP}, {PLATFORM}")
    new = ", ".join(f"NEW.{column}" for column in _FROZEN)
    old = ", ".join(f"OLD.{column}" for column in _FROZEN)
    op.execute(_KEEP_ISSUED.format(new=new, old=old))
    op.execute(_KEEP_LINES)


def erase_shops() -> None:
    """Make ``platform.forget_tenant``: at most 5,000 rows a call, 0 when nothing is left."""
    op.execute(_FORGET)
    _only_for("platform.forget_tenant", PLATFORM)


def _only_for(function: str, roles: str) -> None:
    op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {roles}")
