"""Goods in, openings and corrections at their edges, over memory."""

from datetime import timedelta
from decimal import Decimal

import attrs
import pytest

from kasa.adapters.conformance.inventory.stage import StockStage, Wish
from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.outside import StoppedClock
from kasa.application.inventory.moving import AdjustedLine, BroughtBack
from kasa.application.inventory.receiving import LinesInvalid, ReceivedLine
from kasa.application.workflows.stock_keeping import act_of, home
from kasa.domain.inventory.events import StockMoved
from kasa.domain.inventory.goods import (
    AlreadyOpen,
    Incoming,
    OnReserved,
    StockReserved,
    open_balance,
)
from kasa.domain.inventory.level import StockUncounted, StockUntracked
from kasa.domain.inventory.movement import MovementKind, MovementReason, Source
from kasa.domain.inventory.product import Product
from kasa.domain.inventory.returning import ReturnNothing
from kasa.domain.inventory.unit import QuantityInvalid
from kasa.domain.inventory.valuation import CostCurrencyWrong, CostInvalid
from kasa.domain.kernel.errors import VersionStale
from kasa.domain.kernel.money import KHR, USD, ExchangeRate, Money


@pytest.fixture
def stage() -> StockStage:
    """Return a shop in memory."""
    clock = StoppedClock()
    return StockStage.over(memory_ports(clock=clock), lambda span: clock.set(clock.now() + span))


def line(product: Product, quantity: int = 1, **words: object) -> ReceivedLine:
    """Return a line of a receipt."""
    return ReceivedLine(product=product.id, quantity=Decimal(quantity), **words)  # type: ignore[arg-type]  # any field


def uncounted(stage: StockStage, code: str = "NEW") -> Product:
    """Return a product whose stock is tracked and was never counted."""
    product = stage.product(code, tracked=False)
    stage.track(product)
    return product


def test_an_opening_balance_is_given_once(stage: StockStage) -> None:
    """Before anything moved, and before the level was counted; 0 counts too, but costs nothing."""
    new = uncounted(stage)
    place = (new.sku.id, stage.level(new).location)

    def opened(quantity: int, cost: int | None = None) -> tuple[int, bool]:
        with stage.ports.unit_of_work(stage.owner) as work:
            act = act_of(work, Source("product", new.id), at=stage.ports.clock.now())
            book = work.stock.lock([new.sku.id], home(work))
            incoming = Incoming(place=place, quantity=quantity, cost=cost, key="open:x")
            change = open_balance(book, [incoming], act)
            work.stock.keep(change)
        level = change.levels[place]
        return (level.version, level.counted(act.since))

    with pytest.raises(QuantityInvalid):
        opened(-1)
    with pytest.raises(CostInvalid):
        opened(0, cost=5)
    assert (0, True) == opened(0)
    with pytest.raises(AlreadyOpen):
        opened(3)
    moved = stage.product("MOVED", on_hand=1)
    assert 1 == stage.level(moved).version


def test_goods_for_an_uncounted_level_say_what_was_there(stage: StockStage) -> None:
    """Without it they are refused; with it the level is opened, or counted, and then received."""
    new = uncounted(stage)
    with pytest.raises(StockUncounted):
        stage.inventory.receive(stage.owner, [line(new, 2)])
    done = stage.inventory.receive(
        stage.owner, [line(new, 2, already_there=Decimal(3), total_cost=Money(10, KHR))]
    )
    opened, received = done.movements
    assert (MovementKind.OPEN, 3, 0, True) == (
        opened.kind,
        opened.d_on_hand,
        opened.d_value,
        opened.cost_unknown,
    )
    assert (MovementKind.RECEIVE, 2, 10, False) == (
        received.kind,
        received.d_on_hand,
        received.d_value,
        received.cost_unknown,
    )
    none = uncounted(stage, "NONE")
    (only,) = stage.inventory.receive(
        stage.owner, [line(none, 2, already_there=Decimal(0))]
    ).movements
    assert (MovementKind.RECEIVE, True) == (only.kind, only.cost_unknown)
    again = stage.inventory.receive(stage.owner, [line(none, 1, already_there=Decimal(50))])
    assert [MovementKind.RECEIVE] == [row.kind for row in again.movements]
    with pytest.raises(QuantityInvalid):
        stage.inventory.receive(
            stage.owner, [line(uncounted(stage, "X"), already_there=Decimal(-1))]
        )


def test_costs_are_stated_once_and_in_the_cost_currency(stage: StockStage) -> None:
    """For all or for one; a foreign cost needs its rate, which stays on the movement."""
    tea = stage.product("TEA", on_hand=2, cost=100)
    receive = stage.inventory.receive
    unit = receive(stage.owner, [line(tea, 3, unit_cost=Money(7, KHR))])
    assert 21 == unit.movements[0].d_value
    silent = receive(stage.owner, [line(tea, 5)])
    assert 121 == silent.movements[0].d_value
    both = line(tea, total_cost=Money(1, KHR), unit_cost=Money(1, KHR))
    dollars = line(tea, total_cost=Money(150, USD))
    for wrong, error in (
        (both, CostInvalid),
        (line(tea, total_cost=Money(-1, KHR)), CostInvalid),
        (dollars, CostCurrencyWrong),
    ):
        with pytest.raises(error):
            receive(stage.owner, [wrong])
    today = stage.ports.clock.now().date()
    rate = ExchangeRate(base=USD, quote=KHR, rate=Decimal(4100), on=today, source="merchant")
    done = receive(stage.owner, [attrs.evolve(dollars, rate=rate)], words="Vathana 17")
    assert (6150, f"Vathana 17 · 1.50 USD x 4100 merchant {today}") == (
        done.movements[0].d_value,
        done.movements[0].note,
    )


