"""The functions that say who passes, and those that keep one-time links, for every door.

All are owned by ``kasa_owner``, trust no search path, and are on the allow-list of the catalogue
test. On a server that can only be read they answer and write nothing. The moment is handed in by
the door; only rates count by the clock of the database.
"""

from alembic import op

from kasa.adapters.postgres.migrations.template import APP, PLATFORM

_MAY_WRITE = "current_setting('transaction_read_only') = 'off'"
_RATE = f"""IF n > 0 AND {_MAY_WRITE} THEN
    INSERT INTO platform.rates AS r (key, taken, window_start) VALUES (rate_key, n, now())
    ON CONFLICT (key) DO UPDATE SET
      taken = CASE WHEN r.window_start <= now() - "window" THEN n ELSE r.taken + n END,
      window_start = CASE WHEN r.window_start <= now() - "window" THEN now()
        ELSE r.window_start END
    RETURNING r.taken, ceil(extract(epoch FROM r.window_start + "window" - now()))::int
    INTO taken, retry_after;
  END IF;"""  # noqa: S608  # a constant is put in

# A session of the web lives for 12 hours more from when it was used. One that somebody else is
# writing just now is not written a second time.
_ACTOR = f"""
CREATE OR REPLACE FUNCTION platform.actor(session uuid, cookie bytea, tenant uuid,
  rate_key bytea, n int, "window" interval, at timestamptz)
RETURNS TABLE (session_id uuid, user_id uuid, confirmed_at timestamptz, second_factor bool,
  operator bool, language text, tenant_id uuid, tenant_state text, role text, version int,
  staff_may_review bool, admins_manage_members bool, taken int, retry_after int)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
#variable_conflict use_column
DECLARE found_at timestamptz;
BEGIN
  SELECT s.id, s.user_id, s.confirmed_at, s.second_factor, u.operator, u.language, s.used_at,
    CASE WHEN actor.cookie IS NULL THEN actor.tenant ELSE coalesce(actor.tenant, s.tenant_id) END
  INTO session_id, user_id, confirmed_at, second_factor, operator, language, found_at, tenant_id
  FROM platform.sessions s JOIN platform.users u ON u.id = s.user_id
  WHERE CASE WHEN actor.cookie IS NULL THEN s.id = actor.session
    ELSE s.token_hash = actor.cookie END
    AND s.ended_at IS NULL AND s.expires_at > actor.at AND u.disabled_at IS NULL;
  IF NOT FOUND THEN RETURN; END IF;
  SELECT t.state, m.role, m.version, t.staff_may_review, t.admins_manage_members
  INTO tenant_state, role, version, staff_may_review, admins_manage_members
  FROM kasa.tenants t LEFT JOIN kasa.memberships m
    ON m.tenant_id = t.tenant_id AND m.user_id = actor.user_id
  WHERE t.tenant_id = actor.tenant_id;
  {_RATE}
  IF found_at <= actor.at - interval '10 minutes' AND {_MAY_WRITE} THEN
    UPDATE platform.sessions w SET used_at = actor.at, expires_at = CASE w.kind WHEN 'web'
      THEN least(actor.at + interval '12 hours', w.created_at + interval '30 days')
      ELSE w.expires_at END
    WHERE w.id = (SELECT s.id FROM platform.sessions s
      WHERE s.id = session_id AND s.ended_at IS NULL FOR NO KEY UPDATE SKIP LOCKED);
  END IF;
  RETURN NEXT;
END $body$"""  # noqa: S608  # constants are put in

