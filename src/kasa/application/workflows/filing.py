"""Pictures that were sent become files of the shop."""

from kasa.application.entitlements import Entitlements
from kasa.application.ports.work import ReadOnly, UnitOfWork
from kasa.domain.files.events import FileStored
from kasa.domain.files.file import StoredFile
from kasa.domain.kernel.ids import FileId
from kasa.domain.subscriptions.plan import Meter


def file_picture(work: UnitOfWork, picture: StoredFile) -> None:
    """Write down a picture whose bytes lie in the file storage, and count its bytes."""
    Entitlements(work, at=picture.stored_at).spend(Meter.RECEIPTS, picture.size_bytes)
    work.files.add(picture)
    stored = FileStored(
        subject=picture.id,
        file_kind=picture.kind.value,
        size_bytes=picture.size_bytes,
        sha256=picture.sha256,
    )
    work.events.record(stored, at=picture.stored_at)


def kept_file(view: ReadOnly, id: FileId) -> StoredFile:
    """Return what is known of a file that is kept, or raise NotFound."""
    return view.files.show(id)
