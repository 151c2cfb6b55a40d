"""Files come, are given back, and go: bytes first, then the row; the row first, then the bytes."""

from base64 import urlsafe_b64decode
from collections.abc import Callable
from typing import ClassVar

import attrs

from kasa.application.entitlements import Entitlements
from kasa.application.ports.files import meter_of
from kasa.application.ports.jobs import Job
from kasa.application.ports.storage import FileStorage, StorageKey, storage_key
from kasa.application.ports.system import Clock, Ids, Secrets
from kasa.application.ports.work import UnitOfWorkFactory, may_be_stored
from kasa.domain.files.events import FileRemoved, FileStored
from kasa.domain.files.file import FileKind, StoredFile, checksum
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.kernel.ids import FileId
from kasa.domain.kernel.text import name


@attrs.frozen(kw_only=True)
class NewFile:
    """Bytes that somebody wants to keep, with the name that people see."""

    kind: FileKind
    name: str
    media_type: str
    data: bytes


@attrs.frozen(kw_only=True, eq=False)
class StoreFile:
    """Keep a file of the shop and count its bytes; the answer has its checksum.

    A refused one leaves nothing behind: no row, no bytes, no use.
    """

    permission: ClassVar[Permission] = Permission.WRITE_CATALOGUE

    unit_of_work: UnitOfWorkFactory
    storage: FileStorage
    clock: Clock
    ids: Ids
    secrets: Secrets

    def __call__(self, actor: Actor, new: NewFile) -> StoredFile:
        """Store the bytes, then the row."""
        actor.require(self.permission)
        now = self.clock.now()
        key = storage_key(actor.tenant, urlsafe_b64decode(self.secrets.token() + "=="))
        file = StoredFile(
            id=FileId(self.ids.new(now)),
            kind=new.kind,
            key=key,
            name=name(new.name),
            media_type=new.media_type,
            size_bytes=len(new.data),
            sha256=checksum(new.data),
            stored_at=now,
            by=actor.author,
        )
        self.storage.put(key, [new.data])
        return self._undone(key, lambda: self._written_down(actor, file))

    def _written_down(self, actor: Actor, file: StoredFile) -> StoredFile:
        with self.unit_of_work(actor) as work:
            if (meter := meter_of(file.kind)) is not None:
                Entitlements(work, at=file.stored_at).spend(meter, file.size_bytes)
            work.files.add(file)
            stored = FileStored(
                subject=file.id,
                file_kind=file.kind.value,
                size_bytes=file.size_bytes,
                sha256=file.sha256,
            )
            work.events.record(stored, at=file.stored_at)
            return work.answer(file)

    def _undone(self, key: StorageKey, write: Callable[[], StoredFile]) -> StoredFile:
        try:
            return write()
        except BaseException as error:
            # Bytes of nobody harm less than a row without its bytes.
            if not may_be_stored(error):
                self.storage.remove(key)
            raise


@attrs.frozen(kw_only=True, eq=False)
class FetchFile:
    """Return a file's bytes; damaged ones are refused, never handed out."""

    permission: ClassVar[Permission] = Permission.READ

    unit_of_work: UnitOfWorkFactory
    storage: FileStorage

    def __call__(self, actor: Actor, file_id: FileId) -> bytes:
        """Return the bytes that were stored, or raise NotFound or ``file.damaged``."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            file = view.files.show(file_id)
        return file.checked(b"".join(self.storage.get(StorageKey(file.key))))


@attrs.frozen(kw_only=True, eq=False)
class RemoveFile:
    """Forget a file and give its use back; its bytes go in a reaction."""

    permission: ClassVar[Permission] = Permission.WRITE_CATALOGUE

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, file_id: FileId) -> StoredFile:
        """Remove the row and return what it was."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            file = work.files.lock(file_id)
            work.files.remove(file)
            if (meter := meter_of(file.kind)) is not None:
                Entitlements(work, at=now).release(meter, file.size_bytes)
            removed = FileRemoved(subject=file.id, key=file.key, size_bytes=file.size_bytes)
            work.events.record(removed, at=now)
            return work.answer(file)


@attrs.frozen(kw_only=True, eq=False)
class RemoveBytes:
    """Remove the bytes of a file that was removed; doing it twice changes nothing."""

    unit_of_work: UnitOfWorkFactory
    storage: FileStorage

    def __call__(self, job: Job) -> None:
        """Remove what ``FileRemoved`` names."""
        with self.unit_of_work.read_only(job) as view:
            removed = view.events.fact(job, FileRemoved)
        self.storage.remove(StorageKey(removed.key))
        with self.unit_of_work(job) as work:
            work.events.once(job)
