"""The roles as the catalogue shows them: attributes, memberships, owners, and what is new."""

import psycopg
import pytest
from psycopg import errors, sql

from kasa.adapters.postgres.roles import APP, BACKUP, JOBS, OWNER, PLATFORM_ROLE, SUPERUSER
from tests.integration.conftest import Database

pytestmark = [pytest.mark.integration, pytest.mark.direct, pytest.mark.C3]

ATTRIBUTES = {
    OWNER: "login inherit bypass",
    APP: "login",
    PLATFORM_ROLE: "inherit",
    JOBS: "login inherit",
    BACKUP: "login inherit bypass replication",
}
MEMBERSHIPS = {
    (APP, OWNER, "set"),
    (PLATFORM_ROLE, OWNER, "set"),
    (JOBS, OWNER, "set"),
    (PLATFORM_ROLE, APP, "set"),
    ("pg_read_all_data", BACKUP, "inherit set"),
}
WORDS = """concat_ws(' ', CASE WHEN rolsuper THEN 'super' END,
  CASE WHEN rolcanlogin THEN 'login' END,
  CASE WHEN rolinherit THEN 'inherit' END, CASE WHEN rolcreaterole THEN 'createrole' END,
  CASE WHEN rolcreatedb THEN 'createdb' END, CASE WHEN rolbypassrls THEN 'bypass' END,
  CASE WHEN rolreplication THEN 'replication' END)"""


def asked(database: Database, question: str) -> set[tuple[object, ...]]:
    """Return the rows of a question to the catalogue."""
    address = database.server.address(SUPERUSER, database.name)
    with psycopg.connect(address) as connection:
        return set(connection.execute(sql.SQL(question)).fetchall())


def test_roles_have_the_agreed_attributes(database: Database) -> None:
    """Two bypass row security, none is a superuser, and none makes roles or databases."""
    rows = asked(database, f"SELECT rolname, {WORDS} FROM pg_roles WHERE rolname ~ '^kasa_[abjop]'")
    assert set(ATTRIBUTES.items()) == rows


def test_roles_belong_to_each_other_as_agreed(database: Database) -> None:
    """Whoever may act as another role has its rights only after saying so."""
    rows = asked(
        database,
        """SELECT r.rolname, m.rolname, concat_ws(' ', CASE WHEN inherit_option THEN 'inherit' END,
        CASE WHEN set_option THEN 'set' END, CASE WHEN admin_option THEN 'admin' END)
        FROM pg_auth_members a JOIN pg_roles r ON r.oid = a.roleid
        JOIN pg_roles m ON m.oid = a.member WHERE m.rolname ~ '^kasa_[abjop]'""",
    )
    assert MEMBERSHIPS == rows


def test_schemas_and_what_is_in_them_have_their_owner(database: Database) -> None:
    """Tables and functions are the owner's, the queue is the queue's, and ``public`` is empty."""
    found = asked(
        database,
        """SELECT nspname, pg_get_userbyid(nspowner) FROM pg_namespace
        WHERE nspname IN ('kasa', 'platform', 'jobs')""",
    )
    assert {("kasa", OWNER), ("platform", OWNER), ("jobs", JOBS)} == found
    for catalogue, owner, schema in (
        ("pg_class", "relowner", "relnamespace"),
        ("pg_proc", "proowner", "pronamespace"),
        ("pg_type", "typowner", "typnamespace"),
    ):
        rows = asked(
            database,
            f"""SELECT nspname, pg_get_userbyid({owner}) FROM {catalogue} c
            JOIN pg_namespace n ON n.oid = c.{schema}
            WHERE nspname IN ('kasa', 'platform', 'jobs', 'public')""",
        )
        assert rows <= {("kasa", OWNER), ("platform", OWNER), ("jobs", JOBS)}


@pytest.mark.parametrize(("role", "schema"), [(OWNER, "kasa"), (OWNER, "platform"), (JOBS, "jobs")])
def test_what_is_made_later_is_given_to_nobody(database: Database, role: str, schema: str) -> None:
    """A new function or table is closed to everybody else until a revision says otherwise."""
    with psycopg.connect(database.server.address(role, database.name)) as connection:
        connection.execute(
            f"""CREATE FUNCTION {schema}.made_later() RETURNS int LANGUAGE sql RETURN 1;
            CREATE TABLE {schema}.made_later (a int); CREATE TYPE {schema}.later AS (a int);
            SET LOCAL ROLE {role}""".encode()
        )
        row = connection.execute(
            """SELECT has_function_privilege('kasa_app', %(name)s || '()', 'EXECUTE'),
            has_table_privilege('kasa_app', %(name)s, 'SELECT'),
            has_table_privilege('kasa_platform', %(name)s, 'SELECT'),
            has_type_privilege('kasa_app', %(kind)s, 'USAGE')""",
            {"name": f"{schema}.made_later", "kind": f"{schema}.later"},
        ).fetchone()
        connection.rollback()
    assert (False, False, False, False) == row


@pytest.mark.parametrize("role", [APP, JOBS, BACKUP, OWNER])
def test_no_login_writes_where_it_does_not_belong(database: Database, role: str) -> None:
    """No schema of another, no temporary table, and nothing in ``public``."""
    homes = {OWNER: {"kasa", "platform"}, JOBS: {"jobs"}}.get(role, set())
    places = {"kasa", "platform", "jobs", "public", "pg_temp"} - homes
    with psycopg.connect(
        database.server.address(role, database.name), autocommit=True
    ) as connection:
        for place in sorted(places):
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(f"CREATE TABLE {place}.mine (a int)".encode())


def test_nothing_waits_for_the_end_of_a_transaction(database: Database) -> None:
    """No deferrable or exclusion constraint, and no table that a crash of the server empties."""
    assert set() == asked(
        database,
        """SELECT conname FROM pg_constraint WHERE connamespace = 'kasa'::regnamespace
        AND (condeferrable OR contype = 'x' OR NOT convalidated)""",
    )
    assert set() == asked(
        database,
        """SELECT relname FROM pg_class WHERE relnamespace = 'kasa'::regnamespace
        AND relkind IN ('r', 'p', 'i', 'I') AND relpersistence <> 'p'""",
    )
    assert set() == asked(
        database,
        """SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class c ON c.oid = indrelid
        WHERE relnamespace = 'kasa'::regnamespace AND NOT (indisvalid AND indisready)""",
    )


CAPPED_BY_COUNT = {("skus", "packs"), ("stock_counts", "skus")}
"""The domain takes at most 10 packs and 5,000 SKUs."""


def test_documents_without_form_are_capped(database: Database) -> None:
    """Every jsonb column has a check of its size."""
    assert (
        set()
        == asked(
            database,
            """SELECT relname, attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        AND attnum > 0 AND NOT attisdropped AND atttypid = 'jsonb'::regtype
        WHERE relnamespace = 'kasa'::regnamespace AND relkind IN ('r', 'p') AND NOT EXISTS (
          SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c'
          AND a.attnum = ANY (k.conkey) AND pg_get_constraintdef(k.oid) LIKE '%octet_length%')""",
        )
        - CAPPED_BY_COUNT
    )
