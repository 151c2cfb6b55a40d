"""Reads of a tenant's files."""

from sqlalchemy import text

from kasa.adapters.postgres.connection import TenantConnection
from kasa.adapters.postgres.files.store import GET, SHOWN
from kasa.adapters.postgres.rows import value_of
from kasa.domain.files.file import FileKind, StoredFile
from kasa.domain.kernel.ids import FileId
from kasa.domain.kernel.paging import PAGE_LIMIT, Cursor, Page

_SAME = text(f"{SHOWN} AND sha256 = :sha256 ORDER BY id LIMIT :limit")
_NEWEST = text(
    f"{SHOWN} AND (CAST(:kind AS text) IS NULL OR kind = :kind) "
    "AND (CAST(:after AS uuid) IS NULL OR id < CAST(:after AS uuid)) "
    "ORDER BY id DESC LIMIT :limit"
)


class PostgresFileViews:
    """Reads the files of one tenant."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def show(self, id: FileId) -> StoredFile:
        """Return a file, or raise NotFound."""
        return value_of(self._rows.get(GET, id=id), StoredFile)

    def with_checksum(self, sha256: str) -> tuple[StoredFile, ...]:
        """Return the files with exactly these bytes, oldest first, at most 100."""
        found = self._rows.all(_SAME, sha256=sha256, limit=PAGE_LIMIT)
        return tuple(value_of(row, StoredFile) for row in found)

    def listed(
        self, *, kind: FileKind | None = None, after: Cursor | None = None, limit: int = 25
    ) -> Page[StoredFile]:
        """Return a page of files, newest first."""
        size = min(max(limit, 1), PAGE_LIMIT)
        rows = self._rows.all(
            _NEWEST,
            kind=None if kind is None else kind.value,
            after=after.id if after else None,
            limit=size + 1,
        )
        found = [value_of(row, StoredFile) for row in rows]
        items = tuple(found[:size])
        return Page(items, Cursor((), items[-1].id) if len(found) > size else None)
