"""The stored files of a backup: copied from the file storage, and put back into one."""

import json
import os
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import attrs

from kasa.adapters.postgres.backups.manifest import FILES, LISTED, StoredFile, stored_files
from kasa.adapters.postgres.backups.refusals import BackupStopped, BackupTargetNotEmpty
from kasa.adapters.postgres.backups.whole import Sum, pieces, settle, summed, written
from kasa.application.ports.storage import FileStorage, StorageKey, StorageKeyTaken
from kasa.domain.kernel.errors import NotFound


@attrs.frozen(kw_only=True)
class Filed:
    """The stored files of a backup: their list, their number and their bytes."""

    listed: Sum
    count: int
    size: int


def copied_files(
    storage: FileStorage, fresh: Path, earlier: Path | None, stopping: Callable[[], bool]
) -> Filed:
    """Copy every stored file into a new backup; one that an earlier backup has is shared with it.

    A stored file never changes, so one of the same key and size is the same. A shared one is read
    all the same: its bytes have to be those that the earlier backup lists.
    """
    count = size = 0
    folder = fresh / FILES
    folder.mkdir(mode=0o700)
    known = _Known(earlier)

    def told() -> Iterator[bytes]:
        nonlocal count, size
        for key in sorted(storage.keys()):
            if stopping():
                raise BackupStopped
            try:
                found = known.shared(key, storage.size(key), folder) or _copied(
                    storage, key, folder
                )
            except NotFound:
                continue
            count, size = count + 1, size + found.size
            yield json.dumps(attrs.asdict(found)).encode() + b"\n"

    listed = written(fresh / LISTED, told())
    for inner in folder.iterdir():
        settle(inner)
    settle(folder)
    return Filed(listed=listed, count=count, size=size)


def _copied(storage: FileStorage, key: StorageKey, folder: Path) -> StoredFile:
    chunks = storage.get(key)
    path = folder / key
    path.parent.mkdir(mode=0o700, exist_ok=True)
    made = written(path, chunks)
    return StoredFile(key=key, size=made.size, sha256=made.sha256)


class _Known:
    """The files of an earlier backup, walked along in the order of their keys."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._left = stored_files(folder) if folder is not None else iter(())
        self._next = next(self._left, None)

    def shared(self, key: StorageKey, size: int, folder: Path) -> StoredFile | None:
        while self._next is not None and self._next.key < key:
            self._next = next(self._left, None)
        found = self._next
        if self._folder is None or found is None or (found.key, found.size) != (key, size):
            return None
        source, path = self._folder / FILES / key, folder / key
        try:
            if summed(source) != Sum(found.size, found.sha256):
                return None
            path.parent.mkdir(mode=0o700, exist_ok=True)
            os.link(source, path)
        except OSError:
            return None
        return found


def put_back(storage: FileStorage, backup: Path) -> int:
    """Put the files of a verified backup into a storage, and count them.

    Files that are there already with the same bytes are left; raises ``backup.target_not_empty``
    for one with other bytes.
    """
    count = 0
    for one in stored_files(backup):
        try:
            storage.put(one.key, pieces(backup / FILES / one.key))
        except StorageKeyTaken as error:
            if _digest(storage, one.key) != one.sha256:
                raise BackupTargetNotEmpty(key=one.key) from error
        count += 1
    return count


def _digest(storage: FileStorage, key: StorageKey) -> str:
    digest = sha256()
    for chunk in storage.get(key):
        digest.update(chunk)
    return digest.hexdigest()
