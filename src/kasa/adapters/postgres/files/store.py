"""The files of a unit of work."""

import attrs
from sqlalchemy import bindparam, delete, insert, select

from kasa.adapters.postgres.connection import TENANT, TenantConnection
from kasa.adapters.postgres.files.tables import FILES
from kasa.adapters.postgres.rows import value_of
from kasa.application.ports.work import LockRank
from kasa.domain.files.file import StoredFile
from kasa.domain.kernel.ids import FileId

_OWN = (FILES.c.tenant_id == TENANT, FILES.c.id == bindparam("wanted"))
GET = select(FILES).where(*_OWN)
_LOCK = GET.with_for_update(key_share=True)
_ADD = insert(FILES)
_REMOVE = delete(FILES).where(*_OWN)


class PostgresFiles:
    """The files of one tenant."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, file: StoredFile) -> None:
        """Store a new file's row; a second one under the same id is a bug."""
        self._rows.added(LockRank.DOCUMENTS, file.id)
        columns = attrs.asdict(file) | {"kind": file.kind.value}
        self._rows.write(_ADD, tenant_id=self._rows.tenant, **columns)

    def get(self, id: FileId) -> StoredFile:
        """Return a file, or raise NotFound."""
        return value_of(self._rows.get(GET, wanted=id), StoredFile)

    def lock(self, id: FileId) -> StoredFile:
        """Return a file, locked until the unit of work ends, or raise NotFound."""
        self._rows.claim(LockRank.DOCUMENTS, id)
        return value_of(self._rows.get(_LOCK, wanted=id), StoredFile)

    def remove(self, file: StoredFile) -> None:
        """Forget a file that was locked in the same unit of work."""
        self._rows.require_claim(LockRank.DOCUMENTS, file.id)
        self._rows.write(_REMOVE, wanted=file.id)
