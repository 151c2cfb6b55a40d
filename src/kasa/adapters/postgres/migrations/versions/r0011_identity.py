"""Who may pass: people, their sessions and links, throttles; members and keys of each shop."""

from alembic import op

from kasa.adapters.postgres.migrations.passing import (
    keep_links,
    let_actors_pass,
    let_clients_pass,
    list_shops_of,
)
from kasa.adapters.postgres.migrations.staff import (
    DIGEST,
    keep_keys,
    keep_members,
    keep_share_links,
)
from kasa.adapters.postgres.migrations.template import (
    COUNTER_FILLFACTOR,
    at_most,
    check,
    one_of,
    platform_index,
    platform_table,
)

revision = "r0011_identity"
down_revision = "r0010_erasing"

_SETTINGS = """ALTER TABLE kasa.tenants
  ADD COLUMN IF NOT EXISTS staff_may_review bool NOT NULL DEFAULT false,
  ADD COLUMN IF NOT EXISTS admins_manage_members bool NOT NULL DEFAULT false"""


def upgrade() -> None:
    """Make the tables of people and throttles, those of members and keys, and the functions.

    What closes tables that live shops use comes last: its locks are held to the end.
    """
    _people()
    _sessions()
    _links()
    _mails()
    _throttles()
    _security_events()
    keep_members()
    keep_keys("api_keys", expires="timestamptz NOT NULL")
    keep_keys("service_clients", expires="timestamptz")
    let_actors_pass()
    let_clients_pass()
    list_shops_of()
    keep_links()
    keep_share_links()
    op.execute(_SETTINGS)


def _people() -> None:
    platform_table(
        "users",
        "id uuid NOT NULL",
        "email text",
        "email_key text",
        "name text NOT NULL",
        "language text NOT NULL",
        "password_hash text",
        "short_password bool NOT NULL",
        "password_off_at timestamptz",
        "totp_sealed bytea",
        "totp_pending bytea",
        "totp_step bigint NOT NULL",
        "recovery_hashes bytea[] NOT NULL",
        "operator bool NOT NULL",
        "disabled_at timestamptz",
        "created_at timestamptz NOT NULL",
        "version int NOT NULL",
        key="id",
        constraints=(
            *at_most("users", email=320, email_key=320, name=200, language=20, password_hash=500),
            check("users", "version", "version >= 1"),
            check("users", "recovery_hashes", "cardinality(recovery_hashes) <= 20"),
        ),
    )
    platform_index("users", "email_key", is_unique=True)
    platform_table(
        "identities",
        "id uuid NOT NULL",
        "user_id uuid NOT NULL REFERENCES platform.users",
        "provider text NOT NULL",
        "subject text NOT NULL",
        "linked_at timestamptz NOT NULL",
        key="id",
        constraints=at_most("identities", provider=40, subject=200),
    )
    platform_index("identities", "provider, subject", is_unique=True)
    platform_index("identities", "user_id")
    platform_table(
        "known_browsers",
        "user_id uuid NOT NULL REFERENCES platform.users",
        "device_hash bytea NOT NULL",
        "last_at timestamptz NOT NULL",
        key="user_id, device_hash",
    )


def _sessions() -> None:
    platform_table(
        "sessions",
        "id uuid NOT NULL",
        "user_id uuid NOT NULL REFERENCES platform.users",
        "kind text NOT NULL",
        "token_hash bytea",
        "tenant_id uuid",
        "second_factor bool NOT NULL",
        "confirmed_at timestamptz NOT NULL",
        "device text NOT NULL",
        "place text NOT NULL",
        "used_at timestamptz NOT NULL",
        "expires_at timestamptz NOT NULL",
        "created_at timestamptz NOT NULL",
        "ended_at timestamptz",
        key="id",
        constraints=(
            one_of("sessions", "kind", "web", "api"),
            *at_most("sessions", device=200, place=200),
            check("sessions", "token_hash", "kind = 'web' OR token_hash IS NULL"),
        ),
    )
    platform_index("sessions", "token_hash", is_unique=True)
    platform_index("sessions", "user_id, created_at")
    platform_index("sessions", "tenant_id", where="tenant_id IS NOT NULL")
    platform_index("sessions", "ended_at", where="ended_at IS NOT NULL")
    platform_index("sessions", "expires_at")
    platform_table(
        "refresh_tokens",
        "token_hash bytea NOT NULL",
        "session_id uuid NOT NULL REFERENCES platform.sessions ON DELETE CASCADE",
        "used_at timestamptz",
        key="token_hash",
    )
    platform_index("refresh_tokens", "session_id")


def _links() -> None:
    platform_table(
        "links",
        "id uuid NOT NULL",
        "purpose text NOT NULL",
        "secret_hash bytea NOT NULL",
        "code_mac bytea",
        "browser_hash bytea",
        "tries int NOT NULL DEFAULT 0",
        "user_id uuid",
        "tenant_id uuid",
        "subject text NOT NULL",
        "until timestamptz NOT NULL",
        "used_at timestamptz",
        key="id",
        constraints=(
            *at_most("links", purpose=40, subject=2000),
            check("links", "secret_hash", DIGEST),
            check("links", "tries", "tries >= 0"),
        ),
    )
    platform_index("links", "secret_hash", is_unique=True)
    platform_index("links", "browser_hash", where="browser_hash IS NOT NULL")
    platform_index("links", "user_id, purpose", where="user_id IS NOT NULL")
    platform_index("links", "tenant_id", where="tenant_id IS NOT NULL")
    platform_index("links", "until")


def _mails() -> None:
    platform_table(
        "mails",
        "id uuid NOT NULL",
        "user_id uuid",
        "kind text NOT NULL",
        "language text NOT NULL",
        "sealed bytea",
        "state text NOT NULL",
        "expires_at timestamptz NOT NULL",
        key="id",
        constraints=(
            *at_most("mails", kind=40, language=20),
            one_of("mails", "state", "queued", "sent", "failed"),
            check("mails", "sealed", "octet_length(sealed) <= 65536"),
        ),
    )
    platform_index("mails", "expires_at")


def _throttles() -> None:
    platform_table(
        "attempts",
        "key bytea NOT NULL",
        "failures int NOT NULL",
        "window_start timestamptz",
        "blocked_until timestamptz",
        "strikes int NOT NULL",
        "total int NOT NULL",
        key="key",
        fillfactor=COUNTER_FILLFACTOR,
    )
    platform_table(
        "rates",
        "key bytea NOT NULL",
        "taken int NOT NULL",
        "window_start timestamptz NOT NULL",
        key="key",
        fillfactor=COUNTER_FILLFACTOR,
        unlogged=True,
    )


def _security_events() -> None:
    platform_table(
        "security_events",
        "id uuid NOT NULL",
        "kind text NOT NULL",
        "at timestamptz NOT NULL",
        "user_id uuid",
        "tenant_id uuid",
        "session_id uuid",
        "request_id uuid",
        "source bytea",
        "detail text NOT NULL",
        key="id",
        constraints=at_most("security_events", kind=100, detail=2000),
        grants="SELECT, INSERT, DELETE",
    )
    platform_index("security_events", "at")
    platform_index("security_events", "user_id, id", where="user_id IS NOT NULL")
    platform_index("security_events", "tenant_id", where="tenant_id IS NOT NULL")
