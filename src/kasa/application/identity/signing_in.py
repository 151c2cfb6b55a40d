"""Signing in with a password."""

from datetime import datetime
from typing import ClassVar

import attrs

from kasa.application.identity.beginning import Begun, Sessions
from kasa.application.identity.factors import Factors, FactorVerdict, SignInFailed
from kasa.application.identity.throttling import Tries
from kasa.application.identity.visiting import SignedIn, Visitor
from kasa.application.identity.watching import Watch
from kasa.application.ports.credentials import HashingBusy, PasswordHasher
from kasa.application.ports.system import Clock
from kasa.application.ports.work import PlatformWork, UnitOfWorkFactory
from kasa.domain.identity.events import AccountLocked
from kasa.domain.identity.lockout import Counter, LockoutVerdict, Try
from kasa.domain.identity.password import shown
from kasa.domain.identity.security import SecurityKind
from kasa.domain.identity.user import EmailKey, EmailMalformed, User, email, email_key
from kasa.domain.kernel.events import OperatorAlert
from kasa.domain.kernel.ids import PLATFORM

SITE_ALERT = "identity.site_under_attack"


@attrs.frozen(kw_only=True)
class Knock:
    """A try to sign in that was counted: whose account it is, if anybody's, and on what counters.

    ``is_off`` tells that no password opens the account from this browser.
    """

    key: EmailKey
    tries: tuple[Try, ...]
    verdict: LockoutVerdict
    user: User | None = None
    known_browser: bool = False
    is_off: bool = False


@attrs.frozen(kw_only=True)
class Passed:
    """What signing in came to: a sign-in, or the factor that is missing, or neither."""

    begun: Begun | None = None
    factor: FactorVerdict | None = None


def signing_key(address: str) -> EmailKey:
    """Return under what an address is looked up; one that is none fits nobody, and says so."""
    try:
        return email_key(email(address))
    except EmailMalformed as error:
        raise SignInFailed from error


