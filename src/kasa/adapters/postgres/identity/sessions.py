"""Sign-ins in PostgreSQL, with their refresh tokens and the browsers that signed in before."""

from datetime import datetime
from typing import Any

import attrs
from sqlalchemy import text

from kasa.adapters.postgres.connection import Row, TenantConnection
from kasa.adapters.postgres.rows import value_of
from kasa.application.ports.work import LockRank
from kasa.domain.identity.session import (
    API_IDLE,
    API_LIFE,
    BROWSERS_MAX,
    RefreshToken,
    Session,
)
from kasa.domain.kernel.ids import SessionId, UserId

_COLUMNS = (
    "id",
    "user_id",
    "kind",
    "token_hash",
    "tenant_id",
    "second_factor",
    "device",
    "place",
    "confirmed_at",
    "used_at",
    "created_at",
    "expires_at",
    "ended_at",
)
_LISTED = ", ".join(_COLUMNS)
_GIVEN = ", ".join(f":{name}" for name in _COLUMNS)
_OF_S = ", ".join(f"s.{name}" for name in _COLUMNS)
_SHOWN = f"SELECT {_LISTED} FROM platform.sessions"
_GET = text(f"{_SHOWN} WHERE id = :id")
_LOCK = text(f"{_SHOWN} WHERE id = :id FOR NO KEY UPDATE")
_BY_COOKIE = text(f"{_SHOWN} WHERE token_hash = :token_hash")
_ALIVE = "user_id = :user AND ended_at IS NULL AND expires_at > :at"
_OF = text(f"{_SHOWN} WHERE {_ALIVE} ORDER BY created_at DESC, id DESC")
_ADD = text(
    f"WITH added AS (INSERT INTO platform.sessions ({_LISTED}) VALUES ({_GIVEN}) RETURNING id) "
    "INSERT INTO platform.refresh_tokens (token_hash, session_id) SELECT t.token_hash, added.id "
    "FROM added, (SELECT CAST(:refresh_hash AS bytea)) AS t (token_hash) "
    "WHERE t.token_hash IS NOT NULL"
)
_SAVE = text(f"UPDATE platform.sessions SET ({_LISTED}) = ({_GIVEN}) WHERE id = :id")
# Of several at once each waits for the row of the token, and only the first finds it unused. A
# session that was ended meanwhile stays ended.
_ROTATE = text(
    "WITH used AS (UPDATE platform.refresh_tokens AS t SET used_at = :at "
    "FROM platform.sessions AS s, platform.users AS u "
    "WHERE t.token_hash = :old AND t.used_at IS NULL AND s.id = t.session_id "
    "AND s.ended_at IS NULL AND s.expires_at > :at AND u.id = s.user_id "
    "AND u.disabled_at IS NULL RETURNING t.session_id), "
    "following AS (INSERT INTO platform.refresh_tokens (token_hash, session_id) "
    "SELECT CAST(:new AS bytea), session_id FROM used) "
    "UPDATE platform.sessions AS s SET used_at = :at, "
    "expires_at = least(CAST(:at AS timestamptz) + :idle, s.created_at + :life) FROM used "
    f"WHERE s.id = used.session_id AND s.ended_at IS NULL RETURNING {_OF_S}"
)
_TOKEN = text(
    f"SELECT t.token_hash AS refresh_hash, t.used_at AS token_used_at, {_OF_S} "
    "FROM platform.refresh_tokens t JOIN platform.sessions s ON s.id = t.session_id "
    "WHERE t.token_hash = :token_hash"
)
_END_ALL = text(
    f"UPDATE platform.sessions SET ended_at = :at WHERE {_ALIVE} "
    "AND id IS DISTINCT FROM CAST(:but AS uuid)"
)
_KNOWS = text(
    "SELECT true FROM platform.known_browsers "
    "WHERE user_id = CAST(:user AS uuid) AND device_hash = :device_hash"
)
_REMEMBER = text(
    "INSERT INTO platform.known_browsers (user_id, device_hash, last_at) "
    "VALUES (:user, :device_hash, :at) "
    "ON CONFLICT (user_id, device_hash) DO UPDATE SET last_at = excluded.last_at"
)
_FORGET_OLDEST = text(
    "DELETE FROM platform.known_browsers WHERE user_id = :user AND device_hash IN ("
    "SELECT device_hash FROM platform.known_browsers WHERE user_id = :user "
    "ORDER BY last_at DESC, device_hash DESC OFFSET :kept)"
)
_FORGET = text("DELETE FROM platform.known_browsers WHERE user_id = :user")


