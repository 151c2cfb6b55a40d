"""An archive in memory."""

from collections.abc import Iterable, Iterator
from hashlib import sha256

from kasa.application.ports.archives import (
    MANIFEST,
    ArchiveExists,
    ArchiveUnreadable,
    Written,
)


class MemoryArchive:
    """A place for an archive, and what writes to it; it can be read once that is finished."""

    def __init__(self, place: "MemoryArchive | None" = None) -> None:
        self.entries: dict[str, bytes] = {}
        self._place = place or self
        self._collected: dict[str, bytes] = {}

    def beside(self) -> "MemoryArchive":
        """Return another writer for the same place."""
        return MemoryArchive(self)

    def add(self, name: str, chunks: Iterable[bytes]) -> Written:
        """Write an entry from its chunks and return what it holds."""
        if name in self._collected:
            raise ValueError(f"{name} is there already")
        data = b"".join(chunks)
        self._collected[name] = data
        return Written(len(data), sha256(data).hexdigest())

    def finish(self, manifest: bytes) -> None:
        """Write the manifest and let the archive appear."""
        if self._place.entries:
            raise ArchiveExists
        self._place.entries = {**self._collected, MANIFEST: manifest}

    def names(self) -> tuple[str, ...]:
        """Return the names of all entries, sorted."""
        return tuple(sorted(self.entries))

    def read(self, name: str) -> Iterator[bytes]:
        """Yield an entry in chunks; raise ``archive.unreadable`` when it is not there."""
        if name not in self.entries:
            raise ArchiveUnreadable
        return iter([self.entries[name]])
