"""A link that gives one file to whoever has it, for a while; nothing about it is stored.

Its token is base64url of tenant, file and last moment, 16, 16 and 5 bytes, and 16 bytes of a
keyed digest over these.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from datetime import UTC, datetime, timedelta
from uuid import UUID

import attrs

from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.ids import FileId, TenantId

LIFE = timedelta(minutes=5)
LIFE_MOST = timedelta(days=7)
ID_BYTES = 16
EXPIRY_BYTES = 5
DIGEST_BYTES = 16
SIGNED_BYTES = 2 * ID_BYTES + EXPIRY_BYTES
TOKEN_LENGTH = 71


class LinkLifeInvalid(Invalid):
    """A link to a file lives for 1 second to 7 days."""

    code = "file.link_life"


@attrs.frozen(kw_only=True)
class FileLink:
    """What a link names: a file of a tenant, until a moment of whole seconds."""

    tenant: TenantId
    file: FileId
    expires_at: datetime

    @classmethod
    def until(cls, tenant: TenantId, file: FileId, *, at: datetime, life: timedelta) -> "FileLink":
        """Return a link that lives for a while from now, or raise ``file.link_life``."""
        if not timedelta(seconds=1) <= life <= LIFE_MOST:
            raise LinkLifeInvalid(most_seconds=int(LIFE_MOST.total_seconds()))
        ends = (at + life).replace(microsecond=0)
        return cls(tenant=tenant, file=file, expires_at=ends)

    @property
    def signed(self) -> bytes:
        """What its keyed digest is made of."""
        seconds = int(self.expires_at.timestamp())
        return self.tenant.bytes + self.file.bytes + seconds.to_bytes(EXPIRY_BYTES, "big")

    def token(self, digest: bytes) -> str:
        """Return it as a token with its keyed digest, of which the first 16 bytes count."""
        return urlsafe_b64encode(self.signed + digest[:DIGEST_BYTES]).decode().rstrip("=")

    def is_alive(self, at: datetime) -> bool:
        """Tell whether it still gives the file."""
        return at < self.expires_at


def read_token(token: str) -> tuple[FileLink, bytes] | None:
    """Return what a token names and the digest that it carries; None for any other text.

    Of each link exactly one text is its token.
    """
    if len(token) != TOKEN_LENGTH:
        return None
    try:
        data = urlsafe_b64decode(token + "=")
    except (Error, ValueError):
        return None
    signed, digest = data[:SIGNED_BYTES], data[SIGNED_BYTES:]
    if len(digest) != DIGEST_BYTES:
        return None
    seconds = int.from_bytes(signed[2 * ID_BYTES :], "big")
    try:
        ends = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None
    link = FileLink(
        tenant=TenantId(UUID(bytes=signed[:ID_BYTES])),
        file=FileId(UUID(bytes=signed[ID_BYTES : 2 * ID_BYTES])),
        expires_at=ends,
    )
    return (link, digest) if link.token(digest) == token else None
