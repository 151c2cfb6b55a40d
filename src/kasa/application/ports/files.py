"""Where it is written down which files a shop has; the bytes lie in ``ports.storage``."""

from datetime import datetime
from typing import Protocol

from kasa.domain.files.file import FileKind, StoredFile
from kasa.domain.kernel.ids import FileId
from kasa.domain.kernel.paging import Cursor, Page
from kasa.domain.subscriptions.plan import Meter


def meter_of(kind: FileKind) -> Meter | None:
    """Return the meter that a file's bytes count on; what kasa renders itself counts on none.

    A receipt has a meter of its own, so that a full shop still takes receipts.
    """
    if not kind.is_counted:
        return None
    return Meter.RECEIPTS if kind is FileKind.RECEIPT else Meter.STORAGE


class FileStore(Protocol):
    """The files of one tenant."""

    def add(self, file: StoredFile) -> None:
        """Store a new file's row; a second one under the same id is a bug."""

    def get(self, id: FileId) -> StoredFile:
        """Return a file, or raise NotFound."""

    def lock(self, id: FileId) -> StoredFile:
        """Return a file, locked until the unit of work ends, or raise NotFound."""

    def remove(self, file: StoredFile) -> None:
        """Forget a file that was locked in the same unit of work."""


class FileViews(Protocol):
    """What may be read of a tenant's files."""

    def show(self, id: FileId) -> StoredFile:
        """Return a file, or raise NotFound."""

    def with_checksum(self, sha256: str) -> tuple[StoredFile, ...]:
        """Return the files with exactly these bytes, oldest first, at most 100."""

    def older(self, kind: FileKind, *, before: datetime, limit: int) -> tuple[FileId, ...]:
        """Return the oldest files of a kind that were stored before a moment."""

    def spent_receipts(self, *, before: datetime, limit: int) -> tuple[FileId, ...]:
        """Return pictures of receipts that no payment and no invoice needs since a moment.

        Every payment that shows one was decided before that moment, and its invoice, if it has
        one, was paid, voided or written off before it.
        """

    def listed(
        self, *, kind: FileKind | None = None, after: Cursor | None = None, limit: int = 25
    ) -> Page[StoredFile]:
        """Return a page of files, newest first."""
