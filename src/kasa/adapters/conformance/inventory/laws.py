"""Laws of stock that hold for every quantity and cost: P7, P11, P12 and P17."""

from hypothesis import given, settings
from hypothesis import strategies as st

from kasa.adapters.conformance.inventory.stage import StockStage, Wish
from kasa.domain.inventory.product import Product
from kasa.domain.inventory.reservation import Fulfilment, ReservationState
from kasa.domain.inventory.unit import Pack

FEW = settings(max_examples=8)
Parts = list[int]


class StockLawsConformance:
    """What goods cost and where they are does not depend on how they are asked for."""

    def make_stage(self) -> StockStage:
        """Return a new shop whose clock can be moved."""
        raise NotImplementedError

    def test_voiding_and_reversing_restore_the_level(self) -> None:
        """P7: issue and void, pay and reverse leave goods, promises and value as they were."""

        @FEW
        @given(goods=st.integers(1, 9), cost=st.integers(0, 999), quantity=st.integers(1, 9))
        def check(goods: int, cost: int, quantity: int) -> None:
            stage = self.make_stage()
            tea = stage.product("TEA", on_hand=goods, cost=cost)
            invoice = stage.invoice(Wish(product=tea, quantity=min(goods, quantity)))
            before = stage.figures(tea)
            stage.issue(invoice)
            issued = stage.figures(tea)
            stage.pay(invoice)
            stage.unpay(invoice)
            assert issued == stage.figures(tea)
            (row,) = stage.reservations(invoice)
            assert (ReservationState.HELD, 2) == (row.state, row.round)
            stage.release(invoice)
            assert before == stage.figures(tea)

        check()

    def test_returns_in_parts_bring_the_exact_cost(self) -> None:
        """P11: a full return, in any parts, gives back what the goods left with."""

        @FEW
        @given(parts=st.lists(st.integers(1, 4), min_size=1, max_size=4), cost=st.integers(0, 999))
        def check(parts: Parts, cost: int) -> None:
            stage = self.make_stage()
            tea = stage.product("TEA", on_hand=sum(parts) + 3, cost=cost)
            invoice = stage.invoice(Wish(product=tea, quantity=sum(parts)))
            before = stage.figures(tea)
            stage.issue(invoice)
            stage.pay(invoice)
            stage.receive(tea, 2, cost=777)
            for part in parts[:-1]:
                outcome = stage.give_back(invoice, 1, part)
                assert Fulfilment.PART_RETURNED is outcome.fulfilment
            assert Fulfilment.RETURNED is stage.give_back(invoice, 1, parts[-1]).fulfilment
            assert (before[0] + 2, 0, 0, before[3] + 777) == stage.figures(tea)

        check()

    def test_lines_may_be_split_or_packed(self) -> None:
        """P17: one line, two lines, or packs: equal levels and equal total cost."""

        @FEW
        @given(
            packs=st.integers(1, 3),
            cut=st.integers(1, 5),
            goods=st.integers(18, 40),
            cost=st.integers(0, 999),
        )
        def check(packs: int, cut: int, goods: int, cost: int) -> None:
            stage = self.make_stage()
            six = Pack("six", "Pack of six", 6)
            found = set()
            for no, cuts in enumerate([[(6 * packs, "C62")], [(packs, "six")], _cut(packs, cut)]):
                tea = stage.product(f"TEA{no}", on_hand=goods, cost=cost, packs=(six,))
                wishes = [Wish(product=tea, quantity=q, unit_code=unit) for q, unit in cuts]
                invoice = stage.invoice(*wishes)
                stage.issue(invoice)
                stage.pay(invoice)
                taken = sum(row.cost for row in stage.reservations(invoice))
                found.add((stage.figures(tea), taken))
            assert 1 == len(found)

        check()

    def test_the_order_of_lines_changes_no_level(self) -> None:
        """P12: permuted lines leave equal levels, also when some do not fit."""

        @FEW
        @given(
            wanted=st.lists(
                st.tuples(st.integers(0, 1), st.integers(1, 6)), min_size=2, max_size=5
            ),
            other=st.data(),
        )
        def check(wanted: list[tuple[int, int]], other: st.DataObject) -> None:
            permuted = other.draw(st.permutations(wanted))
            assert self._levels_after(wanted) == self._levels_after(permuted)

        check()

    def _levels_after(self, wanted: list[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
        stage = self.make_stage()
        goods: list[Product] = [
            stage.product("A", on_hand=7, cost=100),
            stage.product("B", on_hand=5, cost=99, backorder=True),
        ]
        invoice = stage.invoice(*(Wish(product=goods[sku], quantity=q) for sku, q in wanted))
        found = []
        stage.issue(invoice, accept_shortage=True)
        found += [stage.figures(product) for product in goods]
        stage.pay(invoice)
        return found + [stage.figures(product) for product in goods]

    def test_commands_on_different_products_commute(self) -> None:
        """P12: what happens to one SKU does not depend on what happens to another."""
        found = []
        for turn in (0, 1):
            stage = self.make_stage()
            goods = [stage.product("A", on_hand=5, cost=50), stage.product("B", on_hand=5, cost=51)]
            for sku in (turn, 1 - turn):
                invoice = stage.invoice(Wish(product=goods[sku], quantity=2 + sku))
                stage.issue(invoice)
                stage.pay(invoice)
                stage.receive(goods[sku], 3, cost=31)
            found.append([stage.figures(product) for product in goods])
        assert found[0] == found[1]


def _cut(packs: int, cut: int) -> list[tuple[int, str]]:
    return [(cut, "C62"), (6 * packs - cut, "C62")]
