"""Base backups: the files of the server itself, whole once a week and their changes each hour.

A chain is a folder with one whole base and its increments, each with the stored files of its
moment. A restore needs all of a chain up to the moment it goes back to.
"""

import json
import shutil
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import attrs

from kasa import __version__
from kasa.adapters.postgres.backups.base_files import MANIFEST as OWN_MANIFEST
from kasa.adapters.postgres.backups.base_files import verified_base
from kasa.adapters.postgres.backups.filing import copied_files
from kasa.adapters.postgres.backups.manifest import verified_files
from kasa.adapters.postgres.backups.programs import Login, Programs
from kasa.adapters.postgres.backups.refusals import BackupUnknown, BackupVersion
from kasa.adapters.postgres.backups.shelf import NAME, Drilled, Shelf, drilled, moment_of
from kasa.adapters.postgres.backups.whole import Sum, room_on_disk, settle, summed, written
from kasa.adapters.postgres.binaries import MAJOR
from kasa.application.ports.sealing import BackupChecksum, BackupForeign, BackupTruncated
from kasa.application.ports.storage import FileStorage
from kasa.domain.kernel.moments import utc

CHAINS = "chains"
CHAINS_KEPT = 2
WHOLE_AFTER = timedelta(days=7)
CLOCK_SLACK = timedelta(minutes=1)
DATA = "pg"
TOLD = "base.json"
KIND = "kasa-base"


@attrs.frozen(kw_only=True)
class Link:
    """One base backup: the first of its chain is whole, each other one builds on the one before."""

    name: str
    folder: Path
    manifest: ClassVar[None] = None
    code: ClassVar[None] = None

    @property
    def kind(self) -> str:
        """Whether it is a whole base or an increment of the one before."""
        return "base" if self.folder.parent.name == self.name else "increment"

    @property
    def drill(self) -> Drilled | None:
        """What its last drill said, or None."""
        return drilled(self.folder)

    @property
    def proven(self) -> bool:
        """Whether a drill has passed it."""
        return self.drill is not None and self.drill.passed

    @property
    def at(self) -> datetime:
        """When it was begun."""
        return moment_of(self.name)

    @property
    def chain(self) -> tuple["Link", ...]:
        """The links that a restore of this one needs, the whole one first."""
        return tuple(one for one in links_of(self.folder.parent) if one.name <= self.name)


def is_base(folder: Path) -> bool:
    """Tell whether a folder is meant to be a base backup."""
    return (folder / TOLD).exists() or (folder / DATA).is_dir()


def links_of(chain: Path) -> tuple[Link, ...]:
    """Return the links of a chain in their order."""
    names = sorted(path.name for path in chain.iterdir() if NAME.match(path.name))
    return tuple(Link(name=name, folder=chain / name) for name in names)


def chains(shelf: Shelf) -> tuple[Path, ...]:
    """Return the chains of a shelf that have a link, the newest first."""
    folder = shelf.folder / CHAINS
    found = sorted(folder.iterdir(), reverse=True) if folder.is_dir() else []
    return tuple(path for path in found if NAME.match(path.name) and links_of(path))


def find_link(shelf: Shelf, name: str) -> Link:
    """Return a base backup by its name, or raise ``backup.unknown``."""
    for chain in chains(shelf):
        for link in links_of(chain):
            if link.name == name:
                return link
    raise BackupUnknown(name=name[:200])


@attrs.frozen(kw_only=True)
class BaseTaker:
    """Takes base backups of the embedded server as ``kasa_backup``."""

    address: str
    storage: FileStorage
    shelf: Shelf
    programs: Programs
    now: Callable[[], datetime]

    def take(self) -> Link:
        """Take an increment, or a whole base when there is none or the newest is a week old.

        The caller has the shelf's turn. Chains before the newest two are removed.
        """
        at = utc(self.now()).replace(microsecond=0)
        before = self._before(at)
        if before is not None:
            at = max(at, before.at + timedelta(seconds=1))
        name, began = self.shelf.name_at(at), time.monotonic()
        chain = before.folder.parent if before else self.shelf.folder / CHAINS / name
        with room_on_disk(), self.shelf.unfinished(name) as fresh:
            chain.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._dump(fresh / DATA, before)
            earlier = before.folder if before else None
            filed = copied_files(self.storage, fresh, earlier, self.programs.stopping)
            told = {
                "kind": KIND,
                "made_by": __version__,
                "server": (fresh / DATA / "PG_VERSION").read_text().strip(),
                "before": before.name if before else None,
                "seconds": round(time.monotonic() - began),
                "files": attrs.asdict(filed.listed),
                "base": summed(fresh / DATA / OWN_MANIFEST).sha256,
            }
            written(fresh / TOLD, [json.dumps(told).encode()])
            settle(fresh)
            fresh.rename(chain / name)
        settle(chain)
        for old in chains(self.shelf)[CHAINS_KEPT:]:
            if old != chain:
                shutil.rmtree(old)
        return Link(name=name, folder=chain / name)

    def _before(self, at: datetime) -> Link | None:
        newest = next(iter(chains(self.shelf)), None)
        if newest is None or at - moment_of(newest.name) >= WHOLE_AFTER:
            return None
        last = links_of(newest)[-1]
        # A link is found by its moment: after a clock was set back it would come before its base.
        return last if last.at <= at + CLOCK_SLACK else None

    def _dump(self, data: Path, before: Link | None) -> None:
        login = Login.of(self.address)
        since = () if before is None else (f"--incremental={before.folder / DATA / OWN_MANIFEST}",)
        self.programs.mine.run(
            "pg_basebackup",
            *("--checkpoint=fast", "--wal-method=stream", "--manifest-checksums=SHA256"),
            *(f"--pgdata={data}", f"--dbname={login.text}", *since),
            login=login,
        )


def verified_chain(link: Link, programs: Programs) -> None:
    """Read every byte that a restore of a base backup needs, or raise why it is refused."""
    before: str | None = None
    for one in link.chain:
        told = _told(one.folder)
        if told["before"] != before:
            raise BackupTruncated(f"{one.name} builds on {told['before']}, which is not there.")
        if told["server"] != MAJOR:
            raise BackupVersion(f"{one.name} is of PostgreSQL {told['server']}, here is {MAJOR}.")
        verified_base(one.folder / DATA, programs)
        if summed(one.folder / DATA / OWN_MANIFEST).sha256 != told["base"]:
            raise BackupChecksum(f"The manifest of {one.name} was changed.")
        before = one.name
    if before is None:
        raise BackupTruncated("The whole base of this chain is not there.")
    verified_files(link.folder, Sum(**_told(link.folder)["files"]))


def _told(folder: Path) -> dict[str, Any]:
    try:
        told = json.loads((folder / TOLD).read_bytes())
    except FileNotFoundError as error:
        raise BackupTruncated(f"{folder.name} was never finished.") from error
    except ValueError as error:
        raise BackupChecksum(f"{folder.name}/{TOLD} was changed.") from error
    if not isinstance(told, dict) or told.get("kind") != KIND:
        raise BackupForeign
    return told


def combined(link: Link, data: Path, programs: Programs) -> None:
    """Join a verified chain into one data directory that a server can start from."""
    programs.mine.run(
        "pg_combinebackup",
        *(str(one.folder / DATA) for one in link.chain),
        *(f"--output={data}", "--manifest-checksums=SHA256"),
    )
    verified_base(data, programs)
    for path in (data, *data.rglob("*")):
        programs.binaries.own(path, mode=0o700 if path.is_dir() else 0o600)
