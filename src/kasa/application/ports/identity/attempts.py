"""Counts of tries, which survive a crash; and of calls, which may be lost."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

import attrs

from kasa.domain.identity.lockout import LockoutVerdict, LoginAttempts, Try


class AttemptStore(Protocol):
    """Counters of tries, by the keyed digest of whom they count; nobody's name is in them."""

    def take(self, tries: Sequence[Try], *, at: datetime) -> LockoutVerdict:
        """Take one try on each counter, or on none when one refuses (``lockout.take_all``).

        The counters are locked in the order of their keys: two at once count two. Stored when the
        unit of work commits, so what follows a refusal must not roll it back.
        """

    def give_back(self, tries: Sequence[Try]) -> None:
        """Take a try back from each counter, for it was none (``lockout.given_back``)."""

    def clear(self, keys: Sequence[bytes]) -> None:
        """Forget everything that was tried under these keys."""

    def forgive(self, keys: Sequence[bytes]) -> None:
        """Begin the sum of failures anew; what is closed stays closed (``lockout.forgiven``)."""

    def known(self, key: bytes) -> LoginAttempts:
        """Return what was tried under a key; nothing, when it was never counted."""


@attrs.frozen(kw_only=True)
class Rate:
    """How many calls are allowed to whom: ``limit`` within ``window``; ``n`` are taken now."""

    key: bytes
    limit: int
    window: timedelta = timedelta(minutes=1)
    n: int = 1


@attrs.frozen(kw_only=True)
class Taken:
    """What was taken of a rate in its running window, and in how many seconds that ends."""

    taken: int
    retry_after: int


class RateLimits(Protocol):
    """Counts calls across processes, each in a transaction of its own."""

    def take(self, rate: Rate) -> Taken:
        """Count ``n`` more calls and return how many there are in the window now.

        Also when there are more than allowed. By the clock of the store.
        """
