"""D3: what issuing and listing cost among a million invoices of others, against an empty database.

Both databases lie on one durable server. The full one is loaded when the first side runs, so that
nobody waits for it who asks for other figures.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import cached_property, partial
from threading import Barrier
from time import perf_counter
from uuid import UUID

import attrs

from kasa.adapters.postgres.embedded import EmbeddedServer
from kasa.adapters.postgres.upgrade import upgrade
from kasa.domain.identity.access import Actor, Role
from kasa.domain.kernel.ids import TenantId, UserId
from kasa.entrypoints.bootstrap_load import WantedLoad, load_into
from tests.bench.harness import Figure, Limit, Measure
from tests.bench.shops import Shop, Shops, durable_server, work_lines

TENANTS = 1_000
EACH = 50
LISTS = 40
PAGE = 50
GATE, GOAL = Limit(Measure.RATIO, 1.5), Limit(Measure.RATIO, 1.2)
_LARGEST = "SELECT tenant_id FROM kasa.invoices GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"


@attrs.define(eq=False, slots=False)
class Place:
    """One of the two databases, with new shops in it; ``invoices`` of others are loaded first."""

    server: EmbeddedServer
    name: str
    invoices: int
    opened: ExitStack

    @cached_property
    def shops(self) -> Shops:
        """New shops, beside whatever is loaded."""
        self.server.make_database(self.name)
        owner = self.server.addresses(self.name).owner
        upgrade(owner)
        if self.invoices:
            loaded = load_into(owner, WantedLoad(tenants=TENANTS, invoices=self.invoices, seed=1))
            rows = sum(loaded.rows.values())
            told = f"loaded {self.invoices:,} invoices, {rows:,} rows in {loaded.took:.0f} s\n"
            sys.stdout.write(told)
        return Shops.on(self.server, self.name, self.opened)

    @cached_property
    def reader(self) -> Actor:
        """Who reads a list: of the largest shop, or of one that has a full page."""
        if not self.invoices:
            self.issue()
            return self.shops.shops[0].owner
        with self.shops.superuser() as connection:
            row = connection.execute(_LARGEST).fetchone()
        assert row is not None
        tenant = UUID(str(row[0]))
        return Actor.member(TenantId(tenant), UserId(tenant), Role.OWNER)

    def issue(self) -> float:
        """Return the seconds of one issue, every shop at once."""
        lines, shops = work_lines(2), self.shops
        drafts = {shop: [shops.draft(shop, lines) for _ in range(EACH)] for shop in shops.shops}
        issue, together = shops.kasa.invoicing.issue, Barrier(len(drafts) + 1)

        def client(shop: Shop) -> None:
            calls = [partial(issue, shops.keyed(shop), one) for one in drafts[shop]]
            together.wait()
            for call in calls:
                call()

        with ThreadPoolExecutor(len(drafts)) as threads:
            ends = [threads.submit(client, shop) for shop in drafts]
            together.wait()
            started = perf_counter()
            for end in ends:
                end.result()
            took = perf_counter() - started
        return took / (EACH * len(drafts))

    def page(self) -> float:
        """Return the seconds of one page of 50 invoices."""
        reader, queries = self.reader, self.shops.kasa.invoicing.queries
        started = perf_counter()
        for _ in range(LISTS):
            assert PAGE == len(queries.invoices(reader, limit=PAGE).items)
        return (perf_counter() - started) / LISTS


class Crowd:
    """The two databases, made when they are first needed."""

    def __init__(self, opened: ExitStack, invoices: int) -> None:
        self._opened, self._invoices = opened, invoices

    @cached_property
    def places(self) -> tuple[Place, Place]:
        """The full one and the empty one."""
        server = durable_server(self._opened)
        full = Place(server, "kasa_full", self._invoices, self._opened)
        return full, Place(server, "kasa_empty", 0, self._opened)

    def _issue(self, place: int) -> float:
        return self.places[place].issue()

    def _page(self, place: int) -> float:
        return self.places[place].page()

    def figures(self) -> list[Figure]:
        """Return what is measured."""
        thousands = f"{self._invoices:,} invoices in {TENANTS:,} shops"
        return [
            Figure(
                id="D3i",
                title=f"issue among {thousands}",
                against="issue in an empty database",
                kasa=partial(self._issue, 0),
                baseline=partial(self._issue, 1),
                gate=GATE,
                goal=GOAL,
            ),
            Figure(
                id="D3l",
                title=f"list of 50 among {thousands}",
                against="list of 50 of a new shop",
                kasa=partial(self._page, 0),
                baseline=partial(self._page, 1),
                gate=GATE,
                goal=GOAL,
            ),
        ]
