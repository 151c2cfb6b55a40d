"""D1: issuing an invoice through the adapter, against pgbench sending the same statements."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from time import perf_counter

from kasa.domain.invoicing.line_item import WantedLine
from kasa.domain.kernel.ids import InvoiceId
from tests.bench.scripts import Bench, Script, logged, recorded, script_of
from tests.bench.shops import Shop, Shops, draft_id, work_lines

EACH = 100


class NotTheSame(RuntimeError):
    """kasa and pgbench sent different statements, so their figures say nothing."""


class Issuing:
    """Drafts of one kind in every shop, issued by kasa and by pgbench."""

    def __init__(
        self, shops: Shops, lines: Sequence[WantedLine] | None = None, *, each: int = EACH
    ) -> None:
        self.shops, self.each = shops, each
        wanted = work_lines(2) if lines is None else lines
        self.templates = [shops.draft(shop, wanted) for shop in shops.shops]
        self.bench = Bench(server=shops.server, database=shops.name)
        self.scripts = self._scripted()
        self._prove()

    def kasa(self) -> float:
        """Issue by kasa, a thread for each shop; return the seconds of one."""
        first = self.shops.supply(self.templates, self.each)
        together = Barrier(len(self.shops.shops) + 1)

        def client(shop: Shop) -> None:
            actors = [self.shops.keyed(shop) for _ in range(self.each)]
            together.wait()
            for no, actor in enumerate(actors):
                self.shops.kasa.invoicing.issue(actor, draft_id(first + no))

        with ThreadPoolExecutor(len(self.shops.shops)) as threads:
            ends = [threads.submit(client, shop) for shop in self.shops.shops]
            together.wait()
            started = perf_counter()
            for end in ends:
                end.result()
            took = perf_counter() - started
        return took / (self.each * len(self.shops.shops))

    def pgbench(self) -> float:
        """Issue by pgbench, a client for each shop; return the seconds of one."""
        first = self.shops.supply(self.templates, self.each)
        return self.bench.run(self.scripts, first=first, each=self.each)

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
