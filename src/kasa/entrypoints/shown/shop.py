"""A shop as it is shown."""

from datetime import datetime
from uuid import UUID

import attrs

from kasa.domain.tenancy.tenant import Tenant
from kasa.entrypoints.shown.values import maybe, moment


@attrs.frozen(kw_only=True)
class TenantShown:
    """A shop: what documents print of it, and how it works."""

    id: UUID
    state: str
    version: int
    name: str
    name_km: str
    address: str
    tin: str
    phone: str
    country: str
    zone: str
    currency: str
    cost_currency: str
    language: str
    document_kind: str
    prices_include_tax: bool
    terms_days: int
    hold_days: int
    keep_years: int
    evidence_months: int
    auto_apply_credit: bool
    accept_riel: bool
    riel_step: int
    rate_source: str
    accent: str
    logo_id: UUID | None
    staff_may_review: bool
    admins_manage_members: bool
    opened_at: datetime
    closed_at: datetime | None
    erasable_at: datetime | None

    @classmethod
    def of(cls, tenant: Tenant) -> "TenantShown":
        """Return a shop as it is shown."""
        profile = tenant.profile
        return cls(
            id=tenant.id,
            state=tenant.state.value,
            version=tenant.version,
            name=profile.name,
            name_km=profile.name_km,
            address=profile.address,
            tin=profile.tin,
            phone=profile.phone,
            country=profile.country,
            zone=profile.zone,
            currency=profile.currency.code,
            cost_currency=profile.cost_currency.code,
            language=profile.language,
            document_kind=profile.document_kind.value,
            prices_include_tax=profile.prices_include_tax,
            terms_days=profile.terms_days,
            hold_days=profile.hold_days,
            keep_years=profile.keep_years,
            evidence_months=profile.evidence_months,
            auto_apply_credit=profile.auto_apply_credit,
            accept_riel=profile.accept_riel,
            riel_step=profile.riel_step,
            rate_source=profile.rate_source,
            accent=profile.accent,
            logo_id=profile.logo,
            staff_may_review=profile.staff_may_review,
            admins_manage_members=profile.admins_manage_members,
            opened_at=moment(tenant.opened_at),
            closed_at=maybe(moment, tenant.closed_at),
            erasable_at=maybe(moment, tenant.erasable_at),
        )
