"""Who works in a shop, and who was invited to."""

from datetime import datetime
from typing import Protocol

from kasa.domain.identity.invitation import Invitation
from kasa.domain.identity.user import Email, Membership
from kasa.domain.kernel.ids import InvitationId, LinkId, MembershipId, UserId


class MemberStore(Protocol):
    """The members of one shop."""

    def add(self, membership: Membership) -> None:
        """Store a new member, or raise ``identity.member_already``."""

    def lock(self, id: MembershipId) -> Membership:
        """Return a member, locked until the unit of work ends, or raise NotFound."""

    def of(self, user: UserId) -> Membership | None:
        """Return what a person is in this shop, or None."""

    def save(self, membership: Membership) -> None:
        """Store a member who was locked in the same unit of work."""

    def remove(self, id: MembershipId) -> None:
        """Remove a member who was locked in the same unit of work."""

    def owners(self) -> tuple[Membership, ...]:
        """Return the owners, locked; whoever counts them has locked the shop first."""


class MemberViews(Protocol):
    """What may be read of the members of one shop; persons' names are the platform's."""

    def all(self) -> tuple[Membership, ...]:
        """Return every member, at most 200, in the order in which they joined."""

    def show(self, id: MembershipId) -> Membership:
        """Return a member, or raise NotFound."""

    def of(self, user: UserId) -> Membership | None:
        """Return what a person is in this shop, or None."""


class InvitationStore(Protocol):
    """Invitations into one shop."""

    def add(self, invitation: Invitation) -> None:
        """Store a new invitation."""

    def lock(self, id: InvitationId) -> Invitation:
        """Return an invitation, locked until the unit of work ends, or raise NotFound."""

    def of_link(self, link: LinkId) -> Invitation | None:
        """Return the invitation of a link, locked, or None."""

    def open_for(self, email: Email, *, at: datetime) -> Invitation | None:
        """Return the open invitation of an address, however it is written, locked, or None."""

    def save(self, invitation: Invitation) -> None:
        """Store an invitation that was locked in the same unit of work."""

    def count_open(self, *, at: datetime) -> int:
        """Return how many invitations are open."""


class InvitationViews(Protocol):
    """What may be read of the invitations into one shop."""

    def open(self, *, at: datetime) -> tuple[Invitation, ...]:
        """Return the open invitations, at most 200, newest first."""
