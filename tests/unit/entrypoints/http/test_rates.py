"""How often somebody may read: a limit is a limit, and says when it ends."""

import pytest

from kasa.domain.kernel.errors import Throttled
from kasa.entrypoints.http.rates import Buckets


class Watch:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        """Return its time."""
        return self.at


def test_exactly_the_limit_passes_in_a_window() -> None:
    """The next call is told how long the window still lasts; then it starts anew."""
    watch = Watch()
    buckets = Buckets(watch)
    for _ in range(100):
        buckets.take("sokha", 100)
    watch.at += 17.5
    with pytest.raises(Throttled) as refused:
        buckets.take("sokha", 100)
    assert (refused.value.code, refused.value.retry_after) == ("rate.limited", 43)
    watch.at += refused.value.retry_after
    buckets.take("sokha", 100)


def test_everybody_has_a_bucket_of_ones_own() -> None:
    """What one caller used up costs another nothing, nor himself in another kind."""
    buckets = Buckets(Watch())
    buckets.take(("reads", "sokha"), 1)
    buckets.take(("reads", "dara"), 1)
    buckets.take(("anonymous", "sokha"), 1)


def test_a_flood_of_keys_costs_no_memory() -> None:
    """The oldest are forgotten."""
    buckets = Buckets(Watch(), keys_max=10)
    for caller in range(1000):
        buckets.take(caller, 1)
    assert len(buckets._windows) == 10
