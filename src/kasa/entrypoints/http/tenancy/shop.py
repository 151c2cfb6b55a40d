"""A shop as a whole over HTTP: its profile, its setting up, its use, its end."""

from typing import Annotated, Any, Literal
from uuid import UUID

import attrs
import msgspec
from msgspec import UNSET, UnsetType

from kasa.domain.files.file import FileKind
from kasa.domain.inventory.valuation import CostCurrencyFixed
from kasa.domain.kernel.errors import NotFound, VersionStale
from kasa.domain.kernel.ids import FileId
from kasa.domain.kernel.money import currency
from kasa.domain.kernel.text import cleaned, name, phone
from kasa.domain.tenancy.tenant import DocumentKind, TenantProfile, TenantWrongState
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.routing import Route, Who
from kasa.entrypoints.http.wire import CurrencyCode, Line, Version, Word
from kasa.entrypoints.opened import OpenKasa
from kasa.entrypoints.shown.figures import StepShown, UsageShown
from kasa.entrypoints.shown.shop import TenantShown

Address = Annotated[str, msgspec.Meta(max_length=500)]
Tin = Annotated[str, msgspec.Meta(max_length=40)]
Phone = Annotated[str, msgspec.Meta(max_length=32)]
Country = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2}\Z", max_length=2)]
Language = Literal["km", "en", "km_en"]
Source = Literal["nbc_daily", "gdt_monthly", "market", "merchant"]
Accent = Annotated[str, msgspec.Meta(pattern=r"^#[0-9a-f]{6}\Z", max_length=7)]
TEXTS = {"name_km": 200, "address": 500, "tin": 40}


class TenantIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new shop."""

    name: Line
    country: Country = "KH"
    zone: Word = "Asia/Phnom_Penh"
    currency: CurrencyCode = "KHR"


class TenantPatch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What changes of a shop; what is left out stays. Issued documents keep what they said."""

    version: Version
    name: Line | UnsetType = UNSET
    name_km: Line | UnsetType = UNSET
    address: Address | UnsetType = UNSET
    tin: Tin | UnsetType = UNSET
    phone: Phone | UnsetType = UNSET
    country: Country | UnsetType = UNSET
    zone: Word | UnsetType = UNSET
    currency: CurrencyCode | UnsetType = UNSET
    cost_currency: CurrencyCode | UnsetType = UNSET
    language: Language | UnsetType = UNSET
    document_kind: DocumentKind | UnsetType = UNSET
    prices_include_tax: bool | UnsetType = UNSET
    terms_days: Annotated[int, msgspec.Meta(ge=0, le=365)] | UnsetType = UNSET
    hold_days: Annotated[int, msgspec.Meta(ge=0, le=90)] | UnsetType = UNSET
    keep_years: Annotated[int, msgspec.Meta(ge=3, le=100)] | UnsetType = UNSET
    evidence_months: Annotated[int, msgspec.Meta(ge=6, le=120)] | UnsetType = UNSET
    auto_apply_credit: bool | UnsetType = UNSET
    accept_riel: bool | UnsetType = UNSET
    riel_step: Annotated[int, msgspec.Meta(ge=1, le=10_000)] | UnsetType = UNSET
    rate_source: Source | UnsetType = UNSET
    accent: Accent | UnsetType = UNSET
    logo_id: UUID | UnsetType | None = UNSET
    staff_may_review: bool | UnsetType = UNSET
    admins_manage_members: bool | UnsetType = UNSET


class SetupList(msgspec.Struct, frozen=True, kw_only=True):
    """The steps of setting up a shop, in their order."""

    items: tuple[StepShown, ...]


class UsageList(msgspec.Struct, frozen=True, kw_only=True):
    """What is used of every meter."""

    items: tuple[UsageShown, ...]


def show(call: Call) -> TenantShown:
    """Show the shop with its profile."""
    return TenantShown.of(call.served())


