"""Where shops are kept."""

from collections.abc import Iterator, Mapping
from typing import Protocol

from kasa.domain.kernel.ids import TenantId
from kasa.domain.tenancy.tenant import Tenant

SECRET_ENDINGS = ("_hash", "_mac", "sealed")


def is_secret(column: str) -> bool:
    """Tell by its name whether a column holds what proves who somebody is."""
    return column.endswith(SECRET_ENDINGS)


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


class TenantTables(Protocol):
    """Everything that is stored of the own tenant, as it lies there."""

    def schema(self) -> str:
        """Return the revision that says what the tables mean."""

    def names(self) -> tuple[str, ...]:
        """Return every table that may hold rows of a tenant, sorted."""

    def lines(self, table: str) -> Iterator[str]:
        """Yield the tenant's rows of a table, each as one line of JSON, in the order of its key.

        Columns that hold secrets (``is_secret``) are left out. To be used up inside the view.
        """

    def counts(self) -> Mapping[str, int]:
        """Return how many rows of the tenant each table holds that holds any."""


class TenantDirectory(Protocol):
    """Identifiers of tenants, across them."""

    def ids(self, *, after: TenantId | None = None, limit: int = 500) -> tuple[TenantId, ...]:
        """Return tenants by rising identifier, those behind ``after``; suspended ones too."""

    def forget(self, tenant: TenantId) -> int:
        """Remove at most some thousand rows of a shop that is being erased, and count them.

        0 says that nothing is left of it in any table. It is a bug to ask for another shop.
        """
