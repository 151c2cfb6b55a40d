"""Sweeps reach every shop, whatever happens in one of them."""

from uuid import UUID

import pytest

from kasa.application.workflows.sweeping import every_shop
from kasa.domain.kernel.errors import Conflict
from kasa.domain.kernel.ids import TenantId

SHOPS = tuple(TenantId(UUID(int=number)) for number in range(1, 6))


def following(after: TenantId | None) -> tuple[TenantId, ...]:
    """Return two shops at a time."""
    return tuple(shop for shop in SHOPS if after is None or shop > after)[:2]


def test_every_shop_is_reached_once() -> None:
    """The sum is that of all shops, in batches."""
    seen: list[TenantId] = []

    def act(shop: TenantId) -> int:
        seen.append(shop)
        return shop.int

    assert 15 == every_shop(following, act)
    assert list(SHOPS) == seen


def test_one_failing_shop_does_not_stop_the_others() -> None:
    """The others are swept, and what failed is raised at the end."""
    seen: list[TenantId] = []

    def act(shop: TenantId) -> int:
        seen.append(shop)
        if shop == SHOPS[1]:
            raise Conflict
        return 1

    with pytest.raises(ExceptionGroup) as failed:
        every_shop(following, act)
    assert list(SHOPS) == seen
    assert [Conflict] == [type(error) for error in failed.value.exceptions]
