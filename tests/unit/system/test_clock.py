"""The machine's clock, identifiers and secrets."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from kasa.adapters.system.clock import RandomIds, RandomSecrets, SystemClock


def test_the_clock_is_aware_and_in_utc() -> None:
    """A moment carries its zone."""
    assert SystemClock().now().tzinfo is UTC


def test_identifiers_rise_even_when_the_clock_steps_back() -> None:
    """Identifiers are unique and rise within a process, on ties and on steps back."""
    ids, at = RandomIds(), datetime(2026, 11, 21, tzinfo=UTC)
    made = [ids.new(at - timedelta(seconds=step % 3)) for step in range(200)]
    assert all(first < second for first, second in pairwise(made))
    assert {7} == {one.version for one in made}


def test_secrets_have_128_bits_and_differ() -> None:
    """A secret is 22 characters of base64url, never the same twice."""
    made = {RandomSecrets().token() for _ in range(100)}
    assert {22} == {len(secret) for secret in made}
    assert len(made) == 100
