"""What an installation lists to its operator: its shops and its schedule."""

from collections.abc import Iterator

import attrs

from kasa.application.kasa import Kasa
from kasa.application.ports.bundle import Ports
from kasa.application.ports.schedule import Sweep, SweepRun
from kasa.application.schedule import SWEEPS
from kasa.domain.identity.access import Actor, PlatformActor
from kasa.domain.kernel.ids import TenantId
from kasa.entrypoints.opened import ShopListed, SweepListed


def shops_of(ports: Ports, kasa: Kasa) -> Iterator[ShopListed]:
    """Yield every shop, page by page, by rising identifier."""
    last: TenantId | None = None
    while True:
        with ports.unit_of_work.platform(PlatformActor(operator=True)) as work:
            ids = work.tenants.ids(after=last)
        if not ids:
            return
        yield from (shop_of(kasa, tenant) for tenant in ids)
        last = ids[-1]


def shop_of(kasa: Kasa, tenant: TenantId) -> ShopListed:
    """Return a shop, or raise NotFound."""
    shop = kasa.tenancy.queries.tenant(Actor.system(tenant))
    return ShopListed(
        id=shop.id,
        name=shop.profile.name,
        state=shop.state,
        currency=shop.profile.currency.code,
    )


def sweeps_of(ports: Ports) -> tuple[SweepListed, ...]:
    """Return the schedule, and what came of each sweep."""
    ran = {row.name: row for row in ports.schedule.runs()}
    return tuple(_sweep_listed(row, ran.get(row.name)) for row in SWEEPS)


def _sweep_listed(sweep: Sweep, ran: SweepRun | None) -> SweepListed:
    told = {} if ran is None else attrs.asdict(ran)
    return SweepListed(**{**told, "name": sweep.name, "cron": sweep.cron})
