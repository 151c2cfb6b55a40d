"""Reads of invoices, customers and credit."""

import json
from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import text

from kasa.adapters.postgres.connection import Row, TenantConnection
from kasa.adapters.postgres.invoicing import statements
from kasa.adapters.postgres.invoicing.values import customer_of, entry_of, invoice_of, note_of
from kasa.adapters.postgres.rows import value_of
from kasa.adapters.postgres.tenancy.store import read_tenant
from kasa.application.ports.invoicing import InvoiceFilter, InvoiceRow, InvoiceTab, InvoiceView
from kasa.domain.invoicing.balance import CustomerCredit
from kasa.domain.invoicing.copy import DocumentCopy
from kasa.domain.invoicing.credit_note import CreditNote
from kasa.domain.invoicing.customer import Customer
from kasa.domain.invoicing.invoice import InvoiceState
from kasa.domain.kernel.ids import CreditNoteId, CustomerId, InvoiceId
from kasa.domain.kernel.money import Money, currency
from kasa.domain.kernel.paging import PAGE_DEFAULT, Cursor, Page
from kasa.domain.kernel.text import key

_NOTES = text(
    "SELECT * FROM credit_notes WHERE tenant_id = :tenant AND invoice_id = :invoice ORDER BY id"
)
_NOTE = text("SELECT * FROM credit_notes WHERE tenant_id = :tenant AND id = :id")
_NOTE_PAGE = text(
    """SELECT * FROM credit_notes WHERE tenant_id = :tenant
  AND (CAST(:invoice AS uuid) IS NULL OR invoice_id = CAST(:invoice AS uuid))
  AND (CAST(:day AS date) IS NULL
    OR (issue_date, id) < (CAST(:day AS date), CAST(:id AS uuid)))
ORDER BY issue_date DESC, id DESC LIMIT :limit"""
)
_CUSTOMER = text("SELECT * FROM customers WHERE tenant_id = :tenant AND id = :id")
# The day of issue lies within two days of the moment, in whatever zone, so that a period of days
# is a range of the index that the list is read from.
_PAGE = text(
    """SELECT h.id, h.state, h.number, h.customer_id, h.currency, h.gross_minor, h.due_minor,
  h.issue_date, h.due_date, h.created_at, h.updated_at, h.external_ref, h.listed_at,
  cardinality(h.reviews) > 0 AS under_review, coalesce(c.name, '') AS customer_name,
  (SELECT zone FROM tenants WHERE tenant_id = :tenant) AS zone
FROM invoices h LEFT JOIN customers c ON c.tenant_id = :tenant AND c.id = h.customer_id
WHERE h.tenant_id = :tenant
  AND (CAST(:states AS text[]) IS NULL OR h.state = ANY(CAST(:states AS text[])))
  AND (NOT CAST(:overdue AS bool) OR (h.due_date < CAST(:today AS date) AND h.due_minor > 0))
  AND (NOT CAST(:partly AS bool) OR (h.due_minor > 0 AND h.due_minor < h.gross_minor))
  AND (CAST(:customer AS uuid) IS NULL OR h.customer_id = CAST(:customer AS uuid))
  AND (CAST(:currency AS text) IS NULL OR h.currency = CAST(:currency AS text))
  AND (CAST(:since AS date) IS NULL OR (h.issue_date >= CAST(:since AS date)
    AND h.listed_at >= CAST(CAST(:since AS date) - 2 AS timestamptz)))
  AND (CAST(:until AS date) IS NULL OR (h.issue_date < CAST(:until AS date)
    AND h.listed_at < CAST(CAST(:until AS date) + 2 AS timestamptz)))
  AND (CAST(:number AS text) = '' OR starts_with(h.number, CAST(:number AS text)))
  AND (CAST(:external_ref AS text) IS NULL OR h.external_ref = CAST(:external_ref AS text))
  AND (CAST(:updated_from AS timestamptz) IS NULL
    OR h.updated_at >= CAST(:updated_from AS timestamptz))
  AND (CAST(:at AS timestamptz) IS NULL
    OR (h.listed_at, h.id) < (CAST(:at AS timestamptz), CAST(:id AS uuid)))
ORDER BY h.listed_at DESC, h.id DESC LIMIT :limit"""
)
_COUNTS = text(
    """SELECT count(*) FILTER (WHERE state = 'draft') AS draft,
  count(*) FILTER (WHERE state = 'open') AS open,
  count(*) FILTER (WHERE state = 'open' AND due_date < :today AND due_minor > 0) AS overdue,
  count(*) FILTER (WHERE state = 'open' AND due_minor > 0 AND due_minor < gross_minor)
    AS partly_paid,
  count(*) FILTER (WHERE state = 'paid') AS paid,
  count(*) FILTER (WHERE state = 'uncollectible') AS uncollectible,
  count(*) FILTER (WHERE state = 'void') AS void
FROM invoices WHERE tenant_id = :tenant"""
)
_CUSTOMERS = text(
    """SELECT * FROM customers WHERE tenant_id = :tenant AND archived = :archived
  AND starts_with(name_key, :prefix)
  AND (CAST(:external_ref AS text) IS NULL OR external_ref = CAST(:external_ref AS text))
  AND (CAST(:updated_from AS timestamptz) IS NULL
    OR updated_at >= CAST(:updated_from AS timestamptz))
  AND (CAST(:after AS text) IS NULL
    OR (name_key, id) > (CAST(:after AS text), CAST(:id AS uuid)))
ORDER BY name_key, id LIMIT :limit"""
)
_CREDIT = text(
    "SELECT * FROM customer_credits WHERE tenant_id = :tenant AND customer_id = :customer "
    "ORDER BY currency"
)