def change(call: Call) -> TenantShown:
    """Change the shop's profile."""
    given: TenantPatch = call.body
    before = call.look(call.opened.kasa.tenancy.queries.tenant)
    if given.version != before.version:
        raise VersionStale(current_version=before.version)
    changes = {
        field: _value(field, value)
        for field, value in msgspec.structs.asdict(given).items()
        if value is not UNSET and field not in {"version", "logo_id"}
    }
    if given.logo_id is not UNSET:
        changes |= _logo(call, given.logo_id)
    profile: TenantProfile = attrs.evolve(before.profile, **changes)
    return TenantShown.of(call.served(profile, version=given.version))


def _value(field: str, given: Any) -> Any:
    """Return what was sent of a profile as the domain has it."""
    if field == "name":
        return name(given)
    if field in TEXTS:
        return cleaned(given, limit=TEXTS[field], lines=field == "address")
    if field == "phone":
        return phone(given) if given else ""
    if field in {"currency", "cost_currency"}:
        return currency(given)
    return given


def _logo(call: Call, wanted: UUID | None) -> dict[str, Any]:
    if wanted is None:
        return {"logo": None, "logo_sha256": ""}
    file = call.look(call.opened.kasa.files.queries.file, FileId(wanted))
    if file.kind is not FileKind.LOGO:
        raise NotFound
    return {"logo": file.id, "logo_sha256": file.sha256}


def setup(call: Call) -> SetupList:
    """Show how far the shop is set up."""
    return SetupList(items=tuple(map(StepShown.of, call.served())))


def usage(call: Call) -> UsageList:
    """Show what is used of the plan."""
    return UsageList(items=tuple(map(UsageShown.of, call.served())))


def open_shop(call: Call) -> TenantShown:
    """Open a further shop; who opens it owns it."""
    given: TenantIn = call.body
    unit = currency(given.currency)
    profile = TenantProfile(
        name=name(given.name),
        country=given.country,
        zone=given.zone,
        currency=unit,
        cost_currency=unit,
    )
    return TenantShown.of(call.do(call.opened.kasa.tenancy.open, call.person, profile))


def close(call: Call) -> TenantShown:
    """Close the shop: it may be erased 30 days later, and until then this can be withdrawn."""
    return TenantShown.of(call.served())


def keep(call: Call) -> TenantShown:
    """Keep a closed shop after all."""
    return TenantShown.of(call.served())


def routes(opened: OpenKasa) -> tuple[Route, ...]:
    """Return the routes of a shop as a whole."""
    use = opened.kasa.tenancy
    return (
        Route(
            method="GET",
            path="/tenant",
            serves=use.queries.tenant,
            handle=show,
            answers=TenantShown,
        ),
        Route(
            method="PATCH",
            path="/tenant",
            serves=use.change_profile,
            handle=change,
            answers=TenantShown,
            body=TenantPatch,
            refuses=(VersionStale, CostCurrencyFixed),
        ),
        Route(
            method="GET",
            path="/tenant/setup",
            serves=use.queries.setup,
            handle=setup,
            answers=SetupList,
        ),
        Route(
            method="GET",
            path="/usage",
            serves=opened.kasa.subscriptions.queries.usage,
            handle=usage,
            answers=UsageList,
        ),
        *_life(opened),
    )


def _life(opened: OpenKasa) -> tuple[Route, ...]:
    use = opened.kasa.tenancy
    return (
        Route(
            method="POST",
            path="/tenants",
            handle=open_shop,
            answers=TenantShown,
            status=201,
            body=TenantIn,
            who=Who.PERSON,
            keyed=False,
        ),
        Route(
            method="POST",
            path="/tenant/close",
            serves=use.close,
            handle=close,
            answers=TenantShown,
            when_suspended=True,
            refuses=(TenantWrongState,),
        ),
        Route(
            method="DELETE",
            path="/tenant/close",
            serves=use.withdraw_close,
            handle=keep,
            answers=TenantShown,
            when_suspended=True,
            refuses=(TenantWrongState,),
        ),
    )
