"""D1, D2, D5, D6, D7: the store against the same statements without kasa, and against itself."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from functools import cache, partial
from random import Random
from time import perf_counter
from typing import Any

import attrs
import psycopg

from kasa.adapters.postgres.roles import APP
from kasa.adapters.system.clock import SystemClock
from kasa.application.ports.events import Reaction, Reactions
from kasa.application.ports.invoicing import InvoiceRow
from kasa.application.ports.jobs import Queue
from kasa.application.workflows.issuing import issue
from kasa.domain.identity.access import Actor
from kasa.domain.inventory.product import Product
from kasa.domain.invoicing.events import InvoiceIssued
from kasa.domain.kernel.ids import InvoiceId
from kasa.domain.kernel.retry import RetryPolicy
from tests.bench.harness import Figure, Limit, Measure, Unit
from tests.bench.issuing import Compared, Issue, Issuing
from tests.bench.scripts import Said, recorded
from tests.bench.shops import DATABASE, Shop, Shops, durable_server, goods_lines, work_lines

IDS = frozenset({"D1", "D1F", "D1C", "D2", "D5", "D6", "D7"})
SEED = 4_711
ROWS = 50
LISTS = 40
THREADS = 8
SKUS = 1_000
BASKETS = 200
JOBS = 3
POLICY = RetryPolicy(
    first=timedelta(seconds=2),
    factor=2,
    ceiling=timedelta(minutes=1),
    give_up_after=timedelta(hours=24),
)


Open = Callable[[], Shops]


def figures(opened: ExitStack) -> Iterator[Figure]:
    """Yield the figures of the store; the server starts when the first of them is measured."""

    @cache
    def shops() -> Shops:
        return Shops.on(durable_server(opened), DATABASE, opened)

    yield from issued(shops)
    yield listed(shops)
    yield hot(shops, opened)
    yield metered(shops)
    yield queued(shops, opened)


def issued(shops: Open) -> Iterator[Figure]:
    """Yield D1, of two and of five lines by time, and of five by what the processor works."""

    @cache
    def compared(lines: int) -> Compared:
        return Compared(shops(), lines)

    def by_kasa(lines: int) -> float:
        return compared(lines).seconds()

    def by_pgbench(lines: int) -> float:
        return compared(lines).pgbench_seconds()

    for figure, lines in (("D1", 2), ("D1F", 5)):
        yield Figure(
            id=figure,
            title=f"issue, {lines} lines, 4 threads",
            against="pgbench, same statements",
            kasa=partial(by_kasa, lines),
            baseline=partial(by_pgbench, lines),
            gate=Limit(Measure.RATIO, 4),
            goal=Limit(Measure.RATIO, 3),
        )
    yield Figure(
        id="D1C",
        title="issue, 5 lines, CPU with the server",
        against="pgbench, same statements",
        kasa=lambda: compared(5).processor(),
        baseline=lambda: compared(5).pgbench_processor(),
        gate=Limit(Measure.RATIO, 4),
        goal=Limit(Measure.RATIO, 3),
    )


def listed(shops: Open) -> Figure:
    """Return D2: a page of invoices to JSON bytes, against the driver alone."""

    @cache
    def listing() -> Listing:
        return Listing.of(shops())

    return Figure(
        id="D2",
        title=f"list of {ROWS} to JSON",
        against="psycopg and json alone",
        kasa=lambda: listing().kasa(),
        baseline=lambda: listing().bare(),
        gate=Limit(Measure.RATIO, 3),
        goal=Limit(Measure.RATIO, 2),
    )


@attrs.define
class Listing:
    """A page of invoices of one shop, as bytes."""

    shops: Shops
    shop: Shop
    said: list[Said]
    connection: "psycopg.Connection[tuple[Any, ...]]"

    @classmethod
    def of(cls, shops: Shops) -> "Listing":
        """Issue enough for a page, and hear what a page sends."""
        shop = shops.shops[0]
        issuing = Issuing(shops, [[shops.draft(one, work_lines(2))] for one in shops.shops])
        issuing.seconds()
        said = recorded(shops.database.engine, lambda: _page(shops, shop))
        address = shops.server.address(APP, shops.name)
        connection = psycopg.connect(address, autocommit=True, prepare_threshold=1)
        return cls(shops, shop, said, connection)

    def kasa(self) -> float:
        """Return the seconds of one page by kasa."""
        return _timed(lambda: _page(self.shops, self.shop))

    def bare(self) -> float:
        """Return the seconds of one page by the same statements, sent bare."""
        return _timed(self._bare)

    def _bare(self) -> bytes:
        found: list[tuple[Any, ...]] = []
        for one in self.said:
            cursor = self.connection.execute(one.text.encode(), one.values or None)
            if cursor.description is not None and one.values:
                found = cursor.fetchall()
        if len(found) <= ROWS:
            raise RuntimeError("the page is not full")
        return json.dumps(found[:ROWS], default=str).encode()


def _page(shops: Shops, shop: Shop) -> bytes:
    page = shops.kasa.invoicing.queries.invoices(shop.owner, limit=ROWS)
    if len(page.items) != ROWS:
        raise RuntimeError("the page is not full")
    return json.dumps([_values(row) for row in page.items], default=str).encode()


def _values(row: InvoiceRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "state": row.state.value,
        "number": row.number,
        "customer": row.customer,
        "customer_name": row.customer_name,
        "gross": row.gross.minor,
        "due": row.due.minor,
        "currency": row.gross.currency.code,
        "issue_date": row.issue_date,
        "due_date": row.due_date,
        "overdue": row.overdue,
        "under_review": row.under_review,
        "created_at": row.created_at,
    }


def _timed(call: Callable[[], object]) -> float:
    started = perf_counter()
    for _ in range(LISTS):
        call()
    return (perf_counter() - started) / LISTS


def hot(shops: Open, opened: ExitStack) -> Figure:
    """Return D5: baskets that all want one SKU, against baskets over a thousand."""

    @cache
    def shop() -> Shops:
        first = shops()
        return Shops.on(first.server, first.name, opened, shops=1, threads=THREADS)

    @cache
    def products() -> list[Product]:
        return shop().goods(shop().shops[0], SKUS)

    @cache
    def issuing(spread: int) -> Issuing:
        dice, mine = Random(SEED), shop()
        chosen = [dice.sample(products()[:spread], min(2, spread)) for _ in range(BASKETS)]
        baskets = chosen[: 1 if spread == 1 else BASKETS]
        drafts = [mine.draft(mine.shops[0], goods_lines(basket)) for basket in baskets]
        return Issuing(mine, [drafts], each=BASKETS, threads=THREADS)

    def rate(spread: int) -> float:
        found = issuing(spread).rate()
        if lost := deadlocks(shop()):
            raise RuntimeError(f"{lost} deadlocks")
        return found

    return Figure(
        id="D5",
        title=f"baskets on one SKU, {THREADS} threads",
        against=f"on {SKUS:,} SKUs",
        kasa=lambda: rate(1),
        baseline=lambda: rate(SKUS),
        gate=Limit(Measure.RATIO_OF_RATES, 0.2),
        goal=Limit(Measure.RATIO_OF_RATES, 0.3),
        unit=Unit.PER_SECOND,
    )


def deadlocks(shops: Shops) -> int:
    """Return how many deadlocks the server broke in a database."""
    with shops.superuser() as connection:
        row = connection.execute(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = %s", [shops.name]
        ).fetchone()
    return int(str(row[0])) if row else 0


def metered(shops: Open) -> Figure:
    """Return D6: an issue that counts its quota, against one that does not."""

    def unmetered(actor: Actor, draft: InvoiceId) -> object:
        now = SystemClock().now()
        with shops().database.unit_of_work(actor) as work:
            return work.answer(issue(work, work.invoices.lock(draft), at=now))

    @cache
    def issuing(call: Issue | None) -> Issuing:
        return _issuing(shops(), call)

    return Figure(
        id="D6",
        title="issue with its quota, CPU",
        against="without",
        kasa=lambda: issuing(None).processor(),
        baseline=lambda: issuing(unmetered).processor(),
        gate=Limit(Measure.RATIO, 1.15),
        goal=Limit(Measure.RATIO, 1.10),
    )


def _issuing(shops: Shops, call: Issue | None) -> Issuing:
    return Issuing(shops, [[shops.draft(one, work_lines(2))] for one in shops.shops], call)


def queued(shops: Open, opened: ExitStack) -> Figure:
    """Return D7: an issue that starts three jobs, against one that starts none."""

    @cache
    def issuing(jobs: int) -> Issuing:
        first = shops()
        reactions = Reactions(
            [
                Reaction(
                    event=InvoiceIssued, name=f"bench.job_{no}", queue=Queue.MONEY, policy=POLICY
                )
                for no in range(jobs)
            ]
        )
        mine = Shops.on(first.server, first.name, opened, reactions=reactions)
        return _issuing(mine, None)

    return Figure(
        id="D7",
        title=f"issue with {JOBS} jobs, CPU",
        against="with none",
        kasa=lambda: issuing(JOBS).processor(),
        baseline=lambda: issuing(0).processor(),
        gate=Limit(Measure.RATIO, 1.6),
        goal=Limit(Measure.RATIO, 1.3),
    )
