"""Signed tokens are checked once, and end when they end."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from kasa.domain.identity.access import TokenInvalid
from kasa.domain.identity.token import Claims, TokenKind
from kasa.entrypoints.http.admission import TokenCache

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def test_a_token_is_checked_once_and_again_after_its_end() -> None:
    """The signature of a token is checked once; after its end the check decides anew."""
    at = [NOW]
    asked: list[str] = []

    def check(bearer: str) -> Claims:
        asked.append(bearer)
        if at[0] >= NOW + timedelta(minutes=10):
            raise TokenInvalid
        return Claims(
            kind=TokenKind.ACCESS,
            subject=UUID(int=1),
            issued_at=NOW,
            expires_at=NOW + timedelta(minutes=10),
        )

    cache = TokenCache(lambda: at[0], size=2)
    for bearer in ("a", "a", "b", "c", "c"):
        cache.claims(bearer, check)
    assert ["a", "b", "c"] == asked
    cache.claims("a", check)
    assert ["a", "b", "c", "a"] == asked
    at[0] = NOW + timedelta(minutes=10)
    with pytest.raises(TokenInvalid):
        cache.claims("a", check)