class PostgresInvoiceViews:
    """Reads of invoices."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def show(self, id: InvoiceId) -> InvoiceView:
        """Return an invoice with what belongs to it, or raise NotFound."""
        return self._view(self._rows.get(statements.GET, id=id))

    def by_number(self, number: str) -> InvoiceView:
        """Return the invoice with this number, or raise NotFound."""
        return self._view(self._rows.get(statements.BY_NUMBER, number=number))

    def page(
        self, wanted: InvoiceFilter, *, after: Cursor | None = None, limit: int = PAGE_DEFAULT
    ) -> Page[InvoiceRow]:
        """Return a page, newest first: drafts by when they were made, others by issue."""
        derived = {InvoiceTab.OVERDUE, InvoiceTab.PARTLY_PAID}
        states = None
        if wanted.tab is not None:
            states = [InvoiceState.OPEN if wanted.tab in derived else wanted.tab]
        late = wanted.tab is InvoiceTab.OVERDUE
        today = wanted.day(read_tenant(self._rows).profile.zone) if late else None
        rows = self._rows.all(
            _PAGE,
            today=today,
            states=[str(state) for state in states] if states else None,
            overdue=late,
            partly=wanted.tab is InvoiceTab.PARTLY_PAID,
            customer=wanted.customer,
            currency=wanted.currency.code if wanted.currency else None,
            since=wanted.since,
            until=wanted.until,
            number=wanted.number,
            external_ref=wanted.external_ref,
            updated_from=wanted.updated_from,
            at=datetime.fromisoformat(after.keys[0]) if after else None,
            id=after.id if after else None,
            limit=limit + 1,
        )
        today = wanted.day(rows[0]["zone"]) if rows else None
        items = tuple(_row(row, today) for row in rows[:limit])
        last = rows[limit - 1] if len(rows) > limit else None
        more = Cursor((last["listed_at"].isoformat(),), last["id"]) if last else None
        return Page(items, more)

    def counts(self, today: date) -> Mapping[InvoiceTab, int]:
        """Return how many invoices each tab has."""
        row = self._rows.get(_COUNTS, today=today)
        return {tab: row[tab.value] for tab in InvoiceTab}

    def _view(self, row: Row) -> InvoiceView:
        invoice = invoice_of(row, row["items"] or ())
        entries = self._rows.all(statements.ENTRIES, id=invoice.id)
        notes = self._rows.all(_NOTES, invoice=invoice.id)
        buyer = self._rows.first(_CUSTOMER, id=invoice.customer) if invoice.customer else None
        return InvoiceView(
            invoice=invoice,
            entries=tuple(entry_of(entry) for entry in entries),
            notes=tuple(note_of(note) for note in notes),
            customer=customer_of(buyer) if buyer else None,
            copies=tuple(
                value_of(json.loads(one["copy"]), DocumentCopy)
                for one in self._rows.all(statements.COPIES, id=invoice.id)
            ),
        )


class PostgresCustomerViews:
    """Reads of customers."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def show(self, id: CustomerId) -> Customer:
        """Return a customer, or raise NotFound."""
        return customer_of(self._rows.get(_CUSTOMER, id=id))

    def page(
        self,
        *,
        name: str = "",
        archived: bool = False,
        external_ref: str | None = None,
        updated_from: datetime | None = None,
        after: Cursor | None = None,
        limit: int = PAGE_DEFAULT,
    ) -> Page[Customer]:
        """Return a page by name; ``name`` is the beginning of one."""
        rows = self._rows.all(
            _CUSTOMERS,
            archived=archived,
            prefix=key(name),
            external_ref=external_ref,
            updated_from=updated_from,
            after=after.keys[0] if after else None,
            id=after.id if after else None,
            limit=limit + 1,
        )
        items = tuple(customer_of(row) for row in rows[:limit])
        more = Cursor((items[-1].name_key,), items[-1].id) if len(rows) > limit else None
        return Page(items, more)


