"""The shop of a unit of work; the pattern that every store follows.

A store is made of statements (constants, so that they are compiled once and can be measured),
one function from row to value and one from value to columns. A store commits nothing.
"""

from typing import Any

import attrs
from sqlalchemy import text

from kasa.adapters.postgres.connection import Row, TenantConnection
from kasa.adapters.postgres.rows import value_of
from kasa.application.ports.work import LockRank
from kasa.domain.kernel.ids import TenantId
from kasa.domain.tenancy.tenant import Tenant

_COLUMNS = (
    "name",
    "name_km",
    "address",
    "tin",
    "phone",
    "country",
    "zone",
    "currency",
    "cost_currency",
    "language",
    "document_kind",
    "prices_include_tax",
    "terms_days",
    "hold_days",
    "keep_years",
    "evidence_months",
    "auto_apply_credit",
    "accept_riel",
    "riel_step",
    "rate_source",
    "accent",
    "logo",
    "logo_sha256",
    "staff_may_review",
    "admins_manage_members",
    "state",
    "opened_at",
    "inventory_since",
    "closed_at",
    "state_before",
    "version",
)
_SHOWN = f"SELECT tenant_id, {', '.join(_COLUMNS)} FROM tenants WHERE tenant_id = :tenant"
_SHOW = text(_SHOWN)
_LOCK = text(f"{_SHOWN} FOR NO KEY UPDATE")
_ADD = text(
    f"INSERT INTO tenants (tenant_id, {', '.join(_COLUMNS)}) "
    f"VALUES (:tenant, {', '.join(f':{name}' for name in _COLUMNS)})"
)
_SAVE = text(
    f"UPDATE tenants SET {', '.join(f'{name} = :{name}' for name in _COLUMNS)} "
    "WHERE tenant_id = :tenant"
)
_IDS = text("SELECT id FROM platform.tenants_list(NULL, NULL, :after, :limit) AS id")
_FORGET = text("SELECT platform.forget_tenant(:shop)")


def tenant_of(row: Row) -> Tenant:
    """Return a stored shop."""
    return value_of({**row, "id": row["tenant_id"], "profile": row}, Tenant)


def columns_of(tenant: Tenant) -> dict[str, Any]:
    """Return a shop as the columns of its row, without the key."""
    profile = attrs.asdict(tenant.profile, recurse=False)
    facts = attrs.asdict(tenant, recurse=False, filter=attrs.filters.exclude("id", "profile"))
    return {
        **profile,
        **facts,
        "currency": tenant.profile.currency.code,
        "cost_currency": tenant.profile.cost_currency.code,
        "state": tenant.state.value,
        "document_kind": tenant.profile.document_kind.value,
    }


def read_tenant(rows: TenantConnection) -> Tenant:
    """Return the shop whose transaction this is, or raise NotFound."""
    return tenant_of(rows.get(_SHOW))


class PostgresTenants:
    """The tenant of one unit of work."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, tenant: Tenant) -> None:
        """Store the unit of work's own tenant, which is new; a second one is a bug."""
        self._own(tenant)
        self._rows.added(LockRank.DOCUMENTS, tenant.id)
        self._rows.write(_ADD, **columns_of(tenant))

    def lock(self) -> Tenant:
        """Return the tenant, locked until the unit of work ends, or raise NotFound."""
        self._rows.claim(LockRank.DOCUMENTS, self._rows.tenant)
        return tenant_of(self._rows.get(_LOCK))

    def save(self, tenant: Tenant) -> None:
        """Store the tenant that was locked in the same unit of work."""
        self._own(tenant)
        self._rows.require_claim(LockRank.DOCUMENTS, tenant.id)
        self._rows.write(_SAVE, **columns_of(tenant))

    def _own(self, tenant: Tenant) -> None:
        if tenant.id != self._rows.tenant:
            raise RuntimeError("a unit of work stores its own tenant only")


class PostgresTenantViews:
    """Reads the own tenant."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def show(self) -> Tenant:
        """Return the tenant, or raise NotFound."""
        return read_tenant(self._rows)


class PostgresTenantDirectory:
    """Lists tenants across the database, by a function that returns identifiers alone."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def ids(self, *, after: TenantId | None = None, limit: int = 500) -> tuple[TenantId, ...]:
        """Return tenants by rising identifier, those behind ``after``; suspended ones too."""
        found = self._rows.all(_IDS, after=after, limit=limit)
        return tuple(TenantId(row["id"]) for row in found)

    def forget(self, tenant: TenantId) -> int:
        """Remove at most 5,000 rows of a shop that is being erased; 0: nothing is left."""
        return int(self._rows.scalar(_FORGET, shop=tenant))
