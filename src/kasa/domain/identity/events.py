"""What happens to people; the platform's log holds it, without a word about who they are."""

from datetime import datetime
from uuid import UUID

import attrs

from kasa.domain.identity.access import Role
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


@attrs.frozen(kw_only=True)
class RoleChanged(Event):
    """A member is something else in the shop now; ``subject`` is the user."""

    kind = "identity.role_changed"

    before: str
    after: str

    @property
    def is_lowered(self) -> bool:
        """Whether they may do less than before."""
        return Role(self.after).permissions < Role(self.before).permissions


@attrs.frozen(kw_only=True)
class MemberRemoved(Event):
    """A person does not work in the shop any more; ``subject`` is the user."""

    kind = "identity.member_removed"

    role: str


@attrs.frozen(kw_only=True)
class OwnershipTransferred(Event):
    """The shop has a new owner, the subject; ``giver`` was it before, if they are a member."""

    kind = "identity.ownership_transferred"

    giver: UUID | None = None


@attrs.frozen(kw_only=True)
class MemberInvited(Event):
    """Somebody was invited into the shop; ``subject`` is the invitation."""

    kind = "identity.member_invited"

    role: str


@attrs.frozen(kw_only=True)
class InvitationEnded(Event):
    """An invitation was taken back; it is the subject."""

    kind = "identity.invitation_ended"


@attrs.frozen(kw_only=True)
class ApiKeyMade(Event):
    """A program got a key of the shop; it is the subject."""

    kind = "identity.api_key_made"

    name: str
    scopes: tuple[str, ...]


@attrs.frozen(kw_only=True)
class ApiKeyRotated(Event):
    """A key, the subject, replaces another one, which works until ``until``."""

    kind = "identity.api_key_rotated"

    name: str
    scopes: tuple[str, ...]
    replaces: UUID
    until: datetime


@attrs.frozen(kw_only=True)
class ApiKeyEnded(Event):
    """A key, the subject, opens nothing any more."""

    kind = "identity.api_key_ended"

    name: str
    scopes: tuple[str, ...]


@attrs.frozen(kw_only=True)
class ApiKeyEnding(Event):
    """A key, the subject, will expire within ``days`` days."""

    kind = "identity.api_key_ending"

    name: str
    days: int


@attrs.frozen(kw_only=True)
class ServiceClientMade(Event):
    """A program may get tokens of the shop; it is the subject."""

    kind = "identity.service_client_made"

    name: str
    scopes: tuple[str, ...]


@attrs.frozen(kw_only=True)
class ServiceClientRotated(Event):
    """A client, the subject, replaces another one, which works until ``until``."""

    kind = "identity.service_client_rotated"

    name: str
    scopes: tuple[str, ...]
    replaces: UUID
    until: datetime


@attrs.frozen(kw_only=True)
class ServiceClientEnded(Event):
    """A client, the subject, gets no tokens any more, and those it has open nothing."""

    kind = "identity.service_client_ended"

    name: str
    scopes: tuple[str, ...]


ACCESS_EVENTS = (
    RoleChanged,
    OwnershipTransferred,
    MemberRemoved,
    ApiKeyMade,
    ApiKeyRotated,
    ApiKeyEnded,
    ApiKeyEnding,
    ServiceClientMade,
    ServiceClientRotated,
    ServiceClientEnded,
)
"""What changes who may do what in a shop."""
