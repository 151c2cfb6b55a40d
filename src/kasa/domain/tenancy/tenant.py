"""A shop: its profile, its settings, and whether it is open."""

import re
from datetime import date, datetime, timedelta
from enum import StrEnum

import attrs

from kasa.domain.kernel.errors import Conflict, Invalid
from kasa.domain.kernel.ids import FileId, TenantId
from kasa.domain.kernel.moments import business_date, day_start, zone
from kasa.domain.kernel.money import KHR, Currency
from kasa.domain.kernel.text import Name

CLOSED_FOR = timedelta(days=30)
"""How long a closed shop waits before it may be erased; until then closing can be withdrawn."""


class TenantWrongState(Conflict):
    """The shop is not in a state that allows this."""

    code = "tenant.wrong_state"


class CountryMalformed(Invalid):
    """A country is a code of two capital letters, such as KH."""

    code = "tenant.country"


class TenantNotYet(Conflict):
    """A closed shop is erased after 30 days, and not before."""

    code = "tenant.not_yet"


class TenantState(StrEnum):
    """Whether a shop works; a suspended one reads, exports and pays for kasa.

    A closed one waits for its erasure; one that is being erased never comes back.
    """

    OPEN = "open"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    ERASING = "erasing"


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
    which goods are valued. ``keep_years`` that records are kept after the end of their year, and
    ``evidence_months`` that pictures of receipts are kept after their invoice was closed.
    ``staff_may_review``: users decide payments too; ``admins_manage_members``: admins invite and
    remove viewers and users.
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
    keep_years: int = attrs.field(default=10, validator=attrs.validators.in_(range(3, 101)))
    evidence_months: int = attrs.field(default=24, validator=attrs.validators.in_(range(6, 121)))
    auto_apply_credit: bool = True
    accept_riel: bool = True
    riel_step: int = attrs.field(default=100, validator=attrs.validators.ge(1))
    rate_source: str = "merchant"
    accent: str = "#0b6e4f"
    logo: FileId | None = None
    logo_sha256: str = ""
    staff_may_review: bool = False
    admins_manage_members: bool = False

    def archived_before(self, at: datetime) -> datetime:
        """Return the moment before which records need not be kept at hand any more.

        They are kept for ``keep_years`` after the end of the shop's own calendar year.
        """
        year = business_date(at, self.zone).year - self.keep_years
        return day_start(date(year, 1, 1), self.zone)


@attrs.frozen(kw_only=True)
class Tenant:
    """A shop with its state; ``inventory_since`` starts its unbroken span of stock keeping.

    Of a closed one ``closed_at`` says since when, and ``state_before`` what it was before.
    """

    id: TenantId
    profile: TenantProfile
    opened_at: datetime
    state: TenantState = TenantState.OPEN
    inventory_since: datetime | None = None
    closed_at: datetime | None = None
    state_before: TenantState | None = None
    version: int = 1

    @property
    def erasable_at(self) -> datetime | None:
        """When the shop may be erased, or None while it is not closed."""
        return None if self.closed_at is None else self.closed_at + CLOSED_FOR

    def suspend(self) -> "Tenant":
        """Return it suspended, or raise ``tenant.wrong_state``."""
        return self._moved(TenantState.OPEN, TenantState.SUSPENDED)

    def reopen(self) -> "Tenant":
        """Return it open again, or raise ``tenant.wrong_state``."""
        return self._moved(TenantState.SUSPENDED, TenantState.OPEN)

    def close(self, *, at: datetime) -> "Tenant":
        """Return it closed, or raise ``tenant.wrong_state``; it is erased 30 days later."""
        if self.state not in {TenantState.OPEN, TenantState.SUSPENDED}:
            raise TenantWrongState(state=self.state.value)
        closed = self._moved(self.state, TenantState.CLOSED)
        return attrs.evolve(closed, closed_at=at, state_before=self.state)

    def withdraw_close(self) -> "Tenant":
        """Return it as it was before it was closed, or raise ``tenant.wrong_state``."""
        before = self.state_before or TenantState.OPEN
        restored = self._moved(TenantState.CLOSED, before)
        return attrs.evolve(restored, closed_at=None, state_before=None)

    def erase(self, *, at: datetime, forced: bool = False) -> "Tenant":
        """Return it as one that is being erased; there is no way back.

        It was closed for 30 days, else ``tenant.wrong_state`` or ``tenant.not_yet``. ``forced``
        does not wait, not even for the closing.
        """
        if self.state is TenantState.ERASING:
            return self
        if forced and self.state is not TenantState.CLOSED:
            return self.close(at=at).erase(at=at, forced=True)
        closed = self._moved(TenantState.CLOSED, TenantState.ERASING)
        since = self.erasable_at or at
        if at < since and not forced:
            raise TenantNotYet(erasable_at=since.isoformat())
        return closed

    def changed(self, profile: TenantProfile) -> "Tenant":
        """Return it with another profile and the next version."""
        return attrs.evolve(self, profile=profile, version=self.version + 1)

    def _moved(self, expected: TenantState, state: TenantState) -> "Tenant":
        if self.state is not expected:
            raise TenantWrongState(state=self.state.value)
        return attrs.evolve(self, state=state, version=self.version + 1)
