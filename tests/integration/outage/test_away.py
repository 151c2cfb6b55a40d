"""The database is away, and comes back: every use case says so, and none needs a restart."""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from kasa.adapters.conformance.shops import new_shop
from kasa.adapters.memory.outside import StoppedClock
from kasa.adapters.postgres.embedded import EmbeddedServer
from kasa.adapters.postgres.engine import REST_LIMIT_SECONDS
from kasa.adapters.postgres.roles import SUPERUSER
from kasa.application.kasa import Kasa
from kasa.application.ports.bundle import Ports
from kasa.application.ports.schedule import SweepFailed
from kasa.application.schedule import SWEEPS
from kasa.domain.kernel.errors import Unavailable
from kasa.entrypoints.bootstrap import open_kasa, open_tools
from kasa.entrypoints.cli.app import run
from kasa.entrypoints.cli.failures import Exit
from kasa.entrypoints.cli.request import Openers
from tests.integration.conftest import Database
from tests.integration.outage.commands import environment_of, settings_of
from tests.integration.outage.twice import ANSWER_LIMIT_SECONDS, Met, a_day_twice
from tests.integration.worker.conftest import crash

pytestmark = [pytest.mark.integration, pytest.mark.B3]

FAMILIES = {"tenancy", "files", "invoicing", "inventory", "payments", "operations"}
COMMANDS = (
    ("tenant", "list"),
    ("tenant", "open", "Sokha Textiles"),
    ("invoice", "list"),
    ("account", "list"),
    ("payment", "list"),
    ("jobs", "list"),
    ("jobs", "sweeps"),
    ("db", "status"),
    ("db", "upgrade"),
)


def _open(database: Database, clock: StoppedClock) -> Ports:
    """Return ports whose pool holds a connection that was used just now."""
    ports = database.ports(clock=clock)
    new_shop(ports)
    return ports


def test_every_use_case_says_that_the_database_is_away(
    lonely: Database, own_server: EmbeddedServer, database: Database
) -> None:
    """Stopped in the middle of the day: each is refused at once, and the first call after works."""
    clock = StoppedClock()
    unwell = _open(lonely, clock)
    met = Met(code="store.unavailable")
    crash(own_server)
    steps = a_day_twice(unwell, database.ports(clock=clock), clock, met)
    assert {name.partition(".")[0] for name in met.refused} == FAMILIES
    assert met.answered == set()
    kasa = Kasa.over(unwell)
    assert {type(kasa.sweep(sweep.name)) for sweep in SWEEPS} == {SweepFailed}
    with pytest.raises(Unavailable):
        unwell.worker.drain(kasa.run)
    own_server.start()
    owner = new_shop(unwell)
    assert kasa.invoicing.queries.invoices(owner).items == ()
    assert unwell.worker.drain(kasa.run) == 0
    assert steps.kasa.tenancy.queries is not None


def test_a_restart_nobody_saw_costs_no_call(lonely: Database, own_server: EmbeddedServer) -> None:
    """A server that stopped and came back while every connection rested: the next call works."""
    ports = _open(lonely, StoppedClock())
    owner = new_shop(ports)
    rested = time.monotonic() + REST_LIMIT_SECONDS
    crash(own_server)
    own_server.start()
    while time.monotonic() < rested:
        time.sleep(0.05)
    assert Kasa.over(ports).tenancy.queries.tenant(owner).id == owner.tenant


def test_a_server_that_is_full_of_others_is_away(
    lonely: Database, own_server: EmbeddedServer
) -> None:
    """Without a connection to be had, and while it starts, the server is away: no bug, no wait."""
    owner = new_shop(lonely.ports())
    lonely.close()
    with psycopg.connect(own_server.address(SUPERUSER), autocommit=True) as administrator:
        administrator.execute("ALTER ROLE kasa_app CONNECTION LIMIT 0")
        try:
            with pytest.raises(Unavailable) as told:
                Kasa.over(lonely.ports()).tenancy.queries.tenant(owner)
        finally:
            administrator.execute("ALTER ROLE kasa_app CONNECTION LIMIT -1")
    assert told.value.code == "store.unavailable"


@contextmanager
def _frozen(server: EmbeddedServer) -> Iterator[None]:
    """Let a server take connections and say nothing."""
    postmaster = int((server.home.data / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(postmaster, signal.SIGCONT)


@pytest.mark.deep
def test_a_server_that_says_nothing_is_away(lonely: Database, own_server: EmbeddedServer) -> None:
    """A new connection is waited for no longer than 3 s."""
    ports = lonely.ports()
    began = time.monotonic()
    with _frozen(own_server), pytest.raises(Unavailable) as told, ports.unit_of_work.platform():
        pass
    assert told.value.code == "store.unavailable"
    assert time.monotonic() - began < ANSWER_LIMIT_SECONDS
    with ports.unit_of_work.platform() as work:
        assert work.tenants.ids() is not None


def test_every_command_says_that_the_database_is_away(
    lonely: Database,
    own_server: EmbeddedServer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Exit 7, the code, and what helps; the same command works when the database is back."""
    settings = settings_of(own_server.addresses(), tmp_path)
    for name, value in environment_of(settings).items():
        monkeypatch.setenv(name, value)
    openers = Openers(stored=lambda: open_kasa(settings), tools=lambda: open_tools(settings))
    crash(own_server)
    for command in COMMANDS:
        assert run([*command, "--json"], openers) == Exit.UNAVAILABLE, command
        error = json.loads(capsys.readouterr().out)["error"]
        assert (error["code"], error["hint"]) == ("store.unavailable", "kasa doctor"), command
    own_server.start()
    for command in (("tenant", "open", "Sokha"), ("tenant", "list"), ("jobs", "sweeps")):
        assert run([*command, "--json"], openers) == Exit.OK, command
