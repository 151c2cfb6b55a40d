"""The sandbox keeps crashes, slow tasks and greedy tasks inside a child process (promise E4)."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest

from kasa.adapters.sandbox.pool import SandboxLimits, SandboxPool
from kasa.application.ports.recognizer import RecognizerBusy, RecognizerFailed
from kasa.domain.kernel.money import KHR, CurrencyUnknown, Money
from tests.integration.sandbox import tasks

pytestmark = pytest.mark.integration


@pytest.fixture
def pool() -> Iterator[SandboxPool]:
    """A pool of one child that is replaced after five tasks."""
    with SandboxPool(limits=SandboxLimits(tasks=5), setup=tasks.prepare) as pool:
        yield pool


@pytest.fixture
def hurried() -> Iterator[SandboxPool]:
    """A pool of one child that has two seconds per task."""
    with SandboxPool(limits=SandboxLimits(seconds=2), setup=tasks.prepare) as pool:
        yield pool


def test_values_cross(pool: SandboxPool) -> None:
    """Arguments and answers are values of kasa and plain ones; the child was prepared once."""
    assert Money(50, KHR) == pool.run(tasks.double, Money(25, KHR))
    assert Decimal("1.5") == pool.run(tasks.decimal)
    assert ["prepared"] == pool.run(tasks.was_prepared)


@pytest.mark.E4
@pytest.mark.parametrize(
    "greedy",
    [
        lambda pool: pool.run(tasks.crash),
        lambda pool: pool.run(tasks.sleep, 60),
        lambda pool: pool.run(tasks.allocate, 4 * 2**30),
        lambda pool: pool.run(tasks.answer_of, 2**30),
        lambda pool: pool.run(tasks.answer_of, 200 * 2**20),
        lambda pool: pool.run(tasks.fail),
        lambda pool: pool.run(tasks.hostile),
    ],
    ids=["segfault", "sleep", "4 GiB", "1 GB answer", "200 MiB answer", "bug", "hostile answer"],
)
def test_a_lost_child_is_unavailable_and_replaced(
    hurried: SandboxPool, greedy: Callable[[SandboxPool], object]
) -> None:
    """Whatever ends a child is ``recognizer.unavailable``, and the next task gets a new one."""
    before = hurried.run(tasks.process_id)
    started = time.monotonic()
    with pytest.raises(RecognizerFailed) as caught:
        greedy(hurried)
    assert caught.value.code == "recognizer.unavailable"
    assert time.monotonic() - started < 30
    after = hurried.run(tasks.process_id)
    assert before != after
    assert os.getpid() not in {before, after}


def test_output_is_dropped(pool: SandboxPool, tmp_path: Path) -> None:
    """A gigabyte on the standard output goes nowhere; a file ends at its limit."""
    pool.run(tasks.write, 2**30)
    with pytest.raises(RecognizerFailed):
        pool.run(tasks.write_file, str(tmp_path / "large"), 2**30)
    assert (tmp_path / "large").stat().st_size <= 64 * 2**20


def test_a_refusal_keeps_the_child(pool: SandboxPool) -> None:
    """An error of kasa crosses as itself, and its child goes on."""
    before = pool.run(tasks.process_id)
    with pytest.raises(CurrencyUnknown) as caught:
        pool.run(tasks.refuse)
    assert {"currency": "XXX"} == caught.value.facts
    assert before == pool.run(tasks.process_id)


def test_a_child_is_replaced_after_its_tasks(pool: SandboxPool) -> None:
    """After its number of tasks a child is replaced by a fresh one."""
    seen = [pool.run(tasks.process_id) for _ in range(11)]
    assert [5, 5, 1] == [seen.count(child) for child in dict.fromkeys(seen)]


def test_limits_and_environment(pool: SandboxPool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A child has its limits and was never told a secret."""
    monkeypatch.setenv("KASA_SECRET", "never told")
    pool.run(tasks.limits)
    assert (2**30, 0, 64 * 2**20, 64) == pool.run(tasks.limits)
    known = pool.run(tasks.environment)
    assert not [name for name in known if name.startswith("KASA")]
    assert "1" == known["OMP_THREAD_LIMIT"]


def test_a_full_queue_is_busy() -> None:
    """One task runs, the allowed number waits, the next is refused with ``recognizer.busy``."""
    with (
        SandboxPool(limits=SandboxLimits(seconds=10, waiting=2)) as pool,
        ThreadPoolExecutor(3) as threads,
    ):
        pool.run(tasks.process_id)
        running = [threads.submit(pool.run, tasks.sleep, 1.0) for _ in range(3)]
        deadline = time.monotonic() + 5
        while pool.waiting < 2 and time.monotonic() < deadline:
            threading.Event().wait(0.01)
        with pytest.raises(RecognizerBusy) as caught:
            pool.run(tasks.process_id)
        assert "recognizer.busy" == caught.value.code
        assert [None, None, None] == [task.result() for task in running]


def test_two_children_work_at_once() -> None:
    """As many tasks run at once as there are places."""
    with SandboxPool(processes=2) as pool, ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda _: pool.run(tasks.sleep, 0.3), range(2)))
        seen = set(threads.map(lambda _: pool.run(tasks.process_id), range(2)))
        list(threads.map(lambda _: pool.run(tasks.sleep, 0.2), range(4)))
        assert 1 <= len(seen) <= 2


def test_an_idle_child_is_ended_in_due_time() -> None:
    """A child without work for too long ends by itself, and the next task starts another."""
    with SandboxPool(limits=SandboxLimits(idle_seconds=0.2)) as pool:
        before = pool.run(tasks.process_id)
        assert [before] == list(pool.processes)
        deadline = time.monotonic() + 10
        while Path(f"/proc/{before}").exists() and time.monotonic() < deadline:
            threading.Event().wait(0.02)
        assert not pool.processes
        assert not Path(f"/proc/{before}").exists()
        assert before != pool.run(tasks.process_id)


def test_work_keeps_a_child() -> None:
    """The time without work is counted from the last task, and only past the limit."""
    now = [1_000.0]
    with SandboxPool(limits=SandboxLimits(idle_seconds=300), clock=lambda: now[0]) as pool:
        child = pool.run(tasks.process_id)
        now[0] += 299
        pool.stop_idle()
        assert child == pool.run(tasks.process_id)
        now[0] += 299
        pool.stop_idle()
        assert [child] == list(pool.processes)
        now[0] += 1
        pool.stop_idle()
        assert not pool.processes


def test_a_closed_pool_refuses() -> None:
    """After ``close`` no task runs and no child lives."""
    pool = SandboxPool()
    child = pool.run(tasks.process_id)
    pool.close()
    with pytest.raises(RecognizerFailed):
        pool.run(tasks.process_id)
    assert not Path(f"/proc/{child}").exists()
