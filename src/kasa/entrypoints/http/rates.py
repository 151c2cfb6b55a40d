"""How often somebody may read, counted in this process alone."""

import threading
import time
from collections.abc import Callable, Hashable
from math import ceil
from uuid import UUID

import attrs

from kasa.domain.kernel.errors import Throttled
from kasa.entrypoints.http.forwarded import neighbourhood

MINUTE_SECONDS = 60
KEYS_MAX = 100_000
ANONYMOUS_A_MINUTE = 100


@attrs.frozen(kw_only=True)
class Rates:
    """How many calls a minute each kind of caller and call may make."""

    writes: int = 120
    uploads: int = 30
    reads: int = 600
    anonymous: int = ANONYMOUS_A_MINUTE


class Buckets:
    """Counts by key in windows that begin with the first call of each key."""

    def __init__(
        self, now: Callable[[], float] = time.monotonic, *, keys_max: int = KEYS_MAX
    ) -> None:
        self._now = now
        self._keys_max = keys_max
        self._lock = threading.Lock()
        self._windows: dict[Hashable, tuple[float, int]] = {}

    def take(self, key: Hashable, limit: int, *, seconds: int = MINUTE_SECONDS) -> None:
        """Count one call, or raise ``rate.limited`` with the seconds until the window ends."""
        now = self._now()
        with self._lock:
            began, taken = self._windows.get(key, (now, 0))
            if now - began >= seconds:
                began, taken = now, 0
                self._windows.pop(key, None)
            if taken >= limit:
                raise Throttled(
                    "That is too often.", retry_after=max(1, ceil(began + seconds - now))
                )
            if not taken:
                self._make_room()
            self._windows[key] = (began, taken + 1)

    def _make_room(self) -> None:
        """Forget who came first: a flood of keys costs no memory without end."""
        while len(self._windows) >= self._keys_max:
            del self._windows[next(iter(self._windows))]


class Turnstile:
    """Counts what this process counts by itself: reads, and calls of whoever is not signed in.

    Without rates nothing is counted.
    """

    def __init__(self, rates: Rates | None, buckets: Buckets | None = None) -> None:
        self._rates = rates
        self._buckets = buckets or Buckets()

    def take_anonymous(self, address: str, *, is_health: bool = False) -> None:
        """Count a call of an address, or raise ``rate.limited``."""
        if self._rates is not None:
            limit = self._rates.reads if is_health else self._rates.anonymous
            self._buckets.take((is_health, neighbourhood(address)), limit)

    def take_read(self, caller: UUID) -> None:
        """Count a read of somebody who is signed in, or raise ``rate.limited``."""
        if self._rates is not None:
            self._buckets.take(caller, self._rates.reads)
