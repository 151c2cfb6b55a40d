"""Signing in by a link, or the code beside it, that came by mail."""

import hmac
from datetime import datetime
from typing import ClassVar

import attrs

from kasa.application.identity.asking import Asking
from kasa.application.identity.beginning import Begun, Sessions, long_secret
from kasa.application.identity.factors import Factors, FactorVerdict
from kasa.application.identity.throttling import Tries
from kasa.application.identity.visiting import SignedIn, Visitor, digest
from kasa.application.identity.watching import Watch
from kasa.application.ports.credentials import KeyedDigests, OneTimeCodes, Purpose
from kasa.application.ports.system import Clock, Secrets
from kasa.application.ports.work import PlatformWork, UnitOfWorkFactory
from kasa.domain.identity.lockout import Counter
from kasa.domain.identity.mail import MailKind
from kasa.domain.identity.one_time_link import LinkInvalid, LinkPurpose, OneTimeLink
from kasa.domain.identity.security import SecurityKind
from kasa.domain.identity.user import User, email, email_key
from kasa.domain.kernel.ids import LinkId


def code_data(link: LinkId, code: str) -> bytes:
    """Return what the keyed digest of a code is made of; the same code of another link differs."""
    return f"{link}:{code}".encode()


@attrs.frozen(kw_only=True, eq=False)
class AskMagicLink:
    """Mail a link and a code that sign a person in, 10 minutes long, once, in this browser.

    Whether there is such a person is not to be learned: an unknown address gets a link of nobody
    and a mail to nobody, and so does one that was mailed too often.
    """

    anybody: ClassVar[bool] = True

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    secrets: Secrets
    codes: OneTimeCodes
    digests: KeyedDigests
    asking: Asking

    def __call__(self, visitor: Visitor, address: str) -> str:
        """Return the secret of the browser that asked, with which alone the link works.

        Raises ``identity.email`` for what is no address, ``identity.locked_out`` for a network
        address that asks too often, and ``channel.unavailable`` where no mail is set up.
        """
        self.asking.mails.demand()
        wanted = email(address)
        request, token, code = long_secret(self.secrets), long_secret(self.secrets), ""
        code = self.codes.digits()
        now = self.clock.now()
        with self.unit_of_work.platform() as work:
            asked = self.asking.taken(work, visitor, Counter.MAGIC, email_key(wanted), at=now)
            if asked.allowed:
                user = self.asking.reached(asked, work.users.by_email(email_key(wanted)))
                link = self.asking.link(LinkPurpose.MAGIC, token, user, at=now)
                mac = self.digests.digest(Purpose.CODES, code_data(link.id, code))
                bound = attrs.evolve(link, code_mac=mac, browser_hash=digest(request))
                work.links.add(bound)
                facts = {"token": token, "code": code}
                self.asking.mail(work, user, MailKind.MAGIC, facts, link=bound, at=now)
        asked.demand()
        return request


@attrs.frozen(kw_only=True)
class Redeemed:
    """What redeeming came to: a sign-in, the factor that is missing, or neither."""

    begun: Begun | None = None
    factor: FactorVerdict | None = None


@attrs.frozen(kw_only=True, eq=False)
class RedeemMagicLink:
    """Sign a person in by the link or the code that they were mailed, in the browser that asked.

    The code is tried five times at most, each counted before it is compared. A second factor is
    asked for as with a password, and until it is right nothing is used up.
    """

    anybody: ClassVar[bool] = True

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    digests: KeyedDigests
    tries: Tries
    factors: Factors
    sessions: Sessions
    watch: Watch

    def __call__(
        self,
        visitor: Visitor,
        request: str,
        *,
        token: str | None = None,
        code: str | None = None,
        totp: str | None = None,
    ) -> SignedIn:
        """Return what they are given.

        Raises ``identity.link_invalid``, ``identity.totp_required``, ``identity.sign_in_failed``
        for a wrong second factor, and ``identity.locked_out``.
        """
        now = self.clock.now()
        with self.unit_of_work.platform() as work:
            link = self._found(work, request, token=token, code=code, at=now)
            user = work.users.lock(link.user) if link is not None and link.user else None
            if link is None or user is None or not user.is_enabled:
                self.watch.note(work, SecurityKind.LINK_FAILED, at=now, visitor=visitor)
                redeemed = Redeemed()
            else:
                redeemed = self._redeemed(work, user, link, visitor, totp=totp, at=now)
        if redeemed.begun is not None:
            return self.sessions.given(redeemed.begun, at=now)
        if redeemed.factor is not None:
            redeemed.factor.refuse()
        raise LinkInvalid

    def _found(
        self,
        work: PlatformWork,
        request: str,
        *,
        token: str | None,
        code: str | None,
        at: datetime,
    ) -> OneTimeLink | None:
        """Return the open link of this browser whose token or code was shown, with a try taken."""
        asker = digest(request)
        if token is not None:
            link = work.links.lock(LinkPurpose.MAGIC, digest(token))
            if link is None or not link.is_open(at):
                return None
            same = hmac.compare_digest(link.browser_hash or b"", asker)
            return link if same else None
        link = work.links.lock_asked(LinkPurpose.MAGIC, asker)
        if link is None or code is None or not link.is_open(at) or not link.has_tries:
            return None
        tried = link.tried()
        work.links.save(tried)
        typed = "".join(code.split())
        right = link.code_mac is not None and self.digests.matches(
            Purpose.CODES, code_data(link.id, typed), link.code_mac
        )
        return tried if right else None

    def _redeemed(
        self,
        work: PlatformWork,
        user: User,
        link: OneTimeLink,
        visitor: Visitor,
        *,
        totp: str | None,
        at: datetime,
    ) -> Redeemed:
        factor = self.factors.asked(work, user, totp, at=at)
        if not factor.passed:
            # A code that was right is no guess: its try is given back.
            work.links.save(attrs.evolve(link, tries=max(link.tries - 1, 0)))
            if totp is not None:
                kind = SecurityKind.FACTOR_FAILED
                self.watch.note(work, kind, at=at, user=user.id, visitor=visitor)
            return Redeemed(factor=factor)
        work.links.save(link.used(at=at))
        if factor.user != user:
            work.users.save(factor.user)
        if user.email is not None and user.password_off_at is None:
            work.attempts.clear([self.tries.account(email_key(user.email))])
        begun = self.sessions.begin(work, factor.user, visitor, at=at)
        self.factors.told(work, factor.user, factor, at=at)
        return Redeemed(begun=begun)
