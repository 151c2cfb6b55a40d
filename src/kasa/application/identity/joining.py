"""Accepting an invitation: by whoever reads the mailbox, or is signed in with its address."""

from typing import ClassVar

import attrs

from kasa.application.identity.beginning import Sessions
from kasa.application.identity.visiting import SignedIn, Visitor, digest
from kasa.application.identity.wishing import Wishes
from kasa.application.ports.credentials import PasswordHasher
from kasa.application.ports.system import Clock, Ids
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.domain.identity.access import Actor, PlatformActor, Role
from kasa.domain.identity.events import MemberJoined, UserJoined
from kasa.domain.identity.one_time_link import LinkInvalid, LinkPurpose, OneTimeLink
from kasa.domain.identity.user import Email, Membership, User, email_key, language
from kasa.domain.kernel.errors import Invalid, Unauthenticated
from kasa.domain.kernel.ids import MembershipId, TenantId, UserId
from kasa.domain.kernel.text import name


class SignInFirst(Unauthenticated):
    """This invitation is for somebody with an account: sign in with its address first."""

    code = "identity.sign_in_first"


class PasswordAndNameNeeded(Invalid):
    """Whoever has no account yet chooses a password and says their name."""

    code = "identity.password_and_name"


@attrs.frozen(kw_only=True)
class NewPerson:
    """What somebody says of themselves who has no account yet."""

    password: str = attrs.field(repr=False)
    name: str
    speaks: str = "en"


@attrs.frozen(kw_only=True)
class Joined:
    """Into which shop somebody came, and as what; a new person is signed in."""

    tenant: TenantId
    user: UserId
    role: Role
    signed_in: SignedIn | None = None


@attrs.frozen(kw_only=True, eq=False)
class RedeemInvitation:
    """Let an invited person into the shop, once; nothing is used up by a call that is refused."""

    anybody: ClassVar[bool] = True

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: Ids
    passwords: PasswordHasher
    wishes: Wishes
    sessions: Sessions

    def __call__(
        self,
        visitor: Visitor,
        person: PlatformActor | None,
        token: str,
        new: NewPerson | None = None,
    ) -> Joined:
        """Return where they are now.

        Raises ``identity.link_invalid``; ``identity.sign_in_first`` when the address has an account
        and somebody else calls; ``identity.password_and_name``, ``identity.password_*``, ``text.*``
        and ``identity.busy`` for a new person.
        """
        link = self._link(token)
        assert link.tenant is not None, "a link into a shop names it"
        holder = self._holder(link)
        if holder is None:
            user = self._made(link, new)
        elif person is None or person.user != holder.id:
            raise SignInFirst
        else:
            user = holder
        role = self._joined(link.tenant, user, token, visitor)
        if person is not None and person.user == user.id:
            return Joined(tenant=link.tenant, user=user.id, role=role)
        now = self.clock.now()
        with self.unit_of_work.platform() as work:
            live = work.users.lock(user.id)
            begun = self.sessions.begin(work, live, visitor, at=now, tenant=link.tenant)
        signed_in = self.sessions.given(begun, at=now)
        return Joined(tenant=link.tenant, user=user.id, role=role, signed_in=signed_in)

    def _link(self, token: str) -> OneTimeLink:
        with self.unit_of_work.platform() as work:
            link = work.links.get(LinkPurpose.INVITATION, digest(token))
        if link is None or link.tenant is None or not link.is_open(self.clock.now()):
            raise LinkInvalid
        return link

    def _holder(self, link: OneTimeLink) -> User | None:
        with self.unit_of_work.platform() as work:
            return work.users.by_email(email_key(Email(link.subject)))

    def _made(self, link: OneTimeLink, new: NewPerson | None) -> User:
        if new is None or link.user is None:
            raise PasswordAndNameNeeded
        own_name, address = name(new.name), Email(link.subject)
        wished = self.wishes.judged(
            new.password, second_factor=False, email=address, names=(own_name,)
        )
        now = self.clock.now()
        user = User(
            id=link.user,
            email=address,
            name=own_name,
            language=language(new.speaks),
            password_hash=self.passwords.hash(wished.form),
            created_at=now,
        )
        with self.unit_of_work.platform() as work:
            if not work.users.add(user):
                raise SignInFirst
            work.events.record(UserJoined(subject=user.id), at=now)
        return user

    def _joined(self, tenant: TenantId, user: User, token: str, visitor: Visitor) -> Role:
        now = self.clock.now()
        member = Actor(tenant=tenant, user=user.id, request=visitor.request)
        with self.unit_of_work(member) as work:
            used = work.tenant_links.use(LinkPurpose.INVITATION, digest(token), at=now)
            invitation = None if used is None else work.invitations.of_link(used.id)
            if invitation is None or not invitation.is_open(now):
                raise LinkInvalid
            work.invitations.save(attrs.evolve(invitation, accepted_at=now))
            before = work.members.of(user.id)
            if before is not None:
                return before.role
            joined = Membership(
                id=MembershipId(self.ids.new(now)),
                user=user.id,
                role=invitation.role,
                joined_at=now,
            )
            work.members.add(joined)
            work.events.record(MemberJoined(subject=user.id, role=joined.role.value), at=now)
            return joined.role
