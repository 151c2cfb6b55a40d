"""What members may read about who works in their shop."""

from datetime import datetime
from typing import ClassVar

import attrs

from kasa.application.ports.system import Clock
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.domain.identity.access import Actor, Permission, Role
from kasa.domain.identity.invitation import Invitation
from kasa.domain.identity.user import Email, Membership, User
from kasa.domain.kernel.ids import MembershipId, UserId


@attrs.frozen(kw_only=True)
class MemberShown:
    """A member as colleagues see them; their address is for whoever manages members."""

    id: MembershipId
    user: UserId
    name: str
    email: Email | None = None
    second_factor: bool | None = None
    role: Role
    joined_at: datetime
    version: int


@attrs.frozen(kw_only=True, eq=False)
class MemberQueries:
    """What members may read about each other."""

    permission: ClassVar[Permission] = Permission.READ

    unit_of_work: UnitOfWorkFactory

    def members(self, actor: Actor) -> tuple[MemberShown, ...]:
        """Return every member, at most 200, in the order in which they joined."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            found = view.members.all()
        with self.unit_of_work.platform() as work:
            people = {one.id: one for one in work.users.many([member.user for member in found])}
        return tuple(_shown(actor, member, people.get(member.user)) for member in found)

    def member(self, actor: Actor, id: MembershipId) -> MemberShown:
        """Return one member, or raise NotFound."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            found = view.members.show(id)
        with self.unit_of_work.platform() as work:
            people = work.users.many([found.user])
        return _shown(actor, found, people[0] if people else None)


def _shown(actor: Actor, member: Membership, person: User | None) -> MemberShown:
    manages = Permission.MANAGE_MEMBERS in actor.permissions
    return MemberShown(
        id=member.id,
        user=member.user,
        name=person.name if person else "",
        email=person.email if person and manages else None,
        second_factor=person.has_second_factor if person and manages else None,
        role=member.role,
        joined_at=member.joined_at,
        version=member.version,
    )


@attrs.frozen(kw_only=True, eq=False)
class ListInvitations:
    """List who was invited and has not come yet."""

    permission: ClassVar[Permission] = Permission.MANAGE_MEMBERS

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor) -> tuple[Invitation, ...]:
        """Return the open invitations, newest first."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work.read_only(actor) as view:
            return view.invitations.open(at=now)
