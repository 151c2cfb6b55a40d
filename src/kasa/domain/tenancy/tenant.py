"""A shop: its profile, its settings, and whether it is open."""

import re
from datetime import datetime
from enum import StrEnum

import attrs

from kasa.domain.kernel.errors import Conflict, Invalid
from kasa.domain.kernel.ids import FileId, TenantId
from kasa.domain.kernel.moments import zone
from kasa.domain.kernel.money import KHR, Currency
from kasa.domain.kernel.text import Name


class TenantWrongState(Conflict):
    """The shop is not in a state that allows this."""

    code = "tenant.wrong_state"


class CountryMalformed(Invalid):
    """A country is a code of two capital letters, such as KH."""

    code = "tenant.country"


class TenantState(StrEnum):
    """Whether a shop works; a suspended one reads, exports and pays for kasa."""

    OPEN = "open"
    SUSPENDED = "suspended"


class DocumentKind(StrEnum):
    """What an invoice of the shop is by law (Cambodia: GDT Notification 4908, 2019)."""

    TAX_INVOICE = "tax_invoice"
    COMMERCIAL_INVOICE = "commercial_invoice"
    PLAIN = "plain"


def _country(_: object, __: object, given: str) -> None:
    if not re.fullmatch("[A-Z]{2}", given):
        raise CountryMalformed


def _zone(_: object, __: object, given: str) -> None:
    zone(given)


@attrs.frozen(kw_only=True)
class TenantProfile:
    """What documents print of a shop, and how it works; defaults are those of a Cambodian shop.

    ``terms_days`` until an invoice is due; ``hold_days`` that goods are kept beyond it;
    ``riel_step`` to which the riel total of a dollar invoice is rounded; ``cost_currency`` in
    which goods are valued.
    """

    name: Name
    name_km: str = ""
    address: str = ""
    tin: str = ""
    phone: str = ""
    country: str = attrs.field(default="KH", validator=_country)
    zone: str = attrs.field(default="Asia/Phnom_Penh", validator=_zone)
    currency: Currency = KHR
    cost_currency: Currency = KHR
    language: str = "km_en"
    document_kind: DocumentKind = DocumentKind.COMMERCIAL_INVOICE
    prices_include_tax: bool = True
    terms_days: int = attrs.field(default=1, validator=attrs.validators.in_(range(366)))
    hold_days: int = attrs.field(default=1, validator=attrs.validators.in_(range(91)))
    auto_apply_credit: bool = True
    accept_riel: bool = True
    riel_step: int = attrs.field(default=100, validator=attrs.validators.ge(1))
    rate_source: str = "merchant"
    accent: str = "#0b6e4f"
    logo: FileId | None = None
    logo_sha256: str = ""


@attrs.frozen(kw_only=True)
class Tenant:
    """A shop with its state; ``inventory_since`` starts its unbroken span of stock keeping."""

    id: TenantId
    profile: TenantProfile
    opened_at: datetime
    state: TenantState = TenantState.OPEN
    inventory_since: datetime | None = None
    version: int = 1

    def suspend(self) -> "Tenant":
        """Return it suspended, or raise ``tenant.wrong_state``."""
        return self._moved(TenantState.OPEN, TenantState.SUSPENDED)

    def reopen(self) -> "Tenant":
        """Return it open again, or raise ``tenant.wrong_state``."""
        return self._moved(TenantState.SUSPENDED, TenantState.OPEN)

    def changed(self, profile: TenantProfile) -> "Tenant":
        """Return it with another profile and the next version."""
        return attrs.evolve(self, profile=profile, version=self.version + 1)

    def _moved(self, expected: TenantState, state: TenantState) -> "Tenant":
        if self.state is not expected:
            raise TenantWrongState(state=self.state.value)
        return attrs.evolve(self, state=state, version=self.version + 1)
