"""What happens to people; the platform's log holds it, without a word about who they are."""

import attrs

from kasa.domain.kernel.events import Event


@attrs.frozen(kw_only=True)
class UserJoined(Event):
    """A person has an account."""

    kind = "identity.user_joined"


@attrs.frozen(kw_only=True)
class MemberJoined(Event):
    """A person works in the shop now; ``subject`` is the user."""

    kind = "identity.member_joined"

    role: str


@attrs.frozen(kw_only=True)
class RefreshReused(Event):
    """A refresh token was used twice, so the person's sign-in was ended; ``subject`` is the user.

    ``session`` of the person was not the only one: the others live on.
    """

    kind = "identity.refresh_reused"

    session: str


@attrs.frozen(kw_only=True)
class AccountLocked(Event):
    """Too many wrong passwords closed an account for a while; ``subject`` is the user."""

    kind = "identity.account_locked"


@attrs.frozen(kw_only=True)
class MailQueued(Event):
    """A mail waits to be sent; ``subject`` is the mail."""

    kind = "identity.mail_queued"
