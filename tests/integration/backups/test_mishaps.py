"""What befalls a shelf: clocks set back, links, disks that answer oddly."""

import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tarfile import TarInfo

import attrs
import psycopg
import pytest

from kasa.adapters.memory.storage import MemoryFileStorage
from kasa.adapters.postgres.backups import restoring
from kasa.adapters.postgres.backups.copying import forget_copies, unpacked
from kasa.adapters.postgres.backups.filing import put_back
from kasa.adapters.postgres.backups.manifest import (
    FIGURES,
    MANIFEST,
    read_manifest,
    stored_files,
)
from kasa.adapters.postgres.backups.nightly import BACKUP, TOO_OLD, Nightly
from kasa.adapters.postgres.backups.refusals import BackupDiffers, BackupTargetNotEmpty
from kasa.adapters.postgres.backups.shelf import Shelf, Shelved
from kasa.adapters.postgres.backups.whole import summed
from kasa.adapters.postgres.embedded import EmbeddedServer
from kasa.adapters.postgres.roles import SUPERUSER
from kasa.application.ports.sealing import BackupForeign
from kasa.entrypoints.bootstrap_backups import back_up, restore_backup
from kasa.entrypoints.settings import Settings
from tests.integration.backups.conftest import Live
from tests.integration.backups.test_shelf import KEY, MIDNIGHT, Hand, _put, shelf

pytestmark = pytest.mark.integration

__all__ = ["shelf"]


def test_a_backup_that_was_moved_away_is_let_go(
    shelf: Shelf, taken: Shelved, tmp_path: Path
) -> None:
    """Of a backup for which a link stands only the link is removed, and no later turn fails."""
    moved = tmp_path / "elsewhere"
    shutil.copytree(taken.folder, moved)
    with shelf.turn():
        (shelf.folder / taken.name).symlink_to(moved)
        shelf.remove(taken.name)
        (shelf.folder / ".new-gone-link").symlink_to(moved)
        (shelf.folder / ".new-file").touch()
    with shelf.turn():
        assert [path.name for path in shelf.folder.iterdir()] == ["lock"]
    assert moved.is_dir()


def test_a_clock_that_was_set_back_loses_no_backup(live: Live, target: Path) -> None:
    """The backup that is told as taken is there, here and away, though its day has a later one."""
    shelf, now = Shelf(folder=target / "backups"), datetime.now(UTC)
    away = target / "away"
    shelf.folder.mkdir(parents=True)
    away.mkdir()
    made = live.take()
    for hours in (2, *range(24, 24 * 60, 24)):
        name = shelf.name_at(now + timedelta(days=30, hours=hours))
        shutil.copytree(made.folder, shelf.folder / name)
        (away / f"{name}.kasa").touch()
        name = shelf.name_at(now - timedelta(hours=hours))
        (away / f"{name}.kasa").touch()
    (away / f"{shelf.name_at(now + timedelta(minutes=9))}.kasa").touch()
    settings = attrs.evolve(live.settings, home=target, backup_url=away.as_uri(), backup_key=KEY)
    told = back_up(settings)
    assert shelf.find(told.backup.name).code is None
    assert told.copy is not None
    assert Path(told.copy).stat().st_size > 0
    assert told.backup.name == shelf.newest(now).name
    found = shelf.newest_at(now)
    assert found is not None
    assert found <= now + timedelta(minutes=10)


def test_a_backup_dated_ahead_does_not_hide_that_none_is_taken(
    shelf: Shelf, taken: Shelved
) -> None:
    """With the newest backup in the next year the operator is told all the same."""
    clock = Hand()
    nightly = Nightly(shelf=shelf, now=clock.now)
    _put(shelf, taken, MIDNIGHT + timedelta(days=400))
    name = _put(shelf, taken, MIDNIGHT)
    assert shelf.newest(clock.at).name == name
    clock.at += timedelta(days=8)
    assert nightly.alarms() == (TOO_OLD,)


