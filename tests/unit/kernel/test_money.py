"""Money is exact."""

from hypothesis import given
from hypothesis import strategies as st

from kasa.domain.kernel.money import spread


@given(
    total=st.integers(0, 10**15), weights=st.lists(st.integers(0, 10**12), min_size=1, max_size=30)
)
def test_spread_loses_nothing(total: int, weights: list[int]) -> None:
    """The shares sum to the total, whatever the weights."""
    if not sum(weights):
        total = 0
    assert total == sum(spread(total, weights))
