"""Counts of tries and of calls in memory."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import Lock

from kasa.adapters.memory.identity.rows import ATTEMPTS
from kasa.adapters.memory.tables import Working
from kasa.application.ports.identity.attempts import Rate, Taken
from kasa.application.ports.system import Clock
from kasa.domain.identity.lockout import (
    NOTHING_TRIED,
    LockoutVerdict,
    LoginAttempts,
    Try,
    forgiven,
    given_back,
    take_all,
)


class MemoryAttempts:
    """Counters of tries, by the keyed digest of whom they count."""

    def __init__(self, rows: Working) -> None:
        self._rows = rows

    def take(self, tries: Sequence[Try], *, at: datetime) -> LockoutVerdict:
        """Take one try on each counter, or on none when one refuses."""
        verdict = take_all(tries, [self.known(one.key) for one in tries], at=at)
        if verdict.allowed:
            taken = zip(tries, verdict.attempts, strict=True)
            self._rows.write(ATTEMPTS).update({one.key: counted for one, counted in taken})
        return verdict

    def give_back(self, tries: Sequence[Try]) -> None:
        """Take a try back from each counter, for it was none."""
        less = {one.key: given_back(self.known(one.key), one.rule) for one in tries}
        self._rows.write(ATTEMPTS).update(less)

    def clear(self, keys: Sequence[bytes]) -> None:
        """Forget everything that was tried under these keys."""
        counters = self._rows.write(ATTEMPTS)
        for key in keys:
            counters.pop(key, None)

    def forgive(self, keys: Sequence[bytes]) -> None:
        """Begin the sum of failures anew; what is closed stays closed."""
        counters = self._rows.write(ATTEMPTS)
        counters.update({key: forgiven(counters[key]) for key in keys if key in counters})

    def known(self, key: bytes) -> LoginAttempts:
        """Return what was tried under a key; nothing, when it was never counted."""
        return self._rows.read(ATTEMPTS).get(key, NOTHING_TRIED)


class MemoryRateLimits:
    """Counts calls in windows that begin with the first one."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = Lock()
        self._windows: dict[bytes, tuple[datetime, int]] = {}

    def take(self, rate: Rate) -> Taken:
        """Count ``n`` more calls and return how many there are in the window now."""
        now = self._clock.now()
        with self._lock:
            start, taken = self._windows.get(rate.key, (now, 0))
            if start <= now - rate.window:
                start, taken = now, 0
            taken += rate.n
            self._windows[rate.key] = (start, taken)
        left = start + rate.window - now
        return Taken(taken=taken, retry_after=-(-left // timedelta(seconds=1)))