# A row says that the key or the client lives; ``proven`` that its secret was right, or that a
# signed token stood for it.
_CLIENT = f"""
CREATE OR REPLACE FUNCTION platform.client(tenant uuid, id uuid, hash bytea,
  rate_key bytea, n int, "window" interval, at timestamptz)
RETURNS TABLE (tenant_state text, scopes text[], proven bool, expires_at timestamptz,
  used_on date, taken int, retry_after int)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
#variable_conflict use_column
DECLARE today date := (client.at AT TIME ZONE 'UTC')::date;
BEGIN
  IF client.hash IS NULL THEN
    SELECT t.state, c.scopes, true, c.expires_at, c.used_on
    INTO tenant_state, scopes, proven, expires_at, used_on
    FROM kasa.service_clients c JOIN kasa.tenants t ON t.tenant_id = c.tenant_id
    WHERE c.tenant_id = client.tenant AND c.id = client.id AND c.ended_at IS NULL
      AND (c.expires_at IS NULL OR c.expires_at > client.at);
  ELSE
    SELECT t.state, k.scopes, k.secret_hash = client.hash, k.expires_at, k.used_on
    INTO tenant_state, scopes, proven, expires_at, used_on
    FROM kasa.api_keys k JOIN kasa.tenants t ON t.tenant_id = k.tenant_id
    WHERE k.tenant_id = client.tenant AND k.id = client.id AND k.ended_at IS NULL
      AND k.expires_at > client.at;
  END IF;
  IF NOT FOUND THEN RETURN; END IF;
  IF proven THEN
    {_RATE}
    IF used_on IS DISTINCT FROM today AND {_MAY_WRITE} THEN
      IF client.hash IS NULL THEN
        UPDATE kasa.service_clients c SET used_on = today WHERE c.tenant_id = client.tenant
          AND c.id = client.id AND c.used_on IS DISTINCT FROM today;
      ELSE
        UPDATE kasa.api_keys k SET used_on = today WHERE k.tenant_id = client.tenant
          AND k.id = client.id AND k.used_on IS DISTINCT FROM today;
      END IF;
    END IF;
  END IF;
  RETURN NEXT;
END $body$"""  # noqa: S608  # constants are put in

_TENANTS_OF = """
CREATE OR REPLACE FUNCTION platform.tenants_of(person uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
  SELECT m.tenant_id FROM kasa.memberships m JOIN kasa.tenants t ON t.tenant_id = m.tenant_id
  WHERE m.user_id = person AND t.state <> 'erasing' ORDER BY m.tenant_id LIMIT 100
$body$"""

# A shop has no way to links of another one, nor to those of none.
_PUT_LINK = """
CREATE OR REPLACE FUNCTION platform.put_link(id uuid, purpose text, secret_hash bytea,
  code_mac bytea, browser_hash bytea, person uuid, subject text, until timestamptz)
RETURNS uuid
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
  INSERT INTO platform.links
    (id, purpose, secret_hash, code_mac, browser_hash, user_id, tenant_id, subject, until)
  SELECT id, purpose, secret_hash, code_mac, browser_hash, person, own.id, subject, until
  FROM kasa.current_tenant() AS own (id) WHERE own.id IS NOT NULL
  RETURNING id
$body$"""
_USE_LINK = """
CREATE OR REPLACE FUNCTION platform.use_link(purpose text, secret_hash bytea, at timestamptz)
RETURNS SETOF platform.links
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
  UPDATE platform.links AS l SET used_at = use_link.at
  WHERE l.secret_hash = use_link.secret_hash AND l.purpose = use_link.purpose
    AND l.tenant_id = kasa.current_tenant() AND l.used_at IS NULL AND l.until > use_link.at
  RETURNING l.*
$body$"""
_END_LINK = """
CREATE OR REPLACE FUNCTION platform.end_link(link uuid, at timestamptz) RETURNS uuid
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
  UPDATE platform.links AS l SET used_at = end_link.at
  WHERE l.id = link AND l.tenant_id = kasa.current_tenant() AND l.used_at IS NULL
    AND l.until > end_link.at
  RETURNING l.id
$body$"""


def let_actors_pass() -> None:
    """Make ``platform.actor``: who a session is, in which shop, and how many calls were taken."""
    op.execute(_ACTOR)
    _only_for("platform.actor", APP)


def let_clients_pass() -> None:
    """Make ``platform.client``: what an API key or a service client of a shop may do."""
    op.execute(_CLIENT)
    _only_for("platform.client", APP)


def list_shops_of() -> None:
    """Make ``platform.tenants_of``: the shops in which a person is a member."""
    op.execute(_TENANTS_OF)
    _only_for("platform.tenants_of", PLATFORM)


def keep_links() -> None:
    """Make the functions that put, use up and end a one-time link into the current shop."""
    for statement in (_PUT_LINK, _USE_LINK, _END_LINK):
        op.execute(statement)
    for name in ("put_link", "use_link", "end_link"):
        _only_for(f"platform.{name}", APP)


def _only_for(function: str, roles: str) -> None:
    op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {roles}")
