"""The only place where adapters are chosen."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import attrs

from kasa.application.kasa import Kasa
from kasa.application.ports.bundle import Ports
from kasa.domain.identity.access import Actor, PlatformActor
from kasa.domain.kernel.errors import Unavailable
from kasa.domain.kernel.ids import TenantId
from kasa.domain.tenancy.tenant import TenantState
from kasa.entrypoints.settings import Settings


@attrs.frozen(kw_only=True)
class ShopListed:
    """A shop of this installation, as its operator sees it."""

    id: TenantId
    name: str
    state: TenantState
    currency: str


@attrs.frozen(kw_only=True, eq=False)
class OpenKasa:
    """A kasa that runs, and what its operator may do beside the use cases, ready to call.

    ``work_off`` runs every job that is due, and those they cause, and counts them.
    """

    kasa: Kasa
    now: Callable[[], datetime]
    shops: Callable[[], tuple[ShopListed, ...]]
    work_off: Callable[[], int]


@contextmanager
def open_kasa(settings: Settings) -> Iterator[OpenKasa]:
    """Open the kasa that the settings name, and close what was opened."""
    yield over(_ports(settings))


def _ports(settings: Settings) -> Ports:
    raise Unavailable(f"There is no database behind {settings.home} yet.")


def over(ports: Ports) -> OpenKasa:
    """Return the kasa of some ports."""
    kasa = Kasa.over(ports)

    def shops() -> tuple[ShopListed, ...]:
        with ports.unit_of_work.platform(PlatformActor(operator=True)) as work:
            ids = work.tenants.ids()
        return tuple(_listed(kasa, tenant) for tenant in ids)

    return OpenKasa(
        kasa=kasa,
        now=ports.clock.now,
        shops=shops,
        work_off=lambda: ports.worker.drain(kasa.run),
    )


def _listed(kasa: Kasa, tenant: TenantId) -> ShopListed:
    shop = kasa.tenancy.queries.tenant(Actor.system(tenant))
    return ShopListed(
        id=shop.id,
        name=shop.profile.name,
        state=shop.state,
        currency=shop.profile.currency.code,
    )