@attrs.frozen(kw_only=True, eq=False)
class SignIn:
    """Let a person in who knows their password, and their second factor if they have one.

    In this order: throttle, person, hash, second factor, session. An unknown address does the same
    work as a known one with a wrong password, and gets the same answer.
    """

    anybody: ClassVar[bool] = True

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    passwords: PasswordHasher
    tries: Tries
    factors: Factors
    sessions: Sessions
    watch: Watch

    def __call__(
        self, visitor: Visitor, address: str, password: str, *, totp: str | None = None
    ) -> SignedIn:
        """Return what they are given.

        Raises ``identity.sign_in_failed`` whatever was wrong, ``identity.totp_required`` only after
        a right password, ``identity.locked_out`` and ``identity.busy``.
        """
        key = signing_key(address)
        now = self.clock.now()
        knock = self._knock(visitor, key, at=now)
        knock.verdict.demand()
        form = shown(password)
        right = self._is_right(knock, form)
        renewed = self._renewed(knock.user, form) if right and form is not None else None
        now = self.clock.now()
        with self.unit_of_work.platform() as work:
            if right and knock.user is not None:
                passed = self._enter(work, knock, visitor, totp=totp, renewed=renewed, at=now)
            else:
                passed = self._refused(work, knock, visitor, at=now)
        if passed.begun is not None:
            return self.sessions.given(passed.begun, at=now)
        if passed.factor is not None:
            passed.factor.refuse()
        raise SignInFailed

    def _knock(self, visitor: Visitor, key: EmailKey, *, at: datetime) -> Knock:
        """Count the try, and look who is meant; nothing here depends on whether there is one."""
        with self.unit_of_work.platform() as work:
            user = work.users.by_email(key)
            seen = work.sessions.knows(user.id if user else None, visitor.device_hash)
            known = seen and visitor.has_device
            counted = work.attempts.known(self.tries.account(key))
            tries = self.tries.of_password(
                key,
                device_hash=visitor.device_hash,
                address=visitor.address,
                known_browser=known,
            )
            verdict = work.attempts.take(tries, at=at)
            if verdict.alarm:
                self.watch.note(work, SecurityKind.SITE_UNDER_ATTACK, at=at)
                work.events.record(OperatorAlert(subject=PLATFORM, code=SITE_ALERT), at=at)
        is_off = counted.password_is_off or (user is not None and user.password_off_at is not None)
        return Knock(
            key=key,
            tries=tries,
            verdict=verdict,
            user=user,
            known_browser=known,
            is_off=is_off and not known,
        )

    def _is_right(self, knock: Knock, form: str | None) -> bool:
        """Tell whether it is the password; of nobody, and of who may not come in, it never is."""
        user = knock.user
        opens = user is not None and user.is_enabled and not knock.is_off
        fits = form is not None
        hashed = user.password_hash if user is not None and opens and fits else None
        try:
            return self.passwords.verify(hashed, form or "")
        except HashingBusy:
            with self.unit_of_work.platform() as work:
                work.attempts.give_back(knock.tries)
            raise

    def _renewed(self, user: User | None, form: str) -> str | None:
        """Return the password hashed anew when its hash is of yesterday's cost."""
        if user is None or not user.password_hash:
            return None
        if not self.passwords.is_outdated(user.password_hash):
            return None
        return self.passwords.hash(form)

    def _enter(
        self,
        work: PlatformWork,
        knock: Knock,
        visitor: Visitor,
        *,
        totp: str | None,
        renewed: str | None,
        at: datetime,
    ) -> Passed:
        """Ask for the second factor of who knows the password, and begin their sign-in."""
        seen = knock.user
        user = work.users.lock(seen.id) if seen else None
        if user is None or seen is None or user.password_hash != seen.password_hash:
            return self._refused(work, knock, visitor, at=at)
        if not user.is_enabled:
            return self._refused(work, knock, visitor, at=at)
        factor = self.factors.asked(work, user, totp, at=at)
        if not factor.passed:
            work.attempts.give_back(knock.tries)
            if totp is not None:
                kind = SecurityKind.FACTOR_FAILED
                self.watch.note(work, kind, at=at, user=user.id, visitor=visitor)
            return Passed(factor=factor)
        entered = factor.user.rehashed(renewed) if renewed else factor.user
        if entered != user:
            work.users.save(entered)
        self._forgive(work, knock)
        begun = self.sessions.begin(work, entered, visitor, at=at)
        self.factors.told(work, entered, factor, at=at)
        return Passed(begun=begun)

    def _forgive(self, work: PlatformWork, knock: Knock) -> None:
        """Give back what a full sign-in took; an address that guessed others keeps its count."""
        own = {Counter.ACCOUNT, Counter.BROWSER}
        account = self.tries.account(knock.key)
        taken = {one.key: one for one in knock.tries}
        # In the order of the keys, as every try locks them: two sign-ins at once never cross.
        for key in sorted({*taken, account}):
            one = taken.get(key)
            if one is None:
                work.attempts.forgive([key])
            elif one.counter in own:
                work.attempts.clear([key])
            else:
                work.attempts.give_back([one])

    def _refused(
        self, work: PlatformWork, knock: Knock, visitor: Visitor, *, at: datetime
    ) -> Passed:
        """Write down that somebody failed, and what closes by it."""
        user = knock.user
        who = user.id if user else None
        self.watch.note(work, SecurityKind.SIGN_IN_FAILED, at=at, user=who, visitor=visitor)
        if knock.verdict.locked:
            self.watch.note(work, SecurityKind.LOCKED_OUT, at=at, user=who, visitor=visitor)
            if user is not None and Counter.ACCOUNT in knock.verdict.locked:
                work.events.record(AccountLocked(subject=user.id), at=at)
        failures = work.attempts.known(self.tries.account(knock.key))
        if user is not None and failures.password_is_off and user.password_off_at is None:
            live = work.users.lock(user.id)
            work.users.save(attrs.evolve(live, password_off_at=at))
            self.watch.note(work, SecurityKind.PASSWORD_OFF, at=at, user=user.id)
        return Passed()
