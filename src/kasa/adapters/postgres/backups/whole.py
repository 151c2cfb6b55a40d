"""Files that are there whole or not at all, and what the disk says when it is full."""

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import attrs

from kasa.adapters.postgres.backups.refusals import BackupDiskFull

PIECE_BYTES = 1024 * 1024
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@attrs.frozen
class Sum:
    """Size and SHA-256 of a file."""

    size: int
    sha256: str


def written(path: Path, chunks: Iterable[bytes]) -> Sum:
    """Write a new file, 0600, down to the disk, and return what is in it."""
    digest, size = sha256(), 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for chunk in chunks:
            digest.update(chunk)
            size += file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return Sum(size, digest.hexdigest())


def replaced(path: Path, data: bytes) -> None:
    """Write a small file over what is there, whole or not at all."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    written(fresh, [data])
    fresh.rename(path)
    settle(path.parent)


def summed(path: Path) -> Sum:
    """Return size and SHA-256 of a file, read in pieces."""
    digest, size = sha256(), 0
    for piece in pieces(path):
        digest.update(piece)
        size += len(piece)
    return Sum(size, digest.hexdigest())


def pieces(path: Path) -> Iterator[bytes]:
    """Yield a file in pieces of 1 MiB."""
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            yield piece


def settle(folder: Path) -> None:
    """Bring the names in a folder down to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def room_on_disk() -> Iterator[None]:
    """Say ``backup.disk_full`` where a disk has no room left."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise BackupDiskFull from error
        raise
