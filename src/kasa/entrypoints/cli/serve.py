"""`kasa serve` and `kasa all`: the pages and the API, alone or with the worker beside them."""

import signal
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import attrs
import click

from kasa.domain.kernel.errors import KasaError
from kasa.entrypoints.bootstrap_database import held_database
from kasa.entrypoints.cli.failures import Exit
from kasa.entrypoints.cli.kept import keep, one_at_a_time
from kasa.entrypoints.cli.request import Request, asked
from kasa.entrypoints.setting_forms import Bind
from kasa.entrypoints.settings import Settings
from kasa.entrypoints.worker.supervisor import Supervisor, Words

BACKLOG = 512
CHILD = (sys.executable, "-m", "kasa.entrypoints.cli.serving")
DOOR = Words(
    name="door",
    takes="takes requests",
    rest="requests that were taken are answered first",
    now="what is not answered yet never will be",
)


class AddressTaken(KasaError):
    """Another program listens there, or this one may not."""

    code = "setup.address_taken"


@click.command
@click.option("--processes", type=click.IntRange(1, 64), help="How many take requests.")
@asked
def serve(request: Request, *, processes: int | None) -> None:
    r"""Serve the API and the pages until stopped.

    Jobs are run by `kasa worker`; `kasa all` is both. SIGTERM or Ctrl-C: requests that were taken
    are answered first, within 30 s. A second signal stops now. Stopped by SIGTERM it exits with 0,
    by Ctrl-C with 130.

    \b
    Examples:
      kasa serve
      KASA_BIND=0.0.0.0:8000 KASA_PUBLIC_URL=https://shop.example kasa serve
    """
    _run(request, processes, works=False)


@click.command("all")
@click.option("--processes", type=click.IntRange(1, 64), help="How many take requests.")
@asked
def everything(request: Request, *, processes: int | None) -> None:
    r"""Run all that a small shop needs until stopped: database, API, pages, jobs, schedule.

    Each part is a process of its own, and is started again when it ends. Signals are those of
    `kasa serve`.

    \b
    Examples:
      kasa all
      KASA_HOME=/srv/kasa kasa all
    """
    _run(request, processes, works=True)


def _run(request: Request, processes: int | None, *, works: bool) -> None:
    settings = Settings.from_env()
    base = settings.base
    with listening(settings.bind) as door, held_database(settings, runs_jobs=works) as ensure:
        prepare = one_at_a_time(ensure)
        supervisors = [
            Supervisor(
                prepare=prepare,
                tell=request.screen.say,
                command=(*CHILD, str(door.fileno()), str(number)),
                keeps=(door.fileno(),),
                words=DOOR,
            )
            for number in range(processes or settings.door_processes)
        ]
        if works:
            supervisors.append(Supervisor(prepare=prepare, tell=request.screen.say))
        request.screen.say(f"Serving {_shown(settings, door, base)}")
        caught = keep(supervisors)
    request.screen.say("Everything has stopped." if works else "The door is closed.")
    request.screen.answer({"restarts": _restarts(supervisors)})
    if signal.SIGINT in caught:
        click.get_current_context().exit(Exit.INTERRUPTED)


@contextmanager
def listening(bind: Bind) -> Iterator[socket.socket]:
    """Yield the socket on which all processes take requests, or raise ``setup.address_taken``.

    It is the parent's: what a child that ends had not taken yet is taken by the next one.
    """
    family = socket.AF_INET6 if ":" in bind.host else socket.AF_INET
    try:
        door = socket.create_server((bind.host, bind.port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise AddressTaken(f"KASA_BIND: {bind} cannot be used: {error.strerror}.") from error
    with door:
        yield door


def _shown(settings: Settings, door: socket.socket, base: str) -> str:
    if settings.public_url is not None:
        return f"{base}, on {settings.bind}"
    return attrs.evolve(settings, bind=bound(settings.bind, door)).base


def bound(bind: Bind, door: socket.socket) -> Bind:
    """Return where a socket listens: the port is known when it was free to choose."""
    return Bind(bind.host, int(door.getsockname()[1]))


def _restarts(supervisors: Sequence[Supervisor]) -> int:
    return sum(one.restarts for one in supervisors)
