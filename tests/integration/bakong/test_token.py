"""When a token ends is read from it, and nothing else."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime

import pytest

from kasa.adapters.bakong.token import expires_at


def token(claims: object) -> str:
    """Return a token with these claims."""
    middle = urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"head.{middle}.tail"


def test_a_token_says_when_it_ends() -> None:
    """Its claim ``exp`` counts seconds since 1970."""
    ends = datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert ends == expires_at(token({"exp": int(ends.timestamp())}))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "rbk_opaque",
        "a.b",
        "a.b.c",
        "a.%%%.c",
        token([]),
        token({}),
        token({"exp": None}),
        token({"exp": "soon"}),
        token({"exp": 10**30}),
    ],
)
def test_any_other_token_does_not_say(text: str) -> None:
    """What is no JWT, or has no end, has no end."""
    assert expires_at(text) is None
