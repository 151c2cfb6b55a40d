"""One embedded server per run, one template database, one clone of it per worker process."""

import fcntl
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import Enum, auto
from functools import partial
from pathlib import Path
from typing import Any

import attrs
import psycopg
import pytest
import sqlalchemy
from sqlalchemy import event

from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.postgres.binaries import ProgramFailed
from kasa.adapters.postgres.connection import TenantConnection
from kasa.adapters.postgres.database import PostgresDatabase, open_postgres
from kasa.adapters.postgres.embedded import Addresses, EmbeddedServer
from kasa.adapters.postgres.engine import DatabaseRole
from kasa.adapters.postgres.roles import SUPERUSER
from kasa.adapters.postgres.transactions import PostgresUnitOfWorkFactory
from kasa.adapters.postgres.upgrade import upgrade
from kasa.adapters.postgres.work import PostgresReadOnly, PostgresUnitOfWork
from kasa.adapters.system.clock import RandomIds, SystemClock
from kasa.application.ports.bundle import Ports
from kasa.application.ports.events import Reactions
from kasa.application.ports.system import Clock
from kasa.application.ports.work import ReadOnly, UnitOfWork
from kasa.application.reactions import REACTIONS
from tests.integration.bouncer import Bouncer

FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
ROOM = {"max_connections": "300"}
"""Races of several test processes hold wide pools at once on the one server of a run."""
TEMPLATE = "kasa_template"
NO_TENANT = re.compile(r"\bplatform\.|\sFROM\s+pg_")
READS_ROWS = re.compile(r"\b(?:FROM|JOIN)\s+(?!unnest\()|^\s*(?:UPDATE|DELETE)\b", re.IGNORECASE)
ROOM_BYTES = 4 * 2**30
TENANT_CONDITION = re.compile(r"(?:\w+\.)?tenant_id = %\(tenant\)s(?:::UUID)?")


class Walls(Enum):
    """What keeps tenants apart: filters in statements, row security, or both."""

    BOTH = auto()
    POLICIES = auto()
    FILTERS = auto()


@attrs.define
class Database:
    """The clone of one worker process; tests share it and use a shop of their own each."""

    name: str
    server: EmbeddedServer
    bouncer: Bouncer | None = None
    opened: list[PostgresDatabase] = attrs.field(factory=list)

    @property
    def addresses(self) -> Addresses:
        """The addresses of its roles, at the server itself."""
        return self.server.addresses(self.name)

    def _through(self, address: str) -> str:
        return address if self.bouncer is None else self.bouncer.through(address)

    def open(
        self, reactions: Reactions = REACTIONS, *, threads: int = 8, walls: Walls = Walls.BOTH
    ) -> PostgresDatabase:
        """Return the ports of PostgreSQL alone; closed at the end of the test.

        With one of the walls the other is taken down.
        """
        addresses = self.addresses
        role = DatabaseRole.APP
        if walls is Walls.FILTERS:
            role = DatabaseRole.SUPERUSER
            addresses = attrs.evolve(addresses, app=self.server.address(SUPERUSER, self.name))
        through = attrs.evolve(
            addresses, app=self._through(addresses.app), jobs=self._through(addresses.jobs)
        )
        ids, pooled = RandomIds(), self.bouncer is not None
        made = open_postgres(
            through, reactions, ids, threads=threads, pooled=pooled, listen=not pooled
        )
        made = attrs.evolve(
            made,
            unit_of_work=PostgresUnitOfWorkFactory(made.engine, reactions, ids, role=role),
        )
        rewritten(made.engine, _without_filter if walls is Walls.POLICIES else _demand_filter)
        self.opened.append(made)
        return made

    def ports(
        self,
        reactions: Reactions = REACTIONS,
        *,
        clock: Clock | None = None,
        walls: Walls = Walls.BOTH,
    ) -> Ports:
        """Return every port: PostgreSQL, and memory for what is outside of it."""
        clock = clock or SystemClock()
        made = self.open(reactions, walls=walls)
        return attrs.evolve(
            memory_ports(clock=clock, reactions=reactions),
            unit_of_work=made.unit_of_work,
            admissions=made.admissions,
            rates=made.rates,
            worker=made.worker,
            schedule=made.schedule,
            ids=RandomIds(),
        )

    def close(self) -> None:
        """Close what the test opened."""
        for made in self.opened:
            made.close()
        self.opened.clear()


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedServer]:
    """Return the one server of this run, with a template of the newest schema."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or f"alone-{os.getpid()}"
    folder = _roomy() / f"kasa-tests-{os.geteuid()}-{run}"
    folder.mkdir(mode=0o711, exist_ok=True)
    _forget_dead_runs(folder)
    shared = EmbeddedServer(folder / "home", settings={**FAST, **ROOM})
    try:
        with _users(folder) as users:
            first = not users
            users.append(os.getpid())
            shared.start()
            if first:
                shared.make_database(TEMPLATE)
                upgrade(shared.addresses(TEMPLATE).owner)
        yield shared
    finally:
        with _users(folder) as users:
            users.remove(os.getpid())
            if not users:
                shared.started = True
                shared.stop()
                shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def clone(server: EmbeddedServer, worker_id: str) -> str:
    """Return the name of this worker process's own copy of the template."""
    name = f"kasa_{worker_id}"
    with _users(server.home.folder.parent):
        server.make_database(name, template=TEMPLATE)
    return name


