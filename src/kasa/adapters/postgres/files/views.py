"""Reads of a tenant's files."""

from datetime import datetime

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
_OLDER = text(
    "SELECT id FROM files WHERE tenant_id = :tenant AND kind = :kind AND stored_at < :before "
    "ORDER BY id LIMIT :limit"
)
_SPENT = text(
    "SELECT f.id FROM files f WHERE f.tenant_id = :tenant AND f.kind = 'receipt' "
    "AND f.stored_at < :before AND EXISTS (SELECT FROM evidence e "
    "WHERE e.tenant_id = :tenant AND e.sha256 IS NOT NULL AND e.file_id = f.id) "
    "AND NOT EXISTS (SELECT FROM evidence e JOIN payments p ON p.tenant_id = :tenant "
    "AND p.id = e.payment_id LEFT JOIN invoices i ON i.tenant_id = :tenant AND i.id = p.invoice_id "
    "WHERE e.tenant_id = :tenant AND e.file_id = f.id AND "
    "(p.state IN ('submitted', 'waiting', 'in_review') OR i.state IN ('draft', 'open') "
    "OR greatest(coalesce(i.paid_at, i.updated_at), p.decided_at, p.submitted_at) >= :before)) "
    "ORDER BY f.id LIMIT :limit"
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

    def older(self, kind: FileKind, *, before: datetime, limit: int) -> tuple[FileId, ...]:
        """Return the oldest files of a kind that were stored before a moment."""
        found = self._rows.all(_OLDER, kind=kind.value, before=before, limit=limit)
        return tuple(FileId(row["id"]) for row in found)

    def spent_receipts(self, *, before: datetime, limit: int) -> tuple[FileId, ...]:
        """Return pictures of receipts that no payment and no invoice needs since a moment."""
        found = self._rows.all(_SPENT, before=before, limit=limit)
        return tuple(FileId(row["id"]) for row in found)

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
