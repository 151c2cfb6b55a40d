"""Who stands at the door before anybody knows who they are, and what they are given."""

from datetime import datetime
from hashlib import sha256

import attrs

from kasa.domain.identity.session import DEVICE_LIMIT, PLACE_LIMIT, SessionKind
from kasa.domain.kernel.ids import RequestId, SessionId, TenantId, UserId

DEVICE_MIN = 22
DEVICE_MAX = 64


@attrs.frozen(kw_only=True)
class Visitor:
    """Where a call comes from: its network address, and the browser that sends it.

    ``device`` is the secret that a browser keeps from an earlier sign-in, ``browser`` what it calls
    itself. ``kind`` says whether it is to be given a cookie or tokens.
    """

    address: str = ""
    device: str | None = attrs.field(default=None, repr=False)
    browser: str = ""
    kind: SessionKind = SessionKind.API
    request: RequestId | None = None

    @property
    def has_device(self) -> bool:
        """Whether the browser shows a secret that was given out here, by its length."""
        return self.device is not None and DEVICE_MIN <= len(self.device) <= DEVICE_MAX

    @property
    def device_hash(self) -> bytes:
        """By which the browser is recognised; that of a browser without a secret fits nobody."""
        return digest(self.device if self.device and self.has_device else "")

    @property
    def label(self) -> str:
        """What the browser calls itself, as it is shown: printable, and not too long."""
        return "".join(one for one in self.browser if one.isprintable())[:DEVICE_LIMIT]

    @property
    def place(self) -> str:
        """Where it comes from, as it is shown."""
        return self.address[:PLACE_LIMIT]


@attrs.frozen(kw_only=True)
class SignedIn:
    """What a person is given who signed in: tokens, or a cookie for a browser.

    ``device`` is a secret for the browser to keep, by which it is known next time; None when it
    has one. ``tenant`` is the shop that the access token names.
    """

    user: UserId
    session: SessionId
    tenant: TenantId | None
    access: str = attrs.field(repr=False)
    access_expires_at: datetime
    refresh: str | None = attrs.field(default=None, repr=False)
    cookie: str | None = attrs.field(default=None, repr=False)
    device: str | None = attrs.field(default=None, repr=False)
    expires_at: datetime


def digest(secret: str) -> bytes:
    """Return the SHA-256 under which an unguessable secret is kept."""
    return sha256(secret.encode(errors="surrogatepass")).digest()
