"""The shelf of backups: turns, leftovers, shared files, copies, and its own schedule."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import attrs
import psycopg
import pytest

from kasa.adapters.credentials.sealing import FrameSealer
from kasa.adapters.postgres.backups.copying import forget_copies, sealed_copy
from kasa.adapters.postgres.backups.manifest import stored_files
from kasa.adapters.postgres.backups.nightly import BACKUP, DRILL, TOO_OLD, Nightly
from kasa.adapters.postgres.backups.refusals import (
    BackupDiskFull,
    BackupKeyMissing,
    BackupRunning,
    BackupStopped,
)
from kasa.adapters.postgres.backups.shelf import NAME, Drilled, Shelf, Shelved, record
from kasa.domain.kernel.ids import PLATFORM
from kasa.entrypoints.bootstrap_backups import back_up, backups_state, run_nightly
from tests.integration.backups.conftest import FILES, SHOPS, Live

pytestmark = pytest.mark.integration

MIDNIGHT = datetime(2026, 11, 21, 0, 0, tzinfo=UTC)
KEY = "0123456789abcdef" * 3


@attrs.define
class Hand:
    """A clock that is set by hand."""

    at: datetime = MIDNIGHT

    def now(self) -> datetime:
        """Return what it was set to."""
        return self.at


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """Return an empty shelf."""
    return Shelf(folder=tmp_path / "backups")


def _put(shelf: Shelf, taken: Shelved, at: datetime) -> str:
    """Put a copy of a backup on a shelf, as if it were of another moment."""
    name = shelf.name_at(at)
    shutil.copytree(taken.folder, shelf.folder / name)
    return name


def test_one_of_two_works(live: Live, taken: Shelved) -> None:
    """While a backup, a drill or a restore is at work, another one is refused and harms nothing."""
    with live.shelf.turn(), pytest.raises(BackupRunning):
        back_up(live.settings)
    assert taken.name in {one.name for one in live.shelf.all()}


def test_leftovers_are_no_backups_and_are_swept(shelf: Shelf) -> None:
    """What a killed process left is never listed, and is gone after the next turn."""
    left = shelf.folder / ".new-20261121T000000Z-0000"
    left.mkdir(parents=True)
    (left / "database.dump").touch()
    assert shelf.all() == ()
    with shelf.turn():
        assert not left.exists()


def test_a_stopped_backup_leaves_nothing(live: Live, taken: Shelved) -> None:
    """Told to stop, it ends within a moment, and the shelf is as it was."""
    before = sorted(path.name for path in live.shelf.folder.iterdir())
    with live.shelf.turn(), pytest.raises(BackupStopped):
        live.taker(stopping=lambda: True).take()
    assert before == sorted(path.name for path in live.shelf.folder.iterdir())
    assert taken.folder.is_dir()


def test_stored_files_are_shared_between_backups(live: Live, taken: Shelved) -> None:
    """A picture takes its room once, however many nights it is backed up; a rotten one is not."""
    keys = [one.key for one in stored_files(taken.folder)]
    assert len(keys) == SHOPS * FILES
    rotten = taken.folder / "files" / keys[-1]
    good = rotten.read_bytes()
    rotten.write_bytes(good[:-1] + b"X")
    made = live.take()
    rotten.write_bytes(good)
    shared = {key for key in keys if (made.folder / "files" / key).stat().st_nlink > 1}
    assert shared == set(keys[:-1])
    assert (made.folder / "files" / keys[-1]).read_bytes() == good


def test_names_of_one_second_rise(tmp_path: Path) -> None:
    """Whatever their random ends are, the backup that was taken last has the last name."""
    shelf, names = Shelf(folder=tmp_path), []
    for _ in range(100):
        names.append(shelf.name_at(MIDNIGHT))
        (tmp_path / names[-1]).mkdir()
    assert names == sorted(set(names))
    assert {NAME.match(name) is not None for name in names} == {True}


def test_a_copy_is_sealed_or_refused(live: Live, taken: Shelved, tmp_path: Path) -> None:
    """With a key it is written once; without one the backup is there, and the copy is refused."""
    away = tmp_path / "away"
    settings = attrs.evolve(live.settings, backup_url=away.as_uri())
    with pytest.raises(BackupKeyMissing, match=r"^\d{8}T\d{6}Z-\w{4} was taken, but has no copy: "):
        back_up(settings)
    assert not backups_state(settings).copied
    assert not away.exists()
    made = back_up(attrs.evolve(settings, backup_key=KEY))
    assert backups_state(settings).copied
    assert made.copy == str(away / f"{made.backup.name}.kasa")
    assert [path.name for path in away.iterdir()] == [f"{made.backup.name}.kasa"]
    again = sealed_copy(taken, away, FrameSealer(secret=KEY).seal)
    before = again.read_bytes()
    assert sealed_copy(taken, away, FrameSealer(secret=KEY).seal).read_bytes() == before


def test_copies_are_kept_by_the_same_rule(shelf: Shelf, tmp_path: Path) -> None:
    """Of 40 nights those of the rule stay, and a proven one; other files are left alone."""
    names = [shelf.name_at(MIDNIGHT + timedelta(days=day)) for day in range(100)]
    for name in names:
        (tmp_path / f"{name}.kasa").touch()
    (tmp_path / "other.kasa").touch()
    gone = forget_copies(tmp_path, frozenset({names[11]}))
    assert names[11] not in gone
    assert {names[-1], names[-7]} & set(gone) == set()
    assert len(names) - len(gone) + 1 == len(list(tmp_path.iterdir()))
    assert (tmp_path / "other.kasa").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
@pytest.mark.parametrize("part", ["database.dump", "roles.sql", "figures.jsonl"])
def test_a_full_disk_is_named(live: Live, part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever part finds no room on the disk, the code says so, and nothing is left."""
    real = os.open

    def full(path: str, flags: int, mode: int = 0o777, **options: Any) -> int:
        if str(path).endswith(part):
            return real("/dev/full", os.O_WRONLY)
        return real(path, flags, mode, **options)

    with live.shelf.turn():
        before = sorted(path.name for path in live.shelf.folder.iterdir())
        with monkeypatch.context() as patched, pytest.raises(BackupDiskFull):
            patched.setattr(os, "open", full)
            live.taker().take()
        assert before == sorted(path.name for path in live.shelf.folder.iterdir())


