"""Reads of a tenant's files."""

from sqlalchemy import bindparam, select

from kasa.adapters.postgres.connection import TENANT, TenantConnection
from kasa.adapters.postgres.files.store import GET
from kasa.adapters.postgres.files.tables import FILES
from kasa.adapters.postgres.rows import value_of
from kasa.domain.files.file import FileKind, StoredFile
from kasa.domain.kernel.ids import FileId
from kasa.domain.kernel.paging import PAGE_LIMIT, Cursor, Page

_SAME = (
    select(FILES)
    .where(FILES.c.tenant_id == TENANT, FILES.c.sha256 == bindparam("wanted"))
    .order_by(FILES.c.id)
    .limit(PAGE_LIMIT)
)
_NEWEST = select(FILES).where(FILES.c.tenant_id == TENANT).order_by(FILES.c.id.desc())


class PostgresFileViews:
    """Reads the files of one tenant."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def show(self, id: FileId) -> StoredFile:
        """Return a file, or raise NotFound."""
        return value_of(self._rows.get(GET, wanted=id), StoredFile)

    def with_checksum(self, sha256: str) -> tuple[StoredFile, ...]:
        """Return the files with exactly these bytes, oldest first, at most 100."""
        return tuple(value_of(row, StoredFile) for row in self._rows.all(_SAME, wanted=sha256))

    def listed(
        self, *, kind: FileKind | None = None, after: Cursor | None = None, limit: int = 25
    ) -> Page[StoredFile]:
        """Return a page of files, newest first."""
        size = min(max(limit, 1), PAGE_LIMIT)
        wanted = _NEWEST.limit(size + 1)
        if kind is not None:
            wanted = wanted.where(FILES.c.kind == kind.value)
        if after is not None:
            wanted = wanted.where(FILES.c.id < after.id)
        found = [value_of(row, StoredFile) for row in self._rows.all(wanted)]
        items = tuple(found[:size])
        return Page(items, Cursor((), items[-1].id) if len(found) > size else None)
