"""What signed tokens say: whom they name, what for, and until when (doors.md, 5.1)."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import attrs

from kasa.domain.kernel.ids import SessionId, TenantId

ACCESS_LIFE = timedelta(minutes=10)
SERVICE_LIFE = timedelta(minutes=5)
CLOCK_SKEW = timedelta(seconds=60)
"""How far ahead of this clock a token may have been issued."""


class TokenKind(StrEnum):
    """What a signed token is for; each kind has its audience and opens nothing else.

    Access and platform tokens share their ``typ`` and differ in ``aud``.
    """

    ACCESS = "access"
    PLATFORM = "platform"
    SERVICE = "service"

    @property
    def audience(self) -> str:
        """For whom the token is."""
        return _AUDIENCES[self]

    @property
    def media_type(self) -> str:
        """The ``typ`` in the token's header (RFC 8725, 3.11)."""
        return "svc+jwt" if self is TokenKind.SERVICE else "at+jwt"


_AUDIENCES = {
    TokenKind.ACCESS: "kasa:api",
    TokenKind.PLATFORM: "kasa:platform",
    TokenKind.SERVICE: "kasa:service",
}


@attrs.frozen(kw_only=True)
class Claims:
    """What a signed token says; ``subject`` is a user or a service client.

    ``session`` and ``version`` (of the membership, 0 without a shop) stand in tokens of persons;
    ``scopes``, ``act`` and ``rid`` in those of services: the latter two are named in the audit
    trail and grant nothing.
    """

    kind: TokenKind
    subject: UUID
    issued_at: datetime
    expires_at: datetime
    tenant: TenantId | None = None
    session: SessionId | None = None
    version: int = 0
    scopes: frozenset[str] = frozenset()
    act: str | None = None
    rid: str | None = None
