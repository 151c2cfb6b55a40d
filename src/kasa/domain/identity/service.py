"""Programs that act for a shop: API keys, and service clients with their short tokens."""

from datetime import date, datetime

import attrs

from kasa.domain.kernel.ids import ClientId, UserId


@attrs.frozen(kw_only=True)
class ApiKey:
    """A key with which a shop's own program acts; ``tail`` is what people recognise it by."""

    id: ClientId
    name: str
    secret_hash: bytes = attrs.field(repr=False)
    tail: str
    scopes: frozenset[str]
    made_by: UserId
    made_at: datetime
    expires_at: datetime
    used_on: date | None = None
    ended_at: datetime | None = None
    replaces: ClientId | None = None
    version: int = 1


@attrs.frozen(kw_only=True)
class ServiceClient:
    """A program that trades its secret for tokens of five minutes."""

    id: ClientId
    name: str
    secret_hash: bytes = attrs.field(repr=False)
    tail: str
    scopes: frozenset[str]
    made_by: UserId
    made_at: datetime
    used_on: date | None = None
    ended_at: datetime | None = None
    replaces: ClientId | None = None
    version: int = 1
