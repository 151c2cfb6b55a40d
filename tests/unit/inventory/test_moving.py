"""Goods come in, are corrected, and one movement is undone, through the use cases."""

from decimal import Decimal

import attrs
import pytest

from kasa.application.inventory.moving import AdjustedLine
from kasa.application.inventory.receiving import ReceivedLine
from kasa.application.kasa import Kasa
from kasa.domain.inventory.level import StockInsufficient
from kasa.domain.inventory.movement import MovementKind, MovementReason
from kasa.domain.inventory.valuation import CostCurrencyFixed
from kasa.domain.kernel.money import KHR, USD, Money
from tests.unit.conftest import Shop
from tests.unit.inventory.conftest import AddedProduct


def test_goods_come_in_at_their_cost(kasa: Kasa, shop: Shop, add: AddedProduct) -> None:
    """A receipt adds goods and what they cost to the level."""
    rice = add(on_hand=10, cost=1000)
    line = ReceivedLine(product=rice.id, quantity=Decimal(5), total_cost=Money(900, KHR))
    done = kasa.inventory.receive(shop.clerk, [line])
    (level,) = done.levels
    assert (15, 1900) == (level.on_hand, level.value_minor)
    assert [MovementKind.RECEIVE] == [row.kind for row in done.movements]


def test_a_correction_below_zero_is_refused(kasa: Kasa, shop: Shop, add: AddedProduct) -> None:
    """No more goes than is there, and the refusal names the product."""
    rice = add(on_hand=10)
    line = AdjustedLine(product=rice.id, delta=Decimal(-11), reason=MovementReason.LOST)
    with pytest.raises(StockInsufficient) as refused:
        kasa.inventory.adjust(shop.owner, [line])
    assert ("RICE: 11 C62 wanted, 10 available",) == refused.value.facts["missing"]
    assert 10 == kasa.inventory.queries.level(shop.viewer, rice.id).level.on_hand


def test_undoing_a_correction_restores_the_level(kasa: Kasa, shop: Shop, add: AddedProduct) -> None:
    """Goods and value are as before; both movements stay in the ledger."""
    rice = add(on_hand=3, cost=1000)
    line = AdjustedLine(product=rice.id, delta=Decimal(-1), reason=MovementReason.GIFT)
    (gone,) = kasa.inventory.adjust(shop.owner, [line]).movements
    assert -333 == gone.d_value
    kasa.inventory.undo(shop.owner, gone.id)
    level = kasa.inventory.queries.level(shop.viewer, rice.id).level
    assert (3, 1000, 3) == (level.on_hand, level.value_minor, level.version)


def test_the_cost_currency_is_fixed_once_goods_have_a_value(
    kasa: Kasa, shop: Shop, add: AddedProduct
) -> None:
    """Goods without a cost fix nothing; the first cost does, and the profile stays as it was."""
    add(on_hand=3, cost=0)
    dollars = attrs.evolve(shop.tenant.profile, cost_currency=USD)
    kasa.tenancy.change_profile(shop.owner, dollars)
    kasa.tenancy.change_profile(shop.owner, shop.tenant.profile)
    add("SALT", on_hand=3, cost=700)
    with pytest.raises(CostCurrencyFixed):
        kasa.tenancy.change_profile(shop.owner, dollars)
    assert KHR == kasa.tenancy.queries.tenant(shop.viewer).profile.cost_currency
    kasa.tenancy.change_profile(shop.owner, attrs.evolve(shop.tenant.profile, terms_days=3))
