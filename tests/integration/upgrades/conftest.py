"""Databases of earlier revisions with data in them, and a journal of what an upgrade does."""

from collections.abc import Iterator

import attrs
import psycopg
import pytest
from alembic.script import ScriptDirectory
from psycopg import sql

from kasa.adapters.memory.outside import StoppedClock
from kasa.adapters.postgres import upgrade as upgrading
from kasa.adapters.postgres.embedded import Addresses, EmbeddedServer
from kasa.adapters.postgres.roles import SUPERUSER
from kasa.adapters.postgres.upgrade import upgrade
from tests.integration.conftest import TEMPLATE, Database
from tests.unit.samples.story import told

Row = tuple[object, ...]

REVISIONS = tuple(
    revision.revision
    for revision in reversed(
        list(ScriptDirectory.from_config(upgrading._config()).walk_revisions())
    )
)
"""Every revision, oldest first; a new one is covered by being there."""

_COLUMNS = """SELECT table_schema || '.' || table_name,
  array_agg(column_name::text ORDER BY ordinal_position)
FROM information_schema.columns c JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema IN ('kasa', 'platform') AND table_type = 'BASE TABLE'
  AND table_name <> 'version' AND is_generated = 'NEVER'
GROUP BY 1 ORDER BY 1"""
_JOURNAL = """
CREATE SCHEMA journal;
CREATE SEQUENCE journal.step;
CREATE TABLE journal.stop (at bigint);
CREATE TABLE journal.deeds (step bigint, tag text, tx xid8, lock text, statement text);
CREATE FUNCTION journal.note() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE here bigint := nextval('journal.step'); BEGIN
  INSERT INTO journal.deeds VALUES (here, tg_tag, pg_current_xact_id(),
    current_setting('lock_timeout'), current_setting('statement_timeout'));
  IF here IN (SELECT at FROM journal.stop) THEN PERFORM pg_sleep(60); END IF;
END $$;
CREATE EVENT TRIGGER journal ON ddl_command_end EXECUTE FUNCTION journal.note();
"""
_NO_JOURNAL = "DROP EVENT TRIGGER journal; DROP SCHEMA journal CASCADE"


@attrs.define(kw_only=True)
class Site:
    """One database of the run's server, which a test upgrades."""

    server: EmbeddedServer
    name: str

    @property
    def addresses(self) -> Addresses:
        """The addresses of its roles."""
        return self.server.addresses(self.name)

    @property
    def administrator(self) -> str:
        """The address of who sees and may everything."""
        return self.server.address(SUPERUSER, self.name)

    def ask(self, statement: str) -> list[Row]:
        """Run a statement as the administrator and return its rows."""
        with psycopg.connect(self.administrator, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def upgrade(self, target: str = "head") -> None:
        """Run the missing revisions up to one, and the queue's schema."""
        upgrade(self.addresses.owner, target=target)

    def columns(self) -> dict[str, list[str]]:
        """Return the columns of every table that holds kasa's data."""
        return {str(table): list(names) for table, names in self._pairs(_COLUMNS)}

    def told(self, columns: dict[str, list[str]]) -> dict[str, list[str]]:
        """Return every row of some tables, as text of these columns."""
        found = {}
        for table, names in columns.items():
            listed = ", ".join(f'"{name}"' for name in names)
            rows = self.ask(f"SELECT ROW({listed})::text FROM {table} ORDER BY 1")
            found[table] = [str(row) for (row,) in rows]
        return found

    def dump(self) -> list[str]:
        """Return the whole schema, rights and policies too, as statements."""
        text = self.server.binaries.run(
            "pg_dump", "--schema-only", "--restrict-key=same", "-d", self.administrator
        )
        return [line for line in text.splitlines() if line and not line.startswith("--")]

    def watch(self) -> None:
        """Note from now on each step that changes the schema."""
        self.ask(_JOURNAL)

    def unwatch(self) -> None:
        """Take the journal away, so that nothing but kasa's own is left."""
        self.ask(_NO_JOURNAL)

    def stop_at(self, step: int) -> None:
        """Let the next upgrade stand still at one of its steps, counted from 1."""
        self.ask(
            f"TRUNCATE journal.stop; INSERT INTO journal.stop VALUES ({step}); "
            "ALTER SEQUENCE journal.step RESTART"
        )

    def fill(self, source: "Site") -> None:
        """Take over the rows of another database, as far as there is a place for them here."""
        there = source.columns()
        for table, names in self.columns().items():
            common = [name for name in names if name in there.get(table, [])]
            if common:
                self._copy(source, table, common)

    def _copy(self, source: "Site", table: str, names: list[str]) -> None:
        listed = ", ".join(f'"{name}"' for name in names)
        out = f"COPY (SELECT {listed} FROM {table}) TO STDOUT"
        into = f"COPY {table} ({listed}) FROM STDIN"
        with (
            psycopg.connect(source.administrator) as giver,
            psycopg.connect(self.administrator) as taker,
        ):
            with giver.cursor().copy(out.encode()) as rows:
                lines = b"".join(bytes(row) for row in rows).splitlines(keepends=True)
            taker.execute("SET session_replication_role = replica")
            for batch in _batches(taker, into, lines):
                with taker.transaction(), taker.cursor().copy(into.encode()) as copy:
                    copy.write(b"".join(batch))

    def _pairs(self, statement: str) -> list[tuple[str, list[str]]]:
        with psycopg.connect(self.administrator) as connection:
            return list(connection.execute(statement.encode()).fetchall())


def _batches(
    taker: psycopg.Connection[Row], into: str, lines: list[bytes]
) -> Iterator[list[bytes]]:
    """Yield all lines at once, or without those that an earlier revision had no word for."""
    try:
        with taker.transaction(force_rollback=True), taker.cursor().copy(into.encode()) as copy:
            copy.write(b"".join(lines))
    except (psycopg.errors.CheckViolation, psycopg.errors.NotNullViolation):
        yield [line for line in lines if _fits(taker, into, line)]
    else:
        yield lines


def _fits(taker: psycopg.Connection[Row], into: str, line: bytes) -> bool:
    try:
        with taker.transaction(force_rollback=True), taker.cursor().copy(into.encode()) as copy:
            copy.write(line)
    except (psycopg.errors.CheckViolation, psycopg.errors.NotNullViolation):
        return False
    return True


@pytest.fixture(scope="session")
def story(server: EmbeddedServer, worker_id: str) -> Site:
    """Return a database of the newest revision in which a shop had a whole day."""
    name = f"kasa_story_{worker_id}"
    server.make_database(name, template=TEMPLATE)
    database, clock = Database(name, server), StoppedClock()
    told(database.ports(clock=clock), clock)
    database.close()
    return Site(server=server, name=name)


@pytest.fixture
def site(server: EmbeddedServer, worker_id: str) -> Iterator[Site]:
    """Return a database that has roles and schemas and nothing else."""
    made = Site(server=server, name=f"kasa_site_{worker_id}")
    server.make_database(made.name)
    yield made
    with psycopg.connect(server.address(SUPERUSER, "postgres"), autocommit=True) as connection:
        gone = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(made.name))
        connection.execute(gone)


@pytest.fixture(scope="session")
def fresh(server: EmbeddedServer, worker_id: str) -> Site:
    """Return a copy of the database that was made by one upgrade from nothing."""
    made = Site(server=server, name=f"kasa_fresh_{worker_id}")
    server.make_database(made.name, template=TEMPLATE)
    return made
