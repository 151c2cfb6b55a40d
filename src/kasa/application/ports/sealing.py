"""What sealed bytes are refused for; sealing itself is handed over as two calls.

``seal`` turns chunks of a known total size into sealed chunks. ``unseal`` reads a sealed file and
yields what was sealed, each piece only after it was found authentic.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from kasa.domain.kernel.errors import Invalid

Seal = Callable[[Iterable[bytes], int], Iterator[bytes]]
Unseal = Callable[[BinaryIO], Iterator[bytes]]


class BackupTruncated(Invalid):
    """A part of the backup is missing or too short; use an older backup or a copy."""

    code = "backup.truncated"


class BackupChecksum(Invalid):
    """The backup was changed after it was made; use an older backup or a copy."""

    code = "backup.checksum"


class BackupForeign(Invalid):
    """This is not a backup of kasa."""

    code = "backup.foreign"


class BackupWrongKey(Invalid):
    """The copy was sealed with another KASA_BACKUP_KEY."""

    code = "backup.wrong_key"
