"""The schedule under workers that are many, and that die."""

import os
import signal

import pytest

from kasa.entrypoints.worker.supervisor import Patience
from tests.integration.worker.conftest import Yard, wait_for

pytestmark = pytest.mark.integration

SOON = 0.2


def _swept(yard: Yard) -> list[int]:
    trace = yard.folder / "swept"
    return [int(line) for line in trace.read_text().split()] if trace.exists() else []


def _ended(yard: Yard) -> list[tuple[str, int, str | None]]:
    rows = yard.ask("SELECT name, found, code FROM kasa_schedule WHERE period IS NOT NULL")
    return [(str(name), int(found), code) for name, found, code in rows]


@pytest.mark.deep
def test_of_two_workers_one_runs_a_sweep(yard: Yard) -> None:
    """A period is run once, and what came of it is there for all to see."""
    yard.work(sweep=SOON)
    yard.work(sweep=SOON)
    wait_for(lambda: _ended(yard))
    yard.say("a")
    wait_for(lambda: yard.effects() == 1)
    yard.end()
    assert len(_swept(yard)) == 1
    assert _ended(yard) == [("held", 3, None)]


@pytest.mark.B2
def test_a_sweep_of_a_dead_worker_is_run_by_another(yard: Yard) -> None:
    """SIGKILL in the middle of a sweep: the next look of a worker runs it again."""
    yard.hold()
    supervisor = yard.work(Patience(starts=(60,)), sweep=SOON)
    wait_for(lambda: _swept(yard))
    (first,) = _swept(yard)
    assert supervisor.child == first
    os.kill(first, signal.SIGKILL)
    yard.work(sweep=SOON)
    wait_for(lambda: len(_swept(yard)) == 2)
    yard.let_go()
    wait_for(lambda: _ended(yard))
    assert _ended(yard) == [("held", 3, None)]
    assert len(_swept(yard)) == 2


@pytest.mark.B5
def test_a_sweep_ends_before_the_worker_does(yard: Yard) -> None:
    """Told to stop, a worker ends the sweep that it runs."""
    yard.hold()
    supervisor = yard.work(sweep=SOON)
    wait_for(lambda: _swept(yard))
    supervisor.stop()
    wait_for(lambda: any("Stopping" in words for words in yard.told))
    yard.end()
    assert _ended(yard) == [("held", 3, None)]
