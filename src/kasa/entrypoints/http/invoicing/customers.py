"""Customers over HTTP."""

from datetime import datetime
from uuid import UUID

import msgspec

from kasa.domain.invoicing.customer import Customer, CustomerDetails
from kasa.domain.kernel.text import name, phone
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.paging import PageOf
from kasa.entrypoints.http.routing import Route
from kasa.entrypoints.http.wire import Line, Search, Word, moment
from kasa.entrypoints.opened import OpenKasa


class CustomerIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of a customer; only the name is needed."""

    name: Line
    name_km: Line = ""
    phone: Word | None = None


class CustomerShown(msgspec.Struct, frozen=True, kw_only=True):
    """A customer of the shop."""

    id: UUID
    name: str
    name_km: str
    phone: str | None
    created_at: datetime
    updated_at: datetime
    version: int


class CustomerQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which customers are listed: those whose name begins so."""

    q: Search = ""


def shown(customer: Customer) -> CustomerShown:
    """Return a customer as it is answered."""
    return CustomerShown(
        id=customer.id,
        name=customer.name,
        name_km=customer.details.name_km,
        phone=customer.details.phone,
        created_at=moment(customer.created_at),
        updated_at=moment(customer.updated_at),
        version=customer.version,
    )


def page(call: Call) -> PageOf[CustomerShown]:
    """List customers by name."""
    found = call.served(name=call.query.q, after=call.after, limit=call.limit)
    return call.page(found, of=shown)


def add(call: Call) -> CustomerShown:
    """Add a customer."""
    given: CustomerIn = call.body
    details = CustomerDetails(
        name=name(given.name),
        name_km=given.name_km,
        phone=None if given.phone is None else phone(given.phone),
    )
    return shown(call.served(details))


def one(call: Call) -> CustomerShown:
    """Show a customer."""
    return shown(call.served(call.id("customer_id")))


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
        ),
        Route(
            method="GET",
            path="/customers/{customer_id}",
            serves=use.queries.customer,
            handle=one,
            answers=CustomerShown,
        ),
    )
