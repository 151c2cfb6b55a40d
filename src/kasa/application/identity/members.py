"""What members are in a shop, and who may change it."""

from typing import ClassVar

import attrs

from kasa.application.ports.system import Clock
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.application.workflows.staffing import hold_owners
from kasa.domain.identity.access import Actor, Permission, Role
from kasa.domain.identity.events import MemberRemoved, OwnershipTransferred, RoleChanged
from kasa.domain.identity.membership import guard_role, keep_an_owner
from kasa.domain.identity.user import Membership
from kasa.domain.kernel.errors import VersionStale
from kasa.domain.kernel.ids import MembershipId


@attrs.frozen(kw_only=True, eq=False)
class ChangeRole:
    """Make a member something else; it acts on their next request, wherever they are signed in."""

    permission: ClassVar[Permission] = Permission.MANAGE_MEMBERS

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(
        self, actor: Actor, id: MembershipId, role: Role, *, version: int | None = None
    ) -> Membership:
        """Change a role; those of admins and owners only by an owner who signed in lately.

        Raises ``access.role_too_low``, ``identity.recent_sign_in_needed``, NotFound,
        ``version.stale``, ``tenancy.last_owner``.
        """
        actor.require(self.permission)
        guard_role(actor, role)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            owners = hold_owners(work)
            before = work.members.lock(id)
            guard_role(actor, before.role)
            if version is not None and version != before.version:
                raise VersionStale(version=before.version)
            if role is not Role.OWNER:
                keep_an_owner(owners, before)
            after = before.with_role(role)
            if after != before:
                work.members.save(after)
                told = RoleChanged(
                    subject=after.user, before=before.role.value, after=after.role.value
                )
                work.events.record(told, at=now)
            return work.answer(after)


@attrs.frozen(kw_only=True, eq=False)
class RemoveMember:
    """Take a person out of the shop; what they did there stays, and keys they made live on."""

    permission: ClassVar[Permission] = Permission.MANAGE_MEMBERS

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, id: MembershipId) -> Membership:
        """Remove a member and return what they were.

        An admin or owner is removed only by an owner who signed in lately.
        Raises ``access.role_too_low``, ``identity.recent_sign_in_needed``, NotFound,
        ``tenancy.last_owner``.
        """
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            owners = hold_owners(work)
            member = work.members.lock(id)
            guard_role(actor, member.role)
            keep_an_owner(owners, member)
            work.members.remove(member.id)
            told = MemberRemoved(subject=member.user, role=member.role.value)
            work.events.record(told, at=now)
            return work.answer(member)


@attrs.frozen(kw_only=True, eq=False)
class TransferOwnership:
    """Make another member an owner; whoever gives it away is an admin from then on."""

    permission: ClassVar[Permission] = Permission.CLOSE_TENANT
    recent: ClassVar[bool] = True

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, id: MembershipId) -> Membership:
        """Transfer the shop to a member, who is returned; raise NotFound for anybody else.

        Of several owners only the one who calls gives theirs away. To oneself nothing happens.
        """
        actor.require(self.permission)
        actor.require_recent()
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            owners = hold_owners(work)
            member = work.members.lock(id)
            giver = next((one for one in owners if one.user == actor.user), None)
            if member.user == actor.user:
                return work.answer(member)
            after = member.with_role(Role.OWNER)
            work.members.save(after)
            if giver is not None:
                work.members.save(giver.with_role(Role.ADMIN))
            told = OwnershipTransferred(subject=after.user, giver=giver.user if giver else None)
            work.events.record(told, at=now)
            return work.answer(after)
