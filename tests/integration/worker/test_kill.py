"""Workers that are killed, frozen or told to stop in the middle of a job."""

import os
import signal
import socket
import subprocess
import time
from datetime import timedelta

import attrs
import pytest

from kasa.entrypoints.worker.supervisor import Patience, Supervisor
from tests.integration.worker.conftest import Yard, wait_for
from tests.integration.worker.program import STOPS

pytestmark = pytest.mark.integration

QUICK = Patience(silence=6, grace=1, stop=20, now=10, starts=(0.1,))
AGED = "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '31 seconds'"


def _kill(supervisor: Supervisor, how: int = signal.SIGKILL) -> int:
    """Send a signal to a supervisor's child, and return which process it was."""
    assert supervisor.child is not None
    child = supervisor.child
    os.kill(child, how)
    return child


@pytest.mark.B2
def test_a_killed_worker_s_job_is_finished_by_another(yard: Yard) -> None:
    """SIGKILL in the middle of a job: another worker runs it as its second attempt, once."""
    yard.hold()
    supervisor = yard.work(QUICK)
    yard.say("held:1", "held:2", "other")
    wait_for(lambda: yard.began("held:1") and yard.effects() == 1)
    _kill(supervisor)
    yard.ask(AGED)
    yard.work(QUICK)
    wait_for(lambda: yard.began("held:1") == [1, 2])
    yard.let_go()
    wait_for(lambda: yard.effects() == 3)
    wait_for(lambda: {state for state, _ in yard.states()} == {"succeeded"})
    assert [attempts for _, attempts in yard.states()] == [2, 1, 1]
    assert yard.began("held:2") == [1]


@pytest.mark.B2
@pytest.mark.deep
def test_a_killed_worker_s_job_is_finished_within_two_minutes(yard: Yard) -> None:
    """The same by the clock: nobody helps the rescue along."""
    yard.hold()
    supervisor = yard.work()
    yard.say("held:1")
    wait_for(lambda: yard.began("held:1"))
    killed_at = time.monotonic()
    _kill(supervisor)
    wait_for(lambda: yard.began("held:1") == [1, 2], 120)
    yard.let_go()
    wait_for(lambda: yard.effects() == 1)
    assert time.monotonic() - killed_at < timedelta(minutes=2).total_seconds()


@pytest.mark.deep
@pytest.mark.B4
def test_a_frozen_child_is_replaced(yard: Yard) -> None:
    """A child that says nothing more is ended and another takes its place."""
    supervisor = yard.work(attrs.evolve(QUICK, silence=3, grace=0.2), alive=0.2)
    frozen = _kill(supervisor, signal.SIGSTOP)
    wait_for(lambda: supervisor.child not in {None, frozen})
    yard.say("a")
    wait_for(lambda: yard.effects() == 1)
    assert any("was silent" in words for words in yard.told)


@pytest.mark.B5
def test_what_runs_ends_before_the_worker_does(yard: Yard) -> None:
    """Told to stop, a worker takes no further job and ends those that it runs."""
    yard.hold()
    supervisor = yard.work(QUICK)
    yard.say("held")
    wait_for(lambda: yard.began("held"))
    supervisor.stop()
    wait_for((yard.folder / STOPS).exists)
    yard.say("later")
    yard.let_go()
    yard.end()
    assert yard.states() == [("succeeded", 1), ("todo", 0)]
    assert yard.effects() == 1
    yard.work(QUICK)
    wait_for(lambda: yard.effects() == 2)


@pytest.mark.B5
@pytest.mark.parametrize(
    "stops",
    [pytest.param(1, marks=pytest.mark.deep, id="grace is over"), pytest.param(2, id="second")],
)
def test_what_does_not_end_goes_back(yard: Yard, stops: int) -> None:
    """When the time is over, or at the second signal, jobs go back and another runs them."""
    yard.hold()
    supervisor = yard.work(QUICK, grace=0.5 if stops == 1 else 60)
    yard.say("held")
    wait_for(lambda: yard.began("held"))
    began = time.monotonic()
    for _ in range(stops):
        supervisor.stop()
    ((_, thread),) = yard.threads
    thread.join(QUICK.stop)
    assert not thread.is_alive()
    assert time.monotonic() - began < QUICK.stop
    assert yard.states() == [("todo", 1)]
    assert yard.ask("SELECT id FROM procrastinate_workers") == []
    yard.work(QUICK)
    wait_for(lambda: yard.began("held") == [1, 2])
    yard.let_go()
    wait_for(lambda: yard.effects() == 1)


def test_a_child_ends_with_its_parent(yard: Yard) -> None:
    """A child whose parent is gone ends by itself, and is not left behind."""
    own, other = socket.socketpair()
    with other:
        child = subprocess.Popen(
            [*yard.command(yard.plan()), str(other.fileno())], pass_fds=(other.fileno(),)
        )
    yard.say("a")
    wait_for(lambda: yard.effects() == 1)
    own.close()
    assert child.wait(QUICK.stop) == 0
    assert yard.ask("SELECT id FROM procrastinate_workers") == []


@pytest.mark.B2
def test_two_workers_keep_the_order(yard: Yard) -> None:
    """Jobs of one order run one at a time and in turn, whichever worker takes them."""
    yard.work(QUICK)
    yard.work(QUICK)
    words = [f"{line}:{place}" for place in range(8) for line in ("a", "b", "c")]
    yard.say(*words)
    wait_for(lambda: yard.effects() == len(words))
    turns = yard.ask(
        "SELECT lock, array_agg(j.id ORDER BY e.id), count(*) FROM procrastinate_jobs j "
        "JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'started' GROUP BY lock"
    )
    assert [(sorted(ids), len(words) // 3) for _, ids, _ in turns] == [
        (ids, count) for _, ids, count in turns
    ]
