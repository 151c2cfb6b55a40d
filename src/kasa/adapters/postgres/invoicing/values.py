"""Between rows and the values of invoicing."""

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import attrs

from kasa.adapters.postgres.connection import Row
from kasa.adapters.postgres.rows import text_of, value_of
from kasa.domain.invoicing.accounting_currency import AccountingFigures
from kasa.domain.invoicing.balance import Entry, EntryKind
from kasa.domain.invoicing.content import InvoiceContent
from kasa.domain.invoicing.credit_note import CreditNote
from kasa.domain.invoicing.customer import Customer
from kasa.domain.invoicing.invoice import Invoice, InvoiceState
from kasa.domain.invoicing.line_item import LineItem
from kasa.domain.invoicing.numbering import InvoiceNumber
from kasa.domain.invoicing.snapshot import Snapshot
from kasa.domain.invoicing.totals import Totals
from kasa.domain.kernel.foreign import Metadata
from kasa.domain.kernel.ids import PaymentId, uuid7
from kasa.domain.kernel.money import Money, currency


def invoice_of(row: Row, items: Sequence[str]) -> Invoice:
    """Return an invoice from its row and the texts of its lines."""
    lines = tuple(value_of(json.loads(item), LineItem) for item in items)
    content = value_of(json.loads(row["content"]), InvoiceContent)
    return Invoice(
        id=row["id"],
        content=attrs.evolve(content, lines=lines),
        totals=value_of(json.loads(row["totals"]), Totals),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        due_minor=row["due_minor"],
        state=InvoiceState(row["state"]),
        version=row["version"],
        number=_number(row),
        issue_date=row["issue_date"],
        due_date=row["due_date"],
        issued_at=row["issued_at"],
        accounting=_accounting(row["accounting"]),
        riel_step=row["riel_step"],
        snapshot=Snapshot(row["snapshot"], row["digest"]) if row["snapshot"] else None,
        internal_note=row["internal_note"],
        entries=row["entries_count"],
        notes=row["notes_count"],
        reviews=tuple(PaymentId(one) for one in row["reviews"]),
        reason=row["reason"],
        paid_at=row["paid_at"],
        external_ref=row["external_ref"],
        metadata=value_of(row["metadata"], Metadata),
    )


def _number(row: Row) -> InvoiceNumber | None:
    if row["number"] is None:
        return None
    return InvoiceNumber(
        series=row["series"],
        year=row["series_year"],
        number=row["series_number"],
        text=row["number"],
    )


def _accounting(text: str | None) -> AccountingFigures | None:
    return None if text is None else value_of(json.loads(text), AccountingFigures)


def header_of(invoice: Invoice, *, revision: int) -> dict[str, Any]:
    """Return an invoice as the columns of its row."""
    number, snapshot, riel = invoice.number, invoice.snapshot, invoice.riel_due
    return {
        "id": invoice.id,
        "revision": revision,
        "customer_id": invoice.customer,
        "currency": invoice.currency.code,
        "content": text_of(attrs.evolve(invoice.content, lines=())),
        "totals": text_of(invoice.totals),
        "gross_minor": invoice.totals.gross,
        "riel_step": invoice.riel_step,
        "number": number.text if number else None,
        "series": number.series if number else None,
        "series_year": number.year if number else None,
        "series_number": number.number if number else None,
        "issue_date": invoice.issue_date,
        "due_date": invoice.due_date,
        "issued_at": invoice.issued_at,
        "listed_at": invoice.issued_at or invoice.created_at,
        "accounting": text_of(invoice.accounting) if invoice.accounting else None,
        "snapshot": snapshot.text if snapshot else None,
        "digest": snapshot.digest if snapshot else None,
        "created_at": invoice.created_at,
        "riel_due_minor": riel.minor if riel else None,
        **moved_of(invoice),
    }


