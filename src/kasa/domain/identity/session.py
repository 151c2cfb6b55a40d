"""Sign-ins that last: sessions, and the family of refresh tokens that keeps one alive."""

from datetime import datetime, timedelta
from enum import StrEnum

import attrs

from kasa.domain.kernel.errors import Conflict, Unauthenticated
from kasa.domain.kernel.ids import SessionId, TenantId, UserId

API_IDLE = timedelta(days=30)
API_LIFE = timedelta(days=90)
WEB_IDLE = timedelta(hours=12)
WEB_LIFE = timedelta(days=30)
REFRESH_GRACE = timedelta(seconds=10)
RECENT = timedelta(minutes=10)
USED_EVERY = timedelta(minutes=10)
"""How often it is written down that a session was used."""
SESSIONS_MAX = 20
BROWSERS_MAX = 20
DEVICE_LIMIT = 200
PLACE_LIMIT = 45


class RefreshReused(Unauthenticated):
    """This refresh token was used before; the sign-in was ended, so sign in again."""

    code = "identity.refresh_reused"


class RefreshRaced(Conflict):
    """Another call has just used this refresh token; use the one it got."""

    code = "identity.refresh_raced"


class SessionKind(StrEnum):
    """How a session is carried: by a cookie, or by access and refresh tokens."""

    WEB = "web"
    API = "api"

    @property
    def idle(self) -> timedelta:
        """How long it lives unused."""
        return WEB_IDLE if self is SessionKind.WEB else API_IDLE

    @property
    def life(self) -> timedelta:
        """How long it lives at most."""
        return WEB_LIFE if self is SessionKind.WEB else API_LIFE


@attrs.frozen(kw_only=True)
class Session:
    """One sign-in of a person; ``confirmed_at`` is when they last proved who they are.

    ``token_hash`` is the SHA-256 of a web session's cookie. ``device`` and ``place`` are what the
    person is shown to recognise it by. ``tenant`` is the shop it was last in.
    """

    id: SessionId
    user: UserId
    kind: SessionKind = SessionKind.API
    token_hash: bytes | None = attrs.field(default=None, repr=False)
    tenant: TenantId | None = None
    second_factor: bool = False
    device: str = ""
    place: str = ""
    confirmed_at: datetime
    used_at: datetime
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None

    @classmethod
    def begun(cls, id: SessionId, user: UserId, *, kind: SessionKind, at: datetime) -> "Session":
        """Return a session that begins now, with its person just proved."""
        return cls(
            id=id,
            user=user,
            kind=kind,
            confirmed_at=at,
            used_at=at,
            created_at=at,
            expires_at=at + kind.idle,
        )

    def is_alive(self, at: datetime) -> bool:
        """Tell whether it was neither ended nor has expired."""
        return self.ended_at is None and at < self.expires_at

    def is_recent(self, at: datetime) -> bool:
        """Tell whether the person proved who they are within the last 10 minutes."""
        return at < self.confirmed_at + RECENT

    def used(self, *, at: datetime) -> "Session":
        """Return it with its life prolonged, never beyond its absolute end."""
        until = min(at + self.kind.idle, self.created_at + self.kind.life)
        return attrs.evolve(self, used_at=at, expires_at=until)

    def confirmed(self, *, at: datetime) -> "Session":
        """Return it with its person proved anew."""
        return attrs.evolve(self, confirmed_at=at)

    def ended(self, *, at: datetime) -> "Session":
        """Return it ended; one that was ended before stays as it is."""
        return attrs.evolve(self, ended_at=self.ended_at or at)


@attrs.frozen(kw_only=True)
class RefreshToken:
    """One token of a family, known by its SHA-256; used ones stay until the family ends."""

    token_hash: bytes = attrs.field(repr=False)
    session: SessionId
    used_at: datetime | None = None


class RefreshVerdict(StrEnum):
    """What becomes of a refresh token that was presented."""

    ROTATED = "rotated"
    RACED = "raced"
    REUSED = "reused"
    INVALID = "invalid"


def judge_refresh(
    token: RefreshToken | None, session: Session | None, *, enabled: bool = True, at: datetime
) -> RefreshVerdict:
    """Return what becomes of a presented token (doors.md, 5.2).

    An unused one of a living session is rotated. One used within the last 10 seconds belongs to an
    honest parallel call; an older one was stolen from somebody.
    """
    if token is None or session is None or not enabled or not session.is_alive(at):
        return RefreshVerdict.INVALID
    if token.used_at is None:
        return RefreshVerdict.ROTATED
    return RefreshVerdict.RACED if at <= token.used_at + REFRESH_GRACE else RefreshVerdict.REUSED
