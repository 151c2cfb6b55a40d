"""A key names one request."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.domain.kernel.idempotency import Answered, IdempotencyKey, KeyMalformed

PRINTABLE = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=255)


@given(value=PRINTABLE)
def test_printable_ascii_is_a_key(value: str) -> None:
    """1 to 255 printable characters are kept as they are."""
    assert value == IdempotencyKey(value, "POST /x").value


@pytest.mark.parametrize("value", ["", "a" * 256, "a\n", "\n", "a\x7f", "ក", "a\0", "\ta"])
def test_anything_else_is_refused(value: str) -> None:
    """No control characters, no other scripts, no end of line."""
    with pytest.raises(KeyMalformed):
        IdempotencyKey(value, "POST /x")


def test_an_answer_carries_its_value() -> None:
    """Whoever catches it renders the value again."""
    assert Answered("the same").value == "the same"
