"""File storage with obstore, which needs the extra `storage`."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from obstore.exceptions import AlreadyExistsError, BaseError, NotFoundError
from obstore.store import LocalStore, MemoryStore

from kasa.application.ports.storage import (
    CHUNK_BYTES,
    StorageKey,
    StorageKeyInvalid,
    StorageKeyTaken,
    StorageUnavailable,
)
from kasa.domain.kernel.errors import Invalid, NotFound
from kasa.domain.kernel.ids import TenantId

PRIVATE = 0o700
_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/[0-9a-f]{32}\Z")
_PING = "ping"


class StorageUrlUnknown(Invalid):
    """A file storage is a folder (file:///srv/kasa/files) or memory:// ."""

    code = "setup.storage_url"


class ObstoreStorage:
    """Keeps private bytes by key in an object store.

    A file is collected before it is written, so one that breaks off half way leaves nothing; files
    are at most as large as their doors allow. On disk the folder and each tenant's folder can be
    entered by the owner of the process alone.
    """

    def __init__(self, store: LocalStore | MemoryStore, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder

    @classmethod
    def at(cls, url: str) -> "ObstoreStorage":
        """Return the storage of a URL or of a plain path, or raise ``setup.storage_url``."""
        parts = urlsplit(url)
        if parts.scheme == "memory":
            return cls(MemoryStore())
        if parts.scheme not in {"", "file"} or parts.netloc or not parts.path:
            raise StorageUrlUnknown
        return cls.on_disk(Path(unquote(parts.path) if parts.scheme else url))

    @classmethod
    def on_disk(cls, folder: Path) -> "ObstoreStorage":
        """Return a storage in a folder, made private when it is missing."""
        try:
            folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
            return cls(LocalStore(folder), folder)
        except (OSError, BaseError) as error:
            raise StorageUnavailable from error

    def put(self, key: StorageKey, chunks: Iterable[bytes]) -> int:
        """Store a new file from its chunks and return its size in bytes."""
        _check(key)
        data = b"".join(chunks)
        try:
            if self._folder is not None:
                (self._folder / key).parent.mkdir(mode=PRIVATE, exist_ok=True)
            self._store.put(key, data, mode="create", use_multipart=False)
        except AlreadyExistsError as error:
            raise StorageKeyTaken from error
        except (OSError, BaseError) as error:
            raise StorageUnavailable from error
        return len(data)

    def get(self, key: StorageKey) -> Iterator[bytes]:
        """Yield a file in chunks; raise NotFound, before the first one, when there is none."""
        _check(key)
        try:
            stream = self._store.get(key).stream(min_chunk_size=CHUNK_BYTES)
        except (NotFoundError, FileNotFoundError) as error:
            raise NotFound from error
        except (OSError, BaseError) as error:
            raise StorageUnavailable from error
        return (bytes(chunk) for chunk in stream)

    def size(self, key: StorageKey) -> int:
        """Return a file's size in bytes, or raise NotFound."""
        _check(key)
        try:
            return self._store.head(key)["size"]
        except (NotFoundError, FileNotFoundError) as error:
            raise NotFound from error
        except (OSError, BaseError) as error:
            raise StorageUnavailable from error

    def remove(self, key: StorageKey) -> None:
        """Remove a file; removing one that is not there changes nothing."""
        _check(key)
        self._delete([key])

    def keys_of(self, tenant: TenantId) -> Iterator[StorageKey]:
        """Yield the key of every file of a tenant, as one goes."""
        try:
            for found in self._store.list(prefix=f"{tenant}/"):
                yield from (StorageKey(row["path"]) for row in found)
        except (OSError, BaseError) as error:
            raise StorageUnavailable from error

    def remove_all(self, tenant: TenantId) -> int:
        """Remove every file of a tenant and return how many there were."""
        removed = 0
        try:
            for found in self._store.list(prefix=f"{tenant}/"):
                self._delete([row["path"] for row in found])
                removed += len(found)
        except (OSError, BaseError) as error:
            raise StorageUnavailable from error
        return removed

    def keys(self) -> Iterator[StorageKey]:
        """Yield the key of every file there is; what is no file of kasa is passed over."""
        try:
            for found in self._store.list():
                for row in found:
                    if _KEY.match(row["path"]):
                        yield StorageKey(row["path"])
        except (OSError, BaseError) as error:
            raise StorageUnavailable from error

    def ping(self) -> None:
        """Write and remove an empty file, else raise ``storage.unavailable``."""
        try:
            self._store.put(_PING, b"", use_multipart=False)
            self._store.delete(_PING)
        except (OSError, BaseError) as error:
            raise StorageUnavailable from error

    def _delete(self, paths: list[str]) -> None:
        for path in paths:
            try:
                self._store.delete(path)
            except (NotFoundError, FileNotFoundError):
                continue
            except (OSError, BaseError) as error:
                raise StorageUnavailable from error


def _check(key: StorageKey) -> None:
    if not _KEY.match(key):
        raise StorageKeyInvalid