def test_a_fault_nobody_foresaw_waits_like_any_other(shelf: Shelf) -> None:
    """A disk that answers with an error is not asked for a full backup each minute."""
    clock, tries = Hand(), list[datetime]()
    nightly = Nightly(shelf=shelf, now=clock.now)

    def fail() -> None:
        tries.append(clock.at)
        raise OSError(116, "Stale file handle")

    for _ in range(10):
        nightly.run_due(BACKUP, fail)
        clock.at += timedelta(minutes=1)
    assert len(tries) == 4
    assert shelf.state["backup"]["code"] == "backup.failed"


def test_a_copy_that_cannot_be_removed_fails_no_night(shelf: Shelf, tmp_path: Path) -> None:
    """On a disk that is written once the copies stay, the night counts, and others go."""
    names = [shelf.name_at(MIDNIGHT + timedelta(days=day)) for day in range(3 * 365)]
    for name in names[1:]:
        (tmp_path / f"{name}.kasa").touch()
    (tmp_path / f"{names[0]}.kasa").mkdir()
    gone = forget_copies(tmp_path, frozenset())
    assert names[0] not in gone
    assert names[1] in gone


@pytest.mark.G4
@pytest.mark.deep
def test_what_came_back_otherwise_is_not_called_restored(harmed: Path, target: Path) -> None:
    """Whole by every digest, but its figures tell of one row more: the home stays empty."""
    told = (harmed / FIGURES).read_text(encoding="utf-8")
    found = re.search(r'"kasa.invoices".*?"rows": (\d+)', told)
    assert found is not None
    changed = f"{told[: found.start(1)]}{int(found[1]) + 1}{told[found.end(1) :]}"
    (harmed / FIGURES).unlink()
    (harmed / FIGURES).write_text(changed, encoding="utf-8")
    made = read_manifest(harmed)
    (harmed / MANIFEST).unlink()
    attrs.evolve(made, parts={**made.parts, FIGURES: summed(harmed / FIGURES)}).write(harmed)
    with pytest.raises(BackupDiffers):
        restore_backup(Settings(home=target), str(harmed))
    assert not (target / "pg").exists()
    assert not (target / "restoring").exists()


@pytest.mark.deep
def test_a_restore_ends_what_must_not_come_back(
    taken: Shelved, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is listed for a table runs over what came back; a missing table is passed over."""
    told = {
        "platform.not_there": "DELETE FROM platform.not_there",
        "kasa.tenants": "UPDATE kasa.tenants SET state = 'suspended'",
    }
    monkeypatch.setattr(restoring, "AFTERWARDS", told)
    restore_backup(Settings(home=target), str(taken.folder))
    server = EmbeddedServer(target)
    server.start()
    try:
        with psycopg.connect(server.address(SUPERUSER)) as connection:
            found = connection.execute("SELECT DISTINCT state FROM kasa.tenants").fetchall()
    finally:
        server.stop()
    assert [("suspended",)] == found


def test_a_named_storage_keeps_what_it_has(taken: Shelved) -> None:
    """Files that are there already with the same bytes are left; one with others is refused."""
    storage, listed = MemoryFileStorage(), list(stored_files(taken.folder))
    assert len(listed) == put_back(storage, taken.folder) == put_back(storage, taken.folder)
    storage.remove(listed[-1].key)
    storage.put(listed[-1].key, [b"other bytes"])
    with pytest.raises(BackupTargetNotEmpty):
        put_back(storage, taken.folder)
    assert b"other bytes" == b"".join(storage.get(listed[-1].key))


@pytest.mark.parametrize("name", ["../escaped", "/srv/escaped", "files/../../escaped", "other"])
def test_a_copy_holds_nothing_but_a_backup(tmp_path: Path, name: str) -> None:
    """Even sealed with the right key, what is no part of a backup is not unpacked."""
    packed, folder = tmp_path / "packed", tmp_path / "within" / "folder"
    folder.mkdir(parents=True)
    packed.write_bytes(TarInfo(name).tobuf() + bytes(1024))
    with pytest.raises(BackupForeign):
        unpacked(packed, folder, lambda file: iter([file.read()]))
    assert [] == list(folder.iterdir())
    assert ["folder"] == [path.name for path in folder.parent.iterdir()]
