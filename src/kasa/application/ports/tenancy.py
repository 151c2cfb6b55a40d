"""Where shops are kept."""

from typing import Protocol

from kasa.domain.kernel.ids import TenantId
from kasa.domain.tenancy.tenant import Tenant


class TenantStore(Protocol):
    """The tenant of the unit of work itself; there is no way to another one."""

    def add(self, tenant: Tenant) -> None:
        """Store the unit of work's own tenant, which is new; a second one is a bug."""

    def lock(self) -> Tenant:
        """Return the tenant, locked until the unit of work ends, or raise NotFound."""

    def save(self, tenant: Tenant) -> None:
        """Store the tenant that was locked in the same unit of work."""


class TenantViews(Protocol):
    """What may be read of the own tenant."""

    def show(self) -> Tenant:
        """Return the tenant, or raise NotFound."""


class TenantDirectory(Protocol):
    """Identifiers of tenants, across them."""

    def ids(self, *, after: TenantId | None = None, limit: int = 500) -> tuple[TenantId, ...]:
        """Return tenants by rising identifier, those behind ``after``; suspended ones too."""
