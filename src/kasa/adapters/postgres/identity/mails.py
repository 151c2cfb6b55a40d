"""Mails that wait and what happened to proofs, in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import attrs
from sqlalchemy import text

from kasa.adapters.postgres.connection import Row, TenantConnection
from kasa.adapters.postgres.rows import value_of
from kasa.application.ports.work import LockRank
from kasa.domain.identity.mail import Mail
from kasa.domain.identity.security import SecurityEvent, SecurityKind
from kasa.domain.kernel.ids import MailId, UserId
from kasa.domain.kernel.paging import PAGE_LIMIT, Cursor, Page

_MAIL = "id, user_id, kind, language, sealed, state, expires_at"
_GET = text(f"SELECT {_MAIL} FROM platform.mails WHERE id = :id")
_LOCK = text(f"SELECT {_MAIL} FROM platform.mails WHERE id = :id FOR NO KEY UPDATE")
_ADD = text(
    f"INSERT INTO platform.mails ({_MAIL}) "
    "VALUES (:id, :user, :kind, :language, :sealed, :state, :expires_at)"
)
_SAVE = text("UPDATE platform.mails SET sealed = :sealed, state = :state WHERE id = :id")
_EVENT = "id, kind, at, user_id, tenant_id, session_id, request_id, source, detail"
_RECORD = text(
    f"INSERT INTO platform.security_events ({_EVENT}) "
    "VALUES (:id, :kind, :at, :user, :shop, :session, :request, :source, :detail)"
)
_PAGE = text(
    f"SELECT {_EVENT} FROM platform.security_events "
    "WHERE (CAST(:kinds AS text[]) IS NULL OR kind = ANY (:kinds)) "
    "AND (CAST(:user AS uuid) IS NULL OR user_id = :user) "
    "AND (CAST(:since AS timestamptz) IS NULL OR at >= :since) "
    "AND (CAST(:after AS uuid) IS NULL OR id < :after) ORDER BY id DESC LIMIT :limit"
)


def _mail(row: Row) -> Mail:
    return value_of({**row, "user": row["user_id"]}, Mail)


def _event(row: Row) -> SecurityEvent:
    told: dict[str, Any] = {
        name: row[f"{name}_id"] for name in ("user", "tenant", "session", "request")
    }
    return value_of({**row, **told}, SecurityEvent)


class PostgresMails:
    """Mails that wait."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, mail: Mail) -> None:
        """Store a new mail."""
        self._rows.added(LockRank.DOCUMENTS, mail.id)
        told = {"kind": mail.kind.value, "state": mail.state.value}
        self._rows.write(_ADD, **{**attrs.asdict(mail, recurse=False), **told})

    def get(self, id: MailId) -> Mail:
        """Return a mail, or raise NotFound."""
        return _mail(self._rows.get(_GET, id=id))

    def lock(self, id: MailId) -> Mail:
        """Return a mail, locked until the unit of work ends, or raise NotFound."""
        self._rows.claim(LockRank.DOCUMENTS, id)
        return _mail(self._rows.get(_LOCK, id=id))

    def save(self, mail: Mail) -> None:
        """Store a mail that was locked in the same unit of work."""
        self._rows.require_claim(LockRank.DOCUMENTS, mail.id)
        self._rows.write(_SAVE, id=mail.id, sealed=mail.sealed, state=mail.state.value)


class PostgresSecurityEvents:
    """What happened to the proof of who somebody is."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def record(self, *events: SecurityEvent) -> None:
        """Append what happened."""
        for event in events:
            told = {"kind": event.kind.value, "shop": event.tenant}
            self._rows.write(_RECORD, **{**attrs.asdict(event, recurse=False), **told})

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
        size = min(max(limit, 1), PAGE_LIMIT)
        found = self._rows.all(
            _PAGE,
            kinds=[kind.value for kind in kinds] or None,
            user=user,
            since=since,
            after=None if after is None else after.id,
            limit=size + 1,
        )
        items = tuple(_event(row) for row in found[:size])
        return Page(items, Cursor((), items[-1].id) if len(found) > size else None)
