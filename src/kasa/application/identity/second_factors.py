"""The second factor: asked for, confirmed, removed."""

from typing import ClassVar

import attrs

from kasa.application.identity.beginning import Sessions
from kasa.application.identity.factors import totp_place
from kasa.application.identity.notices import Mails
from kasa.application.identity.throttling import Tries
from kasa.application.identity.visiting import SignedIn
from kasa.application.identity.watching import Watch
from kasa.application.ports.credentials import OneTimeCodes, SecretBox
from kasa.application.ports.system import Clock
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.domain.identity.access import PlatformActor
from kasa.domain.identity.mail import MailKind
from kasa.domain.identity.second_factor import (
    NEVER,
    RECOVERY_CODES,
    TotpAlreadyOn,
    TotpNotAsked,
    TotpWrong,
    accepted_step,
    otpauth,
    recovery_code,
    recovery_hash,
    secret_text,
)
from kasa.domain.identity.security import SecurityKind

ISSUER = "kasa"


@attrs.frozen(kw_only=True)
class FactorAsked:
    """A second factor to be put into an authenticator, typed or as a QR code of ``address``."""

    secret: str = attrs.field(repr=False)
    address: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class FactorOn:
    """A second factor that is on, with its recovery codes, shown this once."""

    recovery_codes: tuple[str, ...] = attrs.field(repr=False)
    signed_in: SignedIn


@attrs.frozen(kw_only=True, eq=False)
class EnrolFactor:
    """Begin a second factor; it is asked for only when its first code was confirmed."""

    recent: ClassVar[bool] = True

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    box: SecretBox
    codes: OneTimeCodes

    def __call__(self, person: PlatformActor) -> FactorAsked:
        """Return what goes into the authenticator.

        Raises ``identity.recent_sign_in_needed`` and ``identity.totp_already_on``.
        """
        person.require_recent()
        secret = self.codes.secret()
        with self.unit_of_work.platform(person) as work:
            user = work.users.lock(person.person)
            if user.has_second_factor:
                raise TotpAlreadyOn
            work.users.save(user.asking_factor(self.box.seal(secret, totp_place(user))))
        account = user.email or user.name
        return FactorAsked(
            secret=secret_text(secret), address=otpauth(secret, issuer=ISSUER, account=account)
        )


@attrs.frozen(kw_only=True, eq=False)
class ConfirmFactor:
    """Turn a second factor on by its first code; the sign-in is renewed."""

    recent: ClassVar[bool] = True

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    box: SecretBox
    codes: OneTimeCodes
    tries: Tries
    sessions: Sessions
    mails: Mails
    watch: Watch

    def __call__(self, person: PlatformActor, typed: str) -> FactorOn:
        """Return ten recovery codes, and what carries the renewed sign-in.

        Raises ``identity.recent_sign_in_needed``, ``identity.totp_not_asked``,
        ``identity.totp_already_on``, ``identity.totp_wrong`` and ``identity.locked_out``.
        """
        person.require_recent()
        recovery = tuple(recovery_code(self.codes.recovery()) for _ in range(RECOVERY_CODES))
        now = self.clock.now()
        with self.unit_of_work.platform(person) as work:
            user = work.users.lock(person.person)
            if user.has_second_factor:
                raise TotpAlreadyOn
            if user.totp_pending is None:
                raise TotpNotAsked
            tries = self.tries.of_code(user.id)
            verdict = work.attempts.take(tries, at=now)
            step, begun = None, None
            if verdict.allowed:
                secret = self.box.open(user.totp_pending, totp_place(user))
                step = accepted_step(secret, typed, last_step=NEVER, at=now)
            if step is not None:
                work.attempts.clear([one.key for one in tries])
                hashes = tuple(recovery_hash(code) for code in recovery)
                guarded = user.with_factor(step=step, recovery=hashes)
                work.users.save(guarded)
                begun = self.sessions.renew(work, guarded, person.own_session, at=now)
                self.watch.note(work, SecurityKind.FACTOR_ADDED, at=now, user=user.id)
                self.mails.tell(work, user, MailKind.FACTOR_CHANGED, at=now, what="added")
        verdict.demand()
        if begun is None:
            raise TotpWrong
        return FactorOn(recovery_codes=recovery, signed_in=self.sessions.given(begun, at=now))


@attrs.frozen(kw_only=True, eq=False)
class RemoveFactor:
    """Turn the second factor off; whose password is too short to stand alone changes it first."""

    recent: ClassVar[bool] = True

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    sessions: Sessions
    mails: Mails
    watch: Watch

    def __call__(self, person: PlatformActor) -> SignedIn:
        """Return what carries the renewed sign-in.

        Raises ``identity.recent_sign_in_needed``, ``identity.totp_not_asked`` when there is none,
        and ``identity.new_password_needed``.
        """
        person.require_recent()
        now = self.clock.now()
        with self.unit_of_work.platform(person) as work:
            user = work.users.lock(person.person)
            if not user.has_second_factor:
                raise TotpNotAsked
            bare = user.without_factor()
            work.users.save(bare)
            begun = self.sessions.renew(work, bare, person.own_session, at=now)
            self.watch.note(work, SecurityKind.FACTOR_REMOVED, at=now, user=user.id)
            self.mails.tell(work, user, MailKind.FACTOR_CHANGED, at=now, what="removed")
        return self.sessions.given(begun, at=now)
