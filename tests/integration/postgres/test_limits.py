"""A limit is a limit: of 200 that want the last unit at once one gets it."""

from collections import Counter

import pytest

from kasa.adapters.memory.storage import MemoryFileStorage
from kasa.application.entitlements import QuotaReached
from kasa.domain.subscriptions.plan import CAPACITY_PERIOD, UNLIMITED, Meter
from tests.integration.conftest import Database
from tests.integration.postgres.leftovers import left_in
from tests.integration.postgres.racing import at_once, wide_ports
from tests.unit.limits import COUNTED

pytestmark = [pytest.mark.integration, pytest.mark.A2]

CONTENDERS = 200
RACED = [which for which in COUNTED if which != "restored products"]
"""What has a product of its own for each contender; restoring one twice is no second use."""


@pytest.mark.parametrize("which", RACED)
def test_one_of_200_gets_the_last_unit(which: str, database: Database) -> None:
    """The others are refused by the plan, and left no row, number, file or message."""
    counted, ports = COUNTED[which], wide_ports(database)
    raced, alone = (counted.prepared(ports, CONTENDERS) for _ in range(2))
    alone.calls[0]()
    ends = at_once(*raced.calls)
    refused = [end for end in ends if isinstance(end, QuotaReached)]
    assert CONTENDERS - 1 == len(refused), Counter(map(type, ends))
    assert {counted.meter.value} == {end.facts["feature"] for end in refused}
    assert left_in(database, alone.owner.tenant) == left_in(database, raced.owner.tenant)
    storage = ports.storage
    assert isinstance(storage, MemoryFileStorage)
    assert 1 == len({storage.remove_all(one.owner.tenant) for one in (raced, alone)})
    with ports.unit_of_work(raced.owner) as work:
        assert UNLIMITED == work.usage.used(counted.meter, period=raced.period)
    with ports.unit_of_work.read_only(raced.owner) as view:
        found = [(row.total.meter, row.by) for row in view.books.differences()]
    assert found == ([(counted.meter, raced.spent)] if counted.meter.is_capacity else [])


def test_many_at_once_are_all_or_none(database: Database) -> None:
    """200 imports of 7 rows for 100 units that are left: 14 are taken whole, none in part."""
    ports = wide_ports(database)
    shop = COUNTED["products"].prepared(ports, 0)
    with ports.unit_of_work(shop.owner) as work:
        work.usage.release(Meter.PRODUCTS, 99, period=CAPACITY_PERIOD)

    def rows_of_an_import() -> int | None:
        with ports.unit_of_work(shop.owner) as work:
            return work.usage.spend(Meter.PRODUCTS, 7, period=CAPACITY_PERIOD, limit=UNLIMITED)

    ends = at_once(*[rows_of_an_import] * CONTENDERS)
    taken = sorted(end for end in ends if isinstance(end, int))
    assert [UNLIMITED - 100 + 7 * turn for turn in range(1, 15)] == taken
