"""Plan and quota: everything is admitted for now, and counted."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.adapters.memory.outside import StoppedClock
from kasa.application.entitlements import Entitlements, usage_period_start
from kasa.application.ports.bundle import Ports
from kasa.domain.subscriptions.plan import CAPACITY_PERIOD, Feature, Meter
from tests.unit.conftest import Shop

DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))


@pytest.mark.parametrize("feature", Feature)
def test_every_feature_is_on(ports: Ports, shop: Shop, feature: Feature) -> None:
    """Until there are plans, every feature is on from the opening."""
    with ports.unit_of_work(shop.owner) as work:
        plan = Entitlements(work, at=shop.tenant.opened_at)
        plan.require(feature)
        assert plan.covers(feature)


def test_a_capacity_meter_counts_what_is_alive(ports: Ports, shop: Shop) -> None:
    """What is given back no longer counts, and time does not matter."""
    with ports.unit_of_work(shop.owner) as work:
        plan = Entitlements(work, at=shop.tenant.opened_at)
        plan.spend(Meter.PRODUCTS, 3)
        plan.release(Meter.PRODUCTS, 1)
        assert work.usage.used(Meter.PRODUCTS, period=CAPACITY_PERIOD) == 2


def test_a_period_meter_starts_anew_each_month(
    ports: Ports, clock: StoppedClock, shop: Shop
) -> None:
    """Months count from the local day of the opening; nothing is given back."""
    opened = shop.tenant.opened_at
    for days in (0, 29, 30):
        with ports.unit_of_work(shop.owner) as work:
            Entitlements(work, at=opened + timedelta(days=days)).spend(Meter.INVOICES, 1)
    with ports.unit_of_work(shop.owner) as work:
        assert work.usage.used(Meter.INVOICES, period=date(2026, 11, 2)) == 2
        assert work.usage.used(Meter.INVOICES, period=date(2026, 12, 2)) == 1
        with pytest.raises(ValueError, match="invoices"):
            Entitlements(work, at=opened).release(Meter.INVOICES, 1)


@given(opened=DAYS, today=DAYS)
def test_periods_are_counted_from_the_opening(opened: date, today: date) -> None:
    """The start is at most a month back, and is the anchor's day unless the month is shorter."""
    start = usage_period_start(opened, today)
    assert start <= today < start + timedelta(days=32)
    assert start.day == opened.day or (start + timedelta(days=1)).day == 1
    assert start == usage_period_start(opened, start)


def test_month_ends_are_clamped() -> None:
    """31 January, 28 February, 31 March."""
    opened = date(2026, 1, 31)
    assert usage_period_start(opened, date(2026, 3, 1)) == date(2026, 2, 28)
    assert usage_period_start(opened, date(2026, 3, 31)) == date(2026, 3, 31)
