"""Mails to persons: which there are, and what is sealed in one until it was accepted."""

from datetime import datetime, timedelta
from enum import StrEnum

import attrs

from kasa.domain.kernel.ids import MailId, UserId

MAIL_LIFE = timedelta(hours=24)
"""How long a mail that could not be sent is kept; what lives shorter says so itself."""


class MailKind(StrEnum):
    """Which mail it is; ``blank`` goes to nobody, so that an unknown address costs the same."""

    BLANK = "blank"
    SIGN_UP = "sign_up"
    HAVE_ACCOUNT = "have_account"
    MAGIC = "magic"
    RESET = "reset"
    INVITATION = "invitation"
    EMAIL_CONFIRM = "email_confirm"
    EMAIL_CHANGED = "email_changed"
    NEW_DEVICE = "new_device"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  # the name of a mail, not a password
    FACTOR_CHANGED = "factor_changed"
    REFRESH_REUSED = "refresh_reused"
    SESSION_ENDED = "session_ended"
    METHOD_CHANGED = "method_changed"
    ROLE_CHANGED = "role_changed"
    API_KEY = "api_key"
    RECEIVING_ACCOUNT = "receiving_account"
    OPERATOR_ALERT = "operator_alert"


class MailState(StrEnum):
    """What became of a mail."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


@attrs.frozen(kw_only=True)
class MailContent:
    """To whom a mail goes, and what it says by name: token, code, shop, device and the like."""

    address: str = attrs.field(repr=False)
    facts: dict[str, str] = attrs.field(factory=dict, repr=False)


@attrs.frozen(kw_only=True)
class Mail:
    """A mail that waits; ``sealed`` is its content, gone once it was accepted or gave up."""

    id: MailId
    user: UserId | None = None
    kind: MailKind
    language: str = "en"
    sealed: bytes | None = attrs.field(default=None, repr=False)
    state: MailState = MailState.QUEUED
    expires_at: datetime

    @property
    def bound_to(self) -> str:
        """To what its seal is bound."""
        return f"mail:{self.id}"

    def ended(self, state: MailState) -> "Mail":
        """Return it with what became of it, and without its content."""
        return attrs.evolve(self, state=state, sealed=None)
