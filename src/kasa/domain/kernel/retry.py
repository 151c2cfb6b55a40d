"""When a failed job is tried again, as a pure function."""

from datetime import timedelta
from fractions import Fraction

import attrs

from kasa.domain.kernel.money import rounded

ATTEMPTS_MAX = 25
SPREAD_PERCENT = 10


@attrs.frozen(kw_only=True)
class RetryPolicy:
    """First wait, growth, ceiling and end of the tries of one reaction."""

    first: timedelta
    factor: int
    ceiling: timedelta
    give_up_after: timedelta
    waits: tuple[timedelta, ...] = ()
    attempts_max: int = ATTEMPTS_MAX

    def wait(
        self, attempt: int, age: timedelta, asked: timedelta, *, seed: int
    ) -> timedelta | None:
        """Return how long to wait after a failed ``attempt`` (from 1), or None to give up.

        ``age`` counts from the event, ``asked`` is what the failure itself asked for, ``seed``
        (0 to 255) spreads equal waits by up to 10 percent without a random number.
        """
        if attempt >= self.attempts_max or age >= self.give_up_after:
            return None
        if self.waits:
            wanted = self.waits[min(attempt, len(self.waits)) - 1]
        else:
            wanted = self._grown(attempt)
        wanted = max(wanted, asked)
        share = Fraction(SPREAD_PERCENT * (seed % 256), 100 * 255)
        microseconds = wanted // timedelta(microseconds=1)
        return wanted + timedelta(microseconds=rounded(microseconds * share))

    def _grown(self, attempt: int) -> timedelta:
        wanted = self.first
        for _ in range(attempt - 1):
            if wanted >= self.ceiling or self.factor == 1:
                break
            wanted *= self.factor
        return min(wanted, self.ceiling)
