"""The database goes away and comes back: no job is lost, none happens twice."""

import threading
import time
from functools import partial

import pytest

from kasa.adapters.postgres.embedded import EmbeddedServer
from kasa.domain.kernel.errors import Unavailable
from kasa.entrypoints.worker.supervisor import Patience
from tests.integration.worker.conftest import Yard, crash, wait_for

pytestmark = pytest.mark.integration

BACK_SECONDS = 60


def _has(said: list[str], floor: int) -> bool:
    return len(said) > floor


def _outage(yard: Yard, server: EmbeddedServer, seconds: float) -> None:
    """Let the database be away while one job runs, others wait, and orders are kept."""
    yard.hold()
    yard.work(Patience(silence=60))
    yard.say("held", "a:1", "a:2", "a:3")
    wait_for(lambda: yard.began("held") and yard.effects() == 3)
    crash(server)
    yard.let_go()
    time.sleep(seconds)
    with pytest.raises(Unavailable):
        yard.say("refused")
    server.start()
    back = time.monotonic()
    yard.say("b:1", "b:2", "c")
    wait_for(lambda: yard.effects() == 7, BACK_SECONDS)
    wait_for(lambda: {state for state, _ in yard.states()} == {"succeeded"}, BACK_SECONDS)
    assert time.monotonic() - back < BACK_SECONDS
    assert len(yard.states()) == 7
    assert yard.effects() == 7
    assert not any("child" in words for words in yard.told)


@pytest.mark.B4
@pytest.mark.deep
def test_the_worker_outlives_a_short_outage(lonely_yard: Yard, own_server: EmbeddedServer) -> None:
    """After a second without a database the waiting jobs run, and each effect is there once."""
    _outage(lonely_yard, own_server, 1)


@pytest.mark.B4
@pytest.mark.deep
@pytest.mark.parametrize("seconds", [5, 40, 120])
def test_the_worker_outlives_a_long_outage(
    lonely_yard: Yard, own_server: EmbeddedServer, seconds: int
) -> None:
    """However long the database is away, jobs run within a minute of its return."""
    _outage(lonely_yard, own_server, seconds)


@pytest.mark.B4
@pytest.mark.deep
def test_restarts_under_load_lose_nothing(lonely_yard: Yard, own_server: EmbeddedServer) -> None:
    """What was committed while the database was restarted three times is done once each."""
    lonely_yard.work()
    said: list[str] = []
    ended = threading.Event()

    def talk() -> None:
        while not ended.is_set():
            try:
                lonely_yard.say("x")
            except Unavailable:
                time.sleep(0.1)
            else:
                said.append("x")

    talker = threading.Thread(target=talk)
    talker.start()
    for floor in (20, 40, 60):
        wait_for(partial(_has, said, floor))
        crash(own_server)
        own_server.start()
    ended.set()
    talker.join()
    wait_for(lambda: {state for state, _ in lonely_yard.states()} == {"succeeded"}, BACK_SECONDS)
    stored = len(lonely_yard.states())
    assert len(said) <= stored <= len(said) + 3
    assert stored == lonely_yard.effects()
