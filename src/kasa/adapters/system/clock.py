"""The real clock, rising identifiers, and secrets from the operating system."""

from datetime import UTC, datetime
from secrets import token_bytes, token_urlsafe
from threading import Lock
from uuid import UUID

from kasa.domain.kernel.ids import uuid7

ENTROPY_BYTES = 10
SECRET_BYTES = 16


class SystemClock:
    """The clock of the machine, in UTC."""

    def now(self) -> datetime:
        """Return the present moment."""
        return datetime.now(UTC)


class RandomIds:
    """Identifiers of version 7 from 74 random bits; on a tie or a step back they count on."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last = UUID(int=0)

    def new(self, at: datetime) -> UUID:
        """Return an identifier above every one made before in this process."""
        with self._lock:
            made = uuid7(at, token_bytes(ENTROPY_BYTES))
            self._last = made if made > self._last else UUID(int=self._last.int + 1)
            return self._last


class RandomSecrets:
    """Secrets nobody can guess."""

    def token(self) -> str:
        """Return 128 random bits as 22 characters of base64url."""
        return token_urlsafe(SECRET_BYTES)