def _session(row: Row) -> Session:
    return value_of({**row, "user": row["user_id"], "tenant": row["tenant_id"]}, Session)


def _columns(session: Session) -> dict[str, Any]:
    return {
        **attrs.asdict(session, recurse=False),
        "user_id": session.user,
        "tenant_id": session.tenant,
        "kind": session.kind.value,
    }


class PostgresSessions:
    """Sessions, across shops."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, session: Session, refresh_hash: bytes | None = None) -> None:
        """Store a new session, and the first refresh token of its family, if it has one."""
        self._rows.added(LockRank.DOCUMENTS, session.id)
        self._rows.write(_ADD, refresh_hash=refresh_hash, **_columns(session))

    def get(self, id: SessionId) -> Session:
        """Return a session, ended ones too, or raise NotFound."""
        return _session(self._rows.get(_GET, id=id))

    def lock(self, id: SessionId) -> Session:
        """Return a session, locked until the unit of work ends, or raise NotFound."""
        self._rows.claim(LockRank.DOCUMENTS, id)
        return _session(self._rows.get(_LOCK, id=id))

    def by_cookie(self, token_hash: bytes) -> Session | None:
        """Return the web session of a cookie, or None."""
        row = self._rows.first(_BY_COOKIE, token_hash=token_hash)
        return None if row is None else _session(row)

    def save(self, session: Session) -> None:
        """Store a session that was locked in the same unit of work."""
        self._rows.require_claim(LockRank.DOCUMENTS, session.id)
        self._rows.write(_SAVE, **_columns(session))

    def of(self, user: UserId, *, at: datetime) -> tuple[Session, ...]:
        """Return the living sessions of a person, the most lately begun first."""
        return tuple(_session(row) for row in self._rows.all(_OF, user=user, at=at))

    def rotate(self, old_hash: bytes, new_hash: bytes, *, at: datetime) -> Session | None:
        """Use an unused refresh token of a living session of an enabled person, and add the next.

        None, and nothing happened, for any other token.
        """
        row = self._rows.first(
            _ROTATE, old=old_hash, new=new_hash, at=at, idle=API_IDLE, life=API_LIFE
        )
        return None if row is None else _session(row)

    def refresh_token(self, token_hash: bytes) -> tuple[RefreshToken, Session] | None:
        """Return a token of any age with its session, or None for one that never was."""
        row = self._rows.first(_TOKEN, token_hash=token_hash)
        if row is None:
            return None
        token = RefreshToken(
            token_hash=bytes(row["refresh_hash"]),
            session=SessionId(row["id"]),
            used_at=row["token_used_at"],
        )
        return token, _session(row)

    def end_all(self, user: UserId, *, at: datetime, but: SessionId | None = None) -> int:
        """End every living session of a person, except one, and count them."""
        return self._rows.write(_END_ALL, user=user, at=at, but=but)

    def knows(self, user: UserId | None, device_hash: bytes) -> bool:
        """Tell whether the person signed in from this browser before; None costs as much."""
        return bool(self._rows.scalar(_KNOWS, user=user, device_hash=device_hash))

    def remember(self, user: UserId, device_hash: bytes, *, at: datetime) -> None:
        """Remember a browser; of more than 20 the longest unseen is forgotten."""
        self._rows.write(_REMEMBER, user=user, device_hash=device_hash, at=at)
        self._rows.write(_FORGET_OLDEST, user=user, kept=BROWSERS_MAX)

    def forget_browsers(self, user: UserId) -> None:
        """Know none of a person's browsers any more."""
        self._rows.write(_FORGET, user=user)
