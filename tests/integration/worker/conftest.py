"""A shop, and a worker's processes, over a real database."""

import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import psycopg
import pytest

from kasa.adapters.conformance.shops import new_shop
from kasa.adapters.postgres.embedded import Addresses, EmbeddedServer
from kasa.adapters.postgres.upgrade import upgrade
from kasa.adapters.system.clock import RandomIds, SystemClock
from kasa.application.ports.bundle import Ports
from kasa.domain.identity.access import Actor
from kasa.domain.subscriptions.plan import CAPACITY_PERIOD, Meter
from kasa.domain.tenancy.events import TenantChanged
from kasa.entrypoints.worker.supervisor import Patience, Supervisor
from tests.integration.conftest import Database
from tests.integration.worker.program import HELD, Plan, reactions
from tests.places import ROOT

PATIENCE_SECONDS = 60


def wait_for(truth: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until something is true, or fail when it does not become so in time."""
    until = time.monotonic() + seconds
    while not truth():
        assert time.monotonic() < until, "it did not become true in time"
        time.sleep(0.05)


def crash(server: EmbeddedServer) -> None:
    """Stop a server as a crash does."""
    server.binaries.run(
        "pg_ctl", "stop", "-D", str(server.home.data), "-m", "immediate", "-t", "30"
    )


@attrs.define(kw_only=True)
class Yard:
    """A shop whose words become jobs, and the supervised workers that run them."""

    addresses: Addresses
    ports: Ports
    owner: Actor
    folder: Path
    told: list[str] = attrs.field(factory=list)
    threads: list[tuple[Supervisor, threading.Thread]] = attrs.field(factory=list)

    def say(self, *words: str) -> None:
        """Record one event per word, each in a commit of its own."""
        for said in words:
            with self.ports.unit_of_work(self.owner) as work:
                event = TenantChanged(subject=self.owner.tenant, fields=(said,))
                work.events.record(event, at=self.ports.clock.now())

    def hold(self) -> None:
        """Let what is said with ``held`` wait in its reaction."""
        (self.folder / HELD).touch()

    def let_go(self) -> None:
        """Let it go on."""
        (self.folder / HELD).unlink()

    def began(self, word: str) -> list[int]:
        """Return the attempts at which the reaction to a word began."""
        trace = self.folder / f"began-{word.replace(':', '-')}"
        return [int(line) for line in trace.read_text().split()] if trace.exists() else []

    def effects(self) -> int:
        """Return how many effects were committed."""
        with self.ports.unit_of_work(self.owner) as work:
            return work.usage.used(Meter.PRODUCTS, period=CAPACITY_PERIOD)

    def states(self) -> list[tuple[str, int]]:
        """Return state and attempts of every job, in the order added."""
        rows = self.ask("SELECT status::text, attempts FROM procrastinate_jobs ORDER BY id")
        return [(str(state), int(attempts)) for state, attempts in rows]

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """Run a statement as the worker's login."""
        with psycopg.connect(self.addresses.jobs) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def plan(self, **pace: Any) -> Path:
        """Write what a child needs, and return the file."""
        made = Plan(
            app=self.addresses.app, jobs=self.addresses.jobs, folder=str(self.folder), pace=pace
        )
        return made.write(self.folder / f"plan-{len(self.threads)}")

    @staticmethod
    def command(plan: Path) -> tuple[str, ...]:
        """Return what starts a child, without the number of its link."""
        return (sys.executable, "-m", "tests.integration.worker.program", str(plan))

    def work(self, patience: Patience | None = None, **pace: Any) -> Supervisor:
        """Start a supervised worker, and return when its child takes jobs."""
        told: list[str] = []

        def tell(words: str) -> None:
            told.append(words)
            self.told.append(words)

        made = Supervisor(
            prepare=lambda: None,
            tell=tell,
            command=self.command(self.plan(**pace)),
            patience=patience,
        )
        thread = threading.Thread(target=made.run)
        thread.start()
        self.threads.append((made, thread))
        wait_for(lambda: READY in told)
        return made

    def end(self) -> None:
        """Stop every worker, and wait for its end."""
        if (self.folder / HELD).exists():
            self.let_go()
        for supervisor, _ in self.threads:
            supervisor.stop()
        for _, thread in self.threads:
            thread.join(PATIENCE_SECONDS)
            assert not thread.is_alive()
        self.threads.clear()


READY = "The worker is ready: it takes jobs."


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder of this test; children are started at the root of the project."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("PYTHONPATH", f"{ROOT / 'src'}:{ROOT}")
    with tempfile.TemporaryDirectory(prefix="kasa-yard-") as name:
        yield Path(name)


@pytest.fixture
def yard(database: Database, folder: Path) -> Iterator[Yard]:
    """Return a shop in this process's database; its workers are ended with the test."""
    ports = database.ports(reactions())
    made = Yard(addresses=database.addresses, ports=ports, owner=new_shop(ports), folder=folder)
    made.ask("DELETE FROM procrastinate_workers")
    yield made
    made.end()


@pytest.fixture
def own_server() -> Iterator[EmbeddedServer]:
    """Return a server of this test alone, which may be stopped; it keeps what it commits."""
    with tempfile.TemporaryDirectory(prefix="kasa-outage-") as name:
        Path(name).chmod(0o711)
        server = EmbeddedServer(Path(name) / "home")
        server.start()
        upgrade(server.addresses().owner)
        yield server
        server.started = True
        server.stop()


@pytest.fixture
def lonely_yard(own_server: EmbeddedServer, folder: Path) -> Iterator[Yard]:
    """Return a shop on a server of its own."""
    database = Database("kasa", own_server)
    ports = attrs.evolve(database.ports(reactions()), ids=RandomIds(), clock=SystemClock())
    made = Yard(addresses=own_server.addresses(), ports=ports, owner=new_shop(ports), folder=folder)
    yield made
    made.end()
    database.close()
