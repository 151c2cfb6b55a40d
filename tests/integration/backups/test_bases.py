"""Base backups and their increments: joined, verified, restored; damaged ones refused."""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from kasa.adapters.conformance.shops import new_shop
from kasa.adapters.postgres.backups.bases import (
    BaseTaker,
    Link,
    chains,
    links_of,
    verified_chain,
)
from kasa.adapters.postgres.backups.programs import Programs
from kasa.adapters.postgres.backups.shelf import Shelf
from kasa.adapters.postgres.embedded import EmbeddedServer
from kasa.adapters.postgres.roles import APP, BACKUP, LOGINS, SUPERUSER
from kasa.adapters.postgres.upgrade import upgrade
from kasa.adapters.storage.storage import ObstoreStorage
from kasa.application.ports.storage import storage_key
from kasa.domain.kernel.errors import KasaError
from kasa.entrypoints.bootstrap_backups import (
    back_up_base,
    drill_backup,
    list_backups,
    restore_backup,
)
from kasa.entrypoints.settings import Settings
from tests.integration.backups.conftest import totals
from tests.integration.conftest import Database

pytestmark = [pytest.mark.integration, pytest.mark.deep]


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """Return a home with its own server, a chain of three links, and a shop in each."""
    folder = Path(tempfile.mkdtemp(prefix="kasa-bases-"))
    folder.chmod(0o711)
    made = folder / "home"
    server = EmbeddedServer(made)
    server.start()
    try:
        upgrade(server.addresses().owner)
        database = Database("kasa", server)
        storage = ObstoreStorage.at(str(made / "files"))
        for number in range(3):
            shop = new_shop(database.ports())
            storage.put(storage_key(shop.tenant, number.to_bytes(16, "big")), [b"receipt"])
            back_up_base(Settings(home=made))
        database.close()
        yield made
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def target(home: Path) -> Iterator[Path]:
    """Return a second home beside the first."""
    made = home.parent / "restored"
    yield made
    shutil.rmtree(made, ignore_errors=True)


def _links(home: Path) -> tuple[Link, ...]:
    (chain,) = chains(Shelf(folder=home / "backups"))
    return links_of(chain)


@pytest.mark.G2
@pytest.mark.G3
def test_base_and_increments_come_back_whole(home: Path, target: Path) -> None:
    """Joined on another socket: counts, sums and row hashes of every tenant, roles, new words."""
    links = _links(home)
    assert [one.kind for one in links] == ["base", "increment", "increment"]
    sizes = [sum(p.stat().st_size for p in one.folder.rglob("*") if p.is_file()) for one in links]
    assert sizes[2] < sizes[0] / 2
    told = drill_backup(Settings(home=home), links[-1].name)
    assert (told.differences, told.proven) == ((), True)
    restore_backup(Settings(home=target), str(links[-1].folder))
    live, restored = EmbeddedServer(home), EmbeddedServer(target)
    live.start()
    restored.start()
    try:
        assert totals(live.address(SUPERUSER)) == totals(restored.address(SUPERUSER))
        for role in LOGINS:
            assert live.home.password(role) != restored.home.password(role)
            psycopg.connect(restored.address(role)).close()
        with psycopg.connect(restored.address(APP)) as connection:
            assert connection.execute("SELECT count(*) FROM kasa.tenants").fetchone() == (0,)
    finally:
        restored.stop()
    assert len(list((target / "files").glob("*/*"))) == 3


def test_an_earlier_link_is_an_earlier_moment(home: Path, target: Path) -> None:
    """Each link restores what was there when it was taken, with its files."""
    restore_backup(Settings(home=target), str(_links(home)[1].folder))
    restored = EmbeddedServer(target)
    restored.start()
    try:
        with psycopg.connect(restored.address(SUPERUSER)) as connection:
            assert connection.execute("SELECT count(*) FROM kasa.tenants").fetchone() == (2,)
    finally:
        restored.stop()
    assert len(list((target / "files").glob("*/*"))) == 2


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.unlink()
    path.write_bytes(data)


def _cut(path: Path) -> None:
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(data[:10])


def _copy(chain: Path, place: Path) -> tuple[Link, ...]:
    """Return a copy of a chain that shares its files until they are written anew."""
    shutil.copytree(chain, place, copy_function=os.link)
    return links_of(place)


