"""One's own account: what is known, and changing it."""

from typing import ClassVar

import attrs

from kasa.application.identity.asking import Asking
from kasa.application.identity.beginning import long_secret
from kasa.application.identity.visiting import Visitor, digest
from kasa.application.identity.watching import Watch
from kasa.application.ports.system import Clock, Secrets
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.domain.identity.access import Actor, PlatformActor, Role
from kasa.domain.identity.mail import MailKind
from kasa.domain.identity.one_time_link import LinkInvalid, LinkPurpose
from kasa.domain.identity.security import SecurityKind
from kasa.domain.identity.session import Session
from kasa.domain.identity.user import (
    Email,
    LastMethod,
    LinkedIdentity,
    User,
    email,
    email_key,
    language,
)
from kasa.domain.kernel.errors import NotFound, VersionStale
from kasa.domain.kernel.ids import IdentityId, TenantId, UserId
from kasa.domain.kernel.text import name
from kasa.domain.tenancy.tenant import TenantState


@attrs.frozen(kw_only=True)
class Me:
    """A person as they see themselves; no secret and no digest of one is in it."""

    id: UserId
    email: str | None
    name: str
    language: str
    has_password: bool
    has_second_factor: bool
    recovery_codes_left: int
    is_operator: bool
    version: int

    @classmethod
    def of(cls, user: User) -> "Me":
        """Return what a person may see of themselves."""
        return cls(
            id=user.id,
            email=user.email,
            name=user.name,
            language=user.language,
            has_password=user.password_hash is not None,
            has_second_factor=user.has_second_factor,
            recovery_codes_left=len(user.recovery_hashes),
            is_operator=user.operator,
            version=user.version,
        )


@attrs.frozen(kw_only=True)
class OwnShop:
    """A shop that a person works in, and as what."""

    id: TenantId
    name: str
    role: Role
    state: TenantState


@attrs.frozen(kw_only=True, eq=False)
class OwnAccount:
    """What a person may read about themselves."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def me(self, person: PlatformActor) -> Me:
        """Return the person."""
        with self.unit_of_work.platform(person) as work:
            return Me.of(work.users.get(person.person))

    def sessions(self, person: PlatformActor) -> tuple[Session, ...]:
        """Return the living sign-ins, the most lately begun first, at most 20."""
        with self.unit_of_work.platform(person) as work:
            return work.sessions.of(person.person, at=self.clock.now())

    def identities(self, person: PlatformActor) -> tuple[LinkedIdentity, ...]:
        """Return the other ways to sign in, oldest first."""
        with self.unit_of_work.platform(person) as work:
            return work.users.identities(person.person)

    def shops(self, person: PlatformActor) -> tuple[OwnShop, ...]:
        """Return the shops the person works in, at most 100; one being erased is not shown."""
        with self.unit_of_work.platform(person) as work:
            tenants = work.users.shops(person.person)
        shops = (self._shop(tenant, person.person) for tenant in tenants)
        return tuple(shop for shop in shops if shop is not None)

    def _shop(self, tenant: TenantId, user: UserId) -> OwnShop | None:
        try:
            with self.unit_of_work.read_only(Actor.system(tenant)) as view:
                member, shop = view.members.of(user), view.tenant
        except NotFound:
            return None
        if member is None or shop.state is TenantState.ERASING:
            return None
        return OwnShop(id=tenant, name=shop.profile.name, role=member.role, state=shop.state)


@attrs.frozen(kw_only=True, eq=False)
class ChangeMe:
    """Change one's own name or language; the address is changed by mail alone."""

    own_right: ClassVar[bool] = True

    unit_of_work: UnitOfWorkFactory

    def __call__(
        self,
        person: PlatformActor,
        version: int,
        *,
        called: str | None = None,
        speaks: str | None = None,
    ) -> Me:
        """Return the person as they are now, or raise ``version.stale`` or ``text.*``."""
        wanted = name(called) if called is not None else None
        spoken = language(speaks) if speaks is not None else None
        with self.unit_of_work.platform(person) as work:
            user = work.users.lock(person.person)
            if user.version != version:
                raise VersionStale(current_version=user.version)
            changed = attrs.evolve(user, name=wanted or user.name, language=spoken or user.language)
            if changed != user:
                work.users.save(changed)
                user = work.users.get(user.id)
        return Me.of(user)


