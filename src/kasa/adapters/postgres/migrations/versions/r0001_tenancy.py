"""Shops, the event log, finished reactions, idempotency keys, usage counters."""

from alembic import op

from kasa.adapters.postgres.migrations.template import (
    APP,
    APPEND_ONLY,
    COUNTER_FILLFACTOR,
    PLATFORM,
    at_most,
    check,
    foreign,
    index,
    lookup,
    one_of,
    tenant_table,
)

revision = "r0001_tenancy"
down_revision = None

_CURRENT_TENANT = """CREATE OR REPLACE FUNCTION kasa.current_tenant() RETURNS uuid
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('kasa.tenant', true), '')::uuid"""


def upgrade() -> None:
    """Make what every unit of work needs."""
    op.execute(_CURRENT_TENANT)
    op.execute("REVOKE ALL ON FUNCTION kasa.current_tenant() FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION kasa.current_tenant() TO {APP}, {PLATFORM}")
    _tenants()
    _event_log()
    _idempotency_keys()
    _usage_counters()
    lookup(
        "tenants_list",
        'q text, state text, after uuid, "limit" int',
        "SETOF uuid",
        "SELECT t.tenant_id FROM kasa.tenants t"
        " WHERE (q IS NULL OR starts_with(lower(t.name), lower(q)))"
        " AND (tenants_list.state IS NULL OR t.state = tenants_list.state)"
        " AND (after IS NULL OR t.tenant_id > after)"
        ' ORDER BY t.tenant_id LIMIT least("limit", 500)',
    )


def _tenants() -> None:
    tenant_table(
        "tenants",
        "name text NOT NULL",
        "name_km text NOT NULL",
        "address text NOT NULL",
        "tin text NOT NULL",
        "phone text NOT NULL",
        "country text NOT NULL",
        "zone text NOT NULL",
        "currency char(3) NOT NULL",
        "cost_currency char(3) NOT NULL",
        "language text NOT NULL",
        "document_kind text NOT NULL",
        "prices_include_tax bool NOT NULL",
        "terms_days int NOT NULL",
        "hold_days int NOT NULL",
        "auto_apply_credit bool NOT NULL",
        "accept_riel bool NOT NULL",
        "riel_step int NOT NULL",
        "rate_source text NOT NULL",
        "accent text NOT NULL",
        "logo uuid",
        "logo_sha256 text NOT NULL",
        "state text NOT NULL",
        "opened_at timestamptz NOT NULL",
        "inventory_since timestamptz",
        "version int NOT NULL",
        key="",
        constraints=(
            *at_most("tenants", name=200, name_km=200, address=2000, tin=200, phone=200),
            *at_most("tenants", country=200, zone=200, language=200, rate_source=200),
            *at_most("tenants", accent=200, logo_sha256=64),
            one_of("tenants", "document_kind", "tax_invoice", "commercial_invoice", "plain"),
            one_of("tenants", "state", "open", "suspended"),
            check("tenants", "terms_days", "terms_days BETWEEN 0 AND 365"),
            check("tenants", "hold_days", "hold_days BETWEEN 0 AND 90"),
            check("tenants", "riel_step", "riel_step >= 1"),
            check("tenants", "version", "version >= 1"),
        ),
    )


def _event_log() -> None:
    tenant_table(
        "events",
        "id uuid NOT NULL",
        "kind text NOT NULL",
        "version int NOT NULL",
        "subject uuid NOT NULL",
        "at timestamptz NOT NULL",
        "by uuid",
        "request_id uuid",
        "payload jsonb NOT NULL",
        key="id",
        constraints=(
            *at_most("events", kind=100),
            check("events", "payload", "octet_length(payload::text) <= 16384"),
        ),
        grants=APPEND_ONLY,
    )
    index("events", "subject, id", name="events_subject")
    index("events", "kind, id", name="events_kind")
    tenant_table(
        "reactions_done",
        "event_id uuid NOT NULL",
        "reaction text NOT NULL",
        "at timestamptz NOT NULL DEFAULT now()",
        key="event_id, reaction",
        constraints=(
            foreign("reactions_done", "event_id", "events"),
            *at_most("reactions_done", reaction=100),
        ),
        grants=APPEND_ONLY,
    )
    op.execute(f"GRANT {APPEND_ONLY} ON kasa.events, kasa.reactions_done TO {PLATFORM}")


def _idempotency_keys() -> None:
    tenant_table(
        "idempotency_keys",
        "caller uuid NOT NULL",
        "route text NOT NULL",
        "key text NOT NULL",
        "fingerprint text NOT NULL",
        "type text NOT NULL",
        "answer text NOT NULL",
        "at timestamptz NOT NULL DEFAULT now()",
        key="caller, route, key",
        constraints=(
            *at_most("idempotency_keys", key=255, route=255, fingerprint=255, type=100),
            check("idempotency_keys", "answer", "octet_length(answer) <= 1048576"),
        ),
        grants="SELECT, INSERT, DELETE",
    )
    index("idempotency_keys", "at")
    op.execute(f"GRANT {APPEND_ONLY} ON kasa.idempotency_keys TO {PLATFORM}")


def _usage_counters() -> None:
    tenant_table(
        "usage_counters",
        "meter text NOT NULL",
        "period_start date NOT NULL",
        "used bigint NOT NULL",
        key="meter, period_start",
        constraints=(
            *at_most("usage_counters", meter=100),
            check("usage_counters", "used", "used >= 0"),
        ),
        grants="SELECT, INSERT, UPDATE",
        fillfactor=COUNTER_FILLFACTOR,
    )
