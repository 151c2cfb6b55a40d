"""Copies of backups that leave the machine: one sealed file each, written once, never over.

Inside is a tar of the backup's folder without what drills said of it.
"""

import logging
import os
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kasa.adapters.postgres.backups.manifest import (
    FILES,
    MANIFEST,
    PARTS,
    Manifest,
    read_manifest,
    stored_files,
)
from kasa.adapters.postgres.backups.refusals import BackupCopyFailed
from kasa.adapters.postgres.backups.retention import Kept, superfluous
from kasa.adapters.postgres.backups.shelf import NAME, UNFINISHED, Shelved, moment_of
from kasa.adapters.postgres.backups.whole import pieces, room_on_disk, settle, written
from kasa.application.ports.sealing import BackupForeign, BackupTruncated, Seal, Unseal

LOG = logging.getLogger(__name__)

SUFFIX = ".kasa"
BLOCK_BYTES = 512
_STORED = re.compile(rf"{FILES}/[0-9a-f-]{{36}}/[0-9a-f]{{32}}\Z")
_END = bytes(2 * BLOCK_BYTES)


def sealed_copy(backup: Shelved, target: Path, seal: Seal) -> Path:
    """Write a sealed copy of a backup into a folder and return its path.

    A copy that is there is left as it is. Raises ``backup.copy_failed`` or ``backup.disk_full``.
    """
    path = target / f"{backup.name}{SUFFIX}"
    if path.exists():
        return path
    made = read_manifest(backup.folder)
    fresh = target / f"{UNFINISHED}{path.name}"
    try:
        with room_on_disk():
            target.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh.unlink(missing_ok=True)
            written(fresh, seal(_packed(backup.folder, made), _packed_size(backup.folder, made)))
            _name_once(fresh, path)
            settle(target)
    except OSError as error:
        raise BackupCopyFailed(f"{target} cannot be written: {error.strerror}.") from error
    finally:
        if fresh.exists():
            fresh.unlink()
    return path


def forget_copies(
    target: Path, proven: frozenset[str], *, taken: str | None = None
) -> tuple[str, ...]:
    """Remove the copies that the rule of keeping does not keep, and return their names.

    The one of the backup that was just ``taken`` stays. So does each that the target does not let
    go, as a disk that is written once: that is no failure of the night.
    """
    names = [path.name.removesuffix(SUFFIX) for path in target.glob(f"*{SUFFIX}")]
    found = [
        Kept(name=name, at=moment_of(name), proven=name in proven)
        for name in names
        if NAME.match(name)
    ]
    return tuple(
        name
        for name in sorted(superfluous(found, taken=taken))
        if _gone(target / f"{name}{SUFFIX}")
    )


def _gone(path: Path) -> bool:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        LOG.warning("backups.copy_stays", extra={"copy": path.name, "reason": error.strerror})
        return False
    return True


def unpacked(path: Path, folder: Path, unseal: Unseal) -> None:
    """Open a sealed copy into a new, empty folder; what is in it is still to be verified.

    Raises what ``unseal`` raises, and ``backup.foreign`` for a copy of something else.
    """
    with path.open("rb") as file, room_on_disk():
        source: Any = _Stream(unseal(file))
        try:
            with tarfile.open(fileobj=source, mode="r|") as packed:
                for member in packed:
                    _unpack(packed, member, folder)
        except tarfile.ReadError as error:
            raise BackupForeign from error


def _unpack(packed: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    known = member.name in {MANIFEST, *PARTS} or _STORED.match(member.name)
    data = packed.extractfile(member) if known and member.isreg() else None
    if data is None:
        raise BackupForeign
    path = folder / member.name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    written(path, iter(lambda: data.read(1024 * 1024), b""))


def _members(folder: Path, made: Manifest) -> Iterator[tuple[str, int]]:
    yield MANIFEST, (folder / MANIFEST).stat().st_size
    yield from ((name, part.size) for name, part in made.parts.items())
    yield from ((f"{FILES}/{one.key}", one.size) for one in stored_files(folder))


def _packed(folder: Path, made: Manifest) -> Iterator[bytes]:
    for name, size in _members(folder, made):
        told = tarfile.TarInfo(name)
        told.size, told.mode = size, 0o600
        told.mtime = int(made.at.timestamp())
        yield told.tobuf(tarfile.GNU_FORMAT)
        done = 0
        for piece in pieces(folder / name):
            done += len(piece)
            yield piece
        if done != size:
            raise BackupTruncated(part=name)
        yield bytes(-size % BLOCK_BYTES)
    yield _END


def _packed_size(folder: Path, made: Manifest) -> int:
    sizes = (size for _, size in _members(folder, made))
    return sum(BLOCK_BYTES + size + -size % BLOCK_BYTES for size in sizes) + len(_END)


def _name_once(fresh: Path, path: Path) -> None:
    """Give a finished file its name unless that is taken; some disks know no links."""
    try:
        os.link(fresh, path)
    except FileExistsError:
        return
    except OSError:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
        fresh.rename(path)


class _Stream:
    """Chunks as a file that can only be read on."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = bytearray()

    def read(self, count: int) -> bytes:
        """Return as many bytes, fewer at the end."""
        while len(self._rest) < count:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            self._rest += chunk
        found = bytes(self._rest[:count])
        del self._rest[:count]
        return found
