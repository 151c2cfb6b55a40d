"""A new shop for a suite: every test gets its own, so suites may share one database."""

import attrs

from kasa.application.ports.bundle import Ports
from kasa.application.workflows.opening import open_shop
from kasa.domain.identity.access import Actor, Role
from kasa.domain.kernel.idempotency import IdempotencyKey
from kasa.domain.kernel.ids import TenantId, UserId
from kasa.domain.kernel.text import name
from kasa.domain.tenancy.tenant import TenantProfile


def new_shop(ports: Ports, profile: TenantProfile | None = None) -> Actor:
    """Open a shop and return its owner."""
    now = ports.clock.now()
    tenant, user = TenantId(ports.ids.new(now)), UserId(ports.ids.new(now))
    owner = Actor.member(tenant, user, Role.OWNER)
    with ports.unit_of_work(owner) as work:
        open_shop(work, tenant, profile or TenantProfile(name=name("Sokha Textiles")), at=now)
    return owner


def with_key(actor: Actor, value: str, route: str = "POST /x", fingerprint: str = "f") -> Actor:
    """Return the actor of a request that names itself by a key."""
    return attrs.evolve(actor, idempotency=IdempotencyKey(value, route, fingerprint))
