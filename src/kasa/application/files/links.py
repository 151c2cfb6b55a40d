"""Links that give one file to whoever has them, for a while; nothing about them is stored."""

from datetime import timedelta
from typing import ClassVar

import attrs

from kasa.application.ports.credentials import KeyedDigests, Purpose
from kasa.application.ports.storage import FileStorage, StorageKey
from kasa.application.ports.system import Clock
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.domain.files.file import StoredFile
from kasa.domain.files.link import LIFE, FileLink, read_token
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import FileId
from kasa.domain.tenancy.tenant import TenantState


@attrs.frozen(kw_only=True)
class SignedLink:
    """A link to a file, with the token that it is."""

    link: FileLink
    token: str


@attrs.frozen(kw_only=True, eq=False)
class MakeFileLink:
    """Make a link to a file of the shop; it lives for 5 minutes unless said, at most 7 days.

    Raises NotFound and ``file.link_life``.
    """

    permission: ClassVar[Permission] = Permission.WRITE_CATALOGUE

    unit_of_work: UnitOfWorkFactory
    digests: KeyedDigests
    clock: Clock

    def __call__(self, actor: Actor, file_id: FileId, *, life: timedelta = LIFE) -> SignedLink:
        """Return the link; nothing of it is kept."""
        actor.require(self.permission)
        link = FileLink.until(actor.tenant, file_id, at=self.clock.now(), life=life)
        with self.unit_of_work.read_only(actor) as view:
            view.files.show(file_id)
        digest = self.digests.digest(Purpose.FILE_LINKS, link.signed)
        return SignedLink(link=link, token=link.token(digest))


@attrs.frozen(kw_only=True)
class FileSent:
    """A file as it is given away: what is known of it, and its bytes."""

    file: StoredFile
    data: bytes


@attrs.frozen(kw_only=True, eq=False)
class OpenFileLink:
    """Give a file to whoever has a link to it.

    A link that is unknown, changed or over, of a file that is gone, or of a shop that is not open,
    is not found. Raises ``file.damaged``.
    """

    unit_of_work: UnitOfWorkFactory
    storage: FileStorage
    digests: KeyedDigests
    clock: Clock

    def __call__(self, token: str) -> FileSent:
        """Return the file of a token."""
        named = read_token(token)
        if named is None:
            raise NotFound
        link, digest = named
        known = self.digests.matches(Purpose.FILE_LINKS, link.signed, digest)
        if not known or not link.is_alive(self.clock.now()):
            raise NotFound
        with self.unit_of_work.read_only(Actor.system(link.tenant)) as view:
            if view.tenant.state is not TenantState.OPEN:
                raise NotFound
            file = view.files.show(link.file)
        data = b"".join(self.storage.get(StorageKey(file.key)))
        return FileSent(file=file, data=file.checked(data))
