"""Sign-ins in memory, with their refresh tokens and the browsers that signed in before."""

from datetime import datetime

import attrs

from kasa.adapters.memory.identity.rows import KNOWN_BROWSERS, REFRESH_TOKENS, SESSIONS, USERS
from kasa.adapters.memory.tables import Working
from kasa.domain.identity.session import (
    BROWSERS_MAX,
    RefreshToken,
    RefreshVerdict,
    Session,
    judge_refresh,
)
from kasa.domain.kernel.ids import SessionId, UserId


class MemorySessions:
    """Sessions, across shops."""

    def __init__(self, rows: Working) -> None:
        self._rows = rows

    def add(self, session: Session, refresh_hash: bytes | None = None) -> None:
        """Store a new session, and the first refresh token of its family, if it has one."""
        self._rows.add(SESSIONS, session.id, session)
        if refresh_hash is not None:
            self._token(RefreshToken(token_hash=refresh_hash, session=session.id))

    def get(self, id: SessionId) -> Session:
        """Return a session, ended ones too, or raise NotFound."""
        return self._rows.get(SESSIONS, id)

    def lock(self, id: SessionId) -> Session:
        """Return a session, locked until the unit of work ends, or raise NotFound."""
        return self._rows.lock(SESSIONS, id)

    def by_cookie(self, token_hash: bytes) -> Session | None:
        """Return the web session of a cookie, or None."""
        every = self._rows.read(SESSIONS).values()
        return next((one for one in every if one.token_hash == token_hash), None)

    def save(self, session: Session) -> None:
        """Store a session that was locked in the same unit of work."""
        self._rows.save(SESSIONS, session.id, session)

    def of(self, user: UserId, *, at: datetime) -> tuple[Session, ...]:
        """Return the living sessions of a person, the most lately begun first."""
        every = self._rows.read(SESSIONS).values()
        found = [one for one in every if one.user == user and one.is_alive(at)]
        return tuple(sorted(found, key=lambda one: (one.created_at, one.id), reverse=True))

    def rotate(self, old_hash: bytes, new_hash: bytes, *, at: datetime) -> Session | None:
        """Use an unused refresh token of a living session of an enabled person, and add the next.

        None, and nothing happened, for any other token.
        """
        known = self.refresh_token(old_hash)
        if known is None:
            return None
        token, session = known
        enabled = self._rows.get(USERS, session.user).is_enabled
        verdict = judge_refresh(token, session, enabled=enabled, at=at)
        if verdict is not RefreshVerdict.ROTATED:
            return None
        self._token(attrs.evolve(token, used_at=at))
        self._token(RefreshToken(token_hash=new_hash, session=session.id))
        self._rows.lock(SESSIONS, session.id)
        self.save(session.used(at=at))
        return session.used(at=at)

    def refresh_token(self, token_hash: bytes) -> tuple[RefreshToken, Session] | None:
        """Return a token of any age with its session, or None for one that never was."""
        token = self._rows.read(REFRESH_TOKENS).get(token_hash)
        return None if token is None else (token, self.get(token.session))

    def end_all(self, user: UserId, *, at: datetime, but: SessionId | None = None) -> int:
        """End every living session of a person, except one, and count them."""
        ended = [one for one in self.of(user, at=at) if one.id != but]
        self._rows.write(SESSIONS).update({one.id: one.ended(at=at) for one in ended})
        return len(ended)

    def knows(self, user: UserId | None, device_hash: bytes) -> bool:
        """Tell whether the person signed in from this browser before; None costs as much."""
        return user is not None and (user, device_hash) in self._rows.read(KNOWN_BROWSERS)

    def remember(self, user: UserId, device_hash: bytes, *, at: datetime) -> None:
        """Remember a browser; of more than 20 the longest unseen is forgotten."""
        known = self._rows.write(KNOWN_BROWSERS)
        known[(user, device_hash)] = at
        own = sorted((seen, key) for key, seen in known.items() if key[0] == user)
        for _, key in own[: max(len(own) - BROWSERS_MAX, 0)]:
            del known[key]

    def forget_browsers(self, user: UserId) -> None:
        """Know none of a person's browsers any more."""
        known = self._rows.write(KNOWN_BROWSERS)
        for key in [key for key in known if key[0] == user]:
            del known[key]

    def _token(self, token: RefreshToken) -> None:
        self._rows.write(REFRESH_TOKENS)[token.token_hash] = token
