"""Signed tokens: JWT (RFC 7519) with HS256, each kind with its own audience (RFC 8725).

What is pinned: the algorithm, the header's members, the type, the audience, the issuer and the
claims that must be there. The times go by the clock of kasa and not by that of the library.
"""

import re
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import jwt
from jwt.types import Options

from kasa.adapters.credentials.keys import KeyRing
from kasa.domain.identity.access import TokenInvalid
from kasa.domain.identity.token import CLOCK_SKEW, Claims, TokenKind
from kasa.domain.kernel.ids import SessionId, TenantId

PURPOSE = "tokens"
ALGORITHM = "HS256"
ISSUER = "kasa"
HEADER = {"alg", "typ", "kid"}
FORM = re.compile(r"[\w-]+\.[\w-]+\.[\w-]{43}\Z", re.ASCII)
REQUIRED = ["iss", "aud", "sub", "iat", "exp"]
TOKEN_LETTERS_MAX = 4096
OF_KIND: dict[TokenKind, tuple[frozenset[str], frozenset[str]]] = {
    TokenKind.ACCESS: (frozenset({"sid", "ver"}), frozenset({"tid"})),
    TokenKind.PLATFORM: (frozenset({"sid", "ver"}), frozenset()),
    TokenKind.SERVICE: (frozenset({"tid", "scope"}), frozenset({"act", "rid"})),
}
"""The claims that a kind must and may have beside those that all have; it has no other."""

OPTIONS: Options = {
    "require": REQUIRED,
    "verify_aud": False,
    "verify_exp": False,
    "verify_iat": False,
    "enforce_minimum_key_length": True,
}
"""The audience is compared below, where it also tells the kind."""


class JwtSigner:
    """Signs with the first key and verifies with all; the algorithm is pinned on both sides."""

    def __init__(self, keys: KeyRing) -> None:
        found = keys.children(PURPOSE)
        self._keys = {urlsafe_b64encode(one.name).decode().rstrip("="): one.key for one in found}
        self._first = next(iter(self._keys))

    def sign(self, claims: Claims) -> str:
        """Return the token of some claims."""
        headers = {"typ": claims.kind.media_type, "kid": self._first}
        return jwt.encode(
            _facts(claims), self._keys[self._first], algorithm=ALGORITHM, headers=headers
        )

    def verify(self, token: str, *, at: datetime) -> Claims:
        """Return what a token says, or raise ``identity.token_invalid`` whatever is wrong."""
        try:
            media_type, key = self._headed(token)
            facts = jwt.decode(token, key, algorithms=[ALGORITHM], issuer=ISSUER, options=OPTIONS)
            claims = _claims(_kind(media_type, facts["aud"]), facts)
        except (jwt.PyJWTError, ValueError, TypeError, KeyError, OverflowError, OSError) as error:
            raise TokenInvalid from error
        if not claims.issued_at <= at + CLOCK_SKEW or not at < claims.expires_at:
            raise TokenInvalid
        return claims

    def _headed(self, token: str) -> tuple[str, bytes]:
        """Return type and key that a header names; it may say nothing beside them."""
        if len(token) > TOKEN_LETTERS_MAX or not FORM.match(token):
            raise TokenInvalid
        header = jwt.get_unverified_header(token)
        if header.keys() != HEADER or header["alg"] != ALGORITHM:
            raise TokenInvalid
        return header["typ"], self._keys[header["kid"]]


def _kind(media_type: str, audience: object) -> TokenKind:
    for kind in TokenKind:
        if (kind.media_type, kind.audience) == (media_type, audience):
            return kind
    raise TokenInvalid


def _facts(claims: Claims) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "iss": ISSUER,
        "aud": claims.kind.audience,
        "sub": str(claims.subject),
        "tid": None if claims.tenant is None else str(claims.tenant),
        "sid": None if claims.session is None else str(claims.session),
        "ver": None if claims.kind is TokenKind.SERVICE else claims.version,
        "scope": " ".join(sorted(claims.scopes)) if claims.kind is TokenKind.SERVICE else None,
        "act": claims.act,
        "rid": claims.rid,
        "iat": int(claims.issued_at.timestamp()),
        "exp": int(claims.expires_at.timestamp()),
    }
    return {name: fact for name, fact in facts.items() if fact is not None}


def _claims(kind: TokenKind, facts: dict[str, Any]) -> Claims:
    must, may = OF_KIND[kind]
    if not must <= facts.keys() - set(REQUIRED) <= must | may:
        raise TokenInvalid
    tenant, session = _text(facts, "tid"), _text(facts, "sid")
    return Claims(
        kind=kind,
        subject=UUID(facts["sub"]),
        issued_at=datetime.fromtimestamp(_whole(facts["iat"]), UTC),
        expires_at=datetime.fromtimestamp(_whole(facts["exp"]), UTC),
        tenant=None if tenant is None else TenantId(UUID(tenant)),
        session=None if session is None else SessionId(UUID(session)),
        version=_whole(facts.get("ver", 0)),
        scopes=frozenset((_text(facts, "scope") or "").split()),
        act=_text(facts, "act"),
        rid=_text(facts, "rid"),
    )


def _text(facts: dict[str, Any], name: str) -> str | None:
    found = facts.get(name)
    if found is not None and not isinstance(found, str):
        raise TokenInvalid
    return found


def _whole(found: object) -> int:
    if type(found) is not int:
        raise TokenInvalid
    return found
