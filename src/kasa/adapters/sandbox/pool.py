"""A supervised pool of child processes for native code and untrusted bytes."""

import io
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from enum import Enum
from multiprocessing.connection import Pipe
from typing import Any, ParamSpec, Self, TypeVar

import attrs

from kasa.application.ports.recognizer import RecognizerBusy, RecognizerFailed
from kasa.domain.kernel.errors import KasaError

ParametersT = ParamSpec("ParametersT")
AnswerT = TypeVar("AnswerT")

START_SECONDS = 60
ANSWER_BYTES_MAX = 128 * 2**20
_PLAIN = {"builtins", "collections", "datetime", "decimal", "uuid", "fractions", "zoneinfo"}
_HANDED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH")


@attrs.frozen(kw_only=True)
class SandboxLimits:
    """What a child may use, and how much work waits for one (promises.md, section 10).

    A child without work for ``idle_seconds`` is ended; the next task starts another.
    """

    memory_bytes: int = 2**30
    file_bytes: int = 64 * 2**20
    open_files: int = 64
    seconds: int = 20
    tasks: int = 200
    waiting: int = 64
    idle_seconds: float | None = None


class _Answers(pickle.Unpickler):
    """Reads a child's answer: values of kasa and plain ones, never a function to call."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("builtins", "getattr"):
            return _member  # Python before 3.11.4 names a member of an Enum this way.
        if module in _PLAIN or module.startswith("kasa."):
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module and "." not in name:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} may not cross")


def _member(kind: object, name: str) -> object:
    if isinstance(kind, type) and issubclass(kind, Enum) and name in kind.__members__:
        return kind[name]
    raise pickle.UnpicklingError("only members of an Enum may cross by name")


class _Child:
    """One child process, the pipe to it, and the number of tasks it did."""

    def __init__(self, limits: SandboxLimits, setup: bytes) -> None:
        self.limits = limits
        self.done = 0
        self.lost = False
        self.idle_since = 0.0
        self.pipe, end = Pipe()
        with end:
            self.process = subprocess.Popen(  # noqa: S603 # our own interpreter and module
                [sys.executable, "-m", "kasa.adapters.sandbox.child", str(end.fileno())],
                env=_environment(),
                pass_fds=(end.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        try:
            self.ask(setup, START_SECONDS)
        except BaseException:
            self.stop()
            raise

    def ask(self, task: bytes, seconds: int) -> object:
        """Return what the child answers in time, or raise its error or RecognizerFailed."""
        clock = threading.Timer(seconds, self.process.kill)
        clock.daemon = True
        clock.start()
        try:
            self.pipe.send_bytes(task)
            kind, value = _Answers(io.BytesIO(self.pipe.recv_bytes(ANSWER_BYTES_MAX))).load()
        except (EOFError, OSError, pickle.UnpicklingError, ValueError, TypeError) as error:
            self.lost = True
            raise RecognizerFailed("The child process crashed or took too long") from error
        finally:
            clock.cancel()
        self.done += 1
        if kind == "answer":
            return value
        if kind == "refused" and isinstance(value, KasaError):
            raise value
        self.lost = True
        raise RecognizerFailed(f"The child process failed: {value}")

    @property
    def is_usable(self) -> bool:
        """Whether it is alive and not yet due for replacement."""
        return not self.lost and self.process.poll() is None and self.done <= self.limits.tasks

    def stop(self) -> None:
        """End it at once and take its exit status."""
        self.pipe.close()
        self.process.kill()
        self.process.wait()


def _environment() -> dict[str, str]:
    """Return what a child may know of the environment: nothing that could be a secret."""
    kept = {name: os.environ[name] for name in _HANDED_ON if name in os.environ}
    return {
        **kept,
        "OMP_THREAD_LIMIT": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


class SandboxPool:
    """Runs functions in child processes; a crash is an ``Unavailable``, never an exit.

    ``run`` may be called from many threads. Functions, arguments and answers cross by pickle:
    functions are those of importable modules, answers are values of kasa or plain ones, and an
    error of kasa (``Invalid`` and its like) crosses as itself. ``setup`` runs once in each child.
    Children start when needed, are replaced after ``limits.tasks`` tasks, after a crash and after
    ``limits.seconds``, and end after ``limits.idle_seconds`` without work; ``clock`` counts these.
    """

    def __init__(
        self,
        *,
        processes: int = 1,
        limits: SandboxLimits | None = None,
        setup: Callable[[], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.limits = limits or SandboxLimits()
        self._setup = pickle.dumps((attrs.asdict(self.limits), setup))
        self._change = threading.Condition()
        self._idle: list[_Child] = []
        self._places = processes
        self._waiting = 0
        self._closed = False
        self._clock = clock
        self._alarm: threading.Timer | None = None

    @property
    def waiting(self) -> int:
        """How many tasks wait for a child."""
        return self._waiting

    @property
    def processes(self) -> tuple[int, ...]:
        """The process ids of the children that have no work now."""
        with self._change:
            return tuple(child.process.pid for child in self._idle)

    def run(
        self,
        function: Callable[ParametersT, AnswerT],
        *args: ParametersT.args,
        **options: ParametersT.kwargs,
    ) -> AnswerT:
        """Return what the function answers in a child.

        Raises ``recognizer.busy`` when too many tasks wait, ``recognizer.unavailable`` when the
        child crashed, failed, used too much memory or took too long.
        """
        task = pickle.dumps((function, args, options))
        self._take_place()
        try:
            child = self._fresh_child()
            try:
                return child.ask(task, self.limits.seconds)  # type: ignore[return-value] # it crossed by pickle
            finally:
                self._give_back(child)
        finally:
            with self._change:
                self._places += 1
                self._change.notify()

    def _take_place(self) -> None:
        with self._change:
            if not self._places and self._waiting >= self.limits.waiting:
                raise RecognizerBusy
            self._waiting += 1
            try:
                self._change.wait_for(lambda: self._places > 0 or self._closed)
            finally:
                self._waiting -= 1
            if self._closed:
                self._change.notify()
                raise RecognizerFailed("The pool is closed")
            self._places -= 1

    def _fresh_child(self) -> _Child:
        with self._change:
            child = self._idle.pop() if self._idle else None
        if child is not None and not child.is_usable:
            child.stop()
            child = None
        return child or _Child(self.limits, self._setup)

    def _give_back(self, child: _Child) -> None:
        with self._change:
            if child.is_usable and not self._closed:
                child.idle_since = self._clock()
                self._idle.append(child)
                self._watch()
                return
        child.stop()

    def stop_idle(self) -> None:
        """End the children that had no work for too long; called by itself in due time."""
        longest = self.limits.idle_seconds
        if longest is None:
            return
        with self._change:
            self._alarm = None
            oldest = self._clock() - longest
            ended = [child for child in self._idle if child.idle_since <= oldest]
            self._idle = [child for child in self._idle if child.idle_since > oldest]
            self._watch()
        for child in ended:
            child.stop()

    def _watch(self) -> None:
        """See to it that ``stop_idle`` is called when the first idle child is due."""
        longest = self.limits.idle_seconds
        if longest is None or self._alarm is not None or not self._idle:
            return
        first = min(child.idle_since for child in self._idle)
        self._alarm = threading.Timer(max(0.01, first + longest - self._clock()), self.stop_idle)
        self._alarm.daemon = True
        self._alarm.start()

    def close(self) -> None:
        """End all children; tasks that run are answered first, those that wait are refused."""
        with self._change:
            self._closed = True
            idle, self._idle = self._idle, []
            if self._alarm is not None:
                self._alarm.cancel()
            self._change.notify_all()
        for child in idle:
            child.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
