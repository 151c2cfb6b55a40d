"""Passwords: forgotten, and changed."""

from datetime import datetime
from typing import ClassVar

import attrs

from kasa.application.identity.asking import Asking
from kasa.application.identity.beginning import Sessions, long_secret
from kasa.application.identity.factors import Factors, FactorVerdict, SignInFailed
from kasa.application.identity.throttling import Tries
from kasa.application.identity.visiting import SignedIn, Visitor, digest
from kasa.application.identity.watching import Watch
from kasa.application.identity.wishing import Wished, Wishes
from kasa.application.ports.credentials import HashingBusy, PasswordHasher
from kasa.application.ports.system import Clock, Secrets
from kasa.application.ports.work import PlatformWork, UnitOfWorkFactory
from kasa.domain.identity.access import PlatformActor
from kasa.domain.identity.lockout import Counter
from kasa.domain.identity.mail import MailKind
from kasa.domain.identity.one_time_link import LinkInvalid, LinkPurpose
from kasa.domain.identity.password import shown
from kasa.domain.identity.security import SecurityKind
from kasa.domain.identity.user import LinkedIdentity, User, email, email_key
from kasa.domain.kernel.errors import Unauthenticated


@attrs.frozen(kw_only=True, eq=False)
class AskReset:
    """Mail a link by which a forgotten password is replaced, for an hour, once, in any browser.

    It works while the account is locked. Whether there is such a person is not to be learned.
    """

    anybody: ClassVar[bool] = True

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    secrets: Secrets
    asking: Asking

    def __call__(self, visitor: Visitor, address: str) -> None:
        """Queue the mail.

        Raises ``identity.email`` for what is no address, ``identity.locked_out`` for a network
        address that asks too often, and ``channel.unavailable`` where no mail is set up.
        """
        self.asking.mails.demand()
        wanted = email(address)
        token = long_secret(self.secrets)
        now = self.clock.now()
        with self.unit_of_work.platform() as work:
            asked = self.asking.taken(work, visitor, Counter.RESET, email_key(wanted), at=now)
            if asked.allowed:
                user = self.asking.reached(asked, work.users.by_email(email_key(wanted)))
                link = self.asking.link(LinkPurpose.RESET, token, user, at=now)
                work.links.add(link)
                self.asking.mail(work, user, MailKind.RESET, {"token": token}, link=link, at=now)
        asked.demand()


@attrs.frozen(kw_only=True)
class ResetDone:
    """A password was replaced; ``identities`` are the other ways in, to be looked through.

    ``device`` is a secret for the browser to keep: it is known from now on.
    """

    device: str | None = attrs.field(default=None, repr=False)
    identities: tuple[LinkedIdentity, ...] = ()


@attrs.frozen(kw_only=True, eq=False)
class ResetPassword:
    """Replace a forgotten password by the link that was mailed; nobody is signed in by it.

    Every sign-in of the person ends, what was counted against them is forgotten, and this browser
    is known. With a second factor it is asked for, and until it is right nothing is used up.
    """

    anybody: ClassVar[bool] = True

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    secrets: Secrets
    passwords: PasswordHasher
    wishes: Wishes
    tries: Tries
    factors: Factors
    asking: Asking
    watch: Watch

    def __call__(
        self, visitor: Visitor, token: str, password: str, *, totp: str | None = None
    ) -> ResetDone:
        """Return the person's other ways to sign in.

        Raises ``identity.link_invalid``, ``identity.password_*``, ``identity.totp_required``,
        ``identity.sign_in_failed`` for a wrong second factor, ``identity.locked_out`` and
        ``identity.busy``.
        """
        user = self._meant(token)
        if user is None:
            raise LinkInvalid
        wished = self.wishes.judged(
            password,
            second_factor=user.has_second_factor,
            email=user.email,
            names=(user.name,),
        )
        hashed = self.passwords.hash(wished.form)
        now = self.clock.now()
        with self.unit_of_work.platform() as work:
            done = self._reset(work, visitor, token, wished, hashed=hashed, totp=totp, at=now)
        if isinstance(done, FactorVerdict):
            done.refuse()
        if done is None:
            raise LinkInvalid
        return done

    def _meant(self, token: str) -> User | None:
        now = self.clock.now()
        with self.unit_of_work.platform() as work:
            link = work.links.get(LinkPurpose.RESET, digest(token))
            if link is None or link.user is None or not link.is_open(now):
                return None
            user = work.users.get(link.user)
        return user if user.is_enabled else None

    def _reset(
        self,
        work: PlatformWork,
        visitor: Visitor,
        token: str,
        wished: Wished,
        *,
        hashed: str,
        totp: str | None,
        at: datetime,
    ) -> ResetDone | FactorVerdict | None:
        link = work.links.lock(LinkPurpose.RESET, digest(token))
        if link is None or link.user is None or not link.is_open(at):
            self.watch.note(work, SecurityKind.LINK_FAILED, at=at, visitor=visitor)
            return None
        user = work.users.lock(link.user)
        if not user.is_enabled or (wished.short and not user.has_second_factor):
            return None
        factor = self.factors.asked(work, user, totp, at=at)
        if not factor.passed:
            return factor
        work.links.save(link.used(at=at))
        work.links.end(user.id, LinkPurpose.RESET, at=at)
        work.links.end(user.id, LinkPurpose.MAGIC, at=at)
        work.users.save(factor.user.with_password(hashed, short=wished.short))
        work.sessions.end_all(user.id, at=at)
        if user.email is not None:
            work.attempts.clear([self.tries.account(email_key(user.email))])
        known = visitor.has_device and work.sessions.knows(user.id, visitor.device_hash)
        device = None if known else self.secrets.token()
        work.sessions.remember(user.id, digest(device) if device else visitor.device_hash, at=at)
        self.factors.told(work, factor.user, factor, at=at)
        kind = SecurityKind.PASSWORD_CHANGED
        self.watch.note(work, kind, at=at, user=user.id, visitor=visitor, detail="reset")
        self.asking.mails.tell(work, user, MailKind.PASSWORD_CHANGED, at=at, place=visitor.place)
        return ResetDone(device=device, identities=work.users.identities(user.id))


