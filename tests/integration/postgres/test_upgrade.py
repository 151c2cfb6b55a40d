"""Migrations: from nothing, again, at the same time, and with a login that must not."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import attrs
import psycopg
import pytest
from alembic.script import ScriptDirectory
from psycopg import errors, sql
from psycopg.conninfo import make_conninfo

from kasa.adapters.postgres import upgrade as upgrading
from kasa.adapters.postgres.constraints import StoreSchema
from kasa.adapters.postgres.database import open_postgres
from kasa.adapters.postgres.embedded import Addresses, EmbeddedServer
from kasa.adapters.postgres.roles import APP, LOGINS, OWNER, SUPERUSER, role_script, set_password
from kasa.adapters.postgres.upgrade import (
    OwnerCannotBypass,
    OwnerMissing,
    RoleTooStrong,
    StoreSchemaNewer,
    newest_revision,
    upgrade,
)
from kasa.adapters.system.clock import RandomIds
from kasa.application.ports.jobs import Queue
from kasa.application.reactions import REACTIONS
from tests.integration.conftest import Database

pytestmark = [pytest.mark.integration, pytest.mark.direct]

SCHEMA = """SELECT table_schema, table_name, column_name, data_type, is_nullable, column_default
FROM information_schema.columns WHERE table_schema IN ('kasa', 'platform', 'jobs')
ORDER BY 1, 2, 3"""
QUEUE = (
    """SELECT table_name, column_name, data_type, is_nullable, column_default
    FROM information_schema.columns WHERE table_schema = 'jobs' ORDER BY 1, 2""",
    """SELECT proname, pg_get_function_arguments(oid), proacl::text FROM pg_proc
    WHERE pronamespace = 'jobs'::regnamespace ORDER BY 1, 2""",
    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'jobs' ORDER BY 1",
    """SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    AND tgrelid = 'jobs.procrastinate_jobs'::regclass ORDER BY 1""",
    "SELECT max(name) FROM jobs.kasa_version",
)


WITHOUT_OWNER = """SELECT relname FROM pg_class c WHERE relnamespace = 'kasa'::regnamespace
AND relkind = 'r' AND NOT EXISTS (SELECT FROM pg_policy p
WHERE p.polrelid = c.oid AND polname = 'owner' AND polroles = ARRAY['kasa_owner'::regrole::oid])"""
OTHERS = """SELECT relname FROM pg_class WHERE relnamespace IN ('kasa'::regnamespace,
'platform'::regnamespace) AND relowner <> 'kasa_owner'::regrole
UNION SELECT proname FROM pg_proc WHERE pronamespace IN ('kasa'::regnamespace,
'platform'::regnamespace) AND proowner <> 'kasa_owner'::regrole"""


@pytest.fixture(scope="module")
def own_server() -> Iterator[EmbeddedServer]:
    """Return a server of this module's own: its roles are changed."""
    folder = Path(tempfile.mkdtemp(prefix="kasa-own-"))
    folder.chmod(0o711)
    server = EmbeddedServer(folder / "home", settings={"fsync": "off", "shared_buffers": "16MB"})
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


@pytest.fixture
def empty(own_server: EmbeddedServer) -> Iterator[str]:
    """Return the name of a database that has roles and schemas and nothing else."""
    own_server.make_database("empty")
    yield "empty"
    with psycopg.connect(own_server.address(SUPERUSER, "postgres"), autocommit=True) as connection:
        connection.execute("DROP DATABASE empty WITH (FORCE)")


