"""The tables of each shop's members, invitations, keys and links."""

from alembic import op

from kasa.adapters.postgres.migrations.template import (
    at_most,
    check,
    foreign,
    index,
    one_of,
    tenant_table,
    unique,
)

DIGEST = "octet_length(secret_hash) = 32"


def keep_members() -> None:
    """Make the tables of members and invitations."""
    tenant_table(
        "memberships",
        "id uuid NOT NULL",
        "user_id uuid NOT NULL",
        "role text NOT NULL",
        "joined_at timestamptz NOT NULL",
        "version int NOT NULL",
        key="id",
        constraints=(
            one_of("memberships", "role", "viewer", "user", "admin", "owner"),
            check("memberships", "version", "version >= 1"),
        ),
    )
    unique("memberships", "user_id")
    op.execute("CREATE INDEX IF NOT EXISTS memberships_user_id ON kasa.memberships (user_id)")
    tenant_table(
        "invitations",
        "id uuid NOT NULL",
        "link uuid NOT NULL",
        "email text NOT NULL",
        "email_key text NOT NULL",
        "role text NOT NULL",
        "invited_by uuid NOT NULL",
        "invited_at timestamptz NOT NULL",
        "until timestamptz NOT NULL",
        "accepted_at timestamptz",
        "ended_at timestamptz",
        "version int NOT NULL",
        key="id",
        constraints=(
            *at_most("invitations", email=320, email_key=320),
            one_of("invitations", "role", "viewer", "user", "admin", "owner"),
            check("invitations", "version", "version >= 1"),
        ),
        grants="SELECT, INSERT, UPDATE",
    )
    index("invitations", "email_key, id")
    index("invitations", "link")


def keep_keys(table: str, *, expires: str) -> None:
    """Make a table of programs with a secret; ``expires`` is the type of their end."""
    tenant_table(
        table,
        "id uuid NOT NULL",
        "name text NOT NULL",
        "secret_hash bytea NOT NULL",
        "tail text NOT NULL",
        "scopes text[] NOT NULL",
        "made_by uuid NOT NULL",
        "made_at timestamptz NOT NULL",
        f"expires_at {expires}",
        "used_on date",
        "ended_at timestamptz",
        "replaces uuid",
        "version int NOT NULL",
        key="id",
        constraints=(
            foreign(table, "replaces", table),
            *at_most(table, name=80, tail=10),
            check(table, "secret_hash", DIGEST),
            check(table, "scopes", "cardinality(scopes) BETWEEN 1 AND 20"),
            check(table, "version", "version >= 1"),
        ),
        grants="SELECT, INSERT, UPDATE",
    )
    index(table, "replaces", where="replaces IS NOT NULL")


def keep_share_links() -> None:
    """Make the table of links to invoices; it closes ``invoices`` to writers for a moment."""
    tenant_table(
        "share_links",
        "id uuid NOT NULL",
        "invoice_id uuid NOT NULL",
        "purpose text NOT NULL",
        "token_hash bytea NOT NULL",
        "made_by uuid",
        "made_at timestamptz NOT NULL",
        "expires_at timestamptz NOT NULL",
        "ended_at timestamptz",
        key="id",
        constraints=(
            foreign("share_links", "invoice_id", "invoices"),
            one_of("share_links", "purpose", "document", "page"),
            check("share_links", "token_hash", "octet_length(token_hash) = 32"),
        ),
        grants="SELECT, INSERT, UPDATE",
    )
    index("share_links", "invoice_id, id")
    unique("share_links", "token_hash")
