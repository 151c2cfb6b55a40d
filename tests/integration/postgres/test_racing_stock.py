"""Stock under many hands: never below zero, always the sum of its movements, never a deadlock."""

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial

import psycopg
import pytest

from kasa.adapters.conformance.shops import new_shop
from kasa.adapters.postgres.roles import SUPERUSER
from kasa.application.inventory.products import ProductFields
from kasa.application.inventory.receiving import ReceivedLine
from kasa.application.kasa import Kasa
from kasa.application.payments.deciding import Cash
from kasa.application.ports.books import Difference
from kasa.application.ports.bundle import Ports
from kasa.application.ports.work import Collided, StoreBusy
from kasa.domain.identity.access import Actor
from kasa.domain.inventory.level import StockInsufficient
from kasa.domain.inventory.product import Product
from kasa.domain.invoicing.content import WantedInvoice
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.invoicing.line_item import WantedLine
from kasa.domain.kernel.errors import KasaError
from kasa.domain.kernel.money import KHR, Money
from tests.integration.conftest import Database
from tests.integration.postgres.leftovers import left_in
from tests.integration.postgres.racing import THREADS, at_once, wide_ports

pytestmark = [pytest.mark.integration, pytest.mark.A4]

SKUS, GOODS, BASKET, SELLERS = 10, 12, 5, 16
COLLISION = "collided"
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = %s"


def _products(kasa: Kasa, owner: Actor, count: int, on_hand: int) -> list[Product]:
    return [
        kasa.inventory.add_product(
            owner,
            ProductFields(name="Tea", code=f"TEA{turn}", price=Decimal(1000), currency=KHR),
            on_hand=on_hand,
            cost=on_hand * 100,
        )
        for turn in range(count)
    ]


def _differences(ports: Ports, owner: Actor) -> tuple[Difference, ...]:
    with ports.unit_of_work.read_only(owner) as view:
        return view.books.differences()


def _told(call: Callable[[], object]) -> str:
    """Return how a call ended; a collision is not repeated, it must not occur."""
    while True:
        try:
            call()
        except Collided:
            return COLLISION
        except StoreBusy:
            continue
        except KasaError as refused:
            return refused.code
        return "ok"


def _deadlocks(database: Database) -> int:
    address = database.server.address(SUPERUSER, database.name)
    with psycopg.connect(address, autocommit=True) as connection:
        row = connection.execute(DEADLOCKS, [database.name]).fetchone()
    return int(row[0]) if row else -1


@pytest.mark.parametrize("baskets", [60, pytest.param(400, marks=pytest.mark.deep)])
def test_baskets_in_any_order_neither_drift_nor_deadlock(
    database: Database, baskets: int, seed: int
) -> None:
    """16 sellers issue, are paid, void and receive over 10 SKUs, each in an order of its own."""
    ports, dice = wide_ports(database), random.Random(seed)
    kasa, owner = Kasa.over(ports), new_shop(ports)
    goods = _products(kasa, owner, SKUS, GOODS)
    before = _deadlocks(database)

    def sell(turn: int) -> Counter[str]:
        own = random.Random(seed + turn)
        chosen = own.sample(goods, BASKET)
        lines = tuple(WantedLine(product=one.id, quantity=Decimal(1)) for one in chosen)
        draft = kasa.invoicing.draft(owner, WantedInvoice(lines=lines))
        ends = Counter([_told(partial(kasa.invoicing.issue, owner, draft.id))])
        if "ok" in ends:
            cash = Cash(invoice=draft.id, amount=Money(BASKET * 1000, KHR))
            pay = partial(kasa.payments.record, owner, cash)
            undo = partial(kasa.invoicing.void, owner, draft.id, "ordered twice")
            ends[_told(own.choice((pay, undo)))] += 1
        own.shuffle(chosen)
        received = [ReceivedLine(product=one.id, quantity=Decimal(1)) for one in chosen[:2]]
        ends[_told(partial(kasa.inventory.receive, owner, received))] += 1
        return ends

    turns = list(range(baskets))
    dice.shuffle(turns)
    with ThreadPoolExecutor(SELLERS) as threads:
        ends = sum(threads.map(sell, turns), Counter[str]())
    assert ends.keys() <= {"ok", "stock.insufficient"}
    assert ends["ok"] > baskets
    assert () == _differences(ports, owner)
    assert () == kasa.inventory.audit(owner).drifts
    database.close()
    assert before == _deadlocks(database)


@pytest.mark.parametrize("buyers", [40, pytest.param(200, marks=pytest.mark.deep)])
def test_the_last_piece_is_sold_once(database: Database, buyers: int) -> None:
    """One gets it; the others are refused and leave neither number nor promise nor use."""
    ports = wide_ports(database)
    kasa = Kasa.over(ports)
    raced, alone = new_shop(ports), new_shop(ports)
    drafts = {}
    for owner in (raced, alone):
        (tea,) = _products(kasa, owner, 1, 1)
        wanted = WantedInvoice(lines=(WantedLine(product=tea.id, quantity=Decimal(1)),))
        drafts[owner.tenant] = [kasa.invoicing.draft(owner, wanted).id for _ in range(buyers)]
    kasa.invoicing.issue(alone, drafts[alone.tenant][0])
    ends = at_once(*(partial(kasa.invoicing.issue, raced, one) for one in drafts[raced.tenant]))
    assert {Invoice: 1, StockInsufficient: buyers - 1} == Counter(map(type, ends))
    assert left_in(database, alone.tenant) == left_in(database, raced.tenant)
    assert () == _differences(ports, raced)


def test_a_sale_above_the_stock_moves_what_is_there(database: Database) -> None:
    """20 sales of 5 at once of 12 pieces: 12 leave, 88 stay owed, and goods that come fill them."""
    ports = wide_ports(database)
    kasa, owner = Kasa.over(ports), new_shop(ports)
    (tea,) = _products(kasa, owner, 1, GOODS)
    wanted = WantedInvoice(lines=(WantedLine(product=tea.id, quantity=Decimal(5)),))
    invoices = [
        kasa.invoicing.issue(owner, kasa.invoicing.draft(owner, wanted).id, accept_shortage=True).id
        for _ in range(THREADS)
    ]
    cash = [Cash(invoice=one, amount=Money(5000, KHR)) for one in invoices]
    ends = at_once(*(partial(kasa.payments.record, owner, one) for one in cash))
    assert not [end for end in ends if isinstance(end, Exception)]
    level = kasa.inventory.queries.level(owner, tea.id).level
    assert (0, 0, 5 * THREADS - GOODS) == (level.on_hand, level.reserved, level.owed)
    assert () == _differences(ports, owner)
    come = [ReceivedLine(product=tea.id, quantity=Decimal(11))]
    at_once(*[partial(kasa.inventory.receive, owner, come)] * 8)
    level = kasa.inventory.queries.level(owner, tea.id).level
    assert (0, 0, 0) == (level.on_hand, level.reserved, level.owed)
    assert () == _differences(ports, owner)
    assert () == kasa.inventory.audit(owner).drifts
