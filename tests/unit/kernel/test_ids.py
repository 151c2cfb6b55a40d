"""Identifiers of version 7 (RFC 9562, 5.7)."""

from datetime import UTC, datetime
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.adapters.conformance.strategies_kernel import moments
from kasa.domain.kernel.ids import ENTROPY_BITS, PLATFORM, uuid7

ENTROPY = st.binary(min_size=10, max_size=32)


@given(at=moments(), entropy=ENTROPY)
def test_an_identifier_shows_its_millisecond_and_its_entropy(at: datetime, entropy: bytes) -> None:
    """48 bits of time, 74 bits of entropy, and the six fixed bits of version and variant."""
    made = uuid7(at, entropy)
    assert (7, RFC_4122) == (made.version, made.variant)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    milliseconds = (at - epoch).days * 86_400_000 + (at - epoch).seconds * 1000
    assert milliseconds + at.microsecond // 1000 == made.int >> 80
    random = int.from_bytes(entropy[:10], "big") % 2**ENTROPY_BITS
    high, low = made.int >> 64 & 0xFFF, made.int & (2**62 - 1)
    assert random == high << 62 | low


@given(first=moments(), second=moments(), entropy=ENTROPY)
def test_identifiers_sort_by_time(first: datetime, second: datetime, entropy: bytes) -> None:
    """A later millisecond gives a larger identifier, whatever the entropy."""
    earlier, later = sorted([first, second])
    assert uuid7(earlier, bytes(10)) <= uuid7(later, b"\xff" * 10)
    assert uuid7(first, entropy) == uuid7(first, entropy)


def test_the_example_of_the_standard() -> None:
    """RFC 9562, appendix A.6."""
    at = datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)
    random = 0xCC3 << 62 | 0x18C4DC0C0C07398F
    made = uuid7(at, random.to_bytes(10, "big"))
    assert UUID("017f22e2-79b0-7cc3-98c4-dc0c0c07398f") == made


def test_too_little_entropy_is_a_bug() -> None:
    """Nine bytes are refused."""
    with pytest.raises(ValueError, match="10 bytes"):
        uuid7(datetime(2026, 11, 2, tzinfo=UTC), bytes(9))


def test_the_platform_is_a_fixed_tenant() -> None:
    """Its identifier is of version 7 and never changes: rows are stored under it."""
    assert UUID("00000000-0000-7000-8000-000000000000") == PLATFORM
    assert PLATFORM.version == 7
