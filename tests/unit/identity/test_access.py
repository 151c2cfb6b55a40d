"""Roles, permissions and actors."""

from itertools import pairwise
from uuid import UUID

import pytest

from kasa.domain.identity.access import (
    PERMISSIONS,
    SCOPES,
    Actor,
    Permission,
    PlatformActor,
    Role,
    RoleTooLow,
    ScopeMissing,
)
from kasa.domain.kernel.ids import ClientId, ContactId, TenantId, UserId

TENANT = TenantId(UUID(int=1))
USER = UserId(UUID(int=2))
CLIENT = ClientId(UUID(int=3))
CONTACT = ContactId(UUID(int=4))
OWNERS_ALONE = {
    Permission.CONNECT_OUTSIDE,
    Permission.MANAGE_MEMBERS,
    Permission.MANAGE_KEYS,
    Permission.MANAGE_ACCOUNTS,
    Permission.MANAGE_BILLING,
    Permission.CLOSE_TENANT,
}


def test_each_role_may_do_all_that_the_ones_before_may() -> None:
    """Viewer, user, admin, owner: each strictly more than the last, the owner everything."""
    for lower, higher in pairwise(Role):
        assert lower.permissions < higher.permissions
    assert frozenset(Permission) == Role.OWNER.permissions
    assert set(PERMISSIONS) == set(Role)


def test_what_only_the_owner_may_do() -> None:
    """Money's accounts, members, billing, outside connections and the end of the shop."""
    assert OWNERS_ALONE == Role.OWNER.permissions - Role.ADMIN.permissions


def test_a_viewer_only_reads() -> None:
    """The lowest role changes nothing."""
    assert {Permission.READ} == Role.VIEWER.permissions


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", Permission)
def test_a_member_may_do_what_its_role_may(role: Role, permission: Permission) -> None:
    """Requiring a right returns, or refuses with the right's name."""
    member = Actor.member(TENANT, USER, role)
    if permission in role.permissions:
        member.require(permission)
        return
    with pytest.raises(RoleTooLow) as refused:
        member.require(permission)
    assert permission.value == refused.value.facts["permission"]


def test_staff_may_review_when_the_shop_says_so() -> None:
    """The setting lets users decide payments, and nobody else anything more."""
    decided = Permission.DECIDE_PAYMENTS
    assert decided in Actor.member(TENANT, USER, Role.USER, staff_may_review=True).permissions
    assert decided not in Actor.member(TENANT, USER, Role.USER).permissions
    viewer = Actor.member(TENANT, USER, Role.VIEWER, staff_may_review=True)
    assert Role.VIEWER.permissions == viewer.permissions


def test_admins_manage_members_when_the_shop_says_so() -> None:
    """The setting lets admins manage members, and nobody else anything more."""
    manage = Permission.MANAGE_MEMBERS
    assert manage in Actor.member(TENANT, USER, Role.ADMIN, admins_manage_members=True).permissions
    assert manage not in Actor.member(TENANT, USER, Role.ADMIN).permissions
    user = Actor.member(TENANT, USER, Role.USER, admins_manage_members=True)
    assert Role.USER.permissions == user.permissions


def test_a_customer_submits_evidence_and_nothing_else() -> None:
    """A customer has one right, no author, and keys of its own."""
    customer = Actor.customer(TENANT, CONTACT)
    assert {Permission.SUBMIT_EVIDENCE} == customer.permissions
    assert (None, CONTACT) == (customer.author, customer.caller)


def test_a_key_may_do_what_its_scopes_may() -> None:
    """A missing scope is told as such; the key is its own author."""
    client = Actor.key(TENANT, CLIENT, frozenset({"read", "stock"}))
    assert {Permission.READ, Permission.RECEIVE_STOCK} == client.permissions
    assert (CLIENT, CLIENT) == (client.author, client.caller)
    with pytest.raises(ScopeMissing):
        client.require(Permission.ISSUE_INVOICES)


def test_no_scope_reaches_what_only_owners_may() -> None:
    """A stolen key neither adds a receiving account nor closes the shop."""
    assert OWNERS_ALONE.isdisjoint(frozenset().union(*SCOPES.values()))


def test_the_system_may_do_everything_and_signs_nothing() -> None:
    """A sweep has every right, no author and no key."""
    system = Actor.system(TENANT)
    assert frozenset(Permission) == system.permissions
    assert (None, None, None) == (system.author, system.caller, system.idempotency)


def test_a_platform_actor_signs_with_its_user() -> None:
    """Outside any shop a person is still a person."""
    assert USER == PlatformActor(user=USER).author
    assert PlatformActor().author is None
