"""Sign-ins that last, their refresh tokens, and the browsers that signed in before."""

from datetime import datetime
from typing import Protocol

from kasa.domain.identity.session import RefreshToken, Session
from kasa.domain.kernel.ids import SessionId, UserId


class SessionStore(Protocol):
    """Sessions, across shops; nothing in it is a secret, only digests are."""

    def add(self, session: Session, refresh_hash: bytes | None = None) -> None:
        """Store a new session, and the first refresh token of its family, if it has one."""

    def get(self, id: SessionId) -> Session:
        """Return a session, ended ones too, or raise NotFound."""

    def lock(self, id: SessionId) -> Session:
        """Return a session, locked until the unit of work ends, or raise NotFound."""

    def by_cookie(self, token_hash: bytes) -> Session | None:
        """Return the web session of a cookie, or None."""

    def save(self, session: Session) -> None:
        """Store a session that was locked in the same unit of work."""

    def of(self, user: UserId, *, at: datetime) -> tuple[Session, ...]:
        """Return the living sessions of a person, the most lately begun first."""

    def rotate(self, old_hash: bytes, new_hash: bytes, *, at: datetime) -> Session | None:
        """Use an unused refresh token of a living session of an enabled person, and add the next.

        One conditional statement: of several at once exactly one gets the session, with its life
        prolonged (``Session.used``). None, and nothing happened, for any other token.
        """

    def refresh_token(self, token_hash: bytes) -> tuple[RefreshToken, Session] | None:
        """Return a token of any age with its session, or None for one that never was."""

    def end_all(self, user: UserId, *, at: datetime, but: SessionId | None = None) -> int:
        """End every living session of a person, except one, and count them."""

    def knows(self, user: UserId | None, device_hash: bytes) -> bool:
        """Tell whether the person signed in from this browser before; None costs as much."""

    def remember(self, user: UserId, device_hash: bytes, *, at: datetime) -> None:
        """Remember a browser; of more than 20 the longest unseen is forgotten."""

    def forget_browsers(self, user: UserId) -> None:
        """Know none of a person's browsers any more."""
