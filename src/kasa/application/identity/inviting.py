"""Inviting people into a shop: bound to their address, by mail alone, for 7 days, once."""

from base64 import urlsafe_b64encode
from typing import ClassVar

import attrs

from kasa.application.identity.mailing import require_mail
from kasa.application.identity.visiting import digest
from kasa.application.ports.credentials import KeyedDigests, Purpose
from kasa.application.ports.messenger import Messenger
from kasa.application.ports.system import Clock, Ids
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.application.workflows.staffing import hold_shop
from kasa.domain.identity.access import Actor, Permission, Role
from kasa.domain.identity.events import InvitationEnded, MemberInvited
from kasa.domain.identity.invitation import Invitation
from kasa.domain.identity.membership import guard_role
from kasa.domain.identity.one_time_link import LinkPurpose, OneTimeLink
from kasa.domain.identity.user import Email, MemberAlready, email, email_key
from kasa.domain.kernel.errors import Conflict, NotFound
from kasa.domain.kernel.ids import InvitationId, LinkId, UserId

OPEN_MAX = 100


class TooManyInvitations(Conflict):
    """Too many invitations of this shop are open; take one back first."""

    code = "identity.too_many_invitations"


def invitation_token(digests: KeyedDigests, invitation: InvitationId) -> str:
    """Return the token of an invitation, which is kept nowhere: 256 bits under a key."""
    made = digests.digest(Purpose.INVITATIONS, invitation.bytes)
    return urlsafe_b64encode(made).decode().rstrip("=")


@attrs.frozen(kw_only=True, eq=False)
class InviteMember:
    """Invite an address into the shop; its token goes out by mail and is in no answer."""

    permission: ClassVar[Permission] = Permission.MANAGE_MEMBERS

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: Ids
    digests: KeyedDigests
    messenger: Messenger

    def __call__(self, actor: Actor, address: str, role: Role) -> Invitation:
        """Invite somebody; an earlier open invitation of the same address ends.

        Admins and owners are invited by an owner who signed in lately. Raises
        ``access.role_too_low``, ``identity.recent_sign_in_needed``, ``identity.email``,
        ``channel.unavailable``, ``identity.member_already``, ``identity.too_many_invitations``.
        """
        actor.require(self.permission)
        guard_role(actor, role)
        wanted = email(address)
        require_mail(self.messenger)
        now = self.clock.now()
        known = self._known(wanted)
        invitation = Invitation(
            id=InvitationId(self.ids.new(now)),
            link=LinkId(self.ids.new(now)),
            email=wanted,
            role=role,
            invited_by=actor.person,
            invited_at=now,
            until=now + LinkPurpose.INVITATION.life,
        )
        with self.unit_of_work(actor) as work:
            hold_shop(work)
            if known is not None and work.members.of(known) is not None:
                raise MemberAlready
            before = work.invitations.open_for(wanted, at=now)
            if before is not None:
                work.invitations.save(attrs.evolve(before, ended_at=now))
                work.tenant_links.end(before.link, at=now)
            if work.invitations.count_open(at=now) >= OPEN_MAX:
                raise TooManyInvitations(limit=OPEN_MAX)
            work.tenant_links.put(self._link(invitation, actor, known or UserId(self.ids.new(now))))
            work.invitations.add(invitation)
            work.events.record(MemberInvited(subject=invitation.id, role=role.value), at=now)
            return work.answer(invitation)

    def _known(self, wanted: Email) -> UserId | None:
        with self.unit_of_work.platform() as work:
            user = work.users.by_email(email_key(wanted))
        return user.id if user else None

    def _link(self, invitation: Invitation, actor: Actor, user: UserId) -> OneTimeLink:
        return OneTimeLink(
            id=invitation.link,
            purpose=LinkPurpose.INVITATION,
            secret_hash=digest(invitation_token(self.digests, invitation.id)),
            user=user,
            tenant=actor.tenant,
            subject=invitation.email,
            until=invitation.until,
        )


@attrs.frozen(kw_only=True, eq=False)
class EndInvitation:
    """Take an invitation back; its link opens nothing any more."""

    permission: ClassVar[Permission] = Permission.MANAGE_MEMBERS

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, id: InvitationId) -> Invitation:
        """End an open invitation, or raise NotFound."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            before = work.invitations.lock(id)
            guard_role(actor, before.role)
            if not before.is_open(now):
                raise NotFound
            ended = attrs.evolve(before, ended_at=now)
            work.invitations.save(ended)
            work.tenant_links.end(before.link, at=now)
            work.events.record(InvitationEnded(subject=id), at=now)
            return work.answer(ended)
