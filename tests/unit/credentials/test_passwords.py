"""Password hashes: dear to guess, and few at a time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event, Semaphore

import pytest

from kasa.adapters.credentials.passwords import (
    AT_ONCE,
    CHEAP,
    PRODUCTION,
    WAITING_MAX,
    Argon2Hasher,
)
from kasa.application.ports.credentials import HashingBusy


def test_the_profile_of_production_is_that_of_the_rfc() -> None:
    """argon2id, 64 MiB, 3 passes, 4 lanes (RFC 9106, section 4), 128 bits of salt."""
    hashed = Argon2Hasher().hash("correct horse battery staple")
    begin, salt, digest = hashed.rsplit("$", 2)
    assert "$argon2id$v=19$m=65536,t=3,p=4" == begin
    assert (22, 43) == (len(salt), len(digest))
    assert Argon2Hasher().verify(hashed, "correct horse battery staple")


def test_nobodys_hash_has_the_cost_of_somebodys() -> None:
    """Where there is no account the same work is done, so the time says nothing."""
    hasher = Argon2Hasher()
    somebodys = hasher.hash("x" * 15)
    assert somebodys.rsplit("$", 2)[0] == hasher._nobodys.rsplit("$", 2)[0]
    assert [len(part) for part in somebodys.split("$")] == [
        len(part) for part in hasher._nobodys.split("$")
    ]


def test_a_cheap_hash_is_renewed_in_production() -> None:
    """Other parameters are outdated; the hash still opens, because it names its own."""
    cheap = Argon2Hasher(CHEAP).hash("x" * 15)
    production = Argon2Hasher(PRODUCTION)
    assert production.is_outdated(cheap)
    assert production.verify(cheap, "x" * 15)
    assert not Argon2Hasher(CHEAP).is_outdated(cheap)


class _SlowHasher:
    """Stands in for the library: hashes when told to, and counts how many run."""

    def __init__(self) -> None:
        self.go = Event()
        self.begun = Semaphore(0)
        self.running = 0
        self.most = 0

    def hash(self, password: str) -> str:
        self.running += 1
        self.most = max(self.most, self.running)
        self.begun.release()
        assert self.go.wait(60)
        self.running -= 1
        return password


def _slow(hasher: Argon2Hasher) -> _SlowHasher:
    slow = _SlowHasher()
    hasher._hasher = slow  # type: ignore[assignment]  # the library's place is taken
    return slow


def _eventually(condition: Callable[[], bool]) -> None:
    for _ in range(6000):
        if condition():
            return
        Event().wait(0.01)
    raise AssertionError("it did not come so far")


def test_two_hash_twenty_wait_and_the_next_is_refused() -> None:
    """Memory is bounded: the 23rd at once is told to come back, and all before it are served."""
    hasher = Argon2Hasher(CHEAP)
    slow = _slow(hasher)
    with ThreadPoolExecutor(AT_ONCE + WAITING_MAX) as pool:
        calls = [pool.submit(hasher.hash, str(n)) for n in range(AT_ONCE + WAITING_MAX)]
        _eventually(lambda: hasher._admitted._value == 0)
        with pytest.raises(HashingBusy) as refused:
            hasher.hash("one too many")
        slow.go.set()
        wait(calls, timeout=60)
        assert {str(n) for n in range(AT_ONCE + WAITING_MAX)} == {c.result() for c in calls}
    assert ("identity.busy", True) == (refused.value.code, refused.value.retry_after > 0)
    assert AT_ONCE >= slow.most
    assert "after" == hasher.hash("after")
