"""Programs that act for a shop: API keys, and service clients with their short tokens.

Rules: doors.md, 5.1 and 5.4. Both act as the shop and never as a person.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from hashlib import sha256

import attrs

from kasa.domain.identity.access import SCOPES
from kasa.domain.kernel.errors import Conflict, Invalid
from kasa.domain.kernel.ids import ClientId, UserId
from kasa.domain.kernel.text import name

NAME_LIMIT = 80
KEYS_MAX = 20
"""Live keys of one shop; those that a rotation leaves behind for a while may be as many again."""

SECRET_BYTES = 32
TAIL_LETTERS = 4
LIFE_DAYS = 365
LIFE_DAYS_MAX = 730
OVERLAP_HOURS = 24
OVERLAP_HOURS_MAX = 72
WARN_DAYS = (14, 3)
"""How many days before its end every owner hears of it."""


class TooManyKeys(Conflict):
    """The shop has as many live keys as it may have; end one first."""

    code = "identity.too_many_keys"


class KeyEnded(Conflict):
    """This key or client has ended, or was replaced already; make a new one."""

    code = "identity.key_ended"


class KeyMalformed(Invalid):
    """A key has a name, scopes that kasa knows, and a life that kasa allows."""

    code = "identity.key_malformed"


@attrs.frozen(kw_only=True)
class NewSecret:
    """A secret of 256 random bits as its owner gets it, once; ``text`` ends in its tail."""

    text: str = attrs.field(repr=False)
    digest: bytes = attrs.field(repr=False)

    @property
    def tail(self) -> str:
        """The letters by which people recognise it."""
        return self.text[-TAIL_LETTERS:]


def new_secret(content: bytes, text: str) -> NewSecret:
    """Return a secret of 32 random bytes, known by the SHA-256 of them."""
    if len(content) != SECRET_BYTES:
        raise ValueError(f"a secret has {SECRET_BYTES} bytes")
    return NewSecret(text=text, digest=sha256(content).digest())


@attrs.frozen(kw_only=True)
class ApiKey:
    """A key with which a shop's own program acts; ``tail`` is what people recognise it by.

    ``expires_at`` is the first moment at which it opens nothing. ``replaces`` is the key that it
    was made from by a rotation.
    """

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

    @classmethod
    def made(
        cls,
        id: ClientId,
        *,
        named: str,
        scopes: Collection[str],
        secret: NewSecret,
        by: UserId,
        at: datetime,
        expires_in_days: int = LIFE_DAYS,
    ) -> "ApiKey":
        """Return a new key, or raise ``identity.key_malformed`` or ``text.*``."""
        if not 1 <= expires_in_days <= LIFE_DAYS_MAX:
            raise KeyMalformed(f"A key lives 1 to {LIFE_DAYS_MAX} days.", field="expires_in_days")
        return cls(
            id=id,
            name=key_name(named),
            secret_hash=secret.digest,
            tail=secret.tail,
            scopes=known_scopes(scopes),
            made_by=by,
            made_at=at,
            expires_at=at + timedelta(days=expires_in_days),
        )

    def is_live(self, at: datetime) -> bool:
        """Tell whether it opens anything."""
        return self.ended_at is None and at < self.expires_at

    def rotated(
        self, id: ClientId, secret: NewSecret, *, by: UserId, at: datetime, overlap_hours: int
    ) -> tuple["ApiKey", "ApiKey"]:
        """Return it with its nearer end, and the key that replaces it for as long as it lived.

        Raises ``identity.key_ended`` when it opens nothing any more.
        """
        if not self.is_live(at):
            raise KeyEnded
        new = attrs.evolve(
            self,
            id=id,
            secret_hash=secret.digest,
            tail=secret.tail,
            made_by=by,
            made_at=at,
            expires_at=at + (self.expires_at - self.made_at),
            used_on=None,
            replaces=self.id,
            version=1,
        )
        return attrs.evolve(self, expires_at=min(self.expires_at, at + overlap(overlap_hours))), new

    def ended(self, *, at: datetime) -> "ApiKey":
        """Return it ended; one that ended before stays as it is."""
        return self if self.ended_at is not None else attrs.evolve(self, ended_at=at)


@attrs.frozen(kw_only=True)
class ServiceClient:
    """A program that trades its secret for tokens of five minutes; it lives until it is ended.

    ``expires_at`` is set when it was replaced: until then its old secret still works.
    """

    id: ClientId
    name: str
    secret_hash: bytes = attrs.field(repr=False)
    tail: str
    scopes: frozenset[str]
    made_by: UserId
    made_at: datetime
    expires_at: datetime | None = None
    used_on: date | None = None
    ended_at: datetime | None = None
    replaces: ClientId | None = None
    version: int = 1

    @classmethod
    def made(
        cls,
        id: ClientId,
        *,
        named: str,
        scopes: Collection[str],
        secret: NewSecret,
        by: UserId,
        at: datetime,
    ) -> "ServiceClient":
        """Return a new client, or raise ``identity.key_malformed`` or ``text.*``."""
        return cls(
            id=id,
            name=key_name(named),
            secret_hash=secret.digest,
            tail=secret.tail,
            scopes=known_scopes(scopes),
            made_by=by,
            made_at=at,
        )

    def is_live(self, at: datetime) -> bool:
        """Tell whether it gets tokens, and its tokens open anything."""
        return self.ended_at is None and (self.expires_at is None or at < self.expires_at)

    def rotated(
        self, id: ClientId, secret: NewSecret, *, by: UserId, at: datetime, overlap_hours: int
    ) -> tuple["ServiceClient", "ServiceClient"]:
        """Return it with its end, and the client that replaces it.

        Raises ``identity.key_ended`` when it opens nothing any more, or was replaced already.
        """
        if not self.is_live(at) or self.expires_at is not None:
            raise KeyEnded
        new = attrs.evolve(
            self,
            id=id,
            secret_hash=secret.digest,
            tail=secret.tail,
            made_by=by,
            made_at=at,
            used_on=None,
            replaces=self.id,
            version=1,
        )
        return attrs.evolve(self, expires_at=at + overlap(overlap_hours)), new

    def ended(self, *, at: datetime) -> "ServiceClient":
        """Return it ended; one that ended before stays as it is."""
        return self if self.ended_at is not None else attrs.evolve(self, ended_at=at)


def overlap(hours: int) -> timedelta:
    """Return how long an old secret still works, or raise ``identity.key_malformed``."""
    if not 0 <= hours <= OVERLAP_HOURS_MAX:
        raise KeyMalformed(
            f"An old key works at most {OVERLAP_HOURS_MAX} hours more.", field="overlap_hours"
        )
    return timedelta(hours=hours)


def known_scopes(scopes: Collection[str]) -> frozenset[str]:
    """Return scopes that kasa knows, at least one, or raise ``identity.key_malformed``."""
    strange = sorted(set(scopes) - SCOPES.keys())
    if strange or not scopes:
        raise KeyMalformed(
            "A key needs scopes, and only those that kasa knows.",
            field="scopes",
            known=tuple(SCOPES),
        )
    return frozenset(scopes)


def key_name(text: str) -> str:
    """Return the name of a program, at most 80 letters, or raise ``text.*``."""
    return name(text, limit=NAME_LIMIT)
