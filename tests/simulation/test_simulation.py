"""Worlds drawn from a seed keep their laws, whatever happens and whatever goes wrong."""

from collections import Counter

import click
import pytest

from tests.simulation.acts import ACTS
from tests.simulation.faults import Fault
from tests.simulation.play import Ended, play, told
from tests.simulation.stage import in_memory
from tests.simulation.world import Broken

SEEDS = (1, 2, 3, 4, 5, 6, 7, 8)
STEPS = 250
DEEP_SEEDS = range(1_000, 1_012)
DEEP_STEPS = 700


def played(seed: int, steps: int) -> Ended:
    """Play a world over memory, and print its seed."""
    click.echo(f"seed {seed}, {steps} steps")
    return play(in_memory(seed), steps)


def require_all(worlds: list[Ended]) -> None:
    """Require that every kind of step did something, and that every kind of fault struck."""
    did: Counter[str] = sum((one.world.kinds for one in worlds), Counter())
    assert set() == {act.kind for act in ACTS} - {kind for kind, count in did.items() if count}
    struck = {fault for one in worlds for fault, _ in one.world.faults.struck}
    assert set(Fault) == struck


def test_worlds_keep_their_laws() -> None:
    """Every law holds after every step of the fixed seeds, and they meet every step and fault."""
    require_all([played(seed, STEPS) for seed in SEEDS])


def test_a_seed_is_a_story() -> None:
    """The same seed tells the same story and ends with the same books."""
    first, second = played(9, 80), played(9, 80)
    assert first.world.story == second.world.story
    assert first.books == second.books


def test_a_broken_world_can_be_seen_again() -> None:
    """Who breaks a law is told the seed, the step, the last steps in words, and the command."""
    ended = played(10, 20)
    text = told(ended.world, 20, Broken("money is lost"))
    assert text.startswith("seed 10, step 20: Broken: money is lost\n")
    assert ended.world.story[-1] in text
    assert text.endswith("make simulate SEED=10 EXAMPLES=20")


@pytest.mark.deep
@pytest.mark.parametrize("seed", DEEP_SEEDS)
def test_long_worlds_keep_their_laws(seed: int) -> None:
    """The same over more seeds and longer."""
    played(seed, DEEP_STEPS)
