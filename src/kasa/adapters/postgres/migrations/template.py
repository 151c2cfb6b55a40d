"""How revisions make tables: every tenant table gets its walls, and nothing is forgotten.

A revision reads like this; the catalogue test refuses a table that was made otherwise::

    def upgrade() -> None:
        tenant_table(
            "products",
            "id uuid NOT NULL",
            "name text NOT NULL",
            key="id",
            constraints=("CONSTRAINT products_name_check CHECK (char_length(name) <= 200)",),
        )
        index("products", "archived, name_key, id")

Keys, unique and foreign keys are told without the tenant, which is put first. Every constraint
and unique index has its row in ``constraints.py``.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import op
from sqlalchemy import text

APPEND_ONLY = "SELECT, INSERT"
EDITABLE = "SELECT, INSERT, UPDATE, DELETE"
APP, PLATFORM, OWNER = "kasa_app", "kasa_platform", "kasa_owner"
COUNTER_FILLFACTOR = 70
LOCK_SECONDS = 3
_INVALID = "SELECT NOT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)"
POLICY = "tenant_id = kasa.current_tenant()"


def tenant_table(
    name: str,
    *columns: str,
    key: str,
    constraints: tuple[str, ...] = (),
    grants: str = EDITABLE,
    fillfactor: int | None = None,
) -> None:
    """Make a table of ``kasa``: tenant first, row security forced, one policy, its grants.

    ``key`` are the columns of the primary key behind the tenant (may be empty: one row a tenant),
    ``constraints`` whole table constraints, ``grants`` what the application may do.
    """
    primary = ", ".join(filter(None, ("tenant_id", key)))
    parts = (
        "tenant_id uuid NOT NULL",
        *columns,
        f"CONSTRAINT {name}_pkey PRIMARY KEY ({primary})",
        *constraints,
    )
    storage = f" WITH (fillfactor={fillfactor})" if fillfactor else ""
    table = f"kasa.{name}"
    inside = ",\n  ".join(parts)
    op.execute(f"CREATE TABLE IF NOT EXISTS {table} (\n  {inside}\n){storage}")
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"DROP POLICY IF EXISTS tenant ON {table}")
    op.execute(f"CREATE POLICY tenant ON {table} USING ({POLICY}) WITH CHECK ({POLICY})")
    if _is_managed():
        op.execute(f"DROP POLICY IF EXISTS owner ON {table}")
        op.execute(f"CREATE POLICY owner ON {table} TO {OWNER} USING (true) WITH CHECK (true)")
    op.execute(f"GRANT {grants} ON {table} TO {APP}")


def platform_table(
    name: str,
    *columns: str,
    key: str,
    constraints: tuple[str, ...] = (),
    grants: str = EDITABLE,
    fillfactor: int | None = None,
    unlogged: bool = False,
) -> None:
    """Make a table of ``platform``, which belongs to no tenant: the platform's role alone sees it.

    ``unlogged`` tables are empty after a crash of the server.
    """
    parts = (*columns, f"CONSTRAINT {name}_pkey PRIMARY KEY ({key})", *constraints)
    storage = f" WITH (fillfactor={fillfactor})" if fillfactor else ""
    kind = "UNLOGGED TABLE" if unlogged else "TABLE"
    inside = ",\n  ".join(parts)
    op.execute(f"CREATE {kind} IF NOT EXISTS platform.{name} (\n  {inside}\n){storage}")
    op.execute(f"GRANT {grants} ON platform.{name} TO {PLATFORM}")


def platform_index(
    table: str, columns: str, *, is_unique: bool = False, where: str | None = None
) -> None:
    """Make an index of a table of ``platform``; a unique one is named ``<table>_<columns>_key``."""
    name = f"{table}_{_joined(columns)}{'_key' if is_unique else ''}"
    kind = "UNIQUE INDEX" if is_unique else "INDEX"
    condition = f" WHERE {where}" if where else ""
    op.execute(f"CREATE {kind} IF NOT EXISTS {name} ON platform.{table} ({columns}){condition}")


def unique(table: str, columns: str, *, where: str | None = None) -> None:
    """Make a unique index ``<table>_<columns>_key``, tenant first; partial with ``where``."""
    name = f"{table}_{_joined(columns)}_key"
    condition = f" WHERE {where}" if where else ""
    place = f"kasa.{table} (tenant_id, {columns})"
    op.execute(f"CREATE UNIQUE INDEX IF NOT EXISTS {name} ON {place}{condition}")


def index(table: str, columns: str, *, name: str | None = None, where: str | None = None) -> None:
    """Make an index ``<table>_<columns>``, tenant first; ``columns`` may carry DESC or opclass."""
    condition = f" WHERE {where}" if where else ""
    wanted = name or f"{table}_{_joined(columns)}"
    op.execute(
        f"CREATE INDEX IF NOT EXISTS {wanted} ON kasa.{table} (tenant_id, {columns}){condition}"
    )


def live_index(
    table: str,
    columns: str,
    *,
    name: str | None = None,
    where: str | None = None,
    is_unique: bool = False,
) -> None:
    """Make an index of a table that live shops fill, without closing it to who writes.

    It is built outside of a transaction, so it is the last thing of its revision. One that a
    killed build left invalid is made anew.
    """
    kind, ending = ("UNIQUE INDEX", "_key") if is_unique else ("INDEX", "")
    wanted = name or f"{table}_{_joined(columns)}{ending}"
    condition = f" WHERE {where}" if where else ""
    with _bounded():
        if op.get_bind().execute(text(_INVALID), {"name": f"kasa.{wanted}"}).scalar():
            op.execute(f"DROP INDEX CONCURRENTLY kasa.{wanted}")
        op.execute(
            f"CREATE {kind} CONCURRENTLY IF NOT EXISTS {wanted} "
            f"ON kasa.{table} (tenant_id, {columns}){condition}"
        )


def live_check(table: str, column: str, condition: str) -> None:
    """Have new rows of a table that live shops fill checked; ``live_validated`` looks at the old.

    It closes the table for a moment only, however many rows there are.
    """
    op.execute(f"ALTER TABLE kasa.{table} DROP CONSTRAINT IF EXISTS {table}_{column}_check")
    op.execute(f"ALTER TABLE kasa.{table} ADD {check(table, column, condition)} NOT VALID")


def live_validated(table: str, column: str) -> None:
    """Look at the rows that were there before a check, while shops read and write.

    It works outside of a transaction, so it comes after all that works within.
    """
    with _bounded():
        op.execute(f"ALTER TABLE kasa.{table} VALIDATE CONSTRAINT {table}_{column}_check")


@contextmanager
def _bounded() -> Iterator[None]:
    """Work outside of a transaction, and wait for others no longer than within one."""
    with op.get_context().autocommit_block():
        op.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
        yield
        op.execute("RESET lock_timeout")


def foreign(table: str, columns: str, parent: str, *, parent_key: str = "id") -> str:
    """Return the constraint that points at a parent of the same tenant and context."""
    name = f"{table}_{_joined(columns)}_fkey"
    return (
        f"CONSTRAINT {name} FOREIGN KEY (tenant_id, {columns}) "
        f"REFERENCES kasa.{parent} (tenant_id, {parent_key})"
    )


def check(table: str, column: str, condition: str) -> str:
    """Return the constraint ``<table>_<column>_check``."""
    return f"CONSTRAINT {table}_{column}_check CHECK ({condition})"


def at_most(table: str, **limits: int) -> tuple[str, ...]:
    """Return one check per text column: at most so many characters."""
    return tuple(
        check(table, column, f"char_length({column}) <= {limit}")
        for column, limit in limits.items()
    )


def one_of(table: str, column: str, *values: str) -> str:
    """Return the check of a state: ``text`` with a list of words, never an enum."""
    words = ", ".join(f"'{value}'" for value in values)
    return check(table, column, f"{column} IN ({words})")


def lookup(name: str, arguments: str, returns: str, body: str, *, role: str = PLATFORM) -> None:
    """Make a function of ``platform`` that reads across tenants and returns identifiers.

    Its name is on the allow-list of the catalogue test.
    """
    op.execute(
        f"CREATE OR REPLACE FUNCTION platform.{name}({arguments}) RETURNS {returns} "
        "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp "
        f"AS $body$ {body} $body$"
    )
    op.execute(f"REVOKE ALL ON FUNCTION platform.{name} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION platform.{name} TO {role}")


def _joined(columns: str) -> str:
    words = [column.split()[0] for column in columns.split(",")]
    return "_".join(words)


def _is_managed() -> bool:
    return bool(op.get_context().opts.get("managed"))
