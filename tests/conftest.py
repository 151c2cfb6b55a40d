"""What every test run needs: marks, Hypothesis profiles, and where its cases come from."""

import os
import random
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.places import CASES, PGBOUNCER, SLIPS
from tests.promises import PROMISES

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=500, deadline=None)
settings.register_profile(
    "deep",
    max_examples=5_000,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile("ten", max_examples=10, deadline=None)
PROFILE = os.environ.get("KASA_PROFILE", "dev")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let golden samples be written anew, and a race be repeated."""
    parser.addoption("--update", action="store_true", help="write golden samples anew")
    parser.addoption("--seed", type=int, help="repeat a race or a kill with the seed it printed")


def pytest_configure(config: pytest.Config) -> None:
    """Register one mark for each promise, and choose the number of examples."""
    settings.load_profile(PROFILE)
    for promise, sentence in PROMISES.items():
        config.addinivalue_line("markers", f"{promise}: {sentence}")


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say where case files and receipts come from, and what this selection leaves out."""
    pooler = PGBOUNCER or "nowhere: apt-get install pgbouncer; tests through a pooler are left out"
    lines = [
        f"kasa: cases from {CASES}",
        f"kasa: receipts from {SLIPS or 'nowhere: none are here, set KASA_SHARED'}",
        f"kasa: pooler from {pooler}",
        f"kasa: profile {PROFILE}",
    ]
    if config.option.markexpr:
        lines.append(f"kasa: selected are tests of {config.option.markexpr!r}")
    return lines


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Note each test's promises for the table; leave out what needs what is not here."""
    for item in items:
        promises = {mark.name for mark in item.iter_markers()} & PROMISES.keys()
        item.user_properties.extend(("promise", promise) for promise in sorted(promises))
    lacking = [mark for mark, found in (("slips", SLIPS), ("pooler", PGBOUNCER)) if found is None]
    if lacking:
        left_out = [item for item in items if any(map(item.get_closest_marker, lacking))]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


@pytest.fixture
def ten_examples() -> Iterator[None]:
    """Let a test draw ten examples: its suite draws more of them where that shows more."""
    settings.load_profile("ten")
    yield
    settings.load_profile(PROFILE)


@pytest.fixture
def seed(pytestconfig: pytest.Config, record_property: Callable[[str, object], None]) -> int:
    """Return the number that a race draws from; it is printed and stands in the table of promises.

    ``pytest --seed N`` repeats one.
    """
    given = pytestconfig.getoption("--seed")
    drawn = random.randrange(10**9) if given is None else int(given)
    print(f"seed {drawn}")  # noqa: T201  # a failed run can be repeated
    record_property("seed", drawn)
    return drawn
