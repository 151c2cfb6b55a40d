"""How many tries a sign-in has, and how long it is closed afterwards (promises.md, section 11)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import attrs

from kasa.domain.kernel.errors import Throttled

LONGEST = timedelta(hours=24)
PASSWORD_OFF_AFTER = 100


class LockedOut(Throttled):
    """Too many tries to sign in; try again later, or ask for a new password."""

    code = "identity.locked_out"


class Counter(StrEnum):
    """Whom a count of tries belongs to.

    Those of sign-in count an account, a browser that signed in before, an address of the network,
    and the site. ``CODE`` and ``CODE_HOUR`` count codes of a second factor and of recovery. The
    others count mails: to a person by purpose, to a new address, from an address of the network.
    """

    ACCOUNT = "account"
    BROWSER = "browser"
    ADDRESS = "address"
    SITE = "site"
    CODE = "code"
    CODE_HOUR = "code_hour"
    MAGIC = "magic"
    RESET = "reset"
    SIGN_UP = "sign_up"
    LINK_ADDRESS = "link_address"


@attrs.frozen(kw_only=True)
class LockoutRule:
    """``tries`` within ``window``; then closed for ``closed``, which doubles with each strike.

    Where the count ``drains`` one try is forgotten in each such span, and nothing is ever closed
    for longer. ``refuses`` is false where the count only raises an alarm.
    """

    tries: int
    window: timedelta
    closed: timedelta
    doubles: bool = False
    drains: bool = False
    refuses: bool = True


def _window(tries: int, **span: int) -> LockoutRule:
    """Return a rule that closes for as long as it counts."""
    return LockoutRule(tries=tries, window=timedelta(**span), closed=timedelta(**span))


_GROWING = LockoutRule(
    tries=5, window=timedelta(minutes=15), closed=timedelta(minutes=15), doubles=True
)
_DRAINING = LockoutRule(tries=5, window=timedelta(hours=1), closed=timedelta(), drains=True)
RULES: dict[Counter, LockoutRule] = {
    Counter.ACCOUNT: _GROWING,
    Counter.BROWSER: _GROWING,
    Counter.ADDRESS: _window(10, minutes=5),
    Counter.SITE: attrs.evolve(_window(1_000, minutes=5), refuses=False),
    Counter.CODE: _window(5, minutes=5),
    Counter.CODE_HOUR: _window(20, hours=1),
    Counter.MAGIC: _DRAINING,
    Counter.RESET: _DRAINING,
    Counter.SIGN_UP: _window(5, hours=24),
    Counter.LINK_ADDRESS: _window(20, hours=1),
}


@attrs.frozen(kw_only=True)
class Try:
    """A try about to be made; ``key`` is the keyed digest of whom its counter counts."""

    counter: Counter
    key: bytes

    @property
    def rule(self) -> LockoutRule:
        """How many such tries there are."""
        return RULES[self.counter]


@attrs.frozen(kw_only=True)
class LoginAttempts:
    """What was tried under one key: tries of the running window, and strikes so far.

    ``total`` counts the failures since the last full sign-in or reset.
    """

    failures: int = 0
    window_start: datetime | None = None
    blocked_until: datetime | None = None
    strikes: int = 0
    total: int = 0

    @property
    def password_is_off(self) -> bool:
        """Whether only a reset opens the account to a new browser (NIST SP 800-63B, 5.2.2)."""
        return self.total >= PASSWORD_OFF_AFTER


NOTHING_TRIED = LoginAttempts()


@attrs.frozen(kw_only=True)
class LockoutVerdict:
    """Whether a try may go on, and in how many seconds to come back if not.

    ``attempts`` is what is counted then, one for each counter asked, in their order. ``locked``
    are the counters that closed with this try, ``alarm`` that one of them refuses nobody.
    """

    allowed: bool
    attempts: tuple[LoginAttempts, ...] = ()
    retry_after: int = 0
    locked: tuple[Counter, ...] = ()
    alarm: bool = False

    def demand(self) -> None:
        """Return when the try may go on, else raise ``identity.locked_out``."""
        if not self.allowed:
            raise LockedOut(retry_after=self.retry_after)


def counters_of(*, known_browser: bool) -> tuple[Counter, ...]:
    """Return which counters a password counts on.

    A browser that signed in before has its own and no other, so a stranger's tries never close
    the door of the owner; the site's count alarms and refuses nobody.
    """
    own = (Counter.BROWSER,) if known_browser else (Counter.ACCOUNT, Counter.ADDRESS)
    return (*own, Counter.SITE)


def take(attempts: LoginAttempts, rule: LockoutRule, *, at: datetime) -> LockoutVerdict:
    """Take a try on one counter before its secret is looked at."""
    if rule.drains:
        return _take_draining(attempts, rule, at=at)
    if attempts.blocked_until is not None and at < attempts.blocked_until:
        wait = _seconds(attempts.blocked_until - at) if rule.refuses else 0
        return LockoutVerdict(allowed=not rule.refuses, attempts=(attempts,), retry_after=wait)
    start = attempts.window_start
    if start is None or at >= start + rule.window or attempts.blocked_until is not None:
        attempts = attrs.evolve(attempts, failures=0, window_start=at, blocked_until=None)
    taken = attrs.evolve(attempts, failures=attempts.failures + 1, total=attempts.total + 1)
    if taken.failures < rule.tries:
        return LockoutVerdict(allowed=True, attempts=(taken,))
    closed = (
        min(rule.closed * 2 ** min(taken.strikes, 16), LONGEST) if rule.doubles else rule.closed
    )
    shut = attrs.evolve(taken, blocked_until=at + closed, strikes=taken.strikes + 1)
    return LockoutVerdict(allowed=True, attempts=(shut,), alarm=not rule.refuses)


def _take_draining(attempts: LoginAttempts, rule: LockoutRule, *, at: datetime) -> LockoutVerdict:
    """Take a try from a count that forgets one in each window, never before it was made."""
    start = attempts.window_start or at
    forgotten = max((at - start) // rule.window, 0)
    level = max(attempts.failures - forgotten, 0)
    start = start + forgotten * rule.window if level else at
    drained = attrs.evolve(attempts, failures=level, window_start=start)
    if level >= rule.tries:
        wait = _seconds(start + rule.window - at)
        return LockoutVerdict(allowed=False, attempts=(drained,), retry_after=wait)
    taken = attrs.evolve(drained, failures=level + 1, total=attempts.total + 1)
    return LockoutVerdict(allowed=True, attempts=(taken,))


def take_all(
    tries: Sequence[Try], known: Sequence[LoginAttempts], *, at: datetime
) -> LockoutVerdict:
    """Take a try on several counters: on all, or on none when one of them refuses."""
    verdicts = [take(attempts, one.rule, at=at) for one, attempts in zip(tries, known, strict=True)]
    refused = [verdict.retry_after for verdict in verdicts if not verdict.allowed]
    if refused:
        return LockoutVerdict(allowed=False, attempts=tuple(known), retry_after=max(refused))
    taken = tuple(attempts for verdict in verdicts for attempts in verdict.attempts)
    locked = tuple(
        one.counter
        for one, before, after in zip(tries, known, taken, strict=True)
        if after.strikes > before.strikes
    )
    alarm = any(verdict.alarm for verdict in verdicts)
    return LockoutVerdict(allowed=True, attempts=taken, locked=locked, alarm=alarm)


def given_back(attempts: LoginAttempts, rule: LockoutRule) -> LoginAttempts:
    """Return the count without a try that turned out to be none, opened again if it had closed."""
    failures = max(attempts.failures - 1, 0)
    less = attrs.evolve(attempts, failures=failures, total=max(attempts.total - 1, 0))
    if attempts.blocked_until is None or failures >= rule.tries:
        return less
    return attrs.evolve(less, blocked_until=None, strikes=max(attempts.strikes - 1, 0))


def forgiven(attempts: LoginAttempts) -> LoginAttempts:
    """Return the count after a full sign-in elsewhere: closed stays closed, the sum is new."""
    return attrs.evolve(attempts, total=0)


def _seconds(wait: timedelta) -> int:
    """Return a wait in whole seconds, rounded up."""
    return -(-wait // timedelta(seconds=1))
