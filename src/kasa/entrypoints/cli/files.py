"""Files that people name: written once, for their owner alone where they hold what is private."""

import os
from pathlib import Path

from kasa.domain.kernel.errors import Invalid

OWNER_ONLY = 0o600
USUAL = 0o666


class FileNotWritten(Invalid):
    """The file exists already, or cannot be written."""

    code = "file.not_written"


def refuse_existing(path: Path) -> None:
    """Raise ``file.not_written`` when something stands at the path already."""
    if os.path.lexists(path):
        raise FileNotWritten(f"{path} cannot be written: it exists already.")


def write_new(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file that does not exist yet; ``private``: only its owner may read it."""
    mode = OWNER_ONLY if private else USUAL
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except OSError as error:
        raise FileNotWritten(f"{path} cannot be written: {error.strerror}.") from error
    try:
        with os.fdopen(descriptor, "wb") as made:
            made.write(data)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise FileNotWritten(f"{path} cannot be written: {error.strerror}.") from error


def read_at_most(path: Path, limit_bytes: int) -> bytes | None:
    """Return the bytes of a file, at most one more than the limit; None when it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(limit_bytes + 1)
    except (OSError, ValueError):
        return None
