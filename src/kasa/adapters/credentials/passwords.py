"""Password hashes: argon2id (RFC 9106), few at a time, because each takes 64 MiB of memory."""

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Semaphore

import attrs
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from kasa.application.ports.credentials import HashingBusy

AT_ONCE = 2
WAITING_MAX = 20
WAIT_SECONDS = 10.0
HASH_BYTES = 32
SALT_BYTES = 16


@attrs.frozen(kw_only=True)
class HashCost:
    """What one hash costs: memory in KiB, passes over it, and lanes."""

    memory_kib: int
    passes: int
    lanes: int


PRODUCTION = HashCost(memory_kib=64 * 1024, passes=3, lanes=4)
"""The second recommendation of RFC 9106, for little memory; about 0.2 s."""

CHEAP = HashCost(memory_kib=8, passes=1, lanes=1)
"""For tests alone."""


class Argon2Hasher:
    """Hashes at most 2 passwords at once, lets 20 wait, and refuses the next."""

    def __init__(self, cost: HashCost = PRODUCTION) -> None:
        self._hasher = PasswordHasher(
            time_cost=cost.passes,
            memory_cost=cost.memory_kib,
            parallelism=cost.lanes,
            hash_len=HASH_BYTES,
            salt_len=SALT_BYTES,
        )
        self._nobodys = _nobodys(cost)
        self._running = BoundedSemaphore(AT_ONCE)
        self._admitted = Semaphore(AT_ONCE + WAITING_MAX)

    def hash(self, password: str) -> str:
        """Return a salted hash that names its own parameters, or raise ``identity.busy``."""
        with self._turn():
            return self._hasher.hash(password)

    def verify(self, hashed: str | None, password: str) -> bool:
        """Tell whether it is the password; None costs as much and is never right."""
        with self._turn():
            try:
                self._hasher.verify(hashed or self._nobodys, password)
            except VerifyMismatchError:
                return False
        return hashed is not None

    def is_outdated(self, hashed: str) -> bool:
        """Tell whether a hash was made with other parameters than are used today."""
        return self._hasher.check_needs_rehash(hashed)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._admitted.acquire(blocking=False):
            raise HashingBusy
        try:
            if not self._running.acquire(timeout=WAIT_SECONDS):
                raise HashingBusy
            try:
                yield
            finally:
                self._running.release()
        finally:
            self._admitted.release()


def _nobodys(cost: HashCost) -> str:
    """Return a hash of these costs that no password has but by a chance of 2**-256."""
    salt, digest = (_encoded(bytes(range(size))) for size in (SALT_BYTES, HASH_BYTES))
    costs = f"m={cost.memory_kib},t={cost.passes},p={cost.lanes}"
    return f"$argon2id$v=19${costs}${salt}${digest}"


def _encoded(data: bytes) -> str:
    return b64encode(data).decode().rstrip("=")
