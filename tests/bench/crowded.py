"""D3: what issuing and listing cost among a million invoices of others, against an empty database.

Both databases lie on one durable server. The full one is loaded when the first side runs, so that
nobody waits for it who asks for other figures.
"""

import sys
from contextlib import ExitStack
from functools import cached_property, partial
from time import perf_counter

import attrs

from kasa.adapters.postgres.embedded import EmbeddedServer
from kasa.adapters.postgres.upgrade import upgrade
from kasa.domain.identity.access import Actor, Role
from kasa.domain.kernel.ids import TenantId, UserId
from kasa.entrypoints.bootstrap_load import WantedLoad, load_into
from tests.bench.harness import Figure, Limit, Measure
from tests.bench.issuing import Issuing
from tests.bench.shops import Shop, Shops, durable_server

TENANTS = 1_000
CLIENTS = 4
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
    def issuing(self) -> Issuing:
        """Drafts to issue, after whatever is loaded."""
        self.server.make_database(self.name)
        owner = self.server.addresses(self.name).owner
        upgrade(owner)
        if self.invoices:
            loaded = load_into(owner, WantedLoad(tenants=TENANTS, invoices=self.invoices, seed=1))
            rows = sum(loaded.rows.values())
            sys.stdout.write(
                f"loaded {self.invoices:,} invoices, {rows:,} rows in {loaded.took:.0f} s\n"
            )
        shops = Shops.on(self.server, self.name, self.opened, clients=CLIENTS)
        return Issuing(shops, each=EACH)

    @cached_property
    def reader(self) -> Actor:
        """Who reads a list: of the largest shop, or of one that has a full page."""
        if not self.invoices:
            self.issuing.kasa()
            return self._shop().owner
        with self.issuing.shops.superuser() as connection:
            row = connection.execute(_LARGEST).fetchone()
        assert row is not None
        return Actor.member(TenantId(row[0]), UserId(row[0]), Role.OWNER)  # type: ignore[arg-type]  # an identifier

    def _shop(self) -> Shop:
        return self.issuing.shops.shops[0]

    def issue(self) -> float:
        """Return the seconds of one issue, four at once."""
        return self.issuing.kasa()

    def page(self) -> float:
        """Return the seconds of one page of 50 invoices."""
        reader, queries = self.reader, self.issuing.shops.kasa.invoicing.queries
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
