"""What runs inside a child of the pool: limits first, then one task after the other."""

import contextlib
import pickle
import resource
import signal
import sys
from multiprocessing.connection import Connection

from kasa.domain.kernel.errors import KasaError

SPARE_SECONDS = 5


def serve(pipe: Connection) -> None:
    """Answer tasks until the parent hangs up; a task past its time ends the process."""
    limits, setup = pickle.loads(pipe.recv_bytes())  # noqa: S301 # the parent is trusted
    _limit(resource.RLIMIT_AS, limits["memory_bytes"])
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, limits["file_bytes"])
    _limit(resource.RLIMIT_NOFILE, limits["open_files"])
    pipe.send_bytes(_answer(pickle.dumps((setup or _nothing, (), {}))))
    while True:
        task = pipe.recv_bytes()
        signal.alarm(limits["seconds"] + SPARE_SECONDS)
        answer = _answer(task)
        del task
        pipe.send_bytes(answer)
        signal.alarm(0)


def _nothing() -> None:
    """Prepare nothing."""


def _limit(kind: int, size: int) -> None:
    """Lower a limit of this process for good, never above what it is allowed."""
    allowed = resource.getrlimit(kind)[1]
    size = size if allowed == resource.RLIM_INFINITY else min(size, allowed)
    resource.setrlimit(kind, (size, size))


def _answer(task: bytes) -> bytes:
    """Return the pickled outcome of a task: its answer, a refusal, or why it failed."""
    try:
        function, args, options = pickle.loads(task)  # noqa: S301 # the parent is trusted
        return pickle.dumps(("answer", function(*args, **options)))
    except KasaError as error:
        return pickle.dumps(("refused", error))
    except Exception as error:  # noqa: BLE001 # whatever a task raises belongs to its caller
        return pickle.dumps(("failed", type(error).__name__))


if __name__ == "__main__":
    with contextlib.suppress(EOFError, OSError):
        serve(Connection(int(sys.argv[1])))