@pytest.fixture(scope="session")
def bouncer() -> Bouncer | None:
    """Return the pooler that kasa goes through: here none."""
    return None


@contextmanager
def own_copy(server: EmbeddedServer, name: str) -> Iterator[Database]:
    """Yield a fresh database of the newest schema that no other test uses, and drop it."""
    with _users(server.home.folder.parent):
        server.make_database(name, template=TEMPLATE)
    made = Database(name, server)
    try:
        yield made
    finally:
        made.close()
        with psycopg.connect(server.address(SUPERUSER), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def database(server: EmbeddedServer, clone: str, bouncer: Bouncer | None) -> Iterator[Database]:
    """Return this process's database with an empty queue and a schedule that ran nothing."""
    made = Database(clone, server, bouncer)
    with psycopg.connect(made.addresses.jobs) as connection:
        connection.execute("DELETE FROM procrastinate_jobs")
        connection.execute("DELETE FROM kasa_schedule")
    yield made
    made.close()


def rows_of(work: UnitOfWork | ReadOnly) -> TenantConnection:
    """Return the connection of a unit of work, for statements that no store has."""
    assert isinstance(work, PostgresUnitOfWork | PostgresReadOnly)
    return work._rows


class RewritingCursor(psycopg.Cursor[Any]):
    """A cursor that sends what a function makes of each statement."""

    def __init__(self, rewrite: Callable[[str], str], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._rewrite = rewrite

    def execute(self, query: Any, *arguments: Any, **options: Any) -> "RewritingCursor":
        """Send another statement instead."""
        text = query.decode() if isinstance(query, bytes) else str(query)
        super().execute(self._rewrite(text).encode(), *arguments, **options)
        return self


def rewritten(engine: sqlalchemy.Engine, rewrite: Callable[[str], str]) -> None:
    """Have every statement on new connections pass through a function; the last one counts."""

    def listen(connection: Any, _entry: Any) -> None:
        connection.cursor_factory = partial(RewritingCursor, rewrite)

    event.listen(engine, "connect", listen)


def _demand_filter(statement: str) -> str:
    """Fail on a statement of a store that forgot its tenant, in whatever test it runs."""
    asks = statement.lstrip().partition(" ")[0].upper()
    if asks in {"SELECT", "UPDATE", "DELETE", "WITH"} and not NO_TENANT.search(statement):
        filtered = TENANT_CONDITION.search(statement) or not READS_ROWS.search(statement)
        assert filtered, statement
    return statement


def _without_filter(statement: str) -> str:
    """Take the tenant's condition out of a statement of a store."""
    return TENANT_CONDITION.sub("true", _demand_filter(statement))


def _roomy() -> Path:
    """Return the memory of the machine as a folder where there is plenty of it, else the disk."""
    memory = Path("/dev/shm")
    fits = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM_BYTES
    return memory if fits else Path(tempfile.gettempdir())


def _forget_dead_runs(own: Path) -> None:
    """Stop and remove what test runs that were killed have left behind."""
    for folder in own.parent.glob(f"kasa-tests-{os.geteuid()}-*"):
        if folder == own or not (folder / "users.json").exists():
            continue
        with _users(folder) as users:
            if any(_lives(user) for user in users):
                continue
            users.clear()
            left = EmbeddedServer(folder / "home", settings=FAST)
            left.started = (folder / "home" / "pg" / "postmaster.pid").exists()
            with suppress(ProgramFailed):
                left.stop()
            shutil.rmtree(folder, ignore_errors=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except OSError:
        return False
    return True


@contextmanager
def _users(folder: Path) -> Iterator[list[int]]:
    """Yield the processes that use the server, alone among them."""
    with (folder / "users.json").open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        users: list[int] = json.loads(file.read() or "[]")
        yield users
        file.seek(0)
        file.truncate()
        json.dump(users, file)
