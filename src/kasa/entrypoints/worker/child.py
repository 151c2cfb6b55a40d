"""The child of `kasa worker`: one process that runs jobs until it is told to stop."""

import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from functools import partial
from typing import NoReturn

import attrs

from kasa.domain.kernel.errors import KasaError, Unavailable
from kasa.entrypoints.bootstrap import open_worker
from kasa.entrypoints.bootstrap_backups import run_nightly
from kasa.entrypoints.logs import log_to_stderr
from kasa.entrypoints.opened import OpenWorker
from kasa.entrypoints.settings import Settings
from kasa.entrypoints.worker.link import Link, LinkLost, Word

LOG = logging.getLogger(__name__)
FAULTY = 1
"""The exit code of a child that found itself faulty, or met a bug."""


@attrs.frozen(kw_only=True)
class Pace:
    """Seconds between signs of life, between looks, and those that running jobs get to end.

    A backup that runs gets ``parting`` of them. ``waits`` are those for a database that is away.
    """

    alive: float = 1
    look: float = 10
    sweep: float = 5
    backups: float = 60
    grace: float = 25
    parting: float = 5
    waits: tuple[float, ...] = (0.5, 1, 2, 5)


class Child:
    """Runs jobs under a parent; ``opens`` opens what it runs.

    ``backs_up`` takes the backups that are due, until what it is given answers true.
    """

    def __init__(
        self,
        link: Link,
        opens: Callable[[], AbstractContextManager[OpenWorker]],
        pace: Pace | None = None,
        *,
        backs_up: Callable[[Callable[[], bool]], None] | None = None,
    ) -> None:
        self._link = link
        self._opens = opens
        self._pace = pace or Pace()
        self._backs_up = backs_up
        self._stopping = threading.Event()
        self._worker: OpenWorker | None = None
        self._told: Word | None = None
        self._failures = 0

    def stop(self) -> None:
        """Take no further job; when those that run take too long, put them back and end."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        timer = threading.Timer(self._pace.grace, self.leave)
        timer.daemon = True
        timer.start()

    def leave(self, code: int = 0) -> NoReturn:
        """Put back what runs, and end this process."""
        count = 0
        with suppress(KasaError):
            count = self._worker.put_back() if self._worker else 0
        LOG.warning("worker.left", extra={"jobs": count})
        os._exit(code)

    def run(self) -> None:
        """Run jobs until ``stop``; a database that is away is waited for."""
        for duty in (self._listen, self._say_alive, self._look):
            threading.Thread(target=duty, daemon=True).start()
        sweeping = threading.Thread(target=self._sweep, daemon=True)
        sweeping.start()
        backing_up = threading.Thread(target=self._back_up, daemon=True)
        backing_up.start()
        self._work()
        sweeping.join()
        backing_up.join(self._pace.parting)

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                with self._opens() as worker:
                    self._worker = worker
                    self._serve(worker)
            except Unavailable as error:
                self._wait_for(error)
            finally:
                self._worker = None

    def _sweep(self) -> None:
        """Run what the schedule has due; a sweep that runs ends before the process does."""
        while not self._stopping.wait(self._pace.sweep):
            try:
                if self._worker:
                    self._worker.sweep()
            except KasaError as error:
                LOG.warning("schedule.away", extra={"code": error.code})
            except Exception:
                LOG.exception("schedule.bug")

    def _back_up(self) -> None:
        """Take the backups that are due; nothing that happens there stops the worker."""
        while self._backs_up and not self._stopping.wait(self._pace.backups):
            try:
                if self._worker:
                    self._backs_up(self._stopping.is_set)
            except KasaError as error:
                LOG.warning("backups.away", extra={"code": error.code})
            except Exception:
                LOG.exception("backups.bug")

    def _serve(self, worker: OpenWorker) -> None:
        while not self._stopping.is_set():
            try:
                worker.run(self._is_told_to_stop)
            except Unavailable as error:
                self._wait_for(error)

    def _is_told_to_stop(self) -> bool:
        """Answer the worker's loop, which asks again and again while it runs."""
        self._failures = 0
        self._tell(Word.READY if self._told in {None, Word.READY} else Word.BACK)
        return self._stopping.is_set()

    def _wait_for(self, error: Unavailable) -> None:
        if self._stopping.is_set():
            return
        LOG.warning("worker.away", extra={"code": error.code})
        self._tell(Word.AWAY)
        waits = self._pace.waits
        self._stopping.wait(waits[min(self._failures, len(waits) - 1)])
        self._failures += 1

    def _tell(self, word: Word) -> None:
        if word is not self._told:
            self._told = word
            with suppress(LinkLost):
                self._link.say(word)

    def _listen(self) -> None:
        while True:
            try:
                words = self._link.hear(1)
            except LinkLost:
                self.stop()
                return
            if Word.NOW in words:
                self.leave()
            if Word.STOP in words:
                self.stop()

    def _say_alive(self) -> None:
        never = threading.Event()
        while not never.wait(self._pace.alive):
            worker = self._worker
            if worker is None or not worker.is_quiet():
                with suppress(LinkLost):
                    self._link.say(Word.ALIVE)

    def _look(self) -> None:
        while not self._stopping.wait(self._pace.look):
            with suppress(Unavailable):
                fault = self._worker.fault() if self._worker else None
                if fault is not None:
                    LOG.error("worker.fault", extra={"reason": fault})
                    self.leave(FAULTY)


def main() -> NoReturn:
    """Run the child of the parent whose link is the first argument."""
    settings = Settings.from_env()
    log_to_stderr(settings.log_level)
    child = Child(
        Link(socket.socket(fileno=int(sys.argv[1]))),
        partial(open_worker, settings),
        backs_up=lambda stopping: run_nightly(settings, stopping),
    )
    end(child)


def end(child: Child) -> NoReturn:
    """Run a child under the signals of its process, and end the process with it.

    It ends without the interpreter's farewell: threads that wait must not wake up in it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: child.stop())
    code = FAULTY
    try:
        child.run()
        code = 0
    except KasaError as error:
        LOG.exception("worker.refused", extra={"code": error.code})
    except Exception:
        LOG.exception("worker.bug")
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
