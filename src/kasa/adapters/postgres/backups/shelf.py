"""The folder of backups: whose turn it is, what is in it, what drills said of it.

A backup is a folder named for its moment. What a killed process left behind begins with a dot and
is swept by the next one that has its turn.
"""

import fcntl
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import attrs

from kasa.adapters.postgres.backups.manifest import Manifest, read_manifest
from kasa.adapters.postgres.backups.refusals import BackupRunning, BackupUnknown
from kasa.adapters.postgres.backups.retention import Kept
from kasa.adapters.postgres.backups.whole import replaced
from kasa.domain.kernel.errors import KasaError
from kasa.domain.kernel.moments import utc

NAME = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{4}\Z")
MOMENT = "%Y%m%dT%H%M%SZ"
END = "[0-9a-f]" * 4
ENDS = 16**4
STEP_MAX = 2048
UNFINISHED = ".new-"
RECORD = "drill.json"
STATE = "state.json"
LOCK = "lock"
SKEW = timedelta(hours=1)
"""How far ahead a backup may be dated and still count as taken."""


@attrs.frozen(kw_only=True)
class Drilled:
    """What a drill said of a backup: when, in how many seconds, and what differed.

    ``age_seconds`` is how old the backup was then. ``warnings`` are what it found in the data
    itself, which was so before the backup.
    """

    at: datetime
    seconds: int
    age_seconds: int
    differences: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    code: str | None = None

    @property
    def passed(self) -> bool:
        """Whether the backup is proven."""
        return self.code is None


@attrs.frozen(kw_only=True)
class Shelved:
    """A backup on the shelf; ``code`` says why it is refused, if it is."""

    name: str
    at: datetime
    folder: Path
    manifest: Manifest | None
    drill: Drilled | None = None
    code: str | None = None
    kind: ClassVar[str] = "dump"

    @property
    def proven(self) -> bool:
        """Whether a drill has passed it."""
        return self.code is None and self.drill is not None and self.drill.passed

    @property
    def kept(self) -> Kept:
        """This backup as the rule of keeping sees it."""
        return Kept(name=self.name, at=self.at, proven=self.proven)


@attrs.frozen(kw_only=True)
class Shelf:
    """The folder ``backups`` of a home."""

    folder: Path

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Keep others out, sweep what the dead left behind, or raise ``backup.running``."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BackupRunning from None
            for left in self.folder.glob(f"{UNFINISHED}*"):
                _remove(left)
            yield
        finally:
            os.close(descriptor)

    @contextmanager
    def unfinished(self, word: str) -> Iterator[Path]:
        """Yield a new folder that is gone at the end, unless it was renamed."""
        made = self.folder / f"{UNFINISHED}{word}"
        made.mkdir(mode=0o700)
        try:
            yield made
        finally:
            shutil.rmtree(made, ignore_errors=True)

    def name_at(self, at: datetime) -> str:
        """Return a new name for a backup of this moment, behind those of the same second.

        Names tell which backup is newer, so their random ends rise within a second.
        """
        second = f"{utc(at):{MOMENT}}-"
        ends = [int(path.name[len(second) :], 16) for path in self.folder.glob(f"{second}{END}")]
        last = max(ends, default=-1)
        if last >= ENDS - STEP_MAX:
            return self.name_at(at + timedelta(seconds=1))
        return f"{second}{last + 1 + secrets.randbelow(STEP_MAX):04x}"

    def all(self) -> tuple[Shelved, ...]:
        """Return every backup, the newest first; of a damaged one its code."""
        if not self.folder.is_dir():
            return ()
        names = [one.name for one in self.folder.iterdir() if NAME.match(one.name)]
        return tuple(self._shelved(name) for name in sorted(names, reverse=True))

    def find(self, name: str) -> Shelved:
        """Return a backup by its name, or raise ``backup.unknown``."""
        if not NAME.match(name) or not (self.folder / name).is_dir():
            raise BackupUnknown(name=name[:200])
        return self._shelved(name)

    def newest(self, now: datetime) -> Shelved:
        """Return the newest backup that is not refused, or raise ``backup.unknown``.

        One that a clock has dated into the future is the newest only when there is no other: else
        it would hide for years that none was taken since.
        """
        whole = [one for one in self.all() if one.code is None]
        for one in (*(one for one in whole if one.at <= now + SKEW), *whole):
            return one
        raise BackupUnknown("There is no backup yet: kasa db backup.")

    def newest_at(self, now: datetime) -> datetime | None:
        """Return when the newest backup was taken that is not refused or ahead, or None."""
        whole = (one.at for one in self.all() if one.code is None)
        return next((at for at in whole if at <= now + SKEW), None)

    def remove(self, name: str) -> None:
        """Remove a backup: from that moment it is not one, whatever happens on the way."""
        gone = self.folder / f"{UNFINISHED}gone-{name}"
        (self.folder / name).rename(gone)
        _remove(gone)

    @property
    def state(self) -> dict[str, Any]:
        """What the nightly schedule wrote down."""
        try:
            found = json.loads((self.folder / STATE).read_bytes())
        except (FileNotFoundError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def keep_state(self, **facts: Any) -> None:
        """Write down facts for the nightly schedule."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        replaced(self.folder / STATE, json.dumps({**self.state, **facts}).encode())

    def _shelved(self, name: str) -> Shelved:
        at = moment_of(name)
        folder = self.folder / name
        try:
            manifest = read_manifest(folder)
        except KasaError as error:
            return Shelved(name=name, at=at, folder=folder, manifest=None, code=error.code)
        return Shelved(name=name, at=at, folder=folder, manifest=manifest, drill=drilled(folder))


def _remove(path: Path) -> None:
    """Remove a folder; of one that was moved to another disk the link that stands for it."""
    if path.is_symlink() or not path.is_dir():
        path.unlink()
    else:
        shutil.rmtree(path)


def record(folder: Path, drill: Drilled) -> None:
    """Write down what a drill said of a backup, beside it."""
    told = {**attrs.asdict(drill), "at": drill.at.isoformat()}
    replaced(folder / RECORD, json.dumps(told).encode())


def drilled(folder: Path) -> Drilled | None:
    """Return what the last drill said of a backup, or None."""
    return _drilled(folder / RECORD)


def moment_of(name: str) -> datetime:
    """Return the moment that the name of a backup tells."""
    return datetime.strptime(f"{name[:16]}+0000", f"{MOMENT}%z")


def _drilled(path: Path) -> Drilled | None:
    try:
        told = json.loads(path.read_bytes())
        told |= {name: tuple(told[name]) for name in ("differences", "warnings")}
        return Drilled(**{**told, "at": datetime.fromisoformat(told["at"])})
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return None
