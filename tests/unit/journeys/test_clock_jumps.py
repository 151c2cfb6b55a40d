"""Clocks that jump, and the edges of days, months, years and summer time: nothing breaks."""

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import attrs
import pytest

from kasa.adapters.conformance.strategies_payments import PAID_AT
from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.outside import StoppedClock
from kasa.application.entitlements import usage_period_start
from kasa.application.kasa import Kasa
from kasa.application.payments.deciding import Cash
from kasa.application.ports.invoicing import InvoiceTab
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.invoicing.numbering import SeriesClockBehind
from kasa.domain.kernel.errors import KasaError
from kasa.domain.kernel.moments import business_date, day_end, day_start
from kasa.domain.subscriptions.plan import Meter
from tests.unit.journeys.steps import Steps
from tests.unit.payments.alerting import aba_text, take
from tests.unit.payments.desk import Desk, transfer

pytestmark = pytest.mark.B8

INSTANT = timedelta(microseconds=1)
A_DAY = timedelta(days=1)
PHNOM_PENH, WARSAW = "Asia/Phnom_Penh", "Europe/Warsaw"
EDGES = [
    (PHNOM_PENH, date(2026, 12, 1)),
    (PHNOM_PENH, date(2027, 1, 1)),
    (PHNOM_PENH, date(2028, 2, 29)),
    (PHNOM_PENH, date(2028, 3, 1)),
    (WARSAW, date(2027, 1, 1)),
    (WARSAW, date(2027, 3, 28)),
    (WARSAW, date(2027, 3, 29)),
    (WARSAW, date(2027, 10, 31)),
    (WARSAW, date(2027, 11, 1)),
    (WARSAW, date(2028, 2, 29)),
]
"""Local days that begin a month or a year, a leap day, and the days of summer time."""


def _shop(zone: str, opened: datetime) -> tuple[Steps, StoppedClock]:
    """Return a shop of a zone, opened at a moment."""
    clock = StoppedClock(opened)
    ports = memory_ports(clock=clock)
    steps = Steps.open(Kasa.over(ports), ports)
    profile = steps.kasa.tenancy.queries.tenant(steps.owner).profile
    steps.kasa.tenancy.change_profile(steps.owner, attrs.evolve(profile, zone=zone))
    return steps, clock


def _numbered(invoice: Invoice) -> tuple[int, int]:
    assert invoice.number is not None
    return invoice.number.year, invoice.number.number


@pytest.mark.parametrize(("zone", "day"), EDGES)
def test_a_document_is_of_its_local_day(zone: str, day: date) -> None:
    """Until the last instant of a local day it is that day, its year and its numbers."""
    start = day_start(day, zone)
    steps, clock = _shop(zone, start - timedelta(hours=30))
    before = day - A_DAY
    clock.set(start - INSTANT)
    last = steps.issue()
    clock.set(start)
    first = steps.issue()
    assert (before, day) == (last.issue_date, first.issue_date)
    assert (before.year, 1) == _numbered(last)
    assert (day.year, 1 if before.year < day.year else 2) == _numbered(first)


@pytest.mark.parametrize(("zone", "day"), EDGES)
def test_an_invoice_is_due_to_the_end_of_its_day(zone: str, day: date) -> None:
    """A local day later, be it 23, 24 or 25 hours: not overdue to its last instant."""
    steps, clock = _shop(zone, day_start(day, zone) - timedelta(hours=12))
    invoice = steps.issue()
    assert invoice.due_date == day
    clock.set(day_end(day, zone) - INSTANT)
    assert steps.kasa.invoicing.queries.counts(steps.owner)[InvoiceTab.OVERDUE] == 0
    clock.set(day_end(day, zone))
    assert steps.kasa.invoicing.queries.counts(steps.owner)[InvoiceTab.OVERDUE] == 1


@pytest.mark.parametrize(("zone", "day"), EDGES)
def test_goods_are_held_to_the_end_of_their_day(zone: str, day: date) -> None:
    """Held for the day after the due date, and free from its end on: the period is half-open."""
    steps, clock = _shop(zone, day_start(day - A_DAY, zone) - timedelta(hours=12))
    steps.issue()
    held = steps.stock(steps.scarf)
    clock.set(day_end(day, zone) - INSTANT)
    assert steps.kasa.inventory.sweep() == 0
    assert held == steps.stock(steps.scarf) == (10, 2)
    clock.set(day_end(day, zone))
    assert steps.kasa.inventory.sweep() > 0
    assert steps.stock(steps.scarf) == (10, 0)


@pytest.mark.parametrize(("zone", "day"), EDGES)
def test_use_is_counted_in_its_period(zone: str, day: date) -> None:
    """A shop that was opened on the 31st: every day lies in one period, to its last instant."""
    opened = day_start(date(day.year - 1, 12, 31), zone) + timedelta(hours=9)
    steps, clock = _shop(zone, opened)
    anchor = business_date(opened, zone)
    periods = []
    for at in (day_start(day, zone) - INSTANT, day_start(day, zone)):
        clock.set(at)
        steps.issue()
        periods.append(usage_period_start(anchor, business_date(at, zone)))
    with steps.ports.unit_of_work(steps.owner) as work:
        used = {one: work.usage.used(Meter.INVOICES, period=one) for one in periods}
    assert {one: periods.count(one) for one in periods} == used


