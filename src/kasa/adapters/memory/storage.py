"""File storage in a dictionary."""

import re
from collections.abc import Iterable, Iterator
from threading import Lock

from kasa.adapters.memory.outside import refuse_inside_unit_of_work
from kasa.application.ports.storage import (
    CHUNK_BYTES,
    StorageKey,
    StorageKeyInvalid,
    StorageKeyTaken,
)
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import TenantId

_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/[0-9a-f]{32}\Z")


class MemoryFileStorage:
    """Keeps private bytes by key."""

    def __init__(self) -> None:
        self._files: dict[StorageKey, bytes] = {}
        self._lock = Lock()

    def put(self, key: StorageKey, chunks: Iterable[bytes]) -> int:
        """Store a new file from its chunks and return its size in bytes."""
        refuse_inside_unit_of_work()
        self._check(key)
        data = b"".join(chunks)
        with self._lock:
            if key in self._files:
                raise StorageKeyTaken
            self._files[key] = data
        return len(data)

    def get(self, key: StorageKey) -> Iterator[bytes]:
        """Yield a file in chunks; raise NotFound, before the first one, when there is none."""
        data = self._found(key)
        return (data[at : at + CHUNK_BYTES] for at in range(0, len(data), CHUNK_BYTES))

    def size(self, key: StorageKey) -> int:
        """Return a file's size in bytes, or raise NotFound."""
        return len(self._found(key))

    def remove(self, key: StorageKey) -> None:
        """Remove a file; removing one that is not there changes nothing."""
        refuse_inside_unit_of_work()
        self._check(key)
        self._files.pop(key, None)

    def keys_of(self, tenant: TenantId) -> Iterator[StorageKey]:
        """Yield the key of every file of a tenant."""
        return iter([key for key in self._files if key.startswith(f"{tenant}/")])

    def remove_all(self, tenant: TenantId) -> int:
        """Remove every file of a tenant and return how many there were."""
        refuse_inside_unit_of_work()
        keys = [key for key in self._files if key.startswith(f"{tenant}/")]
        for key in keys:
            del self._files[key]
        return len(keys)

    def keys(self) -> Iterator[StorageKey]:
        """Yield the key of every file there is."""
        refuse_inside_unit_of_work()
        return iter(tuple(self._files))

    def ping(self) -> None:
        """Return: a dictionary can always be read and written."""
        refuse_inside_unit_of_work()

    def _found(self, key: StorageKey) -> bytes:
        refuse_inside_unit_of_work()
        self._check(key)
        data = self._files.get(key)
        if data is None:
            raise NotFound
        return data

    def _check(self, key: StorageKey) -> None:
        if not _KEY.match(key):
            raise StorageKeyInvalid


class PassingFileScanner:
    """A scanner that finds nothing."""

    def scan(self, data: bytes) -> None:  # noqa: ARG002 # nothing is looked at
        """Let the bytes be kept."""
        refuse_inside_unit_of_work()