class PostgresCreditViews:
    """Reads of credit notes and credit."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def note(self, id: CreditNoteId) -> CreditNote:
        """Return a credit note, or raise NotFound."""
        return note_of(self._rows.get(_NOTE, id=id))

    def page(
        self,
        *,
        invoice: InvoiceId | None = None,
        after: Cursor | None = None,
        limit: int = PAGE_DEFAULT,
    ) -> Page[CreditNote]:
        """Return a page of credit notes, newest first; of one invoice, or of all."""
        rows = self._rows.all(
            _NOTE_PAGE,
            invoice=invoice,
            day=date.fromisoformat(after.keys[0]) if after else None,
            id=after.id if after else None,
            limit=limit + 1,
        )
        items = tuple(note_of(row) for row in rows[:limit])
        if len(rows) <= limit:
            return Page(items)
        return Page(items, Cursor((items[-1].issue_date.isoformat(),), items[-1].id))

    def of_customer(self, customer: CustomerId) -> tuple[CustomerCredit, ...]:
        """Return a customer's credit, one row per currency that was ever used."""
        return tuple(
            CustomerCredit(
                customer=customer,
                balance=Money(row["balance_minor"], currency(row["currency"])),
                version=row["version"],
            )
            for row in self._rows.all(_CREDIT, customer=customer)
        )


def _row(row: Row, today: date | None) -> InvoiceRow:
    unit = currency(row["currency"])
    due_date, payable = row["due_date"], row["state"] == "open" and row["due_minor"] > 0
    return InvoiceRow(
        id=row["id"],
        state=InvoiceState(row["state"]),
        number=row["number"],
        customer=row["customer_id"],
        customer_name=row["customer_name"],
        gross=Money(row["gross_minor"], unit),
        due=Money(row["due_minor"], unit),
        issue_date=row["issue_date"],
        due_date=due_date,
        overdue=payable and today is not None and due_date < today,
        under_review=row["under_review"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        external_ref=row["external_ref"],
    )
