"""Signing up: only the reader of a mailbox opens an account for it."""

from datetime import datetime
from typing import ClassVar

import attrs

from kasa.application.identity.asking import Asking
from kasa.application.identity.beginning import Sessions, long_secret
from kasa.application.identity.visiting import SignedIn, Visitor, digest
from kasa.application.identity.wishing import Wishes
from kasa.application.ports.credentials import PasswordHasher
from kasa.application.ports.system import Clock, Ids, Secrets
from kasa.application.ports.work import PlatformWork, UnitOfWorkFactory
from kasa.application.workflows.opening import Founder, open_shop
from kasa.domain.identity.access import Actor
from kasa.domain.identity.events import UserJoined
from kasa.domain.identity.lockout import Counter
from kasa.domain.identity.mail import MailKind
from kasa.domain.identity.one_time_link import LinkInvalid, LinkPurpose, OneTimeLink
from kasa.domain.identity.user import (
    Email,
    EmailTaken,
    User,
    email,
    email_key,
    language,
)
from kasa.domain.kernel.ids import LinkId, MembershipId, TenantId, UserId
from kasa.domain.kernel.text import name
from kasa.domain.tenancy.tenant import TenantProfile


@attrs.frozen(kw_only=True, eq=False)
class AskSignUp:
    """Mail a link that opens an account and a shop, for 24 hours, once.

    An address that has an account is mailed that it has; five mails a day go to one address. The
    answer is always the same.
    """

    anybody: ClassVar[bool] = True

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: Ids
    secrets: Secrets
    asking: Asking

    def __call__(self, visitor: Visitor, address: str, speaks: str = "en") -> None:
        """Queue the mail.

        Raises ``identity.email`` and ``identity.language`` for what is none,
        ``identity.locked_out`` for a network address that asks too often, and
        ``channel.unavailable`` where no mail is set up.
        """
        self.asking.mails.demand()
        wanted, speaks = email(address), language(speaks)
        token = long_secret(self.secrets)
        now = self.clock.now()
        with self.unit_of_work.platform() as work:
            asked = self.asking.taken(work, visitor, Counter.SIGN_UP, email_key(wanted), at=now)
            if asked.allowed:
                user = work.users.by_email(email_key(wanted))
                link = self._link(wanted, token, of_nobody=user is not None or not asked.mailed)
                work.links.add(link)
                facts = {"token": token}
                if not asked.mailed:
                    self.asking.mails.blank(work, at=now, life=LinkPurpose.SIGN_UP.life)
                else:
                    self._mail(work, wanted, user, facts, speaks=speaks, at=now)
        asked.demand()

    def _link(self, wanted: Email, token: str, *, of_nobody: bool) -> OneTimeLink:
        now = self.clock.now()
        return OneTimeLink(
            id=LinkId(self.ids.new(now)),
            purpose=LinkPurpose.SIGN_UP,
            secret_hash=digest(token),
            user=None if of_nobody else UserId(self.ids.new(now)),
            tenant=None if of_nobody else TenantId(self.ids.new(now)),
            subject="" if of_nobody else wanted,
            until=now + LinkPurpose.SIGN_UP.life,
        )

    def _mail(
        self,
        work: PlatformWork,
        wanted: Email,
        user: User | None,
        facts: dict[str, str],
        *,
        speaks: str,
        at: datetime,
    ) -> None:
        life = LinkPurpose.SIGN_UP.life
        if user is not None:
            self.asking.mails.to(work, user, MailKind.HAVE_ACCOUNT, {}, at=at, life=life)
            return
        self.asking.mails.to_address(
            work, wanted, MailKind.SIGN_UP, facts, at=at, language=speaks, life=life
        )


@attrs.frozen(kw_only=True)
class _Start:
    """What the link fixed: who will own which shop."""

    user: UserId
    tenant: TenantId
    email: Email


@attrs.frozen(kw_only=True, eq=False)
class RedeemSignUp:
    """Open the account and the shop of a link, and sign their owner in.

    Person and shop have their identifiers from the link: when this stops halfway, redeeming again
    finishes it. The link is used up in the commit that opens the shop.
    """

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
        token: str,
        *,
        password: str,
        person: str,
        shop: str,
        speaks: str = "en",
    ) -> SignedIn:
        """Return what the new owner is given.

        Raises ``identity.link_invalid``, ``identity.password_*``, ``text.*``, ``identity.busy``,
        and ``identity.email_taken`` when the address got another account meanwhile.
        """
        start = self._start(token)
        own_name, profile = name(person), TenantProfile(name=name(shop))
        wished = self.wishes.judged(
            password, second_factor=False, email=start.email, names=(own_name, profile.name)
        )
        user = User(
            id=start.user,
            email=start.email,
            name=own_name,
            language=language(speaks),
            password_hash=self.passwords.hash(wished.form),
            created_at=self.clock.now(),
        )
        self._joined(user)
        self._opened(start, token, profile, visitor)
        now = self.clock.now()
        with self.unit_of_work.platform() as work:
            live = work.users.lock(user.id)
            begun = self.sessions.begin(
                work, live, visitor, at=now, tenant=start.tenant, is_first=True
            )
        return self.sessions.given(begun, at=now)

    def _start(self, token: str) -> _Start:
        with self.unit_of_work.platform() as work:
            link = work.links.get(LinkPurpose.SIGN_UP, digest(token))
        if link is None or not link.is_open(self.clock.now()):
            raise LinkInvalid
        if link.user is None or link.tenant is None:
            raise LinkInvalid
        return _Start(user=link.user, tenant=link.tenant, email=Email(link.subject))

    def _joined(self, user: User) -> None:
        """Store the person, or with a link redeemed anew the password that was chosen last."""
        now = self.clock.now()
        with self.unit_of_work.platform() as work:
            if work.users.add(user):
                work.events.record(UserJoined(subject=user.id), at=now)
                return
            holder = work.users.by_email(email_key(user.email)) if user.email else None
            if holder is None or holder.id != user.id:
                raise EmailTaken
            live = work.users.lock(user.id)
            chosen = live.with_password(user.password_hash or "", short=False)
            work.users.save(attrs.evolve(chosen, name=user.name, language=user.language))

    def _opened(self, start: _Start, token: str, profile: TenantProfile, visitor: Visitor) -> None:
        now = self.clock.now()
        founder = Actor(tenant=start.tenant, user=start.user, request=visitor.request)
        owner = Founder(user=start.user, membership=MembershipId(self.ids.new(now)))
        with self.unit_of_work(founder) as work:
            if work.tenant_links.use(LinkPurpose.SIGN_UP, digest(token), at=now) is None:
                raise LinkInvalid
            open_shop(work, start.tenant, profile, at=now, owner=owner)
