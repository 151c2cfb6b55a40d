"""A command that is told to stop: what it had begun is whole or not there, and may be repeated."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from kasa.adapters.conformance.shops import new_shop
from kasa.adapters.postgres.roles import SUPERUSER
from kasa.entrypoints.bootstrap import open_kasa, open_tools
from kasa.entrypoints.cli.app import run
from kasa.entrypoints.cli.failures import Exit
from kasa.entrypoints.cli.request import Openers
from tests.integration.conftest import Database
from tests.integration.outage.commands import environment_of, settings_of
from tests.integration.worker.conftest import wait_for
from tests.places import ROOT

pytestmark = [pytest.mark.integration, pytest.mark.deep, pytest.mark.B5]

EXIT_SECONDS = 30
WAITS = "SELECT 1 FROM pg_locks WHERE NOT granted"
CONNECTED = """SELECT 1 FROM pg_stat_activity
WHERE datname = current_database() AND usename = 'kasa_app'"""
PRODUCTS = "SELECT code FROM kasa.skus"


@pytest.fixture
def administrator(ill: Database) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Return who sees what is there, and may hold it."""
    address = ill.server.address(SUPERUSER, ill.name)
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection


def _add(code: str) -> list[str]:
    return ["stock", "add", code, "Tea", "--price", "4000", "--idempotency-key", code, "--json"]


def _started(database: Database, folder: Path, code: str) -> subprocess.Popen[str]:
    settings = settings_of(database.addresses, folder)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KASA_")}
    return subprocess.Popen(
        [sys.executable, "-m", "kasa", *_add(code)],
        env={
            **kept,
            **environment_of(settings),
            "KASA_HOME": str(folder),
            "PYTHONPATH": str(ROOT / "src"),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _again(database: Database, folder: Path, code: str) -> int:
    """Run the same command, under the same key, as the next version does."""
    settings = settings_of(database.addresses, folder)
    openers = Openers(stored=lambda: open_kasa(settings), tools=lambda: open_tools(settings))
    return run(_add(code), openers)


def _codes(administrator: psycopg.Connection[tuple[object, ...]]) -> list[str]:
    return sorted(str(code) for (code,) in administrator.execute(PRODUCTS).fetchall())


def test_a_command_that_waits_stops_when_told(
    ill: Database,
    administrator: psycopg.Connection[tuple[object, ...]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """SIGTERM in the middle of a unit of work: it ends in time and leaves nothing behind."""
    new_shop(ill.ports())
    ill.close()
    with psycopg.connect(ill.server.address(SUPERUSER, ill.name)) as holder:
        holder.execute("LOCK TABLE kasa.products IN ACCESS EXCLUSIVE MODE")
        process = _started(ill, tmp_path, "TEA")
        wait_for(lambda: administrator.execute(WAITS).fetchall())
        process.send_signal(signal.SIGTERM)
        out, words = process.communicate(timeout=EXIT_SECONDS)
    assert process.returncode == Exit.INTERRUPTED, words
    assert json.loads(out)["error"]["code"] == "interrupted"
    wait_for(lambda: not administrator.execute(CONNECTED).fetchall())
    assert _codes(administrator) == []
    assert _again(ill, tmp_path, "TEA") == Exit.OK
    first = capsys.readouterr().out
    assert _again(ill, tmp_path, "TEA") == Exit.OK
    assert first == capsys.readouterr().out
    assert _codes(administrator) == ["TEA"]


def test_a_command_may_be_stopped_at_any_moment(
    ill: Database,
    administrator: psycopg.Connection[tuple[object, ...]],
    tmp_path: Path,
    seed: int,
) -> None:
    """SIGTERM ten times at random: each command is repeated under its key, and done once."""
    new_shop(ill.ports())
    chance = random.Random(seed)
    codes = [f"TEA{place}" for place in range(10)]
    for code in codes:
        process = _started(ill, tmp_path, code)
        time.sleep(chance.uniform(0.5, 3))
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=EXIT_SECONDS)
        assert _again(ill, tmp_path, code) == Exit.OK
    assert codes == _codes(administrator)
