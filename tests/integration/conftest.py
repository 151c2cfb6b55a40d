"""One embedded server per run, one template database, one clone of it per worker process."""

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs
import psycopg
import pytest

from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.postgres.database import PostgresDatabase, open_postgres
from kasa.adapters.postgres.embedded import Addresses, EmbeddedServer
from kasa.adapters.postgres.upgrade import upgrade
from kasa.adapters.system.clock import RandomIds, SystemClock
from kasa.application.ports.bundle import Ports
from kasa.application.ports.events import Reactions
from kasa.application.ports.system import Clock
from kasa.application.reactions import REACTIONS

FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
TEMPLATE = "kasa_template"


@attrs.define
class Database:
    """The clone of one worker process; tests share it and use a shop of their own each."""

    addresses: Addresses
    server: EmbeddedServer
    opened: list[PostgresDatabase] = attrs.field(factory=list)

    def open(self, reactions: Reactions = REACTIONS, *, threads: int = 8) -> PostgresDatabase:
        """Return the ports of PostgreSQL alone; closed at the end of the test."""
        made = open_postgres(self.addresses, reactions, RandomIds(), threads=threads)
        self.opened.append(made)
        return made

    def ports(self, reactions: Reactions = REACTIONS, *, clock: Clock | None = None) -> Ports:
        """Return every port: PostgreSQL, and memory for what is outside of it."""
        clock = clock or SystemClock()
        made = self.open(reactions)
        return attrs.evolve(
            memory_ports(clock=clock, reactions=reactions),
            unit_of_work=made.unit_of_work,
            worker=made.worker,
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
    folder = Path(tempfile.gettempdir()) / f"kasa-tests-{os.geteuid()}-{run}"
    folder.mkdir(mode=0o711, exist_ok=True)
    shared = EmbeddedServer(folder / "home", settings=FAST)
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
def clone(server: EmbeddedServer, worker_id: str) -> Addresses:
    """Return the addresses of this worker process's own copy of the template."""
    name = f"kasa_{worker_id}"
    with _users(server.home.folder.parent):
        server.make_database(name, template=TEMPLATE)
    return server.addresses(name)


@pytest.fixture
def database(server: EmbeddedServer, clone: Addresses) -> Iterator[Database]:
    """Return this process's database with an empty queue."""
    with psycopg.connect(clone.jobs) as connection:
        connection.execute("DELETE FROM procrastinate_jobs")
    made = Database(clone, server)
    yield made
    made.close()


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
