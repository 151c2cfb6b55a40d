"""API keys: how a shop's own programs come in (doors.md, 5.4)."""

from collections.abc import Collection
from typing import ClassVar

import attrs

from kasa.application.identity.key_texts import random_key
from kasa.application.ports.system import Clock, Ids, Secrets
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.application.workflows.staffing import hold_shop
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.identity.events import ApiKeyEnded, ApiKeyMade, ApiKeyRotated
from kasa.domain.identity.service import (
    KEYS_MAX,
    LIFE_DAYS,
    OVERLAP_HOURS,
    ApiKey,
    TooManyKeys,
)
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import ClientId
from kasa.domain.kernel.secret import Secret


@attrs.frozen(kw_only=True)
class ApiKeyGiven:
    """A new key with its secret, which is shown here and never again."""

    key: ApiKey
    secret: Secret


@attrs.frozen(kw_only=True, eq=False)
class MakeApiKey:
    """Make a key with which a program acts as the shop, within some scopes, for some days."""

    permission: ClassVar[Permission] = Permission.MANAGE_KEYS
    recent: ClassVar[bool] = True

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: Ids
    secrets: Secrets

    def __call__(
        self,
        actor: Actor,
        name: str,
        scopes: Collection[str],
        *,
        expires_in_days: int = LIFE_DAYS,
    ) -> ApiKeyGiven:
        """Return the key with its secret; every owner hears of it.

        Raises ``identity.key_malformed``, ``text.*``, ``identity.too_many_keys`` beyond 20 live
        keys.
        """
        actor.require(self.permission)
        actor.require_recent()
        now = self.clock.now()
        new_id = ClientId(self.ids.new(now))
        secret = random_key(self.secrets, actor.tenant, new_id)
        key = ApiKey.made(
            new_id,
            named=name,
            scopes=scopes,
            secret=secret,
            by=actor.person,
            at=now,
            expires_in_days=expires_in_days,
        )
        with self.unit_of_work(actor) as work:
            hold_shop(work)
            if work.keys.count_live(at=now) >= KEYS_MAX:
                raise TooManyKeys(limit=KEYS_MAX)
            work.keys.add(key)
            told = ApiKeyMade(subject=new_id, name=key.name, scopes=tuple(sorted(key.scopes)))
            work.events.record(told, at=now)
            return work.answer(ApiKeyGiven(key=key, secret=Secret(secret.text)))


@attrs.frozen(kw_only=True, eq=False)
class RotateApiKey:
    """Replace a key by a new one for as long; the old one works a while beside it."""

    permission: ClassVar[Permission] = Permission.MANAGE_KEYS
    recent: ClassVar[bool] = True

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: Ids
    secrets: Secrets

    def __call__(
        self, actor: Actor, id: ClientId, *, overlap_hours: int = OVERLAP_HOURS
    ) -> ApiKeyGiven:
        """Return the new key with its secret.

        Raises NotFound, ``identity.key_ended``, ``identity.key_malformed``, and
        ``identity.too_many_keys`` when twice as many keys live as may be made.
        """
        actor.require(self.permission)
        actor.require_recent()
        now = self.clock.now()
        new_id = ClientId(self.ids.new(now))
        secret = random_key(self.secrets, actor.tenant, new_id)
        with self.unit_of_work(actor) as work:
            hold_shop(work)
            before = work.keys.lock(id)
            old, new = before.rotated(
                new_id, secret, by=actor.person, at=now, overlap_hours=overlap_hours
            )
            if work.keys.count_live(at=now) >= 2 * KEYS_MAX:
                raise TooManyKeys(limit=2 * KEYS_MAX)
            work.keys.save(old)
            work.keys.add(new)
            told = ApiKeyRotated(
                subject=new.id,
                name=new.name,
                scopes=tuple(sorted(new.scopes)),
                replaces=old.id,
                until=old.expires_at,
            )
            work.events.record(told, at=now)
            return work.answer(ApiKeyGiven(key=new, secret=Secret(secret.text)))


@attrs.frozen(kw_only=True, eq=False)
class EndApiKey:
    """End a key; its next request is refused."""

    permission: ClassVar[Permission] = Permission.MANAGE_KEYS
    recent: ClassVar[bool] = True

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, id: ClientId) -> ApiKey:
        """End it, or raise NotFound, also when it has ended already."""
        actor.require(self.permission)
        actor.require_recent()
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            key = work.keys.lock(id)
            if key.ended_at is not None:
                raise NotFound
            ended = key.ended(at=now)
            work.keys.save(ended)
            told = ApiKeyEnded(subject=id, name=key.name, scopes=tuple(sorted(key.scopes)))
            work.events.record(told, at=now)
            return work.answer(ended)


@attrs.frozen(kw_only=True, eq=False)
class ListApiKeys:
    """List the keys of the shop; their secrets are nowhere."""

    permission: ClassVar[Permission] = Permission.MANAGE_KEYS
    recent: ClassVar[bool] = True

    unit_of_work: UnitOfWorkFactory

    def __call__(self, actor: Actor) -> tuple[ApiKey, ...]:
        """Return every key, ended ones too, at most 200, newest first."""
        actor.require(self.permission)
        actor.require_recent()
        with self.unit_of_work.read_only(actor) as view:
            return view.keys.all()
