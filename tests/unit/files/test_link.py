"""Links to files: one token each, short of life, refused when changed."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.domain.files.link import (
    LIFE_MOST,
    TOKEN_LENGTH,
    FileLink,
    LinkLifeInvalid,
    read_token,
)
from kasa.domain.kernel.ids import FileId, TenantId

AT = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
DIGEST = bytes(range(32))


@given(tenant=st.uuids(), file=st.uuids(), seconds=st.integers(1, 7 * 86_400))
def test_a_token_is_read_as_it_was_made(tenant: UUID, file: UUID, seconds: int) -> None:
    """It names its tenant, file and end, and carries 16 bytes of the digest."""
    life = timedelta(seconds=seconds)
    link = FileLink.until(TenantId(tenant), FileId(file), at=AT, life=life)
    token = link.token(DIGEST)
    assert TOKEN_LENGTH == len(token)
    assert (link, DIGEST[:16]) == read_token(token)
    assert link.is_alive(AT)
    assert not link.is_alive(AT + life)


@given(token=st.text(max_size=80))
def test_any_other_text_is_no_token(token: str) -> None:
    """No text whatsoever fails; what is no token names nothing."""
    read = read_token(token)
    assert read is None or read[0].token(read[1]) == token


def test_a_token_has_one_text() -> None:
    """Padding, another alphabet and spare bits are no second text of the same link."""
    link = FileLink.until(
        TenantId(UUID(int=2**128 - 1)), FileId(UUID(int=2**127)), at=AT, life=LIFE_MOST
    )
    made = link.token(b"\xff" * 16)
    ends = {made[:-1] + one for one in "ABCDEFGHwxyz0189-_\n"}
    others = {made, made + "=", made.replace("_", "/"), f" {made[1:]}"} | ends
    assert {made} == {one for one in others if read_token(one) == (link, b"\xff" * 16)}


@pytest.mark.parametrize("life", [timedelta(), timedelta(days=-1), LIFE_MOST + timedelta(1)])
def test_a_link_lives_a_while(life: timedelta) -> None:
    """From a second to seven days."""
    with pytest.raises(LinkLifeInvalid):
        FileLink.until(TenantId(UUID(int=1)), FileId(UUID(int=2)), at=AT, life=life)
