"""SIGKILL in the middle of a backup, a drill or a restore: nothing half is ever taken for whole."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kasa.adapters.postgres.backups.restoring import forget_server
from kasa.adapters.postgres.embedded import EmbeddedServer
from tests.integration.cli.test_command import data_of, home, kasa

pytestmark = [pytest.mark.integration, pytest.mark.deep]

__all__ = ["home"]
LIMIT_SECONDS = 120


def _killed(folder: Path, *arguments: str, when: Callable[[], bool], later: float) -> bool:
    """Start a command, kill it a while after something became true; False when it had ended."""
    running = subprocess.Popen(
        [sys.executable, "-m", "kasa", *arguments],
        env={**os.environ, "KASA_HOME": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + LIMIT_SECONDS
    while not when() and running.poll() is None:
        assert time.monotonic() < until
        time.sleep(0.005)
    time.sleep(later)
    ended = running.poll() is not None
    if not ended:
        os.kill(running.pid, signal.SIGKILL)
    running.wait(LIMIT_SECONDS)
    return not ended


def _refused(folder: Path, *arguments: str) -> dict[str, Any]:
    ended = kasa(folder, *arguments, "--json")
    assert ended.returncode == 3, ended.stdout
    error: dict[str, Any] = json.loads(ended.stdout)["error"]
    return error


@pytest.fixture
def other(home: Path) -> Iterator[Path]:
    """Return a second home; a server that a killed restore left there is ended."""
    made = home.parent / "other"
    yield made
    forget_server(EmbeddedServer(made, restoring=True))


def test_a_killed_backup_leaves_nothing_whole(home: Path, seed: int) -> None:
    """Whenever it is killed there is no backup, or a whole one, and the next one works."""
    data_of(kasa(home, "tenant", "open", "Sokha", "--json"))
    chance = random.Random(seed)
    shelf = home / "backups"
    for part in ("database.dump", "figures.jsonl", "files.jsonl"):

        def there(part: str = part) -> bool:
            return any((left / part).exists() for left in shelf.glob(".new-*"))

        _killed(home, "db", "backup", when=there, later=chance.random() / 20)
        told = data_of(kasa(home, "db", "backups", "--check", "--json"))["items"]
        assert {None} >= {one["code"] for one in told}
    made = data_of(kasa(home, "db", "backup", "--json"))["backup"]
    assert not list(shelf.glob(".new-*"))
    assert made["name"] in {path.name for path in shelf.iterdir()}


def test_a_killed_restore_serves_nobody(home: Path, other: Path, seed: int) -> None:
    """The home stays marked and refuses to serve, until a restore has ended there."""
    shop = data_of(kasa(home, "tenant", "open", "Sokha", "--json"))
    made = data_of(kasa(home, "db", "backup", "--json"))["backup"]
    source = str(home / "backups" / made["name"])
    marked = (other / "restoring").exists
    for later in (0.0, random.Random(seed).random() * 6):
        killed = _killed(other, "db", "restore", source, when=marked, later=later)
        assert killed or later, "A restore that has just begun cannot have ended."
        if not marked():
            break
        assert _refused(other, "tenant", "list")["code"] == "backup.unfinished"
    if marked():
        data_of(kasa(other, "db", "restore", source, "--json"))
    assert not (other / "restoring").exists()
    listed = data_of(kasa(other, "tenant", "list", "--json"))["items"]
    assert [shop["id"]] == [one["id"] for one in listed]
    assert _refused(other, "db", "restore", source)["code"] == "backup.target_not_empty"


def test_a_killed_drill_leaves_no_server(home: Path, seed: int) -> None:
    """The next drill ends what was left, proves the backup, and leaves no folder."""
    data_of(kasa(home, "db", "init", "--json"))
    data_of(kasa(home, "db", "backup", "--json"))
    later = random.Random(seed).random() * 2
    pid = home / "drill" / "pg" / "postmaster.pid"
    if _killed(home, "db", "drill", when=pid.exists, later=later):
        told = data_of(kasa(home, "db", "backups", "--json"))["items"]
        assert [False] == [one["proven"] for one in told]
    assert data_of(kasa(home, "db", "drill", "--json"))["proven"]
    assert not (home / "drill").exists()
