"""What is committed and what is sent, while senders and their database connections die."""

import os
import signal
import threading
import time
from collections.abc import Callable
from functools import partial
from random import Random

import psycopg
import pytest

from kasa.adapters.postgres.embedded import EmbeddedServer
from kasa.adapters.postgres.roles import SUPERUSER
from kasa.domain.kernel.errors import Unavailable
from kasa.entrypoints.worker.supervisor import Patience, Supervisor
from tests.integration.conftest import Database
from tests.integration.worker.conftest import Yard, crash, wait_for
from tests.integration.worker.program import SENT

pytestmark = pytest.mark.integration

PATIENCE = Patience(starts=(0.1,), stop=20, now=10)
AGED = "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '31 seconds'"
CUT = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND usename IN ('kasa_app', 'kasa_jobs')"""


def _talk(yard: Yard, ended: threading.Event) -> None:
    """Commit messages to send until the end; a lost connection is met again and again."""
    while not ended.wait(0.01):
        try:
            yard.say(SENT)
        except Unavailable:
            time.sleep(0.05)


def _sent(yard: Yard) -> list[str]:
    place = yard.folder / SENT
    return place.read_text(encoding="utf-8").split() if place.exists() else []


def _kill(supervisor: Supervisor) -> None:
    """Kill the child of a supervisor, when it has one."""
    wait_for(lambda: supervisor.child)
    child = supervisor.child
    assert child is not None
    os.kill(child, signal.SIGKILL)


def _cut(address: str) -> None:
    """End every connection of producers and senders."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(CUT)


def _kill_at_random(yard: Yard, hurt: Callable[[], None], kills: int, seed: int) -> None:
    chance = Random(seed)
    supervisors = [yard.work(PATIENCE), yard.work(PATIENCE)]
    ended = threading.Event()
    talkers = [threading.Thread(target=_talk, args=(yard, ended)) for _ in range(2)]
    for talker in talkers:
        talker.start()
    for kill in range(kills):
        time.sleep(chance.uniform(0.05, 1))
        victim = chance.choice(supervisors)
        _kill(victim)
        yard.ask(AGED)
        if kill % 3 == 2:
            hurt()
    ended.set()
    for talker in talkers:
        talker.join()
    wait_for(lambda: {state for state, _ in yard.states()} == {"succeeded"}, 120)
    keys = {key for (key,) in yard.ask("SELECT queueing_lock FROM procrastinate_jobs")}
    assert keys == set(_sent(yard))
    assert len(keys) == yard.effects()
    assert len(_sent(yard)) - len(keys) <= 4 * (kills + kills // 3)


@pytest.mark.B1
def test_what_is_committed_is_sent(yard: Yard, database: Database, seed: int) -> None:
    """Whoever is killed and whichever connection breaks: committed and sent are the same keys."""
    address = database.server.address(SUPERUSER, database.name)
    _kill_at_random(yard, partial(_cut, address), 3, seed)


@pytest.mark.B1
@pytest.mark.deep
def test_what_is_committed_is_sent_after_60_kills(
    lonely_yard: Yard, own_server: EmbeddedServer, seed: int
) -> None:
    """The same 60 times, and the database itself crashes and comes back after every third."""

    def restart() -> None:
        crash(own_server)
        own_server.start()

    _kill_at_random(lonely_yard, restart, 60, seed)
