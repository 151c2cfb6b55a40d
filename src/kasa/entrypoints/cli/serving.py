"""The child of `kasa serve`: one process that takes requests until it is told to stop."""

import asyncio
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

import attrs
import uvicorn

from kasa.domain.kernel.errors import KasaError, Unavailable
from kasa.entrypoints.bootstrap import open_kasa
from kasa.entrypoints.cli.protocol import CappedProtocol
from kasa.entrypoints.cli.serve import BACKLOG, bound
from kasa.entrypoints.http.opening import open_door
from kasa.entrypoints.http.watching import Seen, log_line
from kasa.entrypoints.logs import log_to_stderr
from kasa.entrypoints.metrics import Metrics
from kasa.entrypoints.opened import OpenKasa
from kasa.entrypoints.parts import Looked
from kasa.entrypoints.setting_forms import Bind
from kasa.entrypoints.settings import Settings
from kasa.entrypoints.worker.link import Link, LinkLost, Word

LOG = logging.getLogger(__name__)
FAULTY = 1
KEEP_ALIVE_SECONDS = 15
GRACE_SECONDS = 25
"""Less than the parent's 30 s: what it does not end in time, it ends itself."""
CONNECTIONS_MAX = 1000
BEAT_SECONDS = 0.25
ALIVE_EVERY = 4
LOOK_SECONDS = 5
AWAY = "store.unavailable"


class DoorServer(uvicorn.Server):
    """uvicorn without signals of its own: the parent says when to end."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals of the process as they are."""
        yield


@attrs.define(eq=False)
class DoorProcess:
    """Takes requests on a socket that a parent holds, and tells it how things are.

    ``number`` counts the processes that share the socket.
    """

    link: Link
    listening: socket.socket
    settings: Settings
    number: int = 0
    _stopping: threading.Event = attrs.field(factory=threading.Event)
    _server: DoorServer | None = None
    _told: Word | None = None

    def stop(self, *, now: bool = False) -> None:
        """Take no further request; those that were taken are answered, or ``now`` not."""
        self._stopping.set()
        if self._server is not None:
            self._server.force_exit = self._server.force_exit or now
            self._server.should_exit = True

    def run(self) -> None:
        """Serve until ``stop``; a database that is away at the start is waited for."""
        threading.Thread(target=self._listen, daemon=True).start()
        settings = attrs.evolve(self.settings, bind=bound(self.settings.bind, self.listening))
        while not self._stopping.is_set():
            try:
                with open_kasa(settings) as opened:
                    self._serve(settings, opened)
            except Unavailable as error:
                LOG.warning("door.away", extra={"code": error.code})
                self._say(Word.AWAY)
                self._stopping.wait(1)

    def _serve(self, settings: Settings, opened: OpenKasa) -> None:
        parts = Looked(settings, opened)
        metrics = Metrics(lambda: [(one.part, one.health.value) for one in parts()])
        threading.Thread(target=self._look, args=(opened,), daemon=True).start()
        door = open_door(settings, opened, watch=told_to(metrics), parts=parts)
        CappedProtocol.always = door.always
        server = self._server = DoorServer(
            uvicorn.Config(
                door.app,
                http=CappedProtocol,
                loop="uvloop",
                ws="none",
                lifespan="on",
                interface="asgi3",
                proxy_headers=False,
                server_header=False,
                access_log=False,
                log_config=None,
                backlog=BACKLOG,
                limit_concurrency=CONNECTIONS_MAX,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        server.should_exit = self._stopping.is_set()
        figures = _served(metrics, settings.metrics_bind, self.number)
        with figures, asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
            runner.run(self._until_stopped(server, metrics))

    async def _until_stopped(self, server: DoorServer, metrics: Metrics) -> None:
        beating = asyncio.create_task(self._beat(server, metrics))
        try:
            await server.serve(sockets=[self.listening])
        finally:
            beating.cancel()

    async def _beat(self, server: DoorServer, metrics: Metrics) -> None:
        """Say from the loop itself that it turns, and note how late it is."""
        beats, is_ready = 0, False
        while True:
            if server.started and not is_ready:
                is_ready = True
                self._say(Word.READY)
            if beats % ALIVE_EVERY == 0:
                self._say(Word.ALIVE)
            beats += 1
            due = time.monotonic() + BEAT_SECONDS
            await asyncio.sleep(BEAT_SECONDS)
            metrics.lagged(max(0.0, time.monotonic() - due))

    def _say(self, word: Word) -> None:
        """Tell the parent; what it knows already is not told again."""
        if word is not Word.ALIVE:
            if word is self._told:
                return
            self._told = word
        with suppress(LinkLost):
            self.link.say(word)

    def _listen(self) -> None:
        while True:
            try:
                words = self.link.hear(1)
            except LinkLost:
                self.stop()
                return
            if Word.NOW in words:
                self.stop(now=True)
            elif Word.STOP in words:
                self.stop()

    def _look(self, opened: OpenKasa) -> None:
        """Notice when the database is away, so that the parent brings an embedded one back."""
        while not self._stopping.wait(LOOK_SECONDS):
            try:
                opened.ready()
            except KasaError as error:
                if error.code == AWAY:
                    self._say(Word.AWAY)
            else:
                if self._told is Word.AWAY:
                    self._say(Word.BACK)


def told_to(metrics: Metrics) -> Callable[[Seen], None]:
    """Return what logs and counts an answered request."""

    def watch(seen: Seen) -> None:
        log_line(seen)
        metrics.answered(seen.route, seen.status, seen.seconds)

    return watch


@contextmanager
def _served(metrics: Metrics, bind: Bind, number: int) -> Iterator[None]:
    """Answer Prometheus meanwhile; that nobody can ask is told, and stops nothing."""
    port = bind.port + number if bind.port else 0
    try:
        stop = metrics.serve(bind.host, port)
    except OSError:
        LOG.warning("metrics.refused", extra={"reason": f"port {port} is taken"})
        yield
        return
    try:
        yield
    finally:
        stop()


def main() -> NoReturn:
    """Serve on the socket of the first argument, as the process of the number of the second."""
    settings = Settings.from_env()
    log_to_stderr(settings.log_level)
    door, number, link = (int(given) for given in sys.argv[1:4])
    process = DoorProcess(
        Link(socket.socket(fileno=link)), socket.socket(fileno=door), settings, number
    )
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: process.stop())
    code = FAULTY
    try:
        process.run()
        code = 0
    except KasaError as error:
        LOG.exception("door.refused", extra={"code": error.code})
    except Exception:
        LOG.exception("door.bug")
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
