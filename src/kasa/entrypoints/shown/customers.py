"""Customers and their credit as they are shown."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import attrs

from kasa.domain.invoicing.balance import CustomerCredit
from kasa.domain.invoicing.customer import Customer
from kasa.entrypoints.shown.values import MoneyOut, maybe, moment


@attrs.frozen(kw_only=True)
class CustomerShown:
    """A customer of the shop."""

    id: UUID
    name: str
    name_km: str
    phone: str | None
    email: str
    address: str
    tin: str
    country: str
    language: str
    external_ref: str | None
    metadata: Mapping[str, str]
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None
    version: int

    @classmethod
    def of(cls, customer: Customer) -> "CustomerShown":
        """Return a customer as it is shown."""
        details = customer.details
        return cls(
            id=customer.id,
            name=details.name,
            name_km=details.name_km,
            phone=details.phone,
            email=details.email,
            address=details.address,
            tin=details.tin,
            country=details.country,
            language=details.language,
            external_ref=details.external_ref,
            metadata=dict(details.metadata.pairs),
            created_at=moment(customer.created_at),
            updated_at=moment(customer.updated_at),
            archived_at=maybe(moment, customer.archived_at),
            version=customer.version,
        )


@attrs.frozen(kw_only=True)
class CreditShown:
    """What a customer has to their credit in one currency; below 0 they owe it."""

    customer_id: UUID
    balance: MoneyOut
    usable: MoneyOut

    @classmethod
    def of(cls, credit: CustomerCredit) -> "CreditShown":
        """Return a credit as it is shown."""
        return cls(
            customer_id=credit.customer,
            balance=MoneyOut.of(credit.balance),
            usable=MoneyOut.of(credit.usable),
        )