def _no_log(data: Path) -> None:
    for path in (data / "pg_wal").glob("0000*"):
        path.unlink()


def _strange(data: Path) -> None:
    (data / "base" / "strange").write_text("x")


def _other_major(data: Path) -> None:
    told = json.loads((data.parent / "base.json").read_text())
    (data.parent / "base.json").unlink()
    (data.parent / "base.json").write_text(json.dumps({**told, "server": "17"}))


HARMS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "a byte of the catalogue": ("backup.checksum", lambda data: _flip(data / "global/pg_control")),
    "a byte of the manifest": ("backup.checksum", lambda data: _flip(data / "backup_manifest")),
    "a cut file": ("backup.truncated", lambda data: _cut(data / "global/pg_control")),
    "a missing file": ("backup.truncated", lambda data: (data / "PG_VERSION").unlink()),
    "a missing log": ("backup.truncated", _no_log),
    "a strange file": ("backup.foreign", _strange),
    "another major version": ("backup.version", _other_major),
    "a missing picture": (
        "backup.file_missing",
        lambda data: next((data.parent / "files").glob("*/*")).unlink(),
    ),
    "no manifest": ("backup.truncated", lambda data: (data / "backup_manifest").unlink()),
}


@pytest.mark.G4
@pytest.mark.parametrize("harm", HARMS)
def test_a_damaged_base_is_refused(home: Path, tmp_path: Path, harm: str) -> None:
    """Whatever is wrong with a link of the chain has its code."""
    code, act = HARMS[harm]
    whole = _copy(_links(home)[0].folder.parent, tmp_path / "chain")[0]
    programs = Programs(binaries=EmbeddedServer(home).binaries)
    verified_chain(whole, programs)
    act(whole.folder / "pg")
    with pytest.raises(KasaError) as refused:
        verified_chain(whole, programs)
    assert code == refused.value.code


@pytest.mark.G4
def test_a_chain_without_a_link_is_truncated(home: Path, tmp_path: Path) -> None:
    """An increment is worth nothing without each one before it."""
    for number in (0, 1):
        links = _copy(_links(home)[0].folder.parent, tmp_path / f"chain-{number}")
        shutil.rmtree(links[number].folder)
        with pytest.raises(KasaError) as refused:
            verified_chain(links[-1], Programs(binaries=EmbeddedServer(home).binaries))
        assert refused.value.code == "backup.truncated"


def test_bases_are_listed_and_checked(home: Path) -> None:
    """Beside the dumps, each by its kind."""
    told = list_backups(Settings(home=home), check=True)
    assert [(one.kind, one.code) for one in told] == [
        ("increment", None),
        ("increment", None),
        ("base", None),
    ]


def _taker(home: Path, shelf: Shelf, at: datetime) -> BaseTaker:
    """Return who takes bases of the home's server onto a shelf, at a moment that stands still."""
    server = EmbeddedServer(home)
    server.start()
    return BaseTaker(
        address=server.address(BACKUP),
        storage=ObstoreStorage.at(str(home / "files")),
        shelf=shelf,
        programs=Programs(binaries=server.binaries),
        now=lambda: at,
    )


def test_bases_of_one_second_are_one_chain(home: Path, tmp_path: Path) -> None:
    """However fast they follow each other, an increment comes after what it builds on."""
    taker = _taker(home, Shelf(folder=tmp_path), datetime(2026, 11, 21, 23, 38, 46, tzinfo=UTC))
    with taker.shelf.turn():
        taken = [taker.take() for _ in range(3)]
    assert ["base", "increment", "increment"] == [link.kind for link in taken]
    assert tuple(taken) == taken[-1].chain
    verified_chain(taken[-1], taker.programs)


def test_after_a_clock_was_set_back_a_base_is_whole(home: Path, tmp_path: Path) -> None:
    """It does not build on one that is dated after it, and is there although older than two."""
    chain, shelf = _links(home)[0].folder.parent, Shelf(folder=tmp_path)
    for days in (0, 1):
        moved = shelf.name_at(_links(home)[0].at + timedelta(days=days))
        shutil.copytree(chain, tmp_path / "chains" / moved, copy_function=os.link)
    taker = _taker(home, shelf, datetime(2026, 1, 1, tzinfo=UTC))
    with shelf.turn():
        made = taker.take()
    assert "base" == made.kind
    verified_chain(made, taker.programs)
