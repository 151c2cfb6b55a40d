"""Mails to persons, and what happened to the proof of who they are."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from kasa.domain.identity.mail import Mail
from kasa.domain.identity.security import SecurityEvent, SecurityKind
from kasa.domain.kernel.ids import MailId, UserId
from kasa.domain.kernel.paging import Cursor, Page


class MailStore(Protocol):
    """Mails that wait; their content is sealed, and gone once they were accepted."""

    def add(self, mail: Mail) -> None:
        """Store a new mail."""

    def get(self, id: MailId) -> Mail:
        """Return a mail, or raise NotFound."""

    def lock(self, id: MailId) -> Mail:
        """Return a mail, locked until the unit of work ends, or raise NotFound."""

    def save(self, mail: Mail) -> None:
        """Store a mail that was locked in the same unit of work."""


class SecurityEvents(Protocol):
    """What happened to the proof of who somebody is; appended, never changed."""

    def record(self, *events: SecurityEvent) -> None:
        """Append what happened."""

    def page(
        self,
        *,
        kinds: Sequence[SecurityKind] = (),
        user: UserId | None = None,
        since: datetime | None = None,
        after: Cursor | None = None,
        limit: int = 25,
    ) -> Page[SecurityEvent]:
        """Return a page of what happened, newest first."""
