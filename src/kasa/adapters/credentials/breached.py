"""A set of passwords that leaked, as a sorted file of SHA-1 values, one in a line.

That is the form in which such sets are published; a count behind a colon is passed over. The file
may be larger than memory: a value is found by halving.
"""

import os
import re
from pathlib import Path

from kasa.domain.kernel.errors import KasaError

LINE_MAX = 80
HEX_LETTERS = 40
SAMPLES = 200
_LINE = re.compile(rb"([0-9A-Fa-f]{40})(:\d+)?\r?\n?\Z")


class BlocklistUnreadable(KasaError):
    """The file of KASA_PASSWORD_BLOCKLIST is not a sorted list of SHA-1 values."""

    code = "setup.blocklist_unreadable"


class BreachedPasswords:
    """Looks values up in such a file; it is opened for each question and never loaded whole."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._check()

    def holds(self, digest: bytes) -> bool:
        """Tell whether the SHA-1 value of a password stands in the file."""
        handle = self._open()
        try:
            low, high = 0, os.fstat(handle).st_size
            while low < high:
                middle = (low + high) // 2
                begin, end, found = self._line(handle, middle)
                if found == digest:
                    return True
                if found < digest:
                    low = end
                else:
                    high = begin
        finally:
            os.close(handle)
        return False

    def _check(self) -> None:
        """Raise ``setup.blocklist_unreadable`` when lines here and there are not in order."""
        handle = self._open()
        try:
            size = os.fstat(handle).st_size
            places = sorted({size * at // SAMPLES for at in range(SAMPLES)} if size else ())
            found = [self._line(handle, place) for place in places]
        finally:
            os.close(handle)
        values = [value for _, _, value in found]
        if not values or values != sorted(values):
            raise BlocklistUnreadable(f"{self._path} is empty, or its lines are not sorted.")

    def _open(self) -> int:
        try:
            return os.open(self._path, os.O_RDONLY)
        except OSError as error:
            raise BlocklistUnreadable(f"{self._path}: {error.strerror}.") from error

    def _line(self, handle: int, place: int) -> tuple[int, int, bytes]:
        """Return begin, end and value of the line in which a byte of the file stands."""
        before = max(0, place - LINE_MAX)
        around = os.pread(handle, 2 * LINE_MAX, before)
        at = place - before
        begin = around.rfind(b"\n", 0, at) + 1
        end = around.find(b"\n", at)
        line = around[begin : len(around) if end < 0 else end + 1]
        read = _LINE.match(line)
        if read is None:
            raise BlocklistUnreadable(f"{self._path} holds a line that is no SHA-1 value.")
        return before + begin, before + begin + len(line), bytes.fromhex(read[1].decode())
