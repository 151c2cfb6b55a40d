"""What happens to invoices, credit notes, customers and credit."""

from datetime import date
from uuid import UUID

import attrs

from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.kernel.events import Event
from kasa.domain.kernel.money import Money


@attrs.frozen(kw_only=True)
class InvoiceDrafted(Event):
    """A draft was made."""

    kind = "invoicing.invoice_drafted"


@attrs.frozen(kw_only=True)
class InvoiceRevised(Event):
    """A draft was changed."""

    kind = "invoicing.invoice_revised"


@attrs.frozen(kw_only=True)
class InvoiceAnnotated(Event):
    """What is kept beside an invoice and stands on no document was changed; ``fields`` names it."""

    kind = "invoicing.invoice_annotated"

    fields: tuple[str, ...]


@attrs.frozen(kw_only=True)
class DraftDiscarded(Event):
    """A draft was thrown away."""

    kind = "invoicing.draft_discarded"


@attrs.frozen(kw_only=True)
class InvoiceShared(Event):
    """A link to an invoice was made by hand."""

    kind = "invoicing.invoice_shared"

    link: UUID


@attrs.frozen(kw_only=True)
class ShareLinkEnded(Event):
    """A link to an invoice was ended."""

    kind = "invoicing.share_link_ended"

    link: UUID


@attrs.frozen(kw_only=True)
class InvoiceIssued(Event):
    """An invoice got its number and was frozen; ``digest`` is that of its snapshot."""

    kind = "invoicing.invoice_issued"

    number: str
    gross: Money
    due_date: date
    digest: str
    customer: UUID | None = None

    @classmethod
    def of(cls, invoice: Invoice) -> "InvoiceIssued":
        """Return the event of an invoice that was just issued."""
        assert invoice.number is not None
        assert invoice.due_date is not None
        assert invoice.snapshot is not None
        return cls(
            subject=invoice.id,
            number=invoice.number.text,
            gross=invoice.gross,
            due_date=invoice.due_date,
            digest=invoice.snapshot.digest,
            customer=invoice.customer,
        )


@attrs.frozen(kw_only=True)
class InvoicePaid(Event):
    """Nothing is due any more."""

    kind = "invoicing.invoice_paid"


@attrs.frozen(kw_only=True)
class InvoiceReopened(Event):
    """A paid invoice is due again."""

    kind = "invoicing.invoice_reopened"

    due: Money


@attrs.frozen(kw_only=True)
class InvoiceWrittenOff(Event):
    """The shop gave up on what is due."""

    kind = "invoicing.invoice_written_off"

    due: Money


@attrs.frozen(kw_only=True)
class InvoiceReinstated(Event):
    """The shop asks again for what was written off."""

    kind = "invoicing.invoice_reinstated"


@attrs.frozen(kw_only=True)
class InvoiceVoided(Event):
    """An invoice that was issued by mistake was declared void; its number stays."""

    kind = "invoicing.invoice_voided"


@attrs.frozen(kw_only=True)
class InvoicePrinted(Event):
    """A copy of a document was drawn and stored."""

    kind = "invoicing.invoice_printed"

    digest: str
    copy: str
    file: UUID


@attrs.frozen(kw_only=True)
class PaymentAllocated(Event):
    """A part of an approved payment settles the invoice."""

    kind = "invoicing.payment_allocated"

    payment_id: UUID
    amount: Money
    due_after: Money


@attrs.frozen(kw_only=True)
class CreditApplied(Event):
    """Credit of the customer settles the invoice."""

    kind = "invoicing.credit_applied"

    amount: Money


@attrs.frozen(kw_only=True)
class CreditReleased(Event):
    """Applied credit went back to the customer."""

    kind = "invoicing.credit_released"

    amount: Money


@attrs.frozen(kw_only=True)
class CreditNoteIssued(Event):
    """A credit note was issued for the invoice."""

    kind = "invoicing.credit_note_issued"

    credit_note_id: UUID
    number: str
    total: Money
    digest: str


@attrs.frozen(kw_only=True)
class CustomerCreditGranted(Event):
    """What was too much became credit of the customer."""

    kind = "invoicing.customer_credit_granted"

    amount: Money


@attrs.frozen(kw_only=True)
class CustomerCreditRefunded(Event):
    """Credit was given back to the customer as money; the subject is the customer."""

    kind = "invoicing.customer_credit_refunded"

    amount: Money


@attrs.frozen(kw_only=True)
class CustomerAdded(Event):
    """A customer was added."""

    kind = "invoicing.customer_added"


@attrs.frozen(kw_only=True)
class CustomerChanged(Event):
    """A customer's record was edited, archived or restored; ``fields`` names what."""

    kind = "invoicing.customer_changed"

    fields: tuple[str, ...]


@attrs.frozen(kw_only=True)
class SeriesChanged(Event):
    """A series was added, or its start or template changed before its first number.

    The subject is the tenant.
    """

    kind = "invoicing.series_changed"

    series: str
    year: int
    first: int
    template: str


@attrs.frozen(kw_only=True)
class RateSet(Event):
    """An exchange rate was entered; the subject is the tenant."""

    kind = "invoicing.rate_set"

    base: str
    quote: str
    rate: str
    on: date
    source: str