def test_a_night_comes_once_and_a_missed_one_at_once(shelf: Shelf) -> None:
    """A period is run once; of nights that were missed the newest is made up at the next look."""
    clock, calls = Hand(), list[datetime]()
    nightly = Nightly(shelf=shelf, now=clock.now)
    for hours in range(0, 24 * 14, 3):
        clock.at = MIDNIGHT + timedelta(hours=hours)
        if not 24 * 5 < hours < 24 * 9:
            nightly.run_due(BACKUP, lambda: calls.append(clock.at))
    days = [(at - MIDNIGHT).days for at in calls]
    assert days == [0, 0, 1, 2, 3, 4, 9, 9, 10, 11, 12, 13]


def test_a_failed_night_is_tried_again_and_shown(shelf: Shelf) -> None:
    """After a minute, then later and later, at most an hour; the code stays until it succeeds."""
    clock, tries = Hand(), list[datetime]()
    nightly = Nightly(shelf=shelf, now=clock.now)

    def fail() -> None:
        tries.append(clock.at)
        raise BackupDiskFull

    for _ in range(6 * 60):
        nightly.run_due(BACKUP, fail)
        clock.at += timedelta(minutes=1)
    waits = [(b - a).total_seconds() // 60 for a, b in pairwise(tries)]
    assert waits[:7] == [1, 2, 4, 8, 16, 32, 60]
    assert shelf.state["backup"]["code"] == "backup.disk_full"
    clock.at += timedelta(hours=1)
    assert nightly.run_due(BACKUP, lambda: None)
    assert shelf.state["backup"]["code"] is None


def test_a_backup_by_hand_counts(shelf: Shelf, taken: Shelved) -> None:
    """After one that was taken by hand nothing is due until the next night."""
    clock = Hand(MIDNIGHT)
    nightly = Nightly(shelf=shelf, now=clock.now)
    _put(shelf, taken, MIDNIGHT - timedelta(minutes=1))
    assert not nightly.run_due(BACKUP, lambda: None)
    clock.at += timedelta(hours=21)
    assert nightly.run_due(BACKUP, lambda: None)


def test_an_old_backup_alarms_once_a_day(shelf: Shelf, taken: Shelved) -> None:
    """After 7 days the operator is told, once a day; so of a drill that did not pass."""
    clock = Hand(MIDNIGHT)
    nightly = Nightly(shelf=shelf, now=clock.now)
    assert nightly.alarms() == ()
    clock.at += timedelta(days=8)
    assert nightly.alarms() == (TOO_OLD,)
    name = _put(shelf, taken, clock.at)
    assert nightly.alarms() == ()
    failed = Drilled(at=clock.at, seconds=1, age_seconds=0, code="backup.differs")
    record(shelf.folder / name, failed)
    assert nightly.alarms() == ("backup.differs",)
    nightly.alarmed(nightly.alarms())
    assert nightly.alarms() == ()
    clock.at += timedelta(hours=25)
    assert nightly.alarms() == ("backup.differs",)


@pytest.mark.deep
def test_the_worker_s_duty_takes_proves_and_tells(live: Live, target: Path) -> None:
    """What the worker calls: a backup and its drill at once, then nothing, then an alarm."""
    settings = attrs.evolve(live.settings, home=target)
    target.mkdir(mode=0o711)
    shelf = Shelf(folder=target / "backups")
    run_nightly(settings, lambda: False)
    (made,) = shelf.all()
    assert made.proven
    run_nightly(settings, lambda: False)
    assert [made.name] == [one.name for one in shelf.all()]
    record(made.folder, Drilled(at=made.at, seconds=1, age_seconds=0, code="backup.differs"))
    run_nightly(settings, lambda: False)
    with psycopg.connect(live.address) as connection:
        told = connection.execute(
            "SELECT payload->>'code' FROM kasa.events"
            " WHERE tenant_id = %s AND kind = 'operations.operator_alert'",
            [PLATFORM],
        ).fetchall()
    assert [("backup.differs",)] == told
    assert shelf.state[DRILL.name]["code"] is None