@attrs.frozen(kw_only=True, eq=False)
class OwnPassword:
    """Checks the password of a person who is signed in; wrong ones count on that sign-in alone."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    passwords: PasswordHasher
    tries: Tries

    def demand(self, person: PlatformActor, password: str | None) -> User:
        """Return the person, or raise ``identity.sign_in_failed`` or ``identity.locked_out``.

        Who has no password has nothing to show: they sign in once more, by mail.
        """
        tries = self.tries.of_session(person.own_session)
        with self.unit_of_work.platform(person) as work:
            user = work.users.get(person.person)
            verdict = work.attempts.take(tries, at=self.clock.now())
        verdict.demand()
        form = shown(password)
        try:
            right = self.passwords.verify(
                user.password_hash if form is not None else None, form or ""
            )
        except HashingBusy:
            self._give_back(person)
            raise
        if not right:
            raise SignInFailed
        self._give_back(person)
        return user

    def _give_back(self, person: PlatformActor) -> None:
        with self.unit_of_work.platform(person) as work:
            work.attempts.give_back(self.tries.of_session(person.own_session))


@attrs.frozen(kw_only=True, eq=False)
class ChangePassword:
    """Change one's own password; every sign-in of the person ends but this one, which is renewed.

    Who has a password shows it; who has none chooses their first.
    """

    recent: ClassVar[bool] = True

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    passwords: PasswordHasher
    own: OwnPassword
    wishes: Wishes
    sessions: Sessions
    watch: Watch

    def __call__(self, person: PlatformActor, new: str, *, current: str | None = None) -> SignedIn:
        """Return what carries the renewed sign-in.

        Raises ``identity.recent_sign_in_needed``, ``identity.sign_in_failed`` for a wrong current
        password, ``identity.password_*``, ``identity.locked_out`` and ``identity.busy``.
        """
        person.require_recent()
        with self.unit_of_work.platform(person) as work:
            user = work.users.get(person.person)
        if user.password_hash is not None:
            user = self.own.demand(person, current)
        wished = self.wishes.judged(
            new, second_factor=user.has_second_factor, email=user.email, names=(user.name,)
        )
        hashed = self.passwords.hash(wished.form)
        now = self.clock.now()
        with self.unit_of_work.platform(person) as work:
            live = work.users.lock(user.id)
            if live.password_hash != user.password_hash or (
                wished.short and not live.has_second_factor
            ):
                raise Unauthenticated
            work.users.save(live.with_password(hashed, short=wished.short))
            if live.email is not None:
                work.attempts.clear([self.own.tries.account(email_key(live.email))])
            begun = self.sessions.renew(work, live, person.own_session, at=now)
            work.sessions.end_all(live.id, at=now, but=begun.session.id)
            for purpose in (LinkPurpose.RESET, LinkPurpose.MAGIC):
                work.links.end(live.id, purpose, at=now)
            self.watch.note(work, SecurityKind.PASSWORD_CHANGED, at=now, user=live.id)
            self.sessions.mails.tell(work, live, MailKind.PASSWORD_CHANGED, at=now)
        return self.sessions.given(begun, at=now)
