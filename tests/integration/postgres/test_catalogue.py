"""What the catalogue of the database must say of every table, whoever made it (data.md §19.1)."""

import psycopg
import pytest
from psycopg import sql

from kasa.adapters.postgres.constraint_names import CONSTRAINTS
from kasa.adapters.postgres.roles import SUPERUSER
from tests.integration.conftest import Database

pytestmark = [pytest.mark.integration, pytest.mark.direct, pytest.mark.C3]

APPEND_ONLY = {
    "events",
    "reactions_done",
    "stock_movements",
    "invoice_entries",
    "customer_credit_entries",
    "payment_references",
}
COUNTERS = {"usage_counters", "number_series", "stock_levels"}
KEYED_TYPES = ["uuid", "text", "bpchar", "int4", "int8", "bool", "date", "timestamptz", "bytea"]
CASCADES = {"invoice_lines_invoice_id_fkey"}
PLATFORM_RIGHTS = {
    (table, right)
    for table in ("events", "reactions_done", "idempotency_keys")
    for right in ("INSERT", "SELECT")
}
DEFINERS = {
    "actor",
    "tenants_of",
    "tenants_due",
    "tenants_list",
    "chats_of",
    "reference_seen",
    "put_link",
    "use_link",
    "end_link",
    "client",
    "archive",
    "forget_tenant",
}
POLICY = "(tenant_id = kasa.current_tenant())"
_TABLES = "FROM pg_class c WHERE c.relnamespace = 'kasa'::regnamespace AND c.relkind IN ('r', 'p')"
_FIRST = "(SELECT attname FROM pg_attribute a WHERE a.attrelid = {} AND a.attnum = {})"


def names(database: Database, statement: str, *values: object) -> list[str]:
    """Return the first column of a question to the catalogue, sorted."""
    address = database.server.address(SUPERUSER, database.name)
    with psycopg.connect(address) as connection:
        found = connection.execute(sql.SQL(statement), values).fetchall()
    return sorted(str(row[0]) if len(row) == 1 else ".".join(map(str, row)) for row in found)


def test_every_table_has_its_tenant(database: Database) -> None:
    """Every table of ``kasa`` has ``tenant_id uuid NOT NULL``, and there are tables."""
    assert len(names(database, f"SELECT relname {_TABLES}")) >= 6
    without = f"""SELECT relname {_TABLES} AND NOT EXISTS (SELECT 1 FROM pg_attribute a
      WHERE a.attrelid = c.oid AND attname = 'tenant_id' AND atttypid = 'uuid'::regtype
      AND attnotnull)"""
    assert [] == names(database, without)


def test_keys_begin_with_the_tenant(database: Database) -> None:
    """Primary keys, unique and foreign keys and every other index have the tenant first."""
    assert [] == names(
        database,
        f"""SELECT relname {_TABLES} AND NOT EXISTS (SELECT 1 FROM pg_index i
        WHERE i.indrelid = c.oid AND i.indisprimary)""",
    )
    first = _FIRST.format("i.indrelid", "i.indkey[0]")
    assert [] == names(
        database,
        f"""SELECT i.indexrelid::regclass FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
        WHERE c.relnamespace = 'kasa'::regnamespace
        AND coalesce({first}, '') <> 'tenant_id'
        AND i.indexrelid::regclass::text <> 'kasa.memberships_user_id'""",
    )
    own = _FIRST.format("k.conrelid", "k.conkey[1]")
    theirs = _FIRST.format("k.confrelid", "k.confkey[1]")
    assert [] == names(
        database,
        f"""SELECT conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
        WHERE c.relnamespace = 'kasa'::regnamespace AND contype = 'f'
        AND ({own} <> 'tenant_id' OR {theirs} <> 'tenant_id')""",
    )


def test_nothing_disappears_with_its_parent(database: Database) -> None:
    """No foreign key cascades, but that of a draft's lines."""
    found = names(
        database,
        """SELECT conname FROM pg_constraint WHERE contype = 'f'
        AND connamespace = 'kasa'::regnamespace AND (confdeltype <> 'a' OR confupdtype <> 'a')""",
    )
    assert set(found) <= CASCADES


