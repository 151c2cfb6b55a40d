"""Shops in memory."""

from kasa.adapters.memory.tables import Readable, Table, Working
from kasa.application.ports.work import LockRank
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import TenantId
from kasa.domain.tenancy.tenant import Tenant

TENANTS = Table[TenantId, Tenant]("tenants", LockRank.DOCUMENTS)


def tenant_row(rows: Readable) -> Tenant:
    """Return the tenant whose tables these are, or raise NotFound."""
    found = rows.read(TENANTS).get(rows.tenant)
    if found is None:
        raise NotFound
    return found


class MemoryTenants:
    """The tenant of one unit of work."""

    def __init__(self, rows: Working) -> None:
        self._rows = rows

    def add(self, tenant: Tenant) -> None:
        """Store the unit of work's own tenant, which is new; a second one is a bug."""
        self._own(tenant)
        self._rows.add(TENANTS, tenant.id, tenant)

    def lock(self) -> Tenant:
        """Return the tenant, locked until the unit of work ends, or raise NotFound."""
        return self._rows.lock(TENANTS, self._rows.tenant)

    def save(self, tenant: Tenant) -> None:
        """Store the tenant that was locked in the same unit of work."""
        self._own(tenant)
        self._rows.save(TENANTS, tenant.id, tenant)

    def _own(self, tenant: Tenant) -> None:
        if tenant.id != self._rows.tenant:
            raise RuntimeError("a unit of work stores its own tenant only")


class MemoryTenantViews:
    """Reads the own tenant."""

    def __init__(self, rows: Readable) -> None:
        self._rows = rows

    def show(self) -> Tenant:
        """Return the tenant, or raise NotFound."""
        return tenant_row(self._rows)
