"""Mails and security events in memory."""

from collections.abc import Sequence
from datetime import datetime

from kasa.adapters.memory.identity.rows import MAILS, SECURITY_EVENTS
from kasa.adapters.memory.tables import Working
from kasa.domain.identity.mail import Mail
from kasa.domain.identity.security import SecurityEvent, SecurityKind
from kasa.domain.kernel.ids import MailId, UserId
from kasa.domain.kernel.paging import PAGE_LIMIT, Cursor, Page


class MemoryMails:
    """Mails that wait."""

    def __init__(self, rows: Working) -> None:
        self._rows = rows

    def add(self, mail: Mail) -> None:
        """Store a new mail."""
        self._rows.add(MAILS, mail.id, mail)

    def get(self, id: MailId) -> Mail:
        """Return a mail, or raise NotFound."""
        return self._rows.get(MAILS, id)

    def lock(self, id: MailId) -> Mail:
        """Return a mail, locked until the unit of work ends, or raise NotFound."""
        return self._rows.lock(MAILS, id)

    def save(self, mail: Mail) -> None:
        """Store a mail that was locked in the same unit of work."""
        self._rows.save(MAILS, mail.id, mail)


class MemorySecurityEvents:
    """What happened to the proof of who somebody is."""

    def __init__(self, rows: Working) -> None:
        self._rows = rows

    def record(self, *events: SecurityEvent) -> None:
        """Append what happened."""
        for event in events:
            self._rows.add(SECURITY_EVENTS, event.id, event)

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
        found = [
            one
            for one in self._rows.read(SECURITY_EVENTS).values()
            if (not kinds or one.kind in kinds)
            and (user is None or one.user == user)
            and (since is None or one.at >= since)
            and (after is None or one.id < after.id)
        ]
        found.sort(key=lambda one: one.id, reverse=True)
        size = min(max(limit, 1), PAGE_LIMIT)
        items = tuple(found[:size])
        return Page(items, Cursor((), items[-1].id) if len(found) > size else None)
