"""Customers over HTTP, and their credit."""

from typing import Annotated, Literal

import attrs
import msgspec
from msgspec import UNSET, UnsetType

from kasa.domain.invoicing.customer import (
    Customer,
    CustomerDetails,
    PhoneTaken,
)
from kasa.domain.kernel.errors import VersionStale
from kasa.domain.kernel.foreign import ExternalRefTaken
from kasa.domain.kernel.ids import CustomerId
from kasa.domain.kernel.text import name, phone
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.paging import PageOf
from kasa.entrypoints.http.routing import Route
from kasa.entrypoints.http.wire import (
    Line,
    Moment,
    MoneyIn,
    Pairs,
    Reference,
    Search,
    Version,
    Versioned,
    Word,
    metadata,
    money,
)
from kasa.entrypoints.opened import OpenKasa
from kasa.entrypoints.shown.customers import CreditShown, CustomerShown

ONE = "/customers/{customer_id}"
Language = Literal["km", "en", "km_en"]
Email = Annotated[str, msgspec.Meta(max_length=254)]
Address = Annotated[str, msgspec.Meta(max_length=500)]
Tin = Annotated[str, msgspec.Meta(max_length=40)]
Country = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2}\Z", max_length=2)]


class CustomerIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of a customer; only the name is needed."""

    name: Line
    name_km: Line = ""
    phone: Word | None = None
    email: Email = ""
    address: Address = ""
    tin: Tin = ""
    country: Country = "KH"
    language: Language = "km_en"
    external_ref: Reference | None = None
    metadata: Pairs = msgspec.field(default_factory=dict)


class CustomerPatch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What changes of a customer; what is left out stays."""

    version: Version
    name: Line | UnsetType = UNSET
    name_km: Line | UnsetType = UNSET
    phone: Word | UnsetType | None = UNSET
    email: Email | UnsetType = UNSET
    address: Address | UnsetType = UNSET
    tin: Tin | UnsetType = UNSET
    country: Country | UnsetType = UNSET
    language: Language | UnsetType = UNSET
    external_ref: Reference | UnsetType | None = UNSET
    metadata: Pairs | UnsetType = UNSET


class CustomerQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which customers are listed: ``q`` is the beginning of a name."""

    q: Search = ""
    archived: bool = False
    external_ref: Reference | None = None
    updated_from: Moment | None = None


class CreditRefund(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Money that is given back out of a customer's credit."""

    amount: MoneyIn
    text: Line = ""


class CreditList(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's credit, one entry per currency."""

    items: tuple[CreditShown, ...]


def page(call: Call) -> PageOf[CustomerShown]:
    """List customers by name."""
    wanted: CustomerQuery = call.query
    found = call.served(
        name=wanted.q,
        archived=wanted.archived,
        external_ref=wanted.external_ref,
        updated_from=wanted.updated_from,
        after=call.after,
        limit=call.limit,
    )
    return call.page(found, of=CustomerShown.of)


def add(call: Call) -> CustomerShown:
    """Add a customer."""
    given: CustomerIn = call.body
    details = CustomerDetails(
        name=name(given.name),
        name_km=given.name_km,
        phone=None if given.phone is None else phone(given.phone),
        email=given.email,
        address=given.address,
        tin=given.tin,
        country=given.country,
        language=given.language,
        external_ref=given.external_ref,
        metadata=metadata(given.metadata),
    )
    return CustomerShown.of(call.served(details))


def one(call: Call) -> CustomerShown:
    """Show a customer."""
    return CustomerShown.of(call.served(call.id("customer_id")))


def change(call: Call) -> CustomerShown:
    """Change a customer's record; issued documents keep what they said."""
    given: CustomerPatch = call.body
    before: Customer = call.look(
        call.opened.kasa.invoicing.queries.customer, CustomerId(call.id("customer_id"))
    )
    if given.version != before.version:
        raise VersionStale(current_version=before.version)
    changes = {
        field: value
        for field, value in msgspec.structs.asdict(given).items()
        if value is not UNSET and field != "version"
    }
    if "name" in changes:
        changes["name"] = name(changes["name"])
    if changes.get("phone") is not None:
        changes["phone"] = phone(changes["phone"])
    if "metadata" in changes:
        changes["metadata"] = metadata(changes["metadata"])
    details = attrs.evolve(before.details, **changes)
    return CustomerShown.of(call.served(before.id, details, version=given.version))


def put_away(call: Call) -> CustomerShown:
    """Put a customer away: it takes no new invoice and counts no more."""
    return CustomerShown.of(call.served(call.id("customer_id"), version=call.body.version))


def take_back(call: Call) -> CustomerShown:
    """Take an archived customer into use again."""
    return CustomerShown.of(call.served(call.id("customer_id"), version=call.body.version))


def credit(call: Call) -> CreditList:
    """Show what a customer has to their credit, per currency."""
    found = call.served(call.id("customer_id"))
    return CreditList(items=tuple(CreditShown.of(one) for one in found))


def refund_credit(call: Call) -> CreditShown:
    """Give a customer money back out of their credit."""
    given: CreditRefund = call.body
    left = call.served(call.id("customer_id"), money(given.amount), given.text)
    return CreditShown.of(left)


def routes(opened: OpenKasa) -> tuple[Route, ...]:
    """Return the routes of customers."""
    use = opened.kasa.invoicing
    return (
        Route(
            method="GET",
            path="/customers",
            serves=use.queries.customers,
            handle=page,
            answers=PageOf[CustomerShown],
            query=CustomerQuery,
            paged=True,
        ),
        Route(
            method="POST",
            path="/customers",
            serves=use.add_customer,
            handle=add,
            answers=CustomerShown,
            status=201,
            body=CustomerIn,
            refuses=(PhoneTaken, ExternalRefTaken),
        ),
        Route(
            method="GET",
            path=ONE,
            serves=use.queries.customer,
            handle=one,
            answers=CustomerShown,
        ),
        Route(
            method="PATCH",
            path=ONE,
            serves=use.edit_customer,
            handle=change,
            answers=CustomerShown,
            body=CustomerPatch,
            refuses=(VersionStale, PhoneTaken, ExternalRefTaken),
        ),
        *_rest(opened),
    )


def _rest(opened: OpenKasa) -> tuple[Route, ...]:
    use = opened.kasa.invoicing
    return (
        Route(
            method="POST",
            path=f"{ONE}/archive",
            serves=use.archive_customer,
            handle=put_away,
            answers=CustomerShown,
            body=Versioned,
            refuses=(VersionStale,),
        ),
        Route(
            method="POST",
            path=f"{ONE}/restore",
            serves=use.restore_customer,
            handle=take_back,
            answers=CustomerShown,
            body=Versioned,
            refuses=(VersionStale,),
        ),
        Route(
            method="GET",
            path=f"{ONE}/credit",
            serves=use.queries.credit,
            handle=credit,
            answers=CreditList,
        ),
        Route(
            method="POST",
            path=f"{ONE}/credit/refund",
            serves=use.refund_credit,
            handle=refund_credit,
            answers=CreditShown,
            body=CreditRefund,
        ),
    )