def test_a_receipt_has_1_to_500_lines(stage: StockStage) -> None:
    """Neither none nor too many; untracked goods are no stock; nothing is no quantity."""
    tea, service = stage.product("TEA"), stage.product("FIT", tracked=False)
    for wrong in ([], [line(tea)] * 501):
        with pytest.raises(LinesInvalid):
            stage.inventory.receive(stage.owner, wrong)
    assert 500 == stage.inventory.receive(stage.owner, [line(tea)] * 500).levels[0].on_hand
    with pytest.raises(StockUntracked):
        stage.inventory.receive(stage.owner, [line(service)])
    with pytest.raises(QuantityInvalid):
        stage.inventory.receive(stage.owner, [line(tea, 0)])


def test_a_level_is_set_to_what_the_person_saw(stage: StockStage) -> None:
    """``set_to`` holds to the version; broken goods are scrapped, found ones are not."""
    tea = stage.product("TEA", on_hand=5, cost=50)
    wanted = AdjustedLine(
        product=tea.id,
        set_to=Decimal(3),
        expected_version=1,
        reason=MovementReason.DAMAGED,
    )
    adjust = stage.inventory.adjust
    for wrong, error in (
        (attrs.evolve(wanted, expected_version=0), VersionStale),
        (attrs.evolve(wanted, set_to=Decimal(-1)), QuantityInvalid),
        (attrs.evolve(wanted, set_to=None), QuantityInvalid),
        (attrs.evolve(wanted, set_to=None, delta=Decimal("NaN")), QuantityInvalid),
    ):
        with pytest.raises(error):
            adjust(stage.owner, [wrong])
    (broken,) = adjust(stage.owner, [wanted]).movements
    assert (MovementKind.SCRAP, -2, -20) == (broken.kind, broken.d_on_hand, broken.d_value)
    more = attrs.evolve(wanted, set_to=Decimal(4), expected_version=2)
    (back,) = adjust(stage.owner, [more]).movements
    assert (MovementKind.ADJUST, 10) == (back.kind, back.d_value)
    same = attrs.evolve(wanted, set_to=Decimal(4), expected_version=3)
    assert () == adjust(stage.owner, [same]).movements
    with pytest.raises(StockUncounted):
        adjust(stage.owner, [attrs.evolve(wanted, product=uncounted(stage).id)])


def test_those_who_hold_the_goods_are_named(stage: StockStage) -> None:
    """Newest first, at most 20, with their number; released newest first they make room."""
    tea = stage.product("TEA", on_hand=25)
    invoices = []
    for _ in range(25):
        stage.advance(timedelta(seconds=1))
        invoices.append(stage.invoice(Wish(product=tea, quantity=1)))
        stage.issue(invoices[-1])
    with pytest.raises(StockReserved) as refused:
        stage.adjust(tea, -2)
    holders = refused.value.facts["holders"]
    assert isinstance(holders, tuple)
    assert (20, 25) == (len(holders), refused.value.facts["total"])
    assert f"invoice:{invoices[-1].id}:1 1" == holders[0]
    stage.adjust(tea, -2, on_reserved=OnReserved.NEWEST)
    held = [stage.reservations(invoice)[0].held for invoice in invoices]
    assert [True] * 23 + [False] * 2 == held


def test_goods_come_back_without_a_credit_note(stage: StockStage) -> None:
    """By line, in units or packs; a line without goods has nothing to return."""
    tea = stage.product("TEA", on_hand=5, cost=50)
    invoice = stage.invoice(Wish(product=tea, quantity=3), due_minor=0)
    stage.issue(invoice)
    back = BroughtBack(line_no=1, quantity=Decimal(2))
    stage.inventory.return_goods(stage.owner, invoice.id, [back])
    assert (4, 0, 0, 40) == stage.figures(tea)
    for wrong in ([attrs.evolve(back, line_no=2)], [back, attrs.evolve(back, line_no=9)]):
        with pytest.raises(ReturnNothing):
            stage.inventory.return_goods(stage.owner, invoice.id, wrong)


def test_what_moved_is_told_once_and_small(stage: StockStage) -> None:
    """One event a work, with kinds and counts, and at most 20 products by name."""
    goods = [stage.product(f"P{no}") for no in range(21)]
    stage.inventory.receive(stage.owner, [line(product) for product in (*goods, goods[0])])
    (told,) = stage.told(StockMoved)
    assert isinstance(told, StockMoved)
    assert ("receipt", {"receive": 22}, 20, 21) == (
        told.source,
        told.kinds,
        len(told.skus),
        told.sku_count,
    )