@attrs.frozen(kw_only=True, eq=False)
class AskEmail:
    """Mail a new address a link that makes it the person's, and the old one a notice.

    That the new address is somebody's already is not to be learned.
    """

    recent: ClassVar[bool] = True

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    secrets: Secrets
    asking: Asking

    def __call__(self, person: PlatformActor, visitor: Visitor, address: str) -> None:
        """Queue both mails.

        Raises ``identity.recent_sign_in_needed``, ``identity.email``, ``identity.locked_out`` and
        ``channel.unavailable``.
        """
        person.require_recent()
        self.asking.mails.demand()
        wanted, token = email(address), long_secret(self.secrets)
        now = self.clock.now()
        purpose = LinkPurpose.EMAIL
        with self.unit_of_work.platform(person) as work:
            asked = self.asking.for_new_address(work, visitor, email_key(wanted), at=now)
            if asked.allowed:
                user = work.users.lock(person.person)
                free = work.users.by_email(email_key(wanted)) is None and asked.mailed
                work.links.end(user.id, purpose, at=now)
                link = self.asking.link(purpose, token, user if free else None, at=now)
                work.links.add(attrs.evolve(link, subject=wanted if free else ""))
                self.asking.mails.tell(work, user, MailKind.EMAIL_CHANGED, at=now)
                if free:
                    self.asking.mails.to_address(
                        work,
                        wanted,
                        MailKind.EMAIL_CONFIRM,
                        {"token": token},
                        at=now,
                        language=user.language,
                        life=purpose.life,
                    )
                else:
                    self.asking.mails.blank(work, at=now, life=purpose.life)
        asked.demand()


@attrs.frozen(kw_only=True, eq=False)
class RedeemEmail:
    """Make a new address the person's, by the link that was mailed to it."""

    anybody: ClassVar[bool] = True

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    watch: Watch

    def __call__(self, visitor: Visitor, token: str) -> None:
        """Change the address, or raise ``identity.link_invalid`` or ``identity.email_taken``.

        Whatever was mailed to the old address opens nothing any more.
        """
        now = self.clock.now()
        with self.unit_of_work.platform() as work:
            link = work.links.lock(LinkPurpose.EMAIL, digest(token))
            if link is None or link.user is None or not link.is_open(now):
                raise LinkInvalid
            user = work.users.lock(link.user)
            if not user.is_enabled:
                raise LinkInvalid
            work.links.save(link.used(at=now))
            work.users.save(attrs.evolve(user, email=Email(link.subject)))
            for purpose in (LinkPurpose.RESET, LinkPurpose.MAGIC):
                work.links.end(user.id, purpose, at=now)
            kind = SecurityKind.EMAIL_CHANGED
            self.watch.note(work, kind, at=now, user=user.id, visitor=visitor)


@attrs.frozen(kw_only=True, eq=False)
class EndIdentity:
    """Remove one of a person's ways to sign in; the last one stays."""

    recent: ClassVar[bool] = True

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    asking: Asking
    watch: Watch

    def __call__(self, person: PlatformActor, identity: IdentityId) -> None:
        """Remove it.

        Raises ``identity.recent_sign_in_needed``, NotFound, and ``identity.last_method``.
        """
        person.require_recent()
        now = self.clock.now()
        with self.unit_of_work.platform(person) as work:
            user = work.users.lock(person.person)
            others = [one for one in work.users.identities(user.id) if one.id != identity]
            if not work.users.unlink(user.id, identity):
                raise NotFound
            if user.email is None and not others:
                raise LastMethod
            self.watch.note(work, SecurityKind.METHOD_REMOVED, at=now, user=user.id)
            self.asking.mails.tell(work, user, MailKind.METHOD_CHANGED, at=now)
