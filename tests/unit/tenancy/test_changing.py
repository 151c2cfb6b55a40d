"""A shop's profile and its state."""

import attrs
import pytest

from kasa.application.kasa import Kasa
from kasa.domain.identity.access import Actor, Role, RoleTooLow
from kasa.domain.kernel.errors import VersionStale
from kasa.domain.kernel.ids import UserId
from kasa.domain.kernel.text import name
from kasa.domain.tenancy.events import TenantChanged
from kasa.domain.tenancy.tenant import TenantState, TenantWrongState
from tests.unit.conftest import Shop


def test_an_opened_shop_is_found(kasa: Kasa, shop: Shop) -> None:
    """A new shop is open, and keeps stock from its first moment."""
    found = kasa.tenancy.queries.tenant(shop.viewer)
    assert shop.tenant == found
    assert found.state is TenantState.OPEN
    assert found.inventory_since == found.opened_at


def test_a_profile_changes_as_a_whole(kasa: Kasa, shop: Shop) -> None:
    """A change counts the version up and names the fields that differ."""
    profile = attrs.evolve(shop.tenant.profile, name=name("Sokha Silk"), terms_days=7)
    changed = kasa.tenancy.change_profile(shop.owner, profile, version=1)
    assert (profile, 2) == (changed.profile, changed.version)
    assert changed == kasa.tenancy.queries.tenant(shop.viewer)
    events = [row.event for row in kasa.operations.read_history(shop.owner, shop.id)]
    assert TenantChanged(subject=shop.id, fields=("name", "terms_days")) == events[-1]


def test_a_stale_version_changes_nothing(kasa: Kasa, shop: Shop) -> None:
    """Whoever did not see the newest profile does not write over it."""
    with pytest.raises(VersionStale):
        kasa.tenancy.change_profile(shop.owner, shop.tenant.profile, version=7)
    assert kasa.tenancy.queries.tenant(shop.viewer).version == 1


def test_a_clerk_does_not_change_the_shop(kasa: Kasa, shop: Shop) -> None:
    """Changing the profile is for administrators."""
    with pytest.raises(RoleTooLow):
        kasa.tenancy.change_profile(shop.clerk, shop.tenant.profile)


def test_admins_do_not_give_themselves_rights(kasa: Kasa, shop: Shop) -> None:
    """Only an owner lets admins manage members; an admin changes all the rest."""
    admin = Actor.member(shop.id, shop.clerk.user or UserId(shop.id), Role.ADMIN)
    profile = attrs.evolve(shop.tenant.profile, admins_manage_members=True)
    with pytest.raises(RoleTooLow):
        kasa.tenancy.change_profile(admin, profile)
    assert kasa.tenancy.change_profile(shop.owner, profile).profile.admins_manage_members
    with pytest.raises(RoleTooLow):
        kasa.tenancy.change_profile(admin, shop.tenant.profile)
    kasa.tenancy.change_profile(admin, attrs.evolve(profile, terms_days=3))


def test_suspending_and_reopening_alternate(kasa: Kasa, shop: Shop) -> None:
    """A suspended shop can only be reopened, an open one only be suspended."""
    assert kasa.tenancy.suspend(shop.owner).state is TenantState.SUSPENDED
    with pytest.raises(TenantWrongState):
        kasa.tenancy.suspend(shop.owner)
    assert kasa.tenancy.reopen(shop.owner).state is TenantState.OPEN
    with pytest.raises(TenantWrongState):
        kasa.tenancy.reopen(shop.owner)
