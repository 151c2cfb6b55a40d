"""`make simulate`: play worlds, over memory and over PostgreSQL, and tell how they went.

Without a seed one is drawn and printed. Over both, the two must tell one story.
"""

import secrets
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import click

from kasa.adapters.postgres.embedded import EmbeddedServer
from kasa.adapters.postgres.upgrade import upgrade
from tests.simulation.compared import require_same
from tests.simulation.play import Ended, play
from tests.simulation.postgres_stage import in_postgres
from tests.simulation.stage import in_memory

TEMPLATE = "kasa_template"
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
LOOK_EVERY = 5
SEEDS = 10**6


@click.command
@click.option("--seed", type=click.IntRange(0), help="The world; drawn when not given.")
@click.option("--steps", type=click.IntRange(1), default=300, show_default=True)
@click.option("--worlds", type=click.IntRange(1), default=1, help="This and the seeds after it.")
@click.option("--over", type=click.Choice(["memory", "postgres", "both"]), default="both")
@click.option("--story", is_flag=True, help="Print every step.")
def simulate(*, seed: int | None, steps: int, worlds: int, over: str, story: bool) -> None:
    """Play worlds drawn from a seed; a law that breaks ends it with the steps that led there."""
    first = secrets.randbelow(SEEDS) if seed is None else seed
    with _server(wanted=over != "memory") as server:
        for one in range(first, first + worlds):
            ended = _played(one, steps, over, server)
            if story:
                click.echo("\n".join(ended[0].world.story))
            for line in _counts(ended[0]):
                click.echo(line)


def _played(seed: int, steps: int, over: str, server: EmbeddedServer | None) -> list[Ended]:
    ended = []
    if over != "postgres":
        ended.append(_timed("memory", seed, lambda: play(in_memory(seed), steps)))
    if server is not None:
        with in_postgres(seed, server, TEMPLATE) as world:
            run = partial(play, world, steps, look_every=LOOK_EVERY)
            ended.append(_timed("PostgreSQL", seed, run))
    if len(ended) > 1:
        require_same(*ended)
    return ended


def _timed(where: str, seed: int, run: Callable[[], Ended]) -> Ended:
    click.echo(f"seed {seed} over {where}: ", nl=False)
    began = time.monotonic()
    ended = run()
    click.echo(f"{len(ended.world.story)} steps in {time.monotonic() - began:.1f} s")
    return ended


def _counts(ended: Ended) -> list[str]:
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(ended.world.kinds.items()))
    found = sorted(ended.world.faults.struck.items())
    struck = ", ".join(f"{fault} ({point}) {count}" for (fault, point), count in found)
    return [f"  steps: {kinds}", f"  faults: {struck}"]


@contextmanager
def _server(*, wanted: bool) -> Iterator[EmbeddedServer | None]:
    if not wanted:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="kasa-simulation-") as folder:
        Path(folder).chmod(0o711)
        with started(Path(folder), FAST) as server:
            yield server


@contextmanager
def started(folder: Path, settings: Mapping[str, str]) -> Iterator[EmbeddedServer]:
    """Start a server in a folder, with a template of the newest schema, and stop it."""
    server = EmbeddedServer(folder / "home", settings=settings)
    server.start()
    try:
        server.make_database(TEMPLATE)
        upgrade(server.addresses(TEMPLATE).owner)
        yield server
    finally:
        server.stop()


if __name__ == "__main__":
    simulate()
