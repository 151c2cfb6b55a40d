"""Shops across the database in memory: listed, and forgotten."""

from kasa.adapters.memory.payments.rows import REFERENCES
from kasa.adapters.memory.tables import Database
from kasa.adapters.memory.tenancy import TENANTS
from kasa.domain.kernel.ids import TenantId
from kasa.domain.tenancy.tenant import TenantState


class MemoryTenantDirectory:
    """Lists tenants across the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ids(self, *, after: TenantId | None = None, limit: int = 500) -> tuple[TenantId, ...]:
        """Return tenants by rising identifier, those behind ``after``; suspended ones too."""
        every = sorted(
            tenant
            for tenant in list(self._database.rows)
            if self._database.snapshot(tenant).read(TENANTS)
        )
        return tuple(tenant for tenant in every if after is None or tenant > after)[:limit]

    def forget(self, tenant: TenantId) -> int:
        """Remove everything of a shop that is being erased, and count the rows.

        What other shops ask for stays: that a reference was seen, without whose it was.
        """
        rows = self._database.snapshot(tenant)
        shop = rows.read(TENANTS).get(tenant)
        if shop is not None and shop.state is not TenantState.ERASING:
            raise RuntimeError("only a shop that is being erased is forgotten")
        with self._database.writer(tenant):
            self._database.seen_before |= set(rows.read(REFERENCES))
            gone = self._database.rows.pop(tenant, {})
        return sum(len(table) for table in gone.values())
