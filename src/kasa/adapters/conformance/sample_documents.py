"""Invoices to print, with invented names, for suites and demonstrations."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from kasa.domain.invoicing.content import DocumentKind
from kasa.domain.invoicing.document import (
    Brand,
    DocumentAccount,
    DocumentDiscount,
    DocumentGroup,
    DocumentKhqr,
    DocumentLine,
    InvoiceDocument,
    Party,
)
from kasa.domain.invoicing.tax import TaxCategory, TaxRate
from kasa.domain.invoicing.totals import PriceMode
from kasa.domain.kernel.ids import AccountId
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.payments.khqr import KhqrKind, KhqrRequest, build_khqr
from kasa.domain.payments.khqr_reading import milliseconds

ISSUED = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
VAT = TaxRate(category=TaxCategory.STANDARD, percent=Decimal(10), label="VAT")
_LINES = (
    ("កាហ្វេទឹកដោះគោទឹកកក Iced latte", 2, 8_000),
    ("នំប៉័ងសាច់ជ្រូក Bánh mì, large", 3, 6_500),
    ("ទឹកអំពៅ Sugar cane juice", 1, 4_500),
)


def _line(no: int, text: str, quantity: int, price: int) -> DocumentLine:
    amount = Money(quantity * price, KHR)
    return DocumentLine(
        no=no,
        text=text,
        quantity=Decimal(quantity),
        unit_code="H87",
        price=Decimal(price),
        rate=VAT,
        amount=amount,
        document_discount=Money.zero(KHR),
        tax=Money.zero(KHR),
    )


def sample_document(lines: int = len(_LINES)) -> InvoiceDocument:
    """Return an issued invoice in riel of some lines, with a discount and a payment code."""
    rows = [_line(no + 1, *_LINES[no % len(_LINES)]) for no in range(lines)]
    discount = Money(1_000, KHR)
    gross = Money(sum(row.amount.minor for row in rows), KHR) - discount
    tax = Money(PriceMode.GROSS.tax(gross.minor, VAT), KHR)
    number = "INV-2026-000007"
    request = KhqrRequest(
        kind=KhqrKind.INDIVIDUAL,
        account_id="kasa_shop@aclb",
        name="Kasa Shop",
        city="Phnom Penh",
        currency=KHR,
        amount=gross,
        expires_ms=milliseconds(ISSUED) + 30 * 86_400_000,
        bill_number=number,
    )
    code = build_khqr(request, ISSUED)
    return InvoiceDocument(
        kind=DocumentKind.COMMERCIAL_INVOICE,
        id=UUID("019aa000-0000-7000-8000-000000000007"),
        number=number,
        issue_date=date(2026, 11, 20),
        due_date=date(2026, 11, 21),
        zone="Asia/Phnom_Penh",
        currency=KHR,
        mode=PriceMode.GROSS,
        seller=Party(
            name="Kasa Shop",
            name_km="ហាងកាសា",
            address="ផ្ទះលេខ ១២ ផ្លូវ ២៤០ រាជធានីភ្នំពេញ",
            tin="K001-900000000",
            phone="+85512000000",
        ),
        buyer=Party(name="Sok Dara", name_km="សុខ តារា", phone="+85512000001", language="km"),
        brand=Brand(accent="#0b6e4f"),
        lines=tuple(rows),
        discounts=(DocumentDiscount(given=discount, text="Opening week"),),
        groups=(DocumentGroup(rate=VAT, base=gross - tax, tax=tax),),
        net=gross - tax,
        tax=tax,
        gross=gross,
        applied=Money.zero(KHR),
        due=gross,
        accounts=(
            DocumentAccount(
                id=AccountId(UUID("019aa000-0000-7000-8000-000000000008")),
                bank="ABA",
                number="000 123 456",
                name="KASA SHOP",
                currency=KHR,
            ),
        ),
        khqr=DocumentKhqr(text=code.payload, md5=code.md5, amount=gross),
        terms="សូមអរគុណ។ Thank you for your order.",
    )