def _ask(server: EmbeddedServer, database: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(server.address(SUPERUSER, database)) as connection:
        return connection.execute(sql.SQL(statement)).fetchall()


@pytest.mark.G5
def test_revisions_are_one_chain() -> None:
    """Every revision follows exactly one other, in the order of their numbers, without way back."""
    script = ScriptDirectory.from_config(upgrading._config())
    revisions = list(reversed(list(script.walk_revisions())))
    names = [revision.revision for revision in revisions]
    assert sorted(names) == names
    assert [None, *names[:-1]] == [revision.down_revision for revision in revisions]
    assert not any(hasattr(revision.module, "downgrade") for revision in revisions)


def test_an_upgrade_makes_everything_and_may_run_again(
    own_server: EmbeddedServer, empty: str
) -> None:
    """From nothing to the newest schema; a second run changes nothing."""
    upgrade(own_server.addresses(empty).owner)
    first = _ask(own_server, empty, SCHEMA)
    assert len(first) > 50
    assert [(newest_revision(),)] == _ask(own_server, empty, "SELECT * FROM platform.version")
    upgrade(own_server.addresses(empty).owner)
    assert first == _ask(own_server, empty, SCHEMA)


def test_an_installed_queue_equals_an_upgraded_one(own_server: EmbeddedServer, empty: str) -> None:
    """The queue's files run one after the other make what the packaged schema makes at once."""
    upgrade(own_server.addresses(empty).owner)
    installed = {question: _ask(own_server, empty, question) for question in QUEUE}
    with psycopg.connect(own_server.address(SUPERUSER, empty)) as connection:
        connection.execute(
            """DROP SCHEMA jobs CASCADE; CREATE SCHEMA jobs AUTHORIZATION kasa_jobs;
            GRANT USAGE ON SCHEMA jobs TO kasa_app, kasa_platform; SET ROLE kasa_jobs;
            CREATE TABLE jobs.kasa_version (name text PRIMARY KEY);
            INSERT INTO jobs.kasa_version VALUES ('00')"""
        )
    upgrade(own_server.addresses(empty).owner)
    upgraded = {question: _ask(own_server, empty, question) for question in QUEUE}
    assert installed == upgraded


@pytest.mark.G5
def test_an_owner_under_row_security_is_refused(own_server: EmbeddedServer, empty: str) -> None:
    """A migrator that sees no rows would check foreign keys over nothing."""
    with psycopg.connect(own_server.address(SUPERUSER, empty), autocommit=True) as connection:
        connection.execute("ALTER ROLE kasa_owner NOBYPASSRLS")
        try:
            with pytest.raises(OwnerCannotBypass):
                upgrade(own_server.addresses(empty).owner)
            assert _ask(own_server, empty, "SELECT to_regclass('platform.version')") == [(None,)]
        finally:
            connection.execute("ALTER ROLE kasa_owner BYPASSRLS")


@pytest.mark.G5
def test_a_managed_server_shows_its_owner_every_row(own_server: EmbeddedServer, empty: str) -> None:
    """Without BYPASSRLS a policy of the owner's lets foreign keys and lookups see the rows.

    The installation remembers how it was made, and a policy that is missing comes back.
    """
    with psycopg.connect(own_server.address(SUPERUSER, empty), autocommit=True) as connection:
        connection.execute("ALTER ROLE kasa_owner NOBYPASSRLS")
        try:
            upgrade(own_server.addresses(empty).owner, managed=True)
            connection.execute("DROP POLICY owner ON kasa.events")
            upgrade(own_server.addresses(empty).owner)
            assert [] == _ask(own_server, empty, WITHOUT_OWNER)
            connection.execute(
                "INSERT INTO kasa.usage_counters VALUES (gen_random_uuid(), 'x', '2026-01-01', 1)"
            )
            with (
                psycopg.connect(own_server.address(OWNER, empty)) as owner,
                pytest.raises(errors.ForeignKeyViolation),
            ):
                owner.execute(
                    """ALTER TABLE kasa.usage_counters ADD FOREIGN KEY (tenant_id)
                    REFERENCES kasa.tenants"""
                )
        finally:
            connection.execute("ALTER ROLE kasa_owner BYPASSRLS")


def test_what_a_superuser_upgrades_belongs_to_the_owner(
    own_server: EmbeddedServer, empty: str
) -> None:
    """Whoever signs in: no table is a superuser's, and no function runs with its rights."""
    upgrade(own_server.address(SUPERUSER, empty))
    assert [] == _ask(own_server, empty, OTHERS)


def test_an_upgrade_by_another_login_is_refused(database: Database) -> None:
    """The application's login cannot become the owner, and is told which one is wanted."""
    with pytest.raises(OwnerMissing):
        upgrade(database.addresses.app)


def test_a_login_that_can_become_the_owner_is_refused(database: Database) -> None:
    """What a statement away sees every row, for doors and for the worker."""
    word = database.server.home.password(APP)
    address = database.server.address(SUPERUSER, database.name)
    with psycopg.connect(address, autocommit=True) as administrator:
        administrator.execute(f"CREATE ROLE kasa_guest LOGIN NOINHERIT PASSWORD '{word}'".encode())
        administrator.execute("GRANT kasa_owner TO kasa_guest WITH INHERIT FALSE, SET TRUE")
        administrator.execute(f"GRANT CONNECT ON DATABASE {database.name} TO kasa_guest".encode())
        try:
            guest = make_conninfo(address, user="kasa_guest", password=word)
            addresses = attrs.evolve(database.addresses, app=guest, jobs=guest)
            made = open_postgres(addresses, REACTIONS, RandomIds())
            with pytest.raises(RoleTooStrong):
                made.ping()
            with pytest.raises(RoleTooStrong):
                made.worker.check(tuple(Queue))
            made.close()
        finally:
            administrator.execute("DROP OWNED BY kasa_guest")
            administrator.execute("DROP ROLE kasa_guest")


def test_a_login_above_row_security_is_refused(database: Database) -> None:
    """Kasa does not open with a superuser or a role that bypasses row security."""
    for role in (SUPERUSER, OWNER):
        addresses = Addresses(
            app=database.server.address(role, database.name),
            owner=database.addresses.owner,
            jobs=database.addresses.jobs,
        )
        made = open_postgres(addresses, REACTIONS, RandomIds())
        with pytest.raises(RoleTooStrong):
            made.ping()
        made.close()
    database.open().ping()


def test_a_database_without_schema_is_told(own_server: EmbeddedServer, empty: str) -> None:
    """Before ``kasa db upgrade`` the store says that it is missing."""
    made = open_postgres(own_server.addresses(empty), REACTIONS, RandomIds())
    with pytest.raises(StoreSchema):
        made.ping()
    made.close()


@pytest.mark.G5
@pytest.mark.parametrize(("ahead", "code"), [(1, None), (2, "store.schema_newer")])
def test_a_schema_may_be_one_step_ahead(
    own_server: EmbeddedServer, empty: str, ahead: int, code: str | None
) -> None:
    """The program of before serves beside the new one; two steps on it does not, nor upgrades."""
    upgrade(own_server.addresses(empty).owner)
    newer = f"r{int(newest_revision()[1:5]) + ahead:04d}_later"
    with psycopg.connect(own_server.address(SUPERUSER, empty)) as connection:
        connection.execute("UPDATE platform.version SET version_num = %s", [newer])
    made = open_postgres(own_server.addresses(empty), REACTIONS, RandomIds())
    if code is None:
        made.ping()
    else:
        with pytest.raises(StoreSchemaNewer):
            made.ping()
    made.close()
    with pytest.raises(StoreSchemaNewer) as told:
        upgrade(own_server.addresses(empty).owner)
    assert told.value.code == "store.schema_newer"


def test_the_role_script_may_run_again(own_server: EmbeddedServer, empty: str) -> None:
    """Run over a database that has it, it changes nothing."""
    rights = "SELECT rolname, rolsuper, rolbypassrls, rolcanlogin FROM pg_roles ORDER BY 1"
    before = _ask(own_server, empty, rights)
    with psycopg.connect(own_server.address(SUPERUSER, empty)) as connection:
        connection.execute(role_script().encode())
    assert before == _ask(own_server, empty, rights)


def test_an_administrator_without_superuser_prepares_a_managed_server() -> None:
    """Who may only make roles and own a database can run the script; the upgrade then works."""
    folder = Path(tempfile.mkdtemp(prefix="kasa-own-"))
    folder.chmod(0o711)
    server = EmbeddedServer(folder / "home", settings={"fsync": "off", "shared_buffers": "16MB"})
    try:
        server.start()
        word = server.home.password(SUPERUSER)
        with psycopg.connect(server.address(SUPERUSER, "postgres"), autocommit=True) as connection:
            connection.execute("DROP DATABASE kasa")
            for role in (*LOGINS, "kasa_platform"):
                connection.execute(f"DROP ROLE {role}".encode())
            connection.execute(f"CREATE ROLE admin LOGIN CREATEROLE PASSWORD '{word}'".encode())
            connection.execute("CREATE DATABASE managed OWNER admin")
        address = make_conninfo(server.address(SUPERUSER, "managed"), user="admin")
        with psycopg.connect(address) as connection:
            connection.execute(role_script(managed=True).encode())
            set_password(connection, OWNER, server.home.password(OWNER))
        upgrade(server.address(OWNER, "managed"), managed=True)
        assert [(newest_revision(),)] == _ask(server, "managed", "SELECT * FROM platform.version")
    finally:
        server.stop()
        shutil.rmtree(folder)
