"""`kasa worker` as a process: it starts, works, stops, and refuses to start."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psycopg
import pytest
from psycopg import conninfo

from kasa.adapters.postgres.constraints import StoreSchema
from kasa.adapters.postgres.queue_login import RoleTooWeak
from kasa.adapters.postgres.roles import SUPERUSER
from kasa.adapters.postgres.upgrade import RoleTooStrong
from kasa.adapters.postgres.worker import UnknownReaction
from kasa.application.ports.jobs import Queue
from kasa.domain.kernel.errors import KasaError, Unavailable
from kasa.entrypoints.bootstrap_database import held_database, worker_state
from kasa.entrypoints.cli.failures import Exit, failure
from kasa.entrypoints.findings import Health, worker_checks
from kasa.entrypoints.settings import Settings
from tests.integration.cli.test_command import data_of, home, kasa
from tests.integration.conftest import Database
from tests.integration.outage.commands import environment_of, settings_of
from tests.integration.outage.conftest import ill
from tests.integration.worker.conftest import wait_for
from tests.places import ROOT

__all__ = ["home", "ill"]

pytestmark = pytest.mark.integration

READY = "The worker is ready: it takes jobs."
LIMIT_SECONDS = 180


def _read_until(lines: IO[str], wanted: str) -> None:
    """Read lines until one holds what is wanted; the process is killed when that takes long."""
    words = ""
    while wanted not in words:
        line = lines.readline()
        assert line, words
        words += line


@contextmanager
def _worker(home: Path, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """Start the command, wait until it is ready, and yield it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KASA_")}
    with subprocess.Popen(
        [sys.executable, "-m", "kasa", "worker", "--json"],
        env={**kept, "KASA_HOME": str(home), "PYTHONPATH": str(ROOT / "src"), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    ) as process:
        clock = threading.Timer(LIMIT_SECONDS, process.kill)
        clock.start()
        try:
            assert process.stderr is not None
            _read_until(process.stderr, READY)
            yield process
        finally:
            clock.cancel()
            process.kill()


def _ends(process: subprocess.Popen[str], number: int, code: Exit) -> None:
    """Send a signal, and hold what the worker says at its end."""
    process.send_signal(number)
    out, words = process.communicate(timeout=LIMIT_SECONDS)
    assert process.returncode == code, words
    assert json.loads(out) == {"ok": True, "data": {"restarts": 0}, "warnings": []}
    assert "The worker has stopped." in words


def test_a_worker_is_seen_and_stops(ill: Database, tmp_path: Path) -> None:
    """While it runs the doctor sees it alive; SIGTERM ends it with 0."""
    settings = settings_of(ill.addresses, tmp_path)
    with _worker(tmp_path, **environment_of(settings)) as process:
        wait_for(lambda: worker_checks(worker_state(settings)).health is Health.OK)
        _ends(process, signal.SIGTERM, Exit.OK)
    assert worker_checks(worker_state(settings)).health is Health.WARN


@pytest.mark.deep
def test_a_worker_runs_the_schedule(home: Path) -> None:
    """Over the embedded server: what came of the sweeps is there for all to see; Ctrl-C ends it."""
    with _worker(home) as process:
        assert process.stderr is not None
        _read_until(process.stderr, '"sweep": "inventory.audit_every"')
        told = data_of(kasa(home, "jobs", "sweeps", "--json"))["items"]
        _ends(process, signal.SIGINT, Exit.INTERRUPTED)
    ended = {row["name"] for row in told if row["ended_at"] and row["code"] is None}
    assert {"inventory.sweep", "inventory.audit_every"} <= ended


def _settings(database: Database, **wanted: str) -> Settings:
    """Return the settings of a test's database, some of them otherwise."""
    addresses = database.addresses
    given = {
        "database_url": addresses.app,
        "jobs_database_url": addresses.jobs,
        "owner_database_url": addresses.owner,
    }
    return Settings(**{**given, **wanted})  # type: ignore[arg-type]  # every field of it is a text


def _refused(settings: Settings) -> KasaError:
    with pytest.raises(KasaError) as refused, held_database(settings):
        pass
    return refused.value


def test_a_worker_may_start_over_its_own_logins(database: Database) -> None:
    """With the logins of the application and of the queue nothing is refused."""
    with held_database(_settings(database)) as ensure:
        ensure()


@pytest.mark.parametrize("which", ["database_url", "jobs_database_url"])
def test_a_login_that_sees_past_row_security_is_refused(database: Database, which: str) -> None:
    """A superuser is neither the application nor the queue: exit 3."""
    strong = database.server.address(SUPERUSER, database.name)
    error = _refused(_settings(database, **{which: strong}))
    assert isinstance(error, RoleTooStrong)
    assert failure(error).exit is Exit.ENVIRONMENT


def test_the_application_s_login_takes_no_jobs(database: Database) -> None:
    """Without an address of the queue's own login a worker could add jobs alone: exit 3."""
    error = _refused(_settings(database, jobs_database_url=database.addresses.app))
    assert isinstance(error, RoleTooWeak)
    assert failure(error).exit is Exit.ENVIRONMENT


def test_a_schema_that_is_behind_is_refused(database: Database) -> None:
    """On a server of one's own nobody upgrades by starting a worker: exit 7, with the command."""
    with psycopg.connect(database.addresses.owner) as owner:
        (found,) = owner.execute("SELECT version_num FROM platform.version").fetchone() or ("",)
        owner.execute("UPDATE platform.version SET version_num = 'r0000'")
    try:
        error = _refused(_settings(database))
    finally:
        with psycopg.connect(database.addresses.owner) as owner:
            owner.execute("UPDATE platform.version SET version_num = %s", [found])
    assert isinstance(error, StoreSchema)
    assert (failure(error).exit, failure(error).hint) == (Exit.UNAVAILABLE, "kasa db upgrade")


def test_a_database_that_is_away_is_told(database: Database) -> None:
    """A worker that cannot start says so, and its keeper starts it again: exit 7."""
    away = conninfo.make_conninfo(database.addresses.app, dbname="kasa_nowhere")
    error = _refused(_settings(database, database_url=away))
    assert isinstance(error, Unavailable)
    assert failure(error).exit is Exit.UNAVAILABLE


def test_jobs_of_a_newer_program_are_left_alone(database: Database) -> None:
    """A job that waits for a reaction that is unknown here stops the start: exit 3."""
    with psycopg.connect(database.addresses.jobs) as connection:
        connection.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES (%s, 'newer.reaction')",
            [Queue.MONEY.value],
        )
    error = _refused(_settings(database))
    assert isinstance(error, UnknownReaction)
    assert failure(error).exit is Exit.ENVIRONMENT
