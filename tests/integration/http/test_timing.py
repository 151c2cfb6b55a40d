"""An unknown address takes as long as a known one, by medians of interleaved calls (D6)."""

import random
import time
from collections.abc import Callable
from statistics import median
from uuid import uuid4

import attrs
import pytest

from kasa.adapters.credentials.passwords import Argon2Hasher, HashCost
from kasa.adapters.memory.outside import StoppedClock
from kasa.adapters.postgres.database import repeated
from kasa.adapters.system.clock import RandomSecrets
from kasa.entrypoints.http.front import Front
from tests.integration.conftest import Database
from tests.integration.http.client import Web
from tests.integration.http.people import AUTH, Town, town_over

pytestmark = [pytest.mark.integration, pytest.mark.deep]

PEOPLE = 10
CALLS = 60
SHUFFLES = 2000
P_LEAST = 0.001
WIDE = 1.25
COST = HashCost(memory_kib=16 * 1024, passes=2, lanes=1)


@pytest.mark.D6
def test_time_tells_nothing(caller: Callable[[Front], Web], database: Database) -> None:
    """Medians of known and unknown addresses differ by no more than noise; asked twice at most."""
    ports = attrs.evolve(
        database.ports(clock=StoppedClock()),
        passwords=Argon2Hasher(COST),
        secrets=RandomSecrets(),
    )
    town = town_over(ports, caller, repeat=repeated)
    known = [f"{uuid4().hex}@shop.example" for _ in range(PEOPLE)]
    for address in known:
        town.person(address)
        town.pass_time(hours=1)
    for what in ("sign-in", "sign-up", "password-reset", "magic-link"):
        assert any(_alike(*_measured(town, what, known)) for _ in range(2)), what


def _measured(town: Town, what: str, known: list[str]) -> tuple[list[float], list[float]]:
    """Return the seconds of calls with known and unknown addresses, taken in turn."""
    unknown = [f"{uuid4().hex}@shop.example" for _ in known]
    seconds: tuple[list[float], list[float]] = ([], [])
    for turn in range(2 * CALLS):
        side = turn % 2
        address = (known, unknown)[side][turn // 2 % len(known)]
        body = {"email": address} | ({"password": "wrong " * 4} if what == "sign-in" else {})
        town.pass_time(hours=3)
        before = time.perf_counter()
        answer = town.web.post(f"{AUTH}/{what}", json=body)
        seconds[side].append(time.perf_counter() - before)
        assert answer.status in {202, 401}
    return seconds


def _alike(known: list[float], unknown: list[float]) -> bool:
    """Tell whether a difference of medians is small, or would come about by chance."""
    slow, fast = sorted((median(known), median(unknown)), reverse=True)
    if slow <= WIDE * fast:
        return True
    seen, both, chance = slow - fast, known + unknown, random.Random(7)
    larger = 0
    for _ in range(SHUFFLES):
        chance.shuffle(both)
        larger += abs(median(both[: len(known)]) - median(both[len(known) :])) >= seen
    return larger > P_LEAST * SHUFFLES