def test_row_security_is_on_and_forced(database: Database) -> None:
    """Every table of ``kasa`` enables and forces it."""
    assert [] == names(
        database,
        f"SELECT relname {_TABLES} AND NOT (relrowsecurity AND relforcerowsecurity)",
    )


def test_every_table_has_exactly_the_one_policy(database: Database) -> None:
    """One policy, named ``tenant``, for everything and everybody, with one text both ways."""
    assert [] == names(
        database,
        f"""SELECT relname {_TABLES} AND (SELECT count(*) FROM pg_policy p
        WHERE p.polrelid = c.oid) <> 1""",
    )
    assert [] == names(
        database,
        """SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'kasa'
        AND NOT (policyname = 'tenant' AND permissive = 'PERMISSIVE' AND roles = '{public}'
        AND cmd = 'ALL' AND qual = %s AND with_check = %s)""",
        POLICY,
        POLICY,
    )


def test_grants_are_as_declared(database: Database) -> None:
    """The application reads and adds everywhere, and changes nothing that is appended only."""
    rights = """SELECT relname, g.privilege_type FROM pg_class c,
      aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) g
      WHERE c.relnamespace = 'kasa'::regnamespace AND c.relkind IN ('r', 'p')
      AND g.grantee = %s::regrole"""
    app = {tuple(text.split(".")) for text in names(database, rights, "kasa_app")}
    assert {right for _, right in app} <= {"SELECT", "INSERT", "UPDATE", "DELETE"}
    assert set(names(database, f"SELECT relname {_TABLES}")) == {
        table for table, right in app if right == "INSERT"
    }
    changed = {table for table, right in app if right in {"UPDATE", "DELETE"}}
    assert set() == changed & APPEND_ONLY
    platform = {tuple(text.split(".")) for text in names(database, rights, "kasa_platform")}
    assert PLATFORM_RIGHTS == platform
    assert [] == names(database, rights, "kasa_jobs")


def test_index_columns_have_leakproof_types(database: Database) -> None:
    """Only types whose comparison may run before the policy are keyed, and no expression is."""
    assert [] == names(
        database,
        """SELECT i.indexrelid::regclass, a.attname FROM pg_index i
        JOIN pg_class c ON c.oid = i.indrelid AND c.relnamespace = 'kasa'::regnamespace
        JOIN pg_attribute a ON a.attrelid = i.indexrelid JOIN pg_type t ON t.oid = a.atttypid
        WHERE NOT t.typname = ANY (%s)""",
        KEYED_TYPES,
    )
    assert [] == names(
        database,
        """SELECT i.indexrelid::regclass FROM pg_index i
        JOIN pg_class c ON c.oid = i.indrelid AND c.relnamespace = 'kasa'::regnamespace
        WHERE i.indexprs IS NOT NULL""",
    )


def test_columns_have_the_agreed_types(database: Database) -> None:
    """No enum, no moment without zone, no float, no serial; money is bigint; texts are capped."""
    assert [] == names(
        database,
        """SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = 'kasa' AND (data_type IN ('timestamp without time zone', 'real',
        'double precision', 'json', 'money', 'character varying', 'USER-DEFINED')
        OR column_default LIKE 'nextval%%' OR is_identity = 'YES'
        OR (column_name LIKE '%%\\_minor' AND data_type <> 'bigint'))""",
    )
    assert [] == names(
        database,
        f"""SELECT relname, attname FROM (SELECT c.oid, relname {_TABLES}) c
        JOIN pg_attribute a ON a.attrelid = c.oid AND attnum > 0 AND NOT attisdropped
        AND atttypid = 'text'::regtype
        WHERE NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conrelid = c.oid
        AND k.contype = 'c' AND a.attnum = ANY (k.conkey))""",
    )


def test_kasa_holds_tables_alone(database: Database) -> None:
    """No sequence and no enum; a view only with its reader's rights."""
    assert [] == names(
        database,
        """SELECT relname FROM pg_class WHERE relnamespace = 'kasa'::regnamespace
        AND (relkind IN ('S', 'm') OR (relkind = 'v'
        AND NOT coalesce(reloptions, '{}') @> '{security_invoker=true}'))""",
    )
    assert [] == names(
        database,
        "SELECT typname FROM pg_type WHERE typnamespace = 'kasa'::regnamespace AND typtype = 'e'",
    )


