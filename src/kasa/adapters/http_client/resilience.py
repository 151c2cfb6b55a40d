"""When an outside system is left alone, and how often it is tried again within seconds."""

import time
from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import TypeVar

import attrs
import stamina
from purgatory import SyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState

from kasa.adapters.http_client.errors import CircuitOpen, Unreachable

AnswerT = TypeVar("AnswerT")

FAILURES = 5
OPEN_SECONDS = 30
ATTEMPTS = 3
PATIENCE_SECONDS = 10


class Faulty(Exception):
    """An answer that counts against the outside system, such as a status of 5xx."""


class Breaker:
    """Leaves a host alone for 30 s after 5 failures in a row, or for as long as it is told."""

    def __init__(self, name: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._name = name
        self._clock = clock
        self._lock = Lock()
        self._held_until = 0.0
        self._circuits = SyncCircuitBreakerFactory(
            default_threshold=FAILURES, default_ttl=OPEN_SECONDS
        )

    def hold(self, seconds: float) -> None:
        """Leave the host alone for a while, whatever it answers."""
        with self._lock:
            self._held_until = max(self._held_until, self._clock() + seconds)

    @property
    def held_seconds(self) -> int:
        """For how long the host is left alone because somebody said so; 0 when it is not."""
        left = self._held_until - self._clock()
        return max(0, int(left) + (left > int(left))) if left > 0 else 0

    def call(self, send: Callable[[], AnswerT]) -> AnswerT:
        """Call the host, or raise ``outside.left_alone``; ``Faulty`` and errors count against it.

        Raises what ``send`` raises.
        """
        if self.held_seconds:
            raise CircuitOpen(retry_after=self.held_seconds)
        try:
            with self._circuits.get_breaker(self._name):
                return send()
        except OpenedState as error:
            raise CircuitOpen(retry_after=OPEN_SECONDS) from error


@attrs.define(eq=False)
class Pace:
    """At most so many calls within a window of seconds, over all threads of the process."""

    limit: int
    window: float = 1.0
    clock: Callable[[], float] = time.monotonic
    _taken: deque[float] = attrs.field(factory=deque, init=False)
    _lock: Lock = attrs.field(factory=Lock, init=False, repr=False)

    def take(self) -> bool:
        """Return whether a call may be made now; then it counts."""
        with self._lock:
            now = self.clock()
            while self._taken and now - self._taken[0] >= self.window:
                self._taken.popleft()
            if len(self._taken) >= self.limit:
                return False
            self._taken.append(now)
            return True


def patiently(
    send: Callable[[], AnswerT], *, attempts: int = ATTEMPTS, first_wait: float = 0.2
) -> AnswerT:
    """Call again when the host cannot be reached, at most 3 times within 10 s.

    Only for calls that may be repeated. What the error asks to wait is waited for.
    """
    tries = stamina.retry_context(
        on=_asked_to_wait,
        attempts=attempts,
        timeout=PATIENCE_SECONDS,
        wait_initial=first_wait,
        wait_jitter=first_wait,
    )
    for attempt in tries:
        with attempt:
            return send()
    raise Unreachable


def _asked_to_wait(error: Exception) -> bool | float:
    if not isinstance(error, Unreachable):
        return False
    return float(error.retry_after) if error.retry_after else True
