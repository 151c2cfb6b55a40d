"""The parent of a process: it starts the child, watches it, and starts it again.

It never asks the database anything, so nothing that happens there can stop it.
"""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

import attrs

from kasa.domain.kernel.errors import KasaError
from kasa.entrypoints.worker.link import Link, LinkLost, Word

CHILD = (sys.executable, "-m", "kasa.entrypoints.worker.child")
LOOK_SECONDS = 0.1


@attrs.frozen(kw_only=True)
class Words:
    """What people are told about one kind of child."""

    name: str = "worker"
    takes: str = "takes jobs"
    rest: str = "running jobs end first"
    now: str = "what runs goes back to the queue"

    def of(self, word: Word) -> str | None:
        """Return the sentence about what a child said, if there is one."""
        return {
            Word.READY: f"The {self.name} is ready: it {self.takes}.",
            Word.AWAY: f"The database is away; the {self.name} waits for it.",
            Word.BACK: f"The database is back; the {self.name} {self.takes}.",
        }.get(word)


@attrs.frozen(kw_only=True)
class Patience:
    """For how many seconds the parent waits: for a sign of life, for an end, before a start.

    A child that says nothing in its first ``start``, or later for ``silence``, is asked to end,
    and killed after ``grace``. One that was told to stop is killed after ``stop``, one that was
    told to stop now after ``now``. A child that ended is started again after ``starts``, one
    after the other; one that lived for ``steady`` seconds counts as the first again. While the
    database is away ``prepare`` is called again every ``away``.
    """

    start: float = 120
    silence: float = 60
    grace: float = 30
    stop: float = 30
    now: float = 5
    starts: tuple[float, ...] = (1, 2, 4, 8, 16, 30)
    steady: float = 60
    away: float = 5


class Supervisor:
    """Keeps one child running until ``stop``; a second ``stop`` ends it now.

    ``prepare`` is called before each start of a child, and while the child misses the database;
    it may raise a ``KasaError``. ``tell`` is given sentences for people; ``command`` gets the
    number of the child's end of the link, and keeps the open files of ``keeps``. ``words`` name
    the child.
    """

    def __init__(
        self,
        *,
        prepare: Callable[[], None],
        tell: Callable[[str], None],
        command: Sequence[str] = CHILD,
        patience: Patience | None = None,
        keeps: Sequence[int] = (),
        words: Words | None = None,
    ) -> None:
        self._keeps = tuple(keeps)
        self._words = words or Words()
        self._prepare = prepare
        self._tell = tell
        self._command = tuple(command)
        self._patience = patience or Patience()
        self._stops = 0
        self._prepare_at: float | None = None
        self.restarts = 0
        self.child: int | None = None

    def stop(self) -> None:
        """Ask for the end, as a signal does; the second time: now."""
        self._stops += 1

    def is_stopping(self) -> bool:
        """Return whether the end was asked for."""
        return self._stops > 0

    def run(self) -> None:
        """Keep a child running until ``stop``, and return when it has ended."""
        short = 0
        while not self.is_stopping():
            began = time.monotonic()
            how = self._one_child()
            if self.is_stopping():
                return
            short = 0 if time.monotonic() - began > self._patience.steady else short + 1
            waits = self._patience.starts
            wait = waits[min(short, len(waits)) - 1] if short else waits[0]
            self._tell(f"The {self._words.name}'s child {how}; the next one starts in {wait:g} s.")
            self._wait(wait)
            self.restarts += 1

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self.is_stopping() and time.monotonic() < until:
            time.sleep(LOOK_SECONDS)

    def _one_child(self) -> str:
        """Start a child, attend it to its end, and return how it ended."""
        self._prepare_at = None
        try:
            self._prepare()
        except KasaError as error:
            return f"could not start: {error.message} ({error.code})"
        own, other = socket.socketpair()
        link = Link(own)
        with other:
            child = subprocess.Popen(  # noqa: S603 # our own interpreter and module
                [*self._command, str(other.fileno())],
                pass_fds=(other.fileno(), *self._keeps),
                stdin=subprocess.DEVNULL,
                stdout=sys.stderr.fileno(),
                start_new_session=True,
            )
        self.child = child.pid
        try:
            return self._attend(child, link)
        finally:
            self.child = None
            link.close()
            if child.poll() is None:
                child.kill()
            child.wait()

    def _attend(self, child: subprocess.Popen[bytes], link: Link) -> str:
        asked, kill_at, how = 0, float("inf"), ""
        heard_at, silence = time.monotonic(), self._patience.start
        while child.poll() is None:
            if self._hears(link):
                heard_at, silence = time.monotonic(), self._patience.silence
            self._prepare_again()
            now = time.monotonic()
            if self._stops > asked:
                asked = min(self._stops, 2)
                self._ask(link, asked)
                kill_at = min(
                    kill_at, now + (self._patience.stop if asked == 1 else self._patience.now)
                )
            if not how and not asked and now - heard_at > silence:
                how, kill_at = "was silent and was ended", now + self._patience.grace
                child.terminate()
            if now > kill_at:
                child.kill()
                kill_at = float("inf")
        if how:
            return how
        code = child.returncode
        return f"was killed by signal {-code}" if code < 0 else f"ended with {code}"

    def _hears(self, link: Link) -> bool:
        try:
            words = link.hear(LOOK_SECONDS)
        except LinkLost:
            time.sleep(LOOK_SECONDS)
            return False
        for word in words:
            told = self._words.of(word)
            if told is not None:
                self._tell(told)
                self._prepare_at = time.monotonic() if word is Word.AWAY else None
        return bool(words)

    def _prepare_again(self) -> None:
        """Bring back what the child misses: an embedded server that somebody else stopped."""
        if self._prepare_at is None or time.monotonic() < self._prepare_at or self._stops:
            return
        with suppress(KasaError):
            self._prepare()
        self._prepare_at = time.monotonic() + self._patience.away

    def _ask(self, link: Link, times: int) -> None:
        self._tell(
            f"Stopping: {self._words.rest}, a second signal stops now."
            if times == 1
            else f"Stopping now: {self._words.now}."
        )
        with suppress(LinkLost):
            link.say(Word.STOP if times == 1 else Word.NOW)
