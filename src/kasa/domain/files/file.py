"""A stored file: what it is, how large, and the checksum that its bytes must have."""

from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

import attrs

from kasa.domain.kernel.errors import Invalid, Unavailable
from kasa.domain.kernel.ids import FileId

SIZE_LIMIT_BYTES = 20 * 2**20


class FileEmpty(Invalid):
    """The file has no content."""

    code = "file.empty"


class FileTooLarge(Invalid):
    """A file has at most 20 MB."""

    code = "file.too_large"


class FileDamaged(Unavailable):
    """The stored bytes are not those that were stored; the file is given to nobody."""

    code = "file.damaged"


class FileKind(StrEnum):
    """What a file is kept for."""

    RECEIPT = "receipt"
    DOCUMENT = "document"
    EXPORT = "export"
    LOGO = "logo"
    MEDIA = "media"

    @property
    def is_counted(self) -> bool:
        """Whether it counts towards the storage meter: what kasa renders itself does not."""
        return self not in {FileKind.DOCUMENT, FileKind.EXPORT}


def checksum(data: bytes) -> str:
    """Return the SHA-256 of some bytes as 64 hexadecimal digits."""
    return sha256(data).hexdigest()


@attrs.frozen(kw_only=True)
class StoredFile:
    """A file of a shop; ``key`` is where the file storage keeps its bytes.

    ``by`` stored it, None for a customer and for kasa itself.
    """

    id: FileId
    kind: FileKind
    key: str
    name: str
    media_type: str
    size_bytes: int
    sha256: str
    stored_at: datetime
    by: UUID | None = None

    def __attrs_post_init__(self) -> None:
        if self.size_bytes == 0:
            raise FileEmpty
        if self.size_bytes > SIZE_LIMIT_BYTES:
            raise FileTooLarge(limit_bytes=SIZE_LIMIT_BYTES)

    def checked(self, data: bytes) -> bytes:
        """Return the bytes when they are those of this file, else raise ``file.damaged``."""
        if checksum(data) != self.sha256:
            raise FileDamaged
        return data
