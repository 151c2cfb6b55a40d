"""A new shop, with everything it needs from its first minute."""

from datetime import datetime

import attrs

from kasa.application.ports.work import UnitOfWork
from kasa.domain.identity.access import Role
from kasa.domain.identity.events import MemberJoined
from kasa.domain.identity.user import Membership
from kasa.domain.kernel.ids import MembershipId, TenantId, UserId
from kasa.domain.tenancy.events import TenantOpened
from kasa.domain.tenancy.tenant import Tenant, TenantProfile


@attrs.frozen(kw_only=True)
class Founder:
    """The person who opens a shop, and the identifier of their membership."""

    user: UserId
    membership: MembershipId


def open_shop(
    work: UnitOfWork,
    tenant_id: TenantId,
    profile: TenantProfile,
    *,
    at: datetime,
    owner: Founder | None = None,
) -> Tenant:
    """Store a new tenant, its stock keeping on from the start, and record that it was opened.

    ``owner`` is its first member; one that is opened on the machine has none yet.
    """
    tenant = Tenant(id=tenant_id, profile=profile, opened_at=at, inventory_since=at)
    work.tenants.add(tenant)
    work.events.record(TenantOpened(subject=tenant_id), at=at)
    if owner is not None:
        member = Membership(id=owner.membership, user=owner.user, role=Role.OWNER, joined_at=at)
        work.members.add(member)
        work.events.record(MemberJoined(subject=owner.user, role=member.role.value), at=at)
    return tenant
