"""Files in memory: their rows; the bytes are the storage's."""

from datetime import datetime

from kasa.adapters.memory.invoicing.rows import INVOICES
from kasa.adapters.memory.payments.rows import EVIDENCE, PAYMENTS
from kasa.adapters.memory.tables import Readable, Table, Working
from kasa.application.ports.work import LockRank
from kasa.domain.files.file import FileKind, StoredFile
from kasa.domain.invoicing.invoice import InvoiceState
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import FileId, PaymentId
from kasa.domain.kernel.paging import PAGE_LIMIT, Cursor, Page
from kasa.domain.payments.states import PaymentState

FILES = Table[FileId, StoredFile]("files", LockRank.DOCUMENTS)
UNDECIDED = {PaymentState.SUBMITTED, PaymentState.WAITING, PaymentState.IN_REVIEW}


class MemoryFiles:
    """The files of one tenant."""

    def __init__(self, rows: Working) -> None:
        self._rows = rows

    def add(self, file: StoredFile) -> None:
        """Store a new file's row; a second one under the same id is a bug."""
        self._rows.add(FILES, file.id, file)

    def get(self, id: FileId) -> StoredFile:
        """Return a file, or raise NotFound."""
        return self._rows.get(FILES, id)

    def lock(self, id: FileId) -> StoredFile:
        """Return a file, locked until the unit of work ends, or raise NotFound."""
        return self._rows.lock(FILES, id)

    def remove(self, file: StoredFile) -> None:
        """Forget a file that was locked in the same unit of work."""
        self._rows.save(FILES, file.id, file)
        del self._rows.write(FILES)[file.id]


class MemoryFileViews:
    """Reads the files of one tenant."""

    def __init__(self, rows: Readable) -> None:
        self._rows = rows

    def show(self, id: FileId) -> StoredFile:
        """Return a file, or raise NotFound."""
        found = self._rows.read(FILES).get(id)
        if found is None:
            raise NotFound
        return found

    def with_checksum(self, sha256: str) -> tuple[StoredFile, ...]:
        """Return the files with exactly these bytes, oldest first, at most 100."""
        same = [file for file in self._rows.read(FILES).values() if file.sha256 == sha256]
        return tuple(sorted(same, key=lambda file: file.id)[:PAGE_LIMIT])

    def older(self, kind: FileKind, *, before: datetime, limit: int) -> tuple[FileId, ...]:
        """Return the oldest files of a kind that were stored before a moment."""
        found = [one for one in self._rows.read(FILES).values() if one.kind is kind]
        return tuple(sorted(one.id for one in found if one.stored_at < before)[:limit])

    def spent_receipts(self, *, before: datetime, limit: int) -> tuple[FileId, ...]:
        """Return pictures of receipts that no payment and no invoice needs since a moment."""
        shown: dict[FileId, set[PaymentId]] = {}
        for row in self._rows.read(EVIDENCE).values():
            if row.picture is not None:
                shown.setdefault(row.picture.file, set()).add(row.payment)
        spent = [
            file
            for file in self.older(FileKind.RECEIPT, before=before, limit=len(shown) + 1)
            if file in shown and all(self._is_over(one, before) for one in shown[file])
        ]
        return tuple(spent[:limit])

    def _is_over(self, id: PaymentId, before: datetime) -> bool:
        payment = self._rows.read(PAYMENTS)[id]
        if payment.state in UNDECIDED:
            return False
        if (payment.decided_at or payment.submitted_at) >= before:
            return False
        if payment.invoice is None:
            return True
        invoice = self._rows.read(INVOICES)[payment.invoice]
        if invoice.state in {InvoiceState.DRAFT, InvoiceState.OPEN}:
            return False
        return (invoice.paid_at or invoice.updated_at) < before

    def listed(
        self, *, kind: FileKind | None = None, after: Cursor | None = None, limit: int = 25
    ) -> Page[StoredFile]:
        """Return a page of files, newest first."""
        found = [
            file
            for file in sorted(self._rows.read(FILES).values(), key=lambda f: f.id, reverse=True)
            if (kind is None or file.kind is kind) and (after is None or file.id < after.id)
        ]
        size = min(max(limit, 1), PAGE_LIMIT)
        items = tuple(found[:size])
        return Page(items, Cursor((), items[-1].id) if len(found) > size else None)