def test_counters_leave_room_on_their_pages(database: Database) -> None:
    """Rows that are written over and over have space beside them."""
    loose = names(database, f"SELECT relname {_TABLES} AND reloptions @> '{{fillfactor=70}}'")
    tables = set(names(database, f"SELECT relname {_TABLES}"))
    assert COUNTERS & tables == set(loose)


def test_functions_above_row_security_are_the_listed_ones(database: Database) -> None:
    """Only the agreed functions run with their owner's rights, and none trusts the search path."""
    definers = """SELECT proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE n.nspname NOT LIKE 'pg\\_%%' AND n.nspname <> 'information_schema' AND prosecdef"""
    found = names(database, definers)
    assert {"tenants_list"} <= set(found) <= DEFINERS
    assert [] == names(
        database,
        f"""{definers} AND NOT (n.nspname = 'platform' AND proowner = 'kasa_owner'::regrole
        AND proconfig @> ARRAY['search_path=pg_catalog, pg_temp'])""",
    )


def test_the_public_has_no_right_anywhere(database: Database) -> None:
    """PUBLIC may not even connect, make a temporary table, or call a function."""
    assert [] == names(
        database,
        """SELECT datname, g.privilege_type FROM pg_database,
        aclexplode(coalesce(datacl, acldefault('d', datdba))) g
        WHERE datname = current_database() AND g.grantee = 0""",
    )
    assert [] == names(
        database,
        """SELECT nspname, g.privilege_type FROM pg_namespace,
        aclexplode(coalesce(nspacl, acldefault('n', nspowner))) g
        WHERE nspname IN ('kasa', 'platform', 'jobs', 'public') AND g.grantee = 0""",
    )
    inside = "IN ('kasa'::regnamespace, 'platform'::regnamespace, 'jobs'::regnamespace)"
    assert [] == names(
        database,
        f"""SELECT relname, g.privilege_type FROM pg_class, aclexplode(coalesce(relacl,
        acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner))) g
        WHERE relnamespace {inside} AND relkind IN ('r', 'p', 'v', 'm', 'S') AND g.grantee = 0""",
    )
    assert [] == names(
        database,
        f"""SELECT proname, g.privilege_type FROM pg_proc,
        aclexplode(coalesce(proacl, acldefault('f', proowner))) g
        WHERE pronamespace {inside} AND g.grantee = 0""",
    )


def test_the_queue_may_be_filled_and_not_read(database: Database) -> None:
    """The application adds jobs; it calls one function and reads two columns to do so."""
    rights = """SELECT relname, g.privilege_type FROM pg_class c, aclexplode(c.relacl) g
      WHERE relnamespace = 'jobs'::regnamespace AND g.grantee = %s::regrole"""
    calls = """SELECT proname FROM pg_proc, aclexplode(proacl) g
      WHERE pronamespace = 'jobs'::regnamespace AND g.grantee = %s::regrole"""
    columns = """SELECT attname FROM pg_attribute, aclexplode(attacl) g
      WHERE attrelid = 'jobs.procrastinate_jobs'::regclass AND g.grantee = %s::regrole"""
    for role in ("kasa_app", "kasa_platform"):
        assert names(database, rights, role) == [
            "procrastinate_events.INSERT",
            "procrastinate_events_id_seq.USAGE",
            "procrastinate_jobs.INSERT",
            "procrastinate_jobs_id_seq.USAGE",
        ]
        assert names(database, calls, role) == ["procrastinate_defer_jobs_v1"]
        assert names(database, columns, role) == ["id", "queueing_lock"]


def test_every_constraint_has_its_error(database: Database) -> None:
    """``constraints.py`` and the schema list the same names, made by the same rule."""
    found = names(
        database,
        """SELECT conname FROM pg_constraint WHERE connamespace = 'kasa'::regnamespace
        AND contype <> 'n' UNION SELECT relname FROM pg_class c JOIN pg_index i
        ON i.indexrelid = c.oid AND i.indisunique WHERE relnamespace = 'kasa'::regnamespace""",
    )
    assert sorted(CONSTRAINTS) == found
    assert [] == [
        name
        for name in found
        if name.split("_")[-1] not in {"pkey", "key", "fkey"} and not name.endswith("_check")
    ]
