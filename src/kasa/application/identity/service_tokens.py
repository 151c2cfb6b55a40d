"""Tokens of five minutes for service clients."""

import hmac
import re
from collections.abc import Collection
from datetime import datetime
from typing import ClassVar

import attrs

from kasa.application.identity.admitting import KEY_PREFIX, PresentedKey, presented_key
from kasa.application.ports.credentials import TokenSigner
from kasa.application.ports.system import Clock
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.domain.identity.access import Actor, ScopeMissing, TokenInvalid
from kasa.domain.identity.service import ServiceClient
from kasa.domain.identity.token import SERVICE_LIFE, Claims, TokenKind
from kasa.domain.kernel.errors import Invalid, NotFound

NAMED = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,78}[\x21-\x7e])?\Z")
"""How a token names for whom it acts and which request it belongs to: 80 printable letters."""


class NotNamed(Invalid):
    """What a token names for the audit trail has 1 to 80 printable ASCII letters."""

    code = "identity.act_malformed"


@attrs.frozen(kw_only=True)
class ServiceTokenGiven:
    """A token of a program, its end, and what it opens."""

    token: str = attrs.field(repr=False)
    expires_at: datetime
    scopes: tuple[str, ...]


@attrs.frozen(kw_only=True, eq=False)
class GiveServiceToken:
    """Give a program a token for its name and secret."""

    anybody: ClassVar[bool] = True

    unit_of_work: UnitOfWorkFactory
    tokens: TokenSigner
    clock: Clock

    def __call__(
        self,
        client: str,
        secret: str,
        *,
        scopes: Collection[str] = (),
        act: str | None = None,
        rid: str | None = None,
    ) -> ServiceTokenGiven:
        """Return a token with some of the client's scopes, by default all.

        ``act`` and ``rid`` name for the audit trail on whose behalf and for which request it acts;
        they grant nothing. Raises ``identity.token_invalid`` for a name or secret that is not
        right, ``access.scope_missing``, ``identity.act_malformed``.
        """
        if any(named is not None and not NAMED.match(named) for named in (act, rid)):
            raise NotNamed
        shown, now = presented_key(f"{KEY_PREFIX}{client}_{secret}"), self.clock.now()
        found = self._found(shown)
        right = hmac.compare_digest(found.secret_hash, shown.secret_hash)
        if not right or not found.is_live(now):
            raise TokenInvalid
        strange = sorted(set(scopes) - found.scopes)
        if strange:
            raise ScopeMissing(permission=strange[0])
        claims = Claims(
            kind=TokenKind.SERVICE,
            subject=found.id,
            tenant=shown.tenant,
            scopes=frozenset(scopes) or found.scopes,
            act=act,
            rid=rid,
            issued_at=now,
            expires_at=now + SERVICE_LIFE,
        )
        return ServiceTokenGiven(
            token=self.tokens.sign(claims),
            expires_at=claims.expires_at,
            scopes=tuple(sorted(claims.scopes)),
        )

    def _found(self, shown: PresentedKey) -> ServiceClient:
        try:
            with self.unit_of_work.read_only(Actor.system(shown.tenant)) as view:
                return view.clients.show(shown.client)
        except NotFound as error:
            raise TokenInvalid from error
