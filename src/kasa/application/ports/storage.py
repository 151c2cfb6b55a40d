"""File storage: private bytes by key, streamed."""

from collections.abc import Iterable, Iterator
from typing import NewType, Protocol

from kasa.domain.kernel.errors import Conflict, Invalid, Unavailable
from kasa.domain.kernel.ids import TenantId

StorageKey = NewType("StorageKey", str)

KEY_BYTES = 16
CHUNK_BYTES = 256 * 1024


class StorageKeyInvalid(Invalid):
    """This is not a key of the file storage."""

    code = "storage.key_invalid"


class StorageKeyTaken(Conflict):
    """A file with this key exists; files are never written over."""

    code = "storage.key_taken"


class StorageUnavailable(Unavailable):
    """The file storage cannot be reached or cannot be written."""

    code = "storage.unavailable"


def storage_key(tenant: TenantId, entropy: bytes) -> StorageKey:
    """Return the key of a new file: its tenant, and 128 bits that nobody can guess.

    ``entropy`` has 16 secret random bytes, or the first 16 bytes of a keyed digest when a repeat
    of the same work has to meet the same key.
    """
    if len(entropy) != KEY_BYTES:
        raise ValueError("a storage key needs 16 bytes of entropy")
    return StorageKey(f"{tenant}/{entropy.hex()}")


class FileStorage(Protocol):
    """Keeps private bytes; whose they are and who may see them is decided elsewhere."""

    def put(self, key: StorageKey, chunks: Iterable[bytes]) -> int:
        """Store a new file from its chunks and return its size in bytes.

        All or nothing: when ``chunks`` raises, nothing is stored. A file that exists is left as it
        is and ``storage.key_taken`` raised. Raise ``storage.key_invalid`` for anything that
        ``storage_key`` would not make, ``storage.unavailable`` when it cannot be written now.
        """

    def get(self, key: StorageKey) -> Iterator[bytes]:
        """Yield a file in chunks; raise NotFound, before the first one, when there is none."""

    def size(self, key: StorageKey) -> int:
        """Return a file's size in bytes, or raise NotFound."""

    def remove(self, key: StorageKey) -> None:
        """Remove a file; removing one that is not there changes nothing."""

    def keys_of(self, tenant: TenantId) -> Iterator[StorageKey]:
        """Yield the key of every file of a tenant, in no order; they are listed as one goes."""

    def remove_all(self, tenant: TenantId) -> int:
        """Remove every file of a tenant and return how many there were."""

    def keys(self) -> Iterator[StorageKey]:
        """Yield the key of every file there is, in no order; backups read them all."""

    def ping(self) -> None:
        """Return when files can be read and written, else raise ``storage.unavailable``."""


class FileScanner(Protocol):
    """Looks for what should not be kept; none is shipped."""

    def scan(self, data: bytes) -> None:
        """Return when the bytes may be kept, or raise ``Invalid`` with the scanner's own code."""
