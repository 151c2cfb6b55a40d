"""Service clients: programs that trade a secret for tokens of five minutes (doors.md, 5.1)."""

from collections.abc import Collection
from typing import ClassVar

import attrs

from kasa.application.identity.key_texts import halves, random_key
from kasa.application.ports.system import Clock, Ids, Secrets
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.application.workflows.staffing import hold_shop
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.identity.events import ServiceClientEnded, ServiceClientMade, ServiceClientRotated
from kasa.domain.identity.service import (
    KEYS_MAX,
    OVERLAP_HOURS,
    NewSecret,
    ServiceClient,
    TooManyKeys,
)
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import ClientId
from kasa.domain.kernel.secret import Secret


@attrs.frozen(kw_only=True)
class ServiceClientGiven:
    """A new client with its secret, which is shown here and never again.

    ``client_id`` is how it names itself when it asks for a token.
    """

    client: ServiceClient
    client_id: str
    secret: Secret

    @classmethod
    def of(cls, client: ServiceClient, secret: NewSecret) -> "ServiceClientGiven":
        """Return a client with both halves of its new secret."""
        public, private = halves(secret)
        return cls(client=client, client_id=public, secret=Secret(private))


@attrs.frozen(kw_only=True, eq=False)
class MakeServiceClient:
    """Let a program get tokens with which it acts as the shop, within some scopes."""

    permission: ClassVar[Permission] = Permission.MANAGE_KEYS
    recent: ClassVar[bool] = True

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: Ids
    secrets: Secrets

    def __call__(self, actor: Actor, name: str, scopes: Collection[str]) -> ServiceClientGiven:
        """Return the client with its secret.

        Raises ``identity.key_malformed``, ``text.*``, ``identity.too_many_keys`` beyond 20 live
        clients.
        """
        actor.require(self.permission)
        actor.require_recent()
        now = self.clock.now()
        new_id = ClientId(self.ids.new(now))
        secret = random_key(self.secrets, actor.tenant, new_id)
        client = ServiceClient.made(
            new_id,
            named=name,
            scopes=scopes,
            secret=secret,
            by=actor.person,
            at=now,
        )
        with self.unit_of_work(actor) as work:
            hold_shop(work)
            if work.clients.count_live(at=now) >= KEYS_MAX:
                raise TooManyKeys(limit=KEYS_MAX)
            work.clients.add(client)
            told = ServiceClientMade(
                subject=new_id, name=client.name, scopes=tuple(sorted(client.scopes))
            )
            work.events.record(told, at=now)
            return work.answer(ServiceClientGiven.of(client, secret))


@attrs.frozen(kw_only=True, eq=False)
class RotateServiceClient:
    """Replace a client by a new one; the old one works a while beside it."""

    permission: ClassVar[Permission] = Permission.MANAGE_KEYS
    recent: ClassVar[bool] = True

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: Ids
    secrets: Secrets

    def __call__(
        self, actor: Actor, id: ClientId, *, overlap_hours: int = OVERLAP_HOURS
    ) -> ServiceClientGiven:
        """Return the new client with its secret.

        Raises NotFound, ``identity.key_ended``, ``identity.key_malformed``, and
        ``identity.too_many_keys`` when twice as many clients live as may be made.
        """
        actor.require(self.permission)
        actor.require_recent()
        now = self.clock.now()
        new_id = ClientId(self.ids.new(now))
        secret = random_key(self.secrets, actor.tenant, new_id)
        with self.unit_of_work(actor) as work:
            hold_shop(work)
            before = work.clients.lock(id)
            old, new = before.rotated(
                new_id, secret, by=actor.person, at=now, overlap_hours=overlap_hours
            )
            if work.clients.count_live(at=now) >= 2 * KEYS_MAX:
                raise TooManyKeys(limit=2 * KEYS_MAX)
            work.clients.save(old)
            work.clients.add(new)
            told = ServiceClientRotated(
                subject=new.id,
                name=new.name,
                scopes=tuple(sorted(new.scopes)),
                replaces=old.id,
                until=old.expires_at or now,
            )
            work.events.record(told, at=now)
            return work.answer(ServiceClientGiven.of(new, secret))


@attrs.frozen(kw_only=True, eq=False)
class EndServiceClient:
    """End a client; the next request with a token of it is refused."""

    permission: ClassVar[Permission] = Permission.MANAGE_KEYS
    recent: ClassVar[bool] = True

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, id: ClientId) -> ServiceClient:
        """End it, or raise NotFound, also when it has ended already."""
        actor.require(self.permission)
        actor.require_recent()
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            client = work.clients.lock(id)
            if client.ended_at is not None:
                raise NotFound
            ended = client.ended(at=now)
            work.clients.save(ended)
            told = ServiceClientEnded(
                subject=id, name=client.name, scopes=tuple(sorted(client.scopes))
            )
            work.events.record(told, at=now)
            return work.answer(ended)


@attrs.frozen(kw_only=True, eq=False)
class ListServiceClients:
    """List the service clients of the shop; their secrets are nowhere."""

    permission: ClassVar[Permission] = Permission.MANAGE_KEYS
    recent: ClassVar[bool] = True

    unit_of_work: UnitOfWorkFactory

    def __call__(self, actor: Actor) -> tuple[ServiceClient, ...]:
        """Return every client, ended ones too, at most 200, newest first."""
        actor.require(self.permission)
        actor.require_recent()
        with self.unit_of_work.read_only(actor) as view:
            return view.clients.all()
