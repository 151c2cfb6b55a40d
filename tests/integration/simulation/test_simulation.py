"""Worlds over PostgreSQL keep the laws and tell the story that they tell over memory."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from kasa.adapters.postgres.embedded import EmbeddedServer
from tests.integration.conftest import FAST, TEMPLATE
from tests.simulation.__main__ import started
from tests.simulation.compared import require_same
from tests.simulation.faults import Fault
from tests.simulation.play import Ended, play
from tests.simulation.postgres_stage import in_postgres
from tests.simulation.stage import in_memory

pytestmark = pytest.mark.integration

SEED, STEPS, LOOK_EVERY = 7, 70, 10
DEEP_SEEDS = range(2_000, 2_003)
DEEP_STEPS = 150
KEPT = {**FAST, "synchronous_commit": "on"}
"""Of a server that is killed: what was committed is there afterwards."""


def played(seed: int, steps: int, server: EmbeddedServer, *, restarts: bool = False) -> Ended:
    """Play a world over PostgreSQL, and print its seed."""
    click.echo(f"seed {seed}, {steps} steps over PostgreSQL")
    with in_postgres(seed, server, TEMPLATE, restarts=restarts) as world:
        return play(world, steps, look_every=LOOK_EVERY)


def test_a_world_over_postgresql_is_the_one_over_memory(server: EmbeddedServer) -> None:
    """One seed, two stores: the same story, the same books, and connections that were cut."""
    ended = played(SEED, STEPS, server)
    assert ended.world.was_struck_by(Fault.CUT)
    require_same(play(in_memory(SEED), STEPS), ended)


@pytest.fixture(scope="module")
def own_server() -> Iterator[EmbeddedServer]:
    """Return a server that no other test uses, so that it may be restarted."""
    with tempfile.TemporaryDirectory(prefix="kasa-simulation-") as folder:
        Path(folder).chmod(0o711)
        with started(Path(folder), KEPT) as server:
            yield server


@pytest.mark.deep
@pytest.mark.parametrize("seed", DEEP_SEEDS)
def test_worlds_outlive_a_server_that_dies(own_server: EmbeddedServer, seed: int) -> None:
    """The server is killed now and then in the middle of a unit of work; all laws hold."""
    ended = played(seed, DEEP_STEPS, own_server, restarts=True)
    require_same(play(in_memory(seed), DEEP_STEPS), ended, same_ids=False)
