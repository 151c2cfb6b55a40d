"""The machine: its clock, its identifiers, its secrets."""

from datetime import datetime
from typing import Protocol
from uuid import UUID


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC, with whole microseconds."""


class Ids(Protocol):
    """Makes identifiers."""

    def new(self, at: datetime) -> UUID:
        """Return an identifier of version 7; within a process they are unique and rise."""


class Secrets(Protocol):
    """Makes secrets."""

    def token(self) -> str:
        """Return 128 unguessable bits as 22 characters of base64url."""
