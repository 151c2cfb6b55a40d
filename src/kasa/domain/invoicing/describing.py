"""From an invoice or a credit note to the document that says it."""

import attrs

from kasa.domain.invoicing.accounting_currency import AccountingFigures
from kasa.domain.invoicing.credit_note import CreditFigures, CreditNote
from kasa.domain.invoicing.discount import Discount
from kasa.domain.invoicing.document import (
    Brand,
    DocumentAccount,
    DocumentAccounting,
    DocumentCharge,
    DocumentDiscount,
    DocumentGroup,
    DocumentKhqr,
    DocumentLine,
    DocumentType,
    InvoiceDocument,
    Party,
)
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.invoicing.line_item import LineItem
from kasa.domain.invoicing.numbering import InvoiceNumber
from kasa.domain.invoicing.totals import LineTotal
from kasa.domain.kernel.money import Currency, Money


@attrs.frozen(kw_only=True)
class Letterhead:
    """Whose document it is, for whom, and how it looks."""

    seller: Party
    buyer: Party | None
    brand: Brand
    zone: str
    template: str = "a4"


@attrs.frozen(kw_only=True)
class PaymentMeans:
    """How the document asks to be paid."""

    accounts: tuple[DocumentAccount, ...] = ()
    khqr: DocumentKhqr | None = None


def describe(
    invoice: Invoice,
    number: InvoiceNumber | None,
    letterhead: Letterhead,
    means: PaymentMeans,
) -> InvoiceDocument:
    """Return what a dated invoice says; without a number it is a preview."""
    if invoice.issue_date is None:
        raise ValueError("an invoice is dated before it is described")
    content, totals, unit = invoice.content, invoice.totals, invoice.currency
    return InvoiceDocument(
        kind=content.kind,
        id=invoice.id,
        number=number.text if number is not None else None,
        issue_date=invoice.issue_date,
        due_date=invoice.due_date,
        zone=letterhead.zone,
        template=letterhead.template,
        language=content.language,
        currency=unit,
        mode=totals.mode,
        rule=totals.rule,
        seller=letterhead.seller,
        buyer=letterhead.buyer,
        brand=letterhead.brand,
        lines=tuple(
            _line(line, total, unit)
            for line, total in zip(content.lines, totals.lines, strict=True)
        ),
        discounts=tuple(
            _discount(discount, total.given, unit)
            for discount, total in zip(content.discounts, totals.discounts, strict=True)
        ),
        charges=tuple(
            DocumentCharge(
                text=charge.text,
                amount=charge.amount,
                rate=charge.rate,
                tax=Money(total.tax_share, unit),
            )
            for charge, total in zip(content.charges, totals.charges, strict=True)
        ),
        groups=_groups(invoice, None, invoice.accounting),
        net=Money(totals.net, unit),
        tax=Money(totals.tax, unit),
        gross=invoice.gross,
        applied=invoice.gross - invoice.due,
        due=invoice.due,
        accounting=_accounting(invoice.accounting),
        riel_to_pay=invoice.riel_due,
        accounts=means.accounts,
        khqr=means.khqr,
        terms=content.terms,
        note=content.note,
    )


def describe_note(invoice: Invoice, note: CreditNote, letterhead: Letterhead) -> InvoiceDocument:
    """Return what a credit note of an issued invoice says."""
    if invoice.number is None:
        raise ValueError("only an issued invoice is credited")
    unit, none = invoice.currency, Money.zero(invoice.currency)
    return InvoiceDocument(
        type=DocumentType.CREDIT_NOTE,
        kind=invoice.content.kind,
        id=note.id,
        number=note.number.text,
        issue_date=note.issue_date,
        due_date=None,
        zone=letterhead.zone,
        template=letterhead.template,
        language=invoice.content.language,
        currency=unit,
        mode=invoice.totals.mode,
        rule=invoice.totals.rule,
        seller=letterhead.seller,
        buyer=letterhead.buyer,
        brand=letterhead.brand,
        lines=tuple(
            _credited(invoice.lines[part.line_no - 1], part.amount)
            for part in note.parts
            if part.line_no is not None
        ),
        discounts=(
            (DocumentDiscount(given=Money(note.figures.discount, unit)),)
            if note.figures.discount
            else ()
        ),
        charges=tuple(
            attrs.evolve(_charge(invoice, part.charge_no), amount=part.amount)
            for part in note.parts
            if part.charge_no is not None
        ),
        groups=_groups(invoice, note.figures, note.accounting),
        net=Money(note.figures.net, unit),
        tax=Money(note.figures.tax, unit),
        gross=Money(note.figures.total, unit),
        applied=none,
        due=none,
        accounting=_accounting(note.accounting),
        of_number=invoice.number.text,
        reason=note.reason.value,
        note=note.text,
    )


def _line(line: LineItem, total: LineTotal, unit: Currency) -> DocumentLine:
    left, discounts = total.amount, []
    for discount in line.discounts:
        given = discount.of(left, unit)
        left -= given
        discounts.append(_discount(discount, given, unit))
    return DocumentLine(
        no=line.no,
        text=line.text,
        quantity=line.quantity,
        unit_code=line.unit_code,
        price=line.price,
        rate=line.rate,
        amount=Money(total.value, unit),
        document_discount=Money(total.document_discount, unit),
        tax=Money(total.tax_share, unit),
        discounts=tuple(discounts),
        product=line.product,
        sku=line.sku,
        sku_code=line.sku_code,
    )


def _credited(line: LineItem, amount: Money) -> DocumentLine:
    none = Money.zero(amount.currency)
    return DocumentLine(
        no=line.no,
        text=line.text,
        quantity=line.quantity,
        unit_code=line.unit_code,
        price=line.price,
        rate=line.rate,
        amount=amount,
        document_discount=none,
        tax=none,
        product=line.product,
        sku=line.sku,
        sku_code=line.sku_code,
    )


def _charge(invoice: Invoice, no: int) -> DocumentCharge:
    charge = invoice.content.charges[no - 1]
    none = Money.zero(invoice.currency)
    return DocumentCharge(text=charge.text, amount=charge.amount, rate=charge.rate, tax=none)


def _discount(discount: Discount, given: int, unit: Currency) -> DocumentDiscount:
    return DocumentDiscount(given=Money(given, unit), percent=discount.percent, text=discount.text)


def _groups(
    invoice: Invoice, note: CreditFigures | None, accounting: AccountingFigures | None
) -> tuple[DocumentGroup, ...]:
    """Return the tax groups of an invoice, or what a note takes of them, without empty ones."""
    unit = invoice.currency
    groups = []
    for at, group in enumerate(invoice.totals.groups):
        base, tax = (group.base, group.tax) if note is None else (note.bases[at], note.taxes[at])
        if note is not None and not base and not tax:
            continue
        other = Money(accounting.taxes[at], accounting.currency) if accounting else None
        groups.append(
            DocumentGroup(
                rate=group.rate, base=Money(base, unit), tax=Money(tax, unit), accounting_tax=other
            )
        )
    return tuple(groups)


def _accounting(figures: AccountingFigures | None) -> DocumentAccounting | None:
    if figures is None:
        return None
    unit = figures.currency
    return DocumentAccounting(
        rate=figures.rate,
        net=Money(figures.net, unit),
        tax=Money(figures.tax, unit),
        gross=Money(figures.gross, unit),
    )
