"""A new shop, with everything it needs from its first minute."""

from datetime import datetime

from kasa.application.ports.work import UnitOfWork
from kasa.domain.kernel.ids import TenantId
from kasa.domain.tenancy.events import TenantOpened
from kasa.domain.tenancy.tenant import Tenant, TenantProfile


def open_shop(
    work: UnitOfWork, tenant_id: TenantId, profile: TenantProfile, *, at: datetime
) -> Tenant:
    """Store a new tenant, its stock keeping on from the start, and record that it was opened."""
    tenant = Tenant(id=tenant_id, profile=profile, opened_at=at, inventory_since=at)
    work.tenants.add(tenant)
    work.events.record(TenantOpened(subject=tenant_id), at=at)
    return tenant
