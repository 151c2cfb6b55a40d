"""What must hold when many people sell the same goods at once: R1 to R4, over a real database."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from random import Random

from kasa.adapters.conformance.inventory.oracles import check_folded, check_promised
from kasa.adapters.conformance.inventory.stage import StockStage, Wish
from kasa.domain.inventory.product import Product
from kasa.domain.inventory.reservation import ReservationState
from kasa.domain.kernel.errors import KasaError
from kasa.domain.kernel.ids import InvoiceId

SKUS, THREADS, BASKETS, GOODS = 10, 16, 6, 12
OK = "ok"


def outcome(act: Callable[[], object]) -> str:
    """Return ``ok``, or the code of the refusal; any other error goes on."""
    try:
        act()
    except KasaError as refused:
        return refused.code
    return OK


def together(acts: Sequence[Callable[[], object]], threads: int = THREADS) -> Counter[str]:
    """Do all of them at once and count the outcomes."""
    with ThreadPoolExecutor(max_workers=threads) as pool:
        return Counter(pool.map(outcome, acts))


class RacesConformance:
    """Locks in one order, decisions under them, and nothing lost when a work dies."""

    def make_stage(self) -> StockStage:
        """Return a new shop of which many threads may be served at once."""
        raise NotImplementedError

    def check(self, stage: StockStage, products: Sequence[Product]) -> None:
        """P1 to P3 after a race."""
        with stage.ports.unit_of_work.read_only(stage.owner) as view:
            rows = view.stock.reservations(state=None, limit=100).items
        for product in products:
            level = stage.level(product)
            check_folded(level, stage.history(product))
            if len(rows) < 100:
                check_promised(level, rows)
        assert () == stage.inventory.audit(stage.owner).drifts

    def test_baskets_in_any_order_never_deadlock(self) -> None:
        """R1: many threads issue random baskets; only shortages refuse, and no figure drifts."""
        stage = self.make_stage()
        random = Random(20261121)  # noqa: S311  # the same baskets in every run
        goods = [stage.product(f"P{no}", on_hand=GOODS, cost=100 + no) for no in range(SKUS)]
        invoices = [
            stage.invoice(
                *(Wish(product=product, quantity=1) for product in random.sample(goods, 5))
            )
            for _ in range(THREADS * BASKETS)
        ]
        found = together([partial(stage.issue, each) for each in invoices])
        assert found.keys() <= {OK, "stock.insufficient"}
        assert 1 <= found[OK] <= SKUS * GOODS // 5
        assert found[OK] * 5 == sum(stage.level(product).reserved for product in goods)
        self.check(stage, goods)

    def test_the_last_goods_are_sold_once(self) -> None:
        """R2: twenty threads want one of ten; exactly ten get it."""
        stage = self.make_stage()
        tea = stage.product("TEA", on_hand=10)
        invoices = [stage.invoice(Wish(product=tea, quantity=1)) for _ in range(20)]
        found = together([partial(stage.issue, each) for each in invoices], 20)
        assert Counter({OK: 10, "stock.insufficient": 10}) == found
        assert (10, 10, 0) == stage.figures(tea)[:3]
        self.check(stage, [tea])

    def test_paying_voiding_and_expiring_agree(self) -> None:
        """R3: one invoice is paid, released and swept at once; goods leave once, or not at all."""
        stage = self.make_stage()
        tea = stage.product("TEA", on_hand=8, cost=80)
        invoice = stage.invoice(Wish(product=tea, quantity=4))
        stage.issue(invoice)
        stage.advance(timedelta(days=5))
        sweep = stage.inventory.sweep.shop
        acts: list[Callable[[], object]] = []
        for _ in range(5):
            acts += [
                lambda: stage.pay(invoice),
                lambda: stage.release(invoice),
                lambda: sweep(stage.owner.tenant),
            ]
        assert Counter({OK: 15}) == together(acts)
        (row,) = stage.reservations(invoice)
        assert (ReservationState.CONSUMED, 4) == (row.state, row.taken)
        assert (4, 0, 0, 40) == stage.figures(tea)
        self.check(stage, [tea])

    def test_late_payment_and_lazy_expiry_agree(self) -> None:
        """R4: the goods of an expired promise go to the payer or to the next buyer, never both."""
        stage = self.make_stage()
        tea = stage.product("TEA", on_hand=3)
        first = stage.invoice(Wish(product=tea, quantity=3))
        stage.issue(first)
        stage.advance(timedelta(days=5))
        second = stage.invoice(Wish(product=tea, quantity=3))
        found = together([lambda: stage.pay(first), lambda: stage.issue(second)], 2)
        (row,) = stage.reservations(first)
        if found[OK] == 2:
            assert (0, 3) == (row.taken, row.owed)
            assert (3, 3, 3) == stage.figures(tea)[:3]
        else:
            assert Counter({OK: 1, "stock.insufficient": 1}) == found
            assert (3, 0) == (row.taken, row.owed)
            assert (0, 0, 0) == stage.figures(tea)[:3]
        self.check(stage, [tea])

    def test_a_work_that_dies_leaves_nothing(self) -> None:
        """R4: a connection lost after the write takes movements, levels and events with it."""
        stage = self.make_stage()
        tea = stage.product("TEA", on_hand=3)
        before = stage.everything([tea])
        invoice = stage.invoice(Wish(product=tea, quantity=2))

        def die() -> None:
            with stage.ports.unit_of_work(stage.owner) as work:
                stage.issue_in(work, invoice)
                raise KasaError

        assert "internal" == outcome(die)
        assert before == stage.everything([tea])
        assert (
            ()
            == stage.inventory.queries.fulfilment(stage.owner, InvoiceId(invoice.id)).reservations
        )
        stage.issue(invoice)
        self.check(stage, [tea])
