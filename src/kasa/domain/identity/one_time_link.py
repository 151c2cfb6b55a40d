"""Links that work once and briefly: by mail, and for whoever asked for them."""

from datetime import datetime, timedelta
from enum import StrEnum

import attrs

from kasa.domain.kernel.errors import Unauthenticated
from kasa.domain.kernel.ids import LinkId, TenantId, UserId

CODE_TRIES = 5
CODE_DIGITS = 8


class LinkInvalid(Unauthenticated):
    """This link or code does not work, or does not work any more; ask for a new one."""

    code = "identity.link_invalid"


class LinkPurpose(StrEnum):
    """What a link opens; one of another purpose opens nothing."""

    SIGN_UP = "sign_up"
    MAGIC = "magic"
    RESET = "reset"
    EMAIL = "email"
    INVITATION = "invitation"
    OPERATOR = "operator"

    @property
    def life(self) -> timedelta:
        """How long a link of this purpose works."""
        return _LIVES[self]


_LIVES = {
    LinkPurpose.SIGN_UP: timedelta(hours=24),
    LinkPurpose.MAGIC: timedelta(minutes=10),
    LinkPurpose.RESET: timedelta(hours=1),
    LinkPurpose.EMAIL: timedelta(hours=24),
    LinkPurpose.INVITATION: timedelta(days=7),
    LinkPurpose.OPERATOR: timedelta(hours=24),
}


@attrs.frozen(kw_only=True)
class OneTimeLink:
    """A link that was sent; it belongs to nobody when the address was unknown.

    ``secret_hash`` is the SHA-256 of the token in it. ``code_mac`` is the keyed digest of the code
    beside it, ``browser_hash`` the SHA-256 of what the asker was given. ``user`` and ``tenant`` may
    name who and what will be made. ``subject`` is the address that it was sent to.
    """

    id: LinkId
    purpose: LinkPurpose
    secret_hash: bytes = attrs.field(repr=False)
    code_mac: bytes | None = attrs.field(default=None, repr=False)
    browser_hash: bytes | None = attrs.field(default=None, repr=False)
    tries: int = 0
    user: UserId | None = None
    tenant: TenantId | None = None
    subject: str = attrs.field(default="", repr=False)
    until: datetime
    used_at: datetime | None = None

    def is_open(self, at: datetime) -> bool:
        """Tell whether it still works."""
        return self.used_at is None and at < self.until

    @property
    def has_tries(self) -> bool:
        """Whether another code may be tried on it."""
        return self.tries < CODE_TRIES

    def tried(self) -> "OneTimeLink":
        """Return it with a try of its code taken."""
        return attrs.evolve(self, tries=self.tries + 1)

    def used(self, *, at: datetime) -> "OneTimeLink":
        """Return it used, or raise ``identity.link_invalid``."""
        if not self.is_open(at):
            raise LinkInvalid
        return attrs.evolve(self, used_at=at)
