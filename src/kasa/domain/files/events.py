"""What happens to files."""

import attrs

from kasa.domain.kernel.events import Event


@attrs.frozen(kw_only=True)
class FileStored(Event):
    """A file was stored; ``file_kind`` is a ``FileKind``."""

    kind = "files.file_stored"

    file_kind: str
    size_bytes: int
    sha256: str


@attrs.frozen(kw_only=True)
class FileRemoved(Event):
    """A file was removed; the bytes under ``key`` are removed after it."""

    kind = "files.file_removed"

    key: str
    size_bytes: int
