"""Many tenants at once over few connections."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from kasa.adapters.conformance.shops import new_shop
from kasa.application.ports.work import StoreBusy
from kasa.domain.identity.access import Actor
from kasa.domain.kernel.errors import Conflict
from kasa.domain.subscriptions.plan import CAPACITY_PERIOD, UNLIMITED, Meter
from kasa.domain.tenancy.events import TenantReopened
from tests.integration.conftest import Database

pytestmark = [pytest.mark.integration, pytest.mark.C5]

TENANTS = 50
ROUNDS = 10


def _fail_the_fifth(used: int) -> None:
    if used % 5 == 0:
        raise Conflict


def test_500_units_of_work_of_50_tenants_see_their_own_rows(database: Database, seed: int) -> None:
    """Over four connections each sees its own rows and counts, also after others have failed."""
    ports = database.ports()
    owners = [new_shop(ports) for _ in range(TENANTS)]
    narrow = database.open(threads=4)
    turns = [owner for owner in owners for _ in range(ROUNDS)]
    random.Random(seed).shuffle(turns)

    def turn(owner: Actor) -> set[object]:
        try:
            with narrow.unit_of_work(owner) as work:
                work.usage.spend(Meter.PRODUCTS, 1, period=CAPACITY_PERIOD, limit=UNLIMITED)
                work.events.record(TenantReopened(subject=work.tenant.id), at=ports.clock.now())
                _fail_the_fifth(work.usage.used(Meter.PRODUCTS, period=CAPACITY_PERIOD))
        except Conflict:
            pass
        with narrow.unit_of_work.read_only(owner) as view:
            found = view.events.trail(limit=100).items
            return {owner.tenant, view.tenant.id, *(row.tenant for row in found)}

    def patient(owner: Actor) -> set[object]:
        while True:
            try:
                return turn(owner)
            except StoreBusy:
                continue

    with ThreadPoolExecutor(8) as threads:
        seen = list(threads.map(patient, turns))
    assert [{owner.tenant} for owner in turns] == seen
    for owner in owners:
        with narrow.unit_of_work(owner) as work:
            assert work.usage.used(Meter.PRODUCTS, period=CAPACITY_PERIOD) == 4
