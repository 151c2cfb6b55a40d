"""Signed tokens: what is forged, borrowed or out of date opens nothing."""

import hmac
import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256, sha512
from typing import Any
from uuid import UUID

import pytest

from kasa.adapters.credentials.keys import KeyRing
from kasa.adapters.credentials.tokens import PURPOSE, JwtSigner
from kasa.domain.identity.access import TokenInvalid
from kasa.domain.identity.token import Claims, TokenKind
from kasa.domain.kernel.ids import SessionId, TenantId

FIRST, SECOND = bytes(range(32)), bytes(range(64, 128))
NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
SIGNER = JwtSigner(KeyRing((FIRST,)))
CHILD = KeyRing((FIRST,)).children(PURPOSE)[0]
KID = urlsafe_b64encode(CHILD.name).decode().rstrip("=")
HEADER = {"alg": "HS256", "typ": "at+jwt", "kid": KID}
BEGUN = int(NOW.timestamp())
PAYLOAD = {
    "iss": "kasa",
    "aud": "kasa:api",
    "sub": str(UUID(int=1)),
    "sid": str(UUID(int=2)),
    "tid": str(UUID(int=3)),
    "ver": 4,
    "iat": BEGUN,
    "exp": BEGUN + 600,
}
GONE = object()


def _encoded(value: object) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return urlsafe_b64encode(data).decode().rstrip("=")


def _forged(
    header: dict[str, Any], payload: object, key: bytes = CHILD.key, digest: Any = sha256
) -> str:
    text = f"{_encoded(header)}.{_encoded(payload)}"
    return f"{text}.{_encoded(hmac.digest(key, text.encode(), digest))}"


def _changed(facts: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: fact for name, fact in {**facts, **changes}.items() if fact is not GONE}


def _claims(kind: TokenKind = TokenKind.ACCESS) -> Claims:
    return Claims(
        kind=kind,
        subject=UUID(int=1),
        session=SessionId(UUID(int=2)),
        tenant=TenantId(UUID(int=3)),
        version=4,
        issued_at=NOW,
        expires_at=NOW + timedelta(minutes=10),
    )


@pytest.mark.D3
def test_the_forger_of_these_tests_makes_tokens_that_open() -> None:
    """What is refused below is refused for its one change: unchanged it opens."""
    assert _claims() == SIGNER.verify(_forged(HEADER, PAYLOAD), at=NOW)


@pytest.mark.D3
@pytest.mark.parametrize(
    "changes",
    [
        {"alg": "none"},
        {"alg": "None"},
        {"alg": "HS512"},
        {"alg": "hs256"},
        {"alg": GONE},
        {"alg": ["HS256"]},
        {"typ": "JWT"},
        {"typ": "svc+jwt"},
        {"typ": "AT+JWT"},
        {"typ": GONE},
        {"typ": None},
        {"kid": GONE},
        {"kid": "../../etc/passwd"},
        {"kid": None},
        {"kid": {"a": 1}},
        {"kid": KID + "="},
        {"crit": ["exp"]},
        {"crit": ["b64"], "b64": False},
        {"b64": True},
        {"jku": "https://elsewhere.example/keys"},
        {"jwk": {"kty": "oct", "k": "AA"}},
        {"x5u": "https://elsewhere.example/cert"},
        {"zip": "DEF"},
    ],
)
def test_a_header_says_exactly_three_things(changes: dict[str, Any]) -> None:
    """Algorithm, type and key, each as pinned; whatever else it says is refused."""
    with pytest.raises(TokenInvalid):
        SIGNER.verify(_forged(_changed(HEADER, changes), PAYLOAD), at=NOW)


@pytest.mark.D3
@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "other"},
        {"iss": GONE},
        {"iss": ["kasa"]},
        {"aud": "kasa:service"},
        {"aud": "kasa"},
        {"aud": ["kasa:api"]},
        {"aud": ["kasa:api", "kasa:service"]},
        {"aud": GONE},
        {"sub": GONE},
        {"sub": "nobody"},
        {"sub": 1},
        {"sub": None},
        {"sid": GONE},
        {"sid": 2},
        {"sid": "x"},
        {"tid": "x"},
        {"tid": 7},
        {"ver": GONE},
        {"ver": "4"},
        {"ver": True},
        {"ver": 4.0},
        {"iat": GONE},
        {"iat": "1793588400"},
        {"iat": True},
        {"iat": float("nan")},
        {"iat": 10**30},
        {"iat": BEGUN + 61},
        {"exp": GONE},
        {"exp": BEGUN},
        {"exp": BEGUN - 1},
        {"exp": 10**30},
        {"exp": None},
        {"nbf": BEGUN + 3600},
        {"scope": "read"},
        {"admin": True},
    ],
)
def test_every_claim_is_checked(changes: dict[str, Any]) -> None:
    """A claim that is missing, of another form, or strange makes a token none."""
    with pytest.raises(TokenInvalid):
        SIGNER.verify(_forged(HEADER, _changed(PAYLOAD, changes)), at=NOW)


@pytest.mark.D3
@pytest.mark.parametrize("payload", [[], "text", 7, None, b"\xff\xfe", b"{"])
def test_a_payload_is_an_object(payload: object) -> None:
    """Signed nonsense is nonsense."""
    with pytest.raises(TokenInvalid):
        SIGNER.verify(_forged(HEADER, payload), at=NOW)


@pytest.mark.D3
@pytest.mark.parametrize(
    "token",
    [
        _forged(HEADER, PAYLOAD, key=b""),
        _forged(HEADER, PAYLOAD, key=FIRST),
        _forged(HEADER, PAYLOAD, key=CHILD.name),
        _forged(HEADER, PAYLOAD, digest=sha512),
        _forged({**HEADER, "alg": "HS512"}, PAYLOAD, digest=sha512),
        _forged(HEADER, PAYLOAD).rpartition(".")[0] + ".",
        _forged({**HEADER, "alg": "none"}, PAYLOAD).rpartition(".")[0] + ".",
        _forged(HEADER, PAYLOAD) + " ",
        _forged(HEADER, PAYLOAD) + "\n",
        _forged(HEADER, PAYLOAD) + "=",
        "\n" + _forged(HEADER, PAYLOAD),
        _forged(HEADER, {**PAYLOAD, "act": "x" * 5000}),
        "Bearer " + _forged(HEADER, PAYLOAD),
    ],
)
def test_only_the_child_of_its_purpose_signs(token: str) -> None:
    """Not the secret itself, not another algorithm's digest, not nobody; and no letter is extra."""
    with pytest.raises(TokenInvalid):
        SIGNER.verify(token, at=NOW)


@pytest.mark.D3
def test_a_key_that_is_replaced_still_verifies_until_it_is_taken_out() -> None:
    """The first key signs and all verify; without the old key its tokens are none."""
    old = SIGNER.sign(_claims())
    rotated = JwtSigner(KeyRing((SECOND, FIRST)))
    assert _claims() == rotated.verify(old, at=NOW)
    with pytest.raises(TokenInvalid):
        SIGNER.verify(rotated.sign(_claims()), at=NOW)
    with pytest.raises(TokenInvalid):
        JwtSigner(KeyRing((SECOND,))).verify(old, at=NOW)
