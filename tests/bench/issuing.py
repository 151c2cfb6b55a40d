"""Issuing invoices through the adapter, and pgbench sending the same statements."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from time import perf_counter

from kasa.domain.identity.access import Actor
from kasa.domain.kernel.ids import InvoiceId
from tests.bench.processor import processor_seconds
from tests.bench.scripts import Bench, Script, logged, recorded, script_of
from tests.bench.shops import Shop, Shops, draft_id, work_lines

EACH = 100
Issue = Callable[[Actor, InvoiceId], object]


class NotTheSame(RuntimeError):
    """kasa and pgbench sent different statements, so their figures say nothing."""


class Issuing:
    """Copies of drafts in every shop, issued by kasa, some threads for each shop.

    ``templates`` are the drafts of each shop, used in turn.
    """

    def __init__(
        self,
        shops: Shops,
        templates: Sequence[Sequence[InvoiceId]],
        issue: Issue | None = None,
        *,
        each: int = EACH,
        threads: int = 1,
    ) -> None:
        self.shops, self.each, self.threads = shops, each, threads
        self.templates = templates
        self._issue = issue or shops.kasa.invoicing.issue

    @property
    def calls(self) -> int:
        """How many invoices one side issues."""
        return self.each * len(self.shops.shops)

    def seconds(self) -> float:
        """Issue all at once and return the seconds that passed for each."""
        return self._run(self.shops.supply(self.templates, self.each))

    def _run(self, first: int) -> float:
        clients = [
            (shop, range(first + part, first + self.each, self.threads))
            for shop in self.shops.shops
            for part in range(self.threads)
        ]
        together = Barrier(len(clients) + 1)

        def client(shop: Shop, numbers: range) -> None:
            actors = [self.shops.keyed(shop) for _ in numbers]
            together.wait()
            for actor, number in zip(actors, numbers, strict=True):
                self._issue(actor, draft_id(number))

        with ThreadPoolExecutor(len(clients)) as threads:
            ends = [threads.submit(client, *one) for one in clients]
            together.wait()
            started = perf_counter()
            for end in ends:
                end.result()
            took = perf_counter() - started
        return took / self.calls

    def rate(self) -> float:
        """Issue all at once and return how many a second."""
        return 1 / self.seconds()

    def processor(self) -> float:
        """Issue all and return the processor seconds of each, here and in the server."""
        first = self.shops.supply(self.templates, self.each)
        before = processor_seconds(self.shops.server)
        self._run(first)
        return (processor_seconds(self.shops.server) - before) / self.calls


class Compared(Issuing):
    """Issuing by kasa and by pgbench, which are proven to send the same statements."""

    def __init__(self, shops: Shops, lines: int, *, each: int = EACH) -> None:
        templates = [[shops.draft(shop, work_lines(lines))] for shop in shops.shops]
        super().__init__(shops, templates, each=each)
        self.bench = Bench(server=shops.server, database=shops.name)
        self.scripts = self._scripted()
        self._prove()

    def pgbench_seconds(self) -> float:
        """Issue by pgbench, a client for each shop; return the seconds that passed for each."""
        first = self.shops.supply(self.templates, self.each)
        return self.bench.run(self.scripts, first=first, each=self.each)

    def pgbench_processor(self) -> float:
        """Issue by pgbench and return the processor seconds of each, there and in the server."""
        first = self.shops.supply(self.templates, self.each)
        before = processor_seconds(self.shops.server)
        self.bench.run(self.scripts, first=first, each=self.each)
        return (processor_seconds(self.shops.server) - before) / self.calls

    def _once(self, shop: Shop, draft: InvoiceId) -> None:
        self.shops.kasa.invoicing.issue(self.shops.keyed(shop), draft)

    def _scripted(self) -> list[Script]:
        draft = draft_id(self.shops.supply(self.templates, 1))
        engine = self.shops.database.engine
        made = []
        for shop in self.shops.shops:
            said = recorded(engine, partial(self._once, shop, draft))
            made.append(script_of(said, shop.owner.tenant, draft))
        return made

    def _prove(self) -> None:
        """Let both sides issue once while the server writes down what it is sent."""
        engine, one = self.shops.database.engine, self.shops.supply(self.templates, 2)
        with self.shops.superuser() as connection:
            engine.dispose()
            with logged(self.shops.server, connection) as by_kasa:
                self._once(self.shops.shops[0], draft_id(one))
            engine.dispose()
            with logged(self.shops.server, connection) as by_pgbench:
                self.bench.run(self.scripts[:1], first=one + 1, each=1)
        if by_kasa != by_pgbench or not by_kasa:
            raise NotTheSame(f"{by_kasa}\n\n{by_pgbench}")
