"""A limit is a limit, whichever use case spends, also over memory."""

import pytest

from kasa.application.entitlements import QuotaReached
from kasa.application.ports.bundle import Ports
from kasa.domain.kernel.errors import KasaError
from kasa.domain.subscriptions.plan import UNLIMITED, Meter
from tests.unit.house.source import within
from tests.unit.limits import COUNTED, Prepared

pytestmark = pytest.mark.A2

CONTENDERS = 5


def _rows(shop: Prepared) -> tuple[int, ...]:
    """Return how much there is of everything a refusal could leave behind."""
    with shop.ports.unit_of_work.read_only(shop.owner) as view:
        found = (
            view.events.trail(limit=100).items,
            view.stock.products(limit=100).items,
            view.customers.page(limit=100).items,
            view.files.listed(limit=100).items,
        )
    return tuple(map(len, found))


@pytest.mark.parametrize("which", COUNTED)
def test_what_is_above_a_limit_is_refused_and_leaves_nothing(which: str, ports: Ports) -> None:
    """At one below the limit one is accepted; the others are refused with what a shop must know."""
    counted = COUNTED[which]
    shop = counted.prepared(ports, CONTENDERS)
    shop.calls[0]()
    before = _rows(shop)
    for call in shop.calls[1:]:
        with pytest.raises(QuotaReached) as refused:
            call()
    facts = refused.value.facts
    assert ("plan.quota_reached", counted.meter.value) == (refused.value.code, facts["feature"])
    assert (UNLIMITED, UNLIMITED) == (facts["limit"], facts["used"])
    assert counted.meter.is_capacity is (facts["resets_at"] is None)
    assert before == _rows(shop)


def test_a_period_starts_anew_at_a_local_midnight(ports: Ports) -> None:
    """The refusal names the moment from which on there is room again."""
    shop = COUNTED["invoices"].prepared(ports, 2)
    shop.calls[0]()
    with pytest.raises(KasaError) as refused:
        shop.calls[1]()
    assert refused.value.facts["resets_at"] == "2026-12-01T17:00:00+00:00"


def test_every_use_case_that_spends_is_raced() -> None:
    """A meter that a use case declares, or a workflow spends, has a row among those raced."""
    declared = {
        meter
        for module in within("application")
        for meter in Meter
        if f"Meter.{meter.name}" in module.text
    }
    assert declared == {counted.meter for counted in COUNTED.values()}
