"""Archives that are handed out: named entries, a manifest last, whole or not there at all."""

from collections.abc import Iterable, Iterator
from typing import Protocol

import attrs

from kasa.domain.kernel.errors import Conflict, Invalid

MANIFEST = "manifest.json"


class ArchiveExists(Conflict):
    """Something stands there already; an archive is never written over another file."""

    code = "archive.exists"


class ArchiveUnwritable(Invalid):
    """The archive cannot be written there."""

    code = "archive.unwritable"


class ArchiveUnreadable(Invalid):
    """This is no archive of kasa, or one that cannot be read any more."""

    code = "archive.unreadable"


@attrs.frozen
class Written:
    """What an entry holds: its size, and the SHA-256 of its bytes in hex."""

    size_bytes: int
    sha256: str


class ArchiveWriter(Protocol):
    """Writes one archive; until ``finish`` nothing stands under its name."""

    def add(self, name: str, chunks: Iterable[bytes]) -> Written:
        """Write an entry from its chunks and return what it holds.

        ``name`` is made of letters, digits, ``.``, ``_``, ``-`` and ``/``; a second entry of one
        name is a bug. Raises ``archive.unwritable``.
        """

    def finish(self, manifest: bytes) -> None:
        """Write the manifest and let the archive appear under its name, whole.

        Raises ``archive.exists`` when something stands there by now.
        """


class ArchiveReader(Protocol):
    """Reads one archive, wherever it came from."""

    def names(self) -> tuple[str, ...]:
        """Return the names of all entries, sorted, the manifest's among them."""

    def read(self, name: str) -> Iterator[bytes]:
        """Yield an entry in chunks; raise ``archive.unreadable`` when it is not there whole."""
