"""What members may read about files."""

from typing import ClassVar

import attrs

from kasa.application.ports.work import UnitOfWorkFactory
from kasa.domain.files.file import FileKind, StoredFile
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.kernel.ids import FileId
from kasa.domain.kernel.paging import Cursor, Page


@attrs.frozen(kw_only=True, eq=False)
class FileQueries:
    """What members may read about files; the bytes are ``FetchFile``."""

    permission: ClassVar[Permission] = Permission.READ

    unit_of_work: UnitOfWorkFactory

    def file(self, actor: Actor, file_id: FileId) -> StoredFile:
        """Return what is known about a file, or raise NotFound."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            return view.files.show(file_id)

    def files(
        self,
        actor: Actor,
        *,
        kind: FileKind | None = None,
        after: Cursor | None = None,
        limit: int = 25,
    ) -> Page[StoredFile]:
        """Return a page of files, newest first."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            return view.files.listed(kind=kind, after=after, limit=limit)
