"""Members of a shop and invitations into it, in memory."""

from datetime import datetime

from kasa.adapters.memory.identity.rows import INVITATIONS, MEMBERSHIPS
from kasa.adapters.memory.tables import Readable, Working
from kasa.domain.identity.access import Role
from kasa.domain.identity.invitation import Invitation
from kasa.domain.identity.user import Email, MemberAlready, Membership, email_key
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import InvitationId, LinkId, MembershipId, UserId

LIST_MAX = 200


def _member(rows: Readable, user: UserId) -> Membership | None:
    return next((one for one in rows.read(MEMBERSHIPS).values() if one.user == user), None)


class MemoryMembers:
    """The members of one shop."""

    def __init__(self, rows: Working) -> None:
        self._rows = rows

    def add(self, membership: Membership) -> None:
        """Store a new member, or raise ``identity.member_already``."""
        if self.of(membership.user) is not None:
            raise MemberAlready
        self._rows.add(MEMBERSHIPS, membership.id, membership)

    def lock(self, id: MembershipId) -> Membership:
        """Return a member, locked until the unit of work ends, or raise NotFound."""
        return self._rows.lock(MEMBERSHIPS, id)

    def of(self, user: UserId) -> Membership | None:
        """Return what a person is in this shop, or None."""
        return _member(self._rows, user)

    def save(self, membership: Membership) -> None:
        """Store a member who was locked in the same unit of work."""
        self._rows.save(MEMBERSHIPS, membership.id, membership)

    def remove(self, id: MembershipId) -> None:
        """Remove a member who was locked in the same unit of work."""
        self._rows.save(MEMBERSHIPS, id, self._rows.get(MEMBERSHIPS, id))
        del self._rows.write(MEMBERSHIPS)[id]

    def owners(self) -> tuple[Membership, ...]:
        """Return the owners, locked; whoever counts them has locked the shop first."""
        every = self._rows.read(MEMBERSHIPS).values()
        found = tuple(one for one in every if one.role is Role.OWNER)
        self._rows.claim(MEMBERSHIPS, [one.id for one in found])
        return found


class MemoryMemberViews:
    """Reads the members of one shop."""

    def __init__(self, rows: Readable) -> None:
        self._rows = rows

    def all(self) -> tuple[Membership, ...]:
        """Return every member, at most 200, in the order in which they joined."""
        every = self._rows.read(MEMBERSHIPS).values()
        return tuple(sorted(every, key=lambda one: (one.joined_at, one.id)))[:LIST_MAX]

    def show(self, id: MembershipId) -> Membership:
        """Return a member, or raise NotFound."""
        found = self._rows.read(MEMBERSHIPS).get(id)
        if found is None:
            raise NotFound
        return found

    def of(self, user: UserId) -> Membership | None:
        """Return what a person is in this shop, or None."""
        return _member(self._rows, user)


class MemoryInvitations:
    """Invitations into one shop."""

    def __init__(self, rows: Working) -> None:
        self._rows = rows

    def add(self, invitation: Invitation) -> None:
        """Store a new invitation."""
        self._rows.add(INVITATIONS, invitation.id, invitation)

    def lock(self, id: InvitationId) -> Invitation:
        """Return an invitation, locked until the unit of work ends, or raise NotFound."""
        return self._rows.lock(INVITATIONS, id)

    def of_link(self, link: LinkId) -> Invitation | None:
        """Return the invitation of a link, locked, or None."""
        return self._first([one for one in self._every() if one.link == link])

    def open_for(self, email: Email, *, at: datetime) -> Invitation | None:
        """Return the open invitation of an address, however it is written, locked, or None."""
        key = email_key(email)
        return self._first(
            [one for one in self._every() if one.is_open(at) and email_key(one.email) == key]
        )

    def save(self, invitation: Invitation) -> None:
        """Store an invitation that was locked in the same unit of work."""
        self._rows.save(INVITATIONS, invitation.id, invitation)

    def count_open(self, *, at: datetime) -> int:
        """Return how many invitations are open."""
        return sum(one.is_open(at) for one in self._every())

    def _every(self) -> list[Invitation]:
        return list(self._rows.read(INVITATIONS).values())

    def _first(self, found: list[Invitation]) -> Invitation | None:
        return self.lock(found[0].id) if found else None


class MemoryInvitationViews:
    """Reads the invitations into one shop."""

    def __init__(self, rows: Readable) -> None:
        self._rows = rows

    def open(self, *, at: datetime) -> tuple[Invitation, ...]:
        """Return the open invitations, at most 200, newest first."""
        every = self._rows.read(INVITATIONS).values()
        found = sorted((one for one in every if one.is_open(at)), key=lambda one: one.id)
        return tuple(reversed(found))[:LIST_MAX]
