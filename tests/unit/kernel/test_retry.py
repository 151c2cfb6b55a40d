"""When a failed job is tried again."""

from datetime import timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.adapters.conformance.strategies_kernel import retry_policies
from kasa.domain.kernel.retry import SPREAD_PERCENT, RetryPolicy

SECOND = timedelta(seconds=1)
POLICY = RetryPolicy(
    first=10 * SECOND, factor=6, ceiling=300 * SECOND, give_up_after=timedelta(hours=1)
)
ATTEMPTS = st.integers(1, 200)
SEEDS = st.integers(0, 255)
SPANS = st.timedeltas(timedelta(), timedelta(days=2))


def wait(policy: RetryPolicy, attempt: int, seed: int = 0) -> timedelta | None:
    """Return the wait of a young job that asked for nothing."""
    return policy.wait(attempt, timedelta(), timedelta(), seed=seed)


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 10), (2, 60), (3, 300), (4, 300), (24, 300)])
def test_waits_grow_up_to_their_ceiling(attempt: int, seconds: int) -> None:
    """Each wait is a factor longer, until the ceiling."""
    assert seconds * SECOND == wait(POLICY, attempt)


def test_attempts_end() -> None:
    """After the last attempt a job gives up, however young it is."""
    assert wait(POLICY, 24) is not None
    assert wait(POLICY, 25) is None
    assert wait(attrs.evolve(POLICY, attempts_max=3), 3) is None


def test_age_ends() -> None:
    """A job that is old enough gives up, however few its attempts."""
    young, old = timedelta(minutes=59, seconds=59), timedelta(hours=1)
    assert POLICY.wait(1, young, timedelta(), seed=0) is not None
    assert POLICY.wait(1, old, timedelta(), seed=0) is None


def test_a_list_of_waits_is_followed() -> None:
    """The last one repeats."""
    policy = attrs.evolve(POLICY, waits=(SECOND, 5 * SECOND))
    assert [SECOND, 5 * SECOND, 5 * SECOND] == [wait(policy, n) for n in (1, 2, 3)]


def test_what_the_failure_asks_for_is_kept() -> None:
    """A longer wait that the failure itself asked for wins, also over the ceiling."""
    assert 900 * SECOND == POLICY.wait(1, timedelta(), 900 * SECOND, seed=0)
    assert 10 * SECOND == POLICY.wait(1, timedelta(), SECOND, seed=0)


@given(policy=retry_policies(), attempt=ATTEMPTS, age=SPANS, asked=SPANS, seed=SEEDS)
def test_a_wait_is_long_enough_and_spread_a_little(
    policy: RetryPolicy, attempt: int, age: timedelta, asked: timedelta, seed: int
) -> None:
    """Never shorter than asked for, at most a tenth longer than without spreading."""
    plain = policy.wait(attempt, age, asked, seed=0)
    spread = policy.wait(attempt, age, asked, seed=seed)
    if plain is None:
        assert spread is None
        return
    assert spread is not None
    assert asked <= plain <= spread
    assert spread <= plain * (100 + SPREAD_PERCENT) / 100 + timedelta(microseconds=1)


@given(seed=SEEDS)
def test_the_spread_follows_from_the_seed(seed: int) -> None:
    """Equal seeds wait equally long; the largest seed waits a tenth longer."""
    assert wait(POLICY, 2, seed) == wait(POLICY, 2, seed)
    assert wait(POLICY, 2, 255) == 66 * SECOND
