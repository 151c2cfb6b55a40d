"""The files of a unit of work."""

import attrs
from sqlalchemy import text

from kasa.adapters.postgres.connection import TenantConnection
from kasa.adapters.postgres.rows import value_of
from kasa.application.ports.work import LockRank
from kasa.domain.files.file import StoredFile
from kasa.domain.kernel.ids import FileId

_COLUMNS = ("id", "kind", "key", "name", "media_type", "size_bytes", "sha256", "stored_at", "by")
SHOWN = f"SELECT {', '.join(_COLUMNS)} FROM files WHERE tenant_id = :tenant"
GET = text(f"{SHOWN} AND id = :id")
_LOCK = text(f"{SHOWN} AND id = :id FOR NO KEY UPDATE")
_ADD = text(
    f"INSERT INTO files (tenant_id, {', '.join(_COLUMNS)}) "
    f"VALUES (:tenant, {', '.join(f':{name}' for name in _COLUMNS)})"
)
_REMOVE = text("DELETE FROM files WHERE tenant_id = :tenant AND id = :id")


class PostgresFiles:
    """The files of one tenant."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, file: StoredFile) -> None:
        """Store a new file's row; a second one under the same id is a bug."""
        self._rows.added(LockRank.DOCUMENTS, file.id)
        columns = attrs.asdict(file) | {"kind": file.kind.value}
        self._rows.write(_ADD, **columns)

    def get(self, id: FileId) -> StoredFile:
        """Return a file, or raise NotFound."""
        return value_of(self._rows.get(GET, id=id), StoredFile)

    def lock(self, id: FileId) -> StoredFile:
        """Return a file, locked until the unit of work ends, or raise NotFound."""
        self._rows.claim(LockRank.DOCUMENTS, id)
        return value_of(self._rows.get(_LOCK, id=id), StoredFile)

    def remove(self, file: StoredFile) -> None:
        """Forget a file that was locked in the same unit of work."""
        self._rows.require_claim(LockRank.DOCUMENTS, file.id)
        self._rows.write(_REMOVE, id=file.id)
