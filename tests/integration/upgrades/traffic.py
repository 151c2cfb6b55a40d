"""Traffic of the application's login while an upgrade runs, and who locks what for how long."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import attrs
import psycopg
from psycopg import sql

from kasa.adapters.postgres.engine import Begin, DatabaseRole, opening
from kasa.domain.kernel.ids import TenantId
from tests.integration.upgrades.conftest import Site

LOOK_SECONDS = 0.01
EXCLUSIVE = """SELECT pid || ':' || relation::regclass FROM pg_locks
WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database())
AND mode = 'AccessExclusiveLock' AND granted AND relation = ANY (%s)"""
MULTIPLIED = ("events", "payments")
KEPT = psycopg.errors.RaiseException


@attrs.define(kw_only=True)
class Traffic:
    """Readers and writers over every table that was there before the upgrade."""

    site: Site
    done: int = 0
    longest: float = 0
    longest_of: str = ""
    refused: list[str] = attrs.field(factory=list)
    closed: dict[str, tuple[float, float]] = attrs.field(factory=dict)
    _ended: threading.Event = attrs.field(factory=threading.Event)

    @property
    def longest_exclusive(self) -> float:
        """For how many seconds the longest lock was seen that keeps even readers out."""
        return max((last - first for first, last in self.closed.values()), default=0.0)

    def told(self) -> str:
        """Return the figures."""
        return (
            f"{self.done} calls, longest {self.longest:.2f} s ({self.longest_of}), "
            f"closed {self.longest_exclusive:.2f} s"
        )

    def multiply(self, rows: int) -> None:
        """Bring the large tables to so many rows."""
        columns = self.site.columns()
        with psycopg.connect(self.site.administrator) as connection:
            connection.execute("SET session_replication_role = replica")
            for name in MULTIPLIED:
                table = f"kasa.{name}"
                if table in columns:
                    connection.execute(_more(table, columns[table], rows).encode())
        self.site.ask("VACUUM ANALYZE")

    @contextmanager
    def running(self) -> Iterator[None]:
        """Let two doors work, and look at locks, until the end."""
        tables = [table for table in self.site.columns() if table.startswith("kasa.")]
        duties = [self._work, self._work, self._look]
        threads = [threading.Thread(target=duty, args=(tables,)) for duty in duties]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._ended.set()
            for thread in threads:
                thread.join()

    def _work(self, tables: list[str]) -> None:
        ((tenant,),) = self.site.ask("SELECT tenant_id FROM kasa.tenants")
        opened = opening(Begin.WRITE, DatabaseRole.APP, TenantId(tenant))  # type: ignore[arg-type]  # a column of ids
        with psycopg.connect(self.site.addresses.app, autocommit=True) as connection:
            while not self._ended.is_set():
                for table in tables:
                    for statement in (_READ, _WRITE):
                        self._call(connection, opened, statement.format(table))

    def _call(
        self, connection: psycopg.Connection[tuple[object, ...]], opened: str, statement: str
    ) -> None:
        began = time.monotonic()
        try:
            connection.execute(opened.encode(), prepare=False)
            connection.execute(statement.encode(), prepare=False)
            connection.execute("COMMIT")
        except psycopg.Error as error:
            connection.execute("ROLLBACK")
            if error.sqlstate not in _MAY_NOT:
                self.refused.append(f"{error.sqlstate} {statement}")
        took = time.monotonic() - began
        self.done += 1
        if took > self.longest:
            self.longest, self.longest_of = took, statement

    def _look(self, tables: list[str]) -> None:
        with psycopg.connect(self.site.administrator, autocommit=True) as connection:
            rows = connection.execute("SELECT %s::regclass[]::oid[]", [tables]).fetchone()
            assert rows is not None
            while not self._ended.wait(LOOK_SECONDS):
                for (lock,) in connection.execute(EXCLUSIVE, [rows[0]]).fetchall():
                    now = time.monotonic()
                    first, _ = self.closed.get(str(lock), (now, now))
                    self.closed[str(lock)] = (first, now)


_READ = "SELECT * FROM {} LIMIT 5"
_WRITE = "UPDATE {0} SET tenant_id = tenant_id WHERE ctid = (SELECT ctid FROM {0} LIMIT 1)"
_MAY_NOT = frozenset({"42501", "KA001"})
"""An append-only table, and an issued invoice: they are never written over."""


def _more(table: str, columns: list[str], rows: int) -> str:
    """Return the statement that repeats the rows of a table under new identifiers."""
    listed = [sql.Identifier(name).as_string(None) for name in columns]
    taken = ["gen_random_uuid()" if name == '"id"' else name for name in listed]
    return (
        f"INSERT INTO {table} ({', '.join(listed)}) SELECT {', '.join(taken)} FROM {table}, "
        f"generate_series(1, (SELECT ceil({rows}::numeric / count(*))::int FROM {table})) "
        "ON CONFLICT DO NOTHING"
    )
