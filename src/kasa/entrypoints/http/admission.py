"""Lets people and programs in: the right kind of token, then one look at the store."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any

import attrs

from kasa.application.identity.admitting import Presented, PresentedKey, WriteRate
from kasa.application.identity.facade import Identity
from kasa.domain.identity.access import TokenInvalid
from kasa.domain.identity.token import Claims, TokenKind
from kasa.entrypoints.http.auth import Admitted, Asked
from kasa.entrypoints.http.rates import Rates
from kasa.entrypoints.http.routing import Route, Who

CACHED_TOKENS = 10_000
KINDS = {
    Who.MEMBER: frozenset({TokenKind.ACCESS}),
    Who.PERSON: frozenset({TokenKind.ACCESS}),
    Who.SERVICE: frozenset({TokenKind.SERVICE}),
    Who.OPERATOR: frozenset({TokenKind.PLATFORM}),
}
"""The kinds of signed tokens that each kind of route takes."""


@attrs.define(eq=False)
class TokenCache:
    """Signed tokens whose signature was checked; each is forgotten when it ends."""

    now: Callable[[], datetime]
    size: int = CACHED_TOKENS
    _kept: OrderedDict[bytes, Claims] = attrs.field(factory=OrderedDict)

    def claims(self, bearer: str, check: Callable[[str], Presented]) -> Presented:
        """Return what a token says, checked once; the end is looked at each time."""
        key = sha256(bearer.encode()).digest()
        found = self._kept.get(key)
        if found is not None and self.now() < found.expires_at:
            return found
        self._kept.pop(key, None)
        made = check(bearer)
        if isinstance(made, Claims):
            self._kept[key] = made
            if len(self._kept) > self.size:
                self._kept.popitem(last=False)
        return made


@attrs.frozen(kw_only=True, eq=False)
class IdentityAdmission:
    """Admits by what ``kasa.identity`` says; without ``rates`` nothing is counted."""

    identity: Identity
    tokens: TokenCache
    rates: Rates | None = None

    def verified(self, bearer: str, asked: Asked) -> Presented:
        """Return what a token or key says, when the route takes its kind; nothing is read."""
        presented = self.tokens.claims(bearer, self.identity.verified)
        if isinstance(presented, PresentedKey):
            if not _takes_keys(asked.route):
                raise TokenInvalid
        elif isinstance(presented, Claims) and not _takes(asked.route, presented):
            raise TokenInvalid
        return presented

    def admit(self, proof: Any, asked: Asked) -> Admitted:
        """Return who bears it, as things stand now."""
        if proof is None:
            return Admitted()
        let_in = self.identity.admit(proof, rate=self._rate(asked.route))
        return Admitted(actor=let_in.actor, person=let_in.person, suspended=let_in.is_suspended)

    def _rate(self, route: Route) -> WriteRate | None:
        if self.rates is None or route.method == "GET":
            return None
        if route.upload:
            return WriteRate(kind="uploads", limit=self.rates.uploads)
        return WriteRate(kind="writes", limit=self.rates.writes)


def _takes(route: Route, claims: Claims) -> bool:
    if claims.kind is TokenKind.SERVICE and route.service:
        return True
    return claims.kind in KINDS.get(route.who, frozenset())


def _takes_keys(route: Route) -> bool:
    return route.who in {Who.MEMBER, Who.SERVICE}
