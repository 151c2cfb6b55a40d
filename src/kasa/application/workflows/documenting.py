"""What a document says: its parties, its look, and how it asks to be paid."""

from datetime import datetime

from kasa.application.ports.work import UnitOfWork
from kasa.domain.invoicing.credit_note import CreditNote
from kasa.domain.invoicing.customer import Customer
from kasa.domain.invoicing.describing import Letterhead, PaymentMeans, describe, describe_note
from kasa.domain.invoicing.document import Brand, InvoiceDocument, Party
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.invoicing.numbering import InvoiceNumber


def document_of(
    work: UnitOfWork, invoice: Invoice, number: InvoiceNumber, *, at: datetime
) -> InvoiceDocument:
    """Return what a dated invoice says under its number, with the code that asks for its due."""
    del at
    return describe(invoice, number, _letterhead(work, invoice), PaymentMeans())


def note_of(work: UnitOfWork, invoice: Invoice, note: CreditNote) -> InvoiceDocument:
    """Return what a credit note of an invoice says."""
    return describe_note(invoice, note, _letterhead(work, invoice))


def _letterhead(work: UnitOfWork, invoice: Invoice) -> Letterhead:
    profile = work.tenant.profile
    buyer = work.customers.get(invoice.customer) if invoice.customer is not None else None
    logo = work.files.get(profile.logo) if profile.logo is not None else None
    return Letterhead(
        seller=Party(
            name=profile.name,
            name_km=profile.name_km,
            address=profile.address,
            tin=profile.tin,
            phone=profile.phone,
            country=profile.country,
        ),
        buyer=_buyer(buyer) if buyer is not None else None,
        brand=Brand(
            accent=profile.accent,
            logo=profile.logo,
            logo_sha256=logo.sha256 if logo is not None else "",
        ),
        zone=profile.zone,
    )


def _buyer(customer: Customer) -> Party:
    details = customer.details
    return Party(
        name=details.name,
        name_km=details.name_km,
        address=details.address,
        tin=details.tin,
        phone=details.phone or "",
        email=details.email,
        country=details.country,
        language=details.language,
    )
