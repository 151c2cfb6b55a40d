"""The command is killed while it hands a shop out, and while it erases one."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import attrs
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from kasa.adapters.conformance.shops import new_shop
from kasa.adapters.postgres.roles import SUPERUSER
from kasa.adapters.storage.archives import archive_reader
from kasa.adapters.storage.storage import ObstoreStorage
from kasa.application.ports.archives import ArchiveUnreadable
from kasa.application.tenancy.checking import check_archive
from tests.integration.conftest import Database
from tests.unit.tenancy.erasing import fill, snapshot

pytestmark = [pytest.mark.integration, pytest.mark.G8, pytest.mark.deep]

NAME = "Sokha Textiles"
LIMIT_SECONDS = 120
_HOLD = "SELECT id FROM kasa.files WHERE tenant_id = %s FOR UPDATE"
"""Rows that are held cannot be erased, so the erasure waits where it is to be killed."""
_STATE = "SELECT state FROM kasa.tenants WHERE tenant_id = %s"


def as_url(address: str) -> str:
    """Return an address of the embedded server as a URL."""
    parts = {name: quote(str(value), safe="") for name, value in conninfo_to_dict(address).items()}
    return "postgresql://{user}:{password}@/{dbname}?host={host}".format(**parts)


def started(database: Database, home: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start the command over this process's database."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KASA_")}
    addresses = database.addresses
    return subprocess.Popen(
        [sys.executable, "-m", "kasa", "tenant", *arguments],
        env={
            **kept,
            "KASA_HOME": str(home),
            "KASA_DATABASE_URL": as_url(addresses.app),
            "KASA_SECRET_KEYS": bytes(range(32)).hex(),
            "KASA_JOBS_DATABASE_URL": as_url(addresses.jobs),
            "KASA_OWNER_DATABASE_URL": as_url(addresses.owner),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def killed_when(process: subprocess.Popen[bytes], seen: Callable[[], bool]) -> bool:
    """Kill a process as soon as something is seen; False when it ended before."""
    until = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < until:
        if seen():
            process.send_signal(signal.SIGKILL)
            process.wait()
            return True
        if process.poll() is not None:
            return False
        time.sleep(0.001)
    raise AssertionError("it neither ends nor comes so far")


def test_a_killed_export_leaves_nothing_that_looks_whole(
    database: Database, tmp_path: Path
) -> None:
    """What is left has another name and is refused; the next export is whole."""
    ports = database.ports()
    shop = str(new_shop(ports).tenant)
    export = ("export", str(tmp_path / "shop.zip"), "--tenant", shop)
    process = started(database, tmp_path / "home", *export)
    killed_when(process, lambda: any(tmp_path.glob("*.partial")))
    if not (tmp_path / "shop.zip").exists():
        (partial,) = tmp_path.glob("*.partial")
        with pytest.raises(ArchiveUnreadable), archive_reader(partial) as reader:
            check_archive(reader)
        assert 0 == started(database, tmp_path / "home", *export).wait(LIMIT_SECONDS)
    with archive_reader(tmp_path / "shop.zip") as reader:
        assert shop == str(check_archive(reader).manifest.tenant)


def test_a_killed_erasure_is_completed_by_the_same_command(
    database: Database, tmp_path: Path
) -> None:
    """From wherever it got to, with the archive that it wrote first."""
    home = tmp_path / "home"
    storage = ObstoreStorage.on_disk(home / "files")
    ports = attrs.evolve(database.ports(), storage=storage)
    owner = new_shop(ports)
    fill(ports, owner)
    shop, target = str(owner.tenant), tmp_path / "shop.zip"
    erase = ("erase", "--archive", str(target), "--confirm", NAME, "--tenant", shop)
    forced = (*erase, "--force", "mistake")
    superuser = database.server.address(SUPERUSER, database.name)
    with (
        psycopg.connect(superuser, autocommit=True) as connection,
        psycopg.connect(superuser) as held,
    ):

        def is_erasing() -> bool:
            row = connection.execute(_STATE, [owner.tenant]).fetchone()
            return row is not None and row[0] == "erasing"

        assert held.execute(_HOLD, [owner.tenant]).fetchall()
        assert killed_when(started(database, home, *forced), is_erasing)
        assert connection.execute(_STATE, [owner.tenant]).fetchone() == ("erasing",)
    assert 0 == started(database, home, *forced).wait(LIMIT_SECONDS)
    assert ({}, {}) == snapshot(ports, owner.tenant)
    with archive_reader(target) as reader:
        assert NAME == check_archive(reader).manifest.shop