@pytest.mark.parametrize("jump", [timedelta(hours=25), A_DAY, timedelta(days=40)])
def test_a_clock_that_was_set_back_numbers_nothing(jump: timedelta) -> None:
    """Refused until the clock is right again, and nothing was spent; all else goes on."""
    steps, clock = _shop(PHNOM_PENH, datetime(2026, 12, 31, 5, tzinfo=UTC))
    first = steps.issue()
    right = clock.now()
    clock.set(right - jump)
    with pytest.raises(SeriesClockBehind):
        steps.issue()
    steps.kasa.payments.record(steps.owner, Cash(invoice=first.id, amount=first.due))
    assert steps.stock(steps.scarf) == (8, 0)
    clock.set(right)
    following = steps.issue()
    assert _numbered(following) == (2026, 2)
    assert _differences(steps) == ()


def test_a_clock_that_was_ahead_holds_numbers_until_then() -> None:
    """A day was numbered that had not come: until it comes none is older than it."""
    steps, clock = _shop(WARSAW, datetime(2027, 3, 27, 12, tzinfo=UTC))
    right = clock.now()
    clock.set(right + A_DAY)
    ahead = steps.issue()
    clock.set(right)
    with pytest.raises(SeriesClockBehind):
        steps.issue()
    clock.set(day_start(date(2027, 3, 28), WARSAW))
    assert _numbered(steps.issue())[1] == _numbered(ahead)[1] + 1


@pytest.mark.parametrize("jump", [-A_DAY, A_DAY, timedelta(days=-29), timedelta(days=29)])
def test_a_message_is_one_whatever_the_clock_says(jump: timedelta) -> None:
    """Posted again after a jump it pays nothing twice, and a payment stays what it was."""
    clock = StoppedClock(PAID_AT)
    desk = Desk.open(clock=clock)
    invoice = desk.issue()
    payment = desk.submit(transfer(1), invoice)
    before = desk.invoice(invoice), desk.payment(payment).state
    taken = take(desk, aba_text())
    clock.set(PAID_AT + jump)
    again = take(desk, aba_text())
    desk.drain()
    desk.kasa.payments.wake_waiting()
    desk.drain()
    assert taken.alert is not None
    assert again.alert is not None
    assert taken.alert.id == again.alert.id
    assert before == (desk.invoice(invoice), desk.payment(payment).state)


def _differences(steps: Steps) -> tuple[object, ...]:
    with steps.ports.unit_of_work.read_only(steps.owner) as view:
        return tuple(view.books.differences())


JUMPS: tuple[Callable[[datetime], datetime], ...] = (
    lambda now: now - A_DAY,
    lambda now: now + A_DAY,
    lambda now: now + timedelta(minutes=7),
    lambda now: now - timedelta(hours=1),
    lambda now: now.replace(day=28) + timedelta(days=4),
    lambda now: now.replace(month=12, day=31, hour=23, minute=59),
    lambda now: datetime(2028, 2, 29, 12, tzinfo=UTC) if now.year < 2028 else now,
)


@pytest.mark.parametrize("zone", [PHNOM_PENH, WARSAW])
def test_books_agree_however_the_clock_jumps(zone: str, seed: int) -> None:
    """200 acts at random, the clock jumping between them: totals agree, numbers are in order."""
    chance = random.Random(seed)
    steps, clock = _shop(zone, datetime(2026, 12, 30, tzinfo=UTC))
    issued: list[Invoice] = []

    def pay() -> None:
        invoice = steps.invoice(chance.choice(issued))
        steps.kasa.payments.record(steps.owner, Cash(invoice=invoice.id, amount=invoice.due))

    acts: list[Callable[[], object]] = [
        lambda: issued.append(steps.issue(1, 1)),
        pay,
        lambda: steps.kasa.invoicing.void(steps.owner, chance.choice(issued).id, "twice"),
        steps.kasa.inventory.sweep,
        steps.kasa.payments.wake_waiting,
        lambda: steps.ports.worker.drain(steps.kasa.run),
    ]
    issued.append(steps.issue())
    for _ in range(200):
        if chance.random() < 0.3:
            clock.set(chance.choice(JUMPS)(clock.now()))
        with suppress(KasaError):
            chance.choice(acts)()
    assert len(issued) > 5
    assert _differences(steps) == ()
    days = [invoice.issue_date for invoice in sorted(issued, key=_numbered)]
    assert days == sorted(day for day in days if day is not None)
    numbers = [_numbered(invoice) for invoice in issued]
    for year in {year for year, _ in numbers}:
        own = [number for of, number in numbers if of == year]
        assert list(range(1, len(own) + 1)) == own
