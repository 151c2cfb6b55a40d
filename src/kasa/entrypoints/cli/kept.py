"""Processes that are kept running until a signal: one parent, several children."""

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from kasa.entrypoints.worker.supervisor import Supervisor

STOPPING = (signal.SIGTERM, signal.SIGINT)
LOOK_SECONDS = 0.2


def keep(supervisors: Sequence[Supervisor]) -> list[int]:
    """Run supervisors, each on a thread, until they were stopped, and return the signals caught.

    The first signal stops all of them, the second at once.
    """
    threads = [threading.Thread(target=one.run, daemon=True) for one in supervisors]
    with _signals(supervisors) as caught:
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(LOOK_SECONDS)
    return caught


def one_at_a_time(prepare: Callable[[], None]) -> Callable[[], None]:
    """Return what several supervisors may call at once."""
    lock = threading.Lock()

    def prepared() -> None:
        with lock:
            prepare()

    return prepared


@contextmanager
def _signals(supervisors: Sequence[Supervisor]) -> Iterator[list[int]]:
    caught: list[int] = []

    def note(number: int, _frame: Any) -> None:
        caught.append(number)
        for one in supervisors:
            one.stop()

    before = {number: signal.signal(number, note) for number in STOPPING}
    try:
        yield caught
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
