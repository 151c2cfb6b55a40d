"""The world in memory: a stopped clock, counted identifiers, scripted secrets.

Adapters of slow ports (files, pictures, text recognition, documents, messages) begin each call
with ``refuse_inside_unit_of_work()``, so a use case that calls them inside one fails here and not
only under load.
"""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from threading import Lock
from uuid import UUID

from kasa.application.ports.work import OPEN, NotNested
from kasa.domain.kernel.ids import uuid7
from kasa.domain.kernel.moments import utc

FIRST_MOMENT = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
ENTROPY_BYTES = 10


def refuse_inside_unit_of_work() -> None:
    """Raise when a unit of work is open: it would hold its locks while the world is slow."""
    if OPEN.get():
        raise NotNested("a slow call stands outside of every unit of work")


class StoppedClock:
    """A clock that only moves when told to; it starts at 10:00 in Phnom Penh."""

    def __init__(self, at: datetime = FIRST_MOMENT) -> None:
        self._at = utc(at)

    def now(self) -> datetime:
        """Return the moment at which the clock stands."""
        return self._at

    def pass_time(self, span: timedelta) -> datetime:
        """Move forward and return the new moment."""
        if span < timedelta():
            raise ValueError("time passes forward")
        self._at += span
        return self._at

    def set(self, at: datetime) -> None:
        """Stand at another moment."""
        self._at = utc(at)


class CountedIds:
    """Identifiers that count: unique, rising, and the same in every run."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._count = count(1)
        self._last = UUID(int=0)

    def new(self, at: datetime) -> UUID:
        """Return an identifier of version 7, above every one before it."""
        with self._lock:
            made = uuid7(at, next(self._count).to_bytes(ENTROPY_BYTES, "big"))
            self._last = made if made > self._last else UUID(int=self._last.int + 1)
            return self._last


class ScriptedSecrets:
    """Secrets that anybody can guess: digests of 1, 2, 3."""

    def __init__(self) -> None:
        self._count = count(1)

    def token(self) -> str:
        """Return 22 characters of base64url."""
        digest = sha256(str(next(self._count)).encode()).digest()[:16]
        return urlsafe_b64encode(digest).decode().rstrip("=")