def moved_of(invoice: Invoice) -> dict[str, Any]:
    """Return what still changes once an invoice is issued."""
    riel = invoice.riel_due
    return {
        "state": invoice.state.value,
        "version": invoice.version,
        "due_minor": invoice.due_minor,
        "riel_due_minor": riel.minor if riel else None,
        "internal_note": invoice.internal_note,
        "entries_count": invoice.entries,
        "notes_count": invoice.notes,
        "reviews": list(invoice.reviews),
        "reason": invoice.reason,
        "paid_at": invoice.paid_at,
        "external_ref": invoice.external_ref,
        "metadata": text_of(invoice.metadata),
        "updated_at": invoice.updated_at,
    }


def lines_of(invoice: Invoice) -> str:
    """Return the lines of an invoice as JSON rows."""
    rows = [
        {
            "no": line.no,
            "product_id": str(line.product) if line.product else None,
            "sku_id": str(line.sku) if line.sku else None,
            "quantity": format(line.quantity, "f"),
            "unit_code": line.unit_code,
            "unit_price": format(line.price, "f"),
            "category": line.rate.category.value,
            "percent": format(line.rate.percent, "f"),
            "amount_minor": total.amount,
            "discount_minor": total.discount,
            "document_discount_minor": total.document_discount,
            "tax_minor": total.tax_share,
            "item": text_of(line),
        }
        for line, total in zip(invoice.lines, invoice.totals.lines, strict=True)
    ]
    return json.dumps(rows)


def entry_of(row: Row) -> Entry:
    """Return an entry from its row."""
    unit = row["paid_in_currency"]
    return Entry(
        no=row["no"],
        kind=EntryKind(row["kind"]),
        amount=Money(row["amount_minor"], currency(row["currency"])),
        at=row["at"],
        by=row["by"],
        payment=row["payment_id"],
        approval=row["approval"],
        note=row["note_id"],
        paid_in=Money(row["paid_in_minor"], currency(unit)) if unit else None,
    )


def entries_of(entries: Sequence[Entry]) -> str:
    """Return entries as JSON rows."""
    rows = [
        {
            "no": entry.no,
            "kind": entry.kind.value,
            "amount_minor": entry.amount.minor,
            "currency": entry.amount.currency.code,
            "payment_id": _text(entry.payment),
            "approval": entry.approval,
            "note_id": _text(entry.note),
            "paid_in_minor": entry.paid_in.minor if entry.paid_in else None,
            "paid_in_currency": entry.paid_in.currency.code if entry.paid_in else None,
            "at": entry.at.isoformat(),
            "by": _text(entry.by),
        }
        for entry in entries
    ]
    return json.dumps(rows)


def changes_of(invoice: Invoice, entries: Sequence[Entry]) -> str:
    """Return how entries move the credit of the invoice's customer, as JSON rows."""
    rows = [
        {
            "id": str(uuid7(entry.at, sha256(f"{invoice.id}:{entry.no}".encode()).digest())),
            "currency": entry.amount.currency.code,
            "change_minor": entry.on_credit,
            "no": entry.no,
            "at": entry.at.isoformat(),
            "by": _text(entry.by),
        }
        for entry in entries
        if entry.on_credit and invoice.customer is not None
    ]
    return json.dumps(rows)


def customer_of(row: Row) -> Customer:
    """Return a customer from its row."""
    return value_of({**row, "details": row}, Customer)


def customer_columns(customer: Customer) -> dict[str, Any]:
    """Return a customer as the columns of its row."""
    return {
        **attrs.asdict(customer.details, recurse=False),
        "metadata": text_of(customer.details.metadata),
        "id": customer.id,
        "name_key": customer.name_key,
        "created_at": customer.created_at,
        "updated_at": customer.updated_at,
        "archived_at": customer.archived_at,
        "archived": customer.archived_at is not None,
        "version": customer.version,
    }


def note_of(row: Row) -> CreditNote:
    """Return a credit note from its row."""
    note = value_of(json.loads(row["note"]), CreditNote)
    return attrs.evolve(note, snapshot=Snapshot(row["snapshot"], row["digest"]))


def _text(value: object) -> str | None:
    return None if value is None else str(value)
