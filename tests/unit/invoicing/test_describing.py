"""Every field of a document, of an invoice and of its credit note, told by hand."""

from datetime import UTC, date, datetime
from decimal import Decimal

import attrs
import pytest

from kasa.domain.invoicing.accounting_currency import accounting_figures
from kasa.domain.invoicing.content import DocumentKind, InvoiceContent
from kasa.domain.invoicing.credit_note import (
    CreditNote,
    CreditPart,
    CreditReason,
    accounting_of_note,
    figures,
)
from kasa.domain.invoicing.describing import Letterhead, PaymentMeans, describe, describe_note
from kasa.domain.invoicing.discount import Charge, Discount
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
from kasa.domain.invoicing.numbering import Series
from kasa.domain.invoicing.snapshot import Snapshot
from kasa.domain.invoicing.tax import TaxCategory, TaxRate
from kasa.domain.invoicing.totals import PriceMode
from kasa.domain.kernel.ids import AccountId, CreditNoteId, InvoiceId, ProductId, SkuId, uuid7
from kasa.domain.kernel.money import KHR, USD, ExchangeRate, Money

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
DAY = date(2026, 11, 20)
VAT = TaxRate(category=TaxCategory.STANDARD, percent=Decimal(10), label="VAT")
ZERO = TaxRate(category=TaxCategory.ZERO)
RATE = ExchangeRate(base=USD, quote=KHR, rate=Decimal(4000), on=DAY, source="merchant")
RICE = ProductId(uuid7(AT, b"rice      "))
NUMBER = Series(name="INV", year=2026).written(7)
LETTERHEAD = Letterhead(
    seller=Party(name="Sokha Textiles", tin="K001", country="KH"),
    buyer=Party(name="Dara", phone="+85512000111"),
    brand=Brand(accent="#0b6e4f"),
    zone="Asia/Phnom_Penh",
    template="a5",
)
MEANS = PaymentMeans(
    accounts=(
        DocumentAccount(
            id=AccountId(RICE), bank="ABA", number="000111222", name="SOKHA", currency=USD
        ),
    ),
    khqr=DocumentKhqr(text="0002", md5="m", amount=Money(1, USD), expires_at=AT),
)


def dollars(minor: int) -> Money:
    """Return cents."""
    return Money(minor, USD)


def riel(minor: int) -> Money:
    """Return riel."""
    return Money(minor, KHR)


def invoice() -> Invoice:
    """Return a dated net invoice: 2 x 10.00 less 10 %, 5.00 free of tax, 1.00 off, delivery."""
    lines = (
        LineItem(
            no=1,
            text="Rice",
            quantity=Decimal(2),
            price=Decimal(10),
            rate=VAT,
            unit_code="KGM",
            discounts=(Discount(percent=Decimal(10), text="loyal"),),
            product=RICE,
            sku=SkuId(RICE),
            sku_code="R-1",
        ),
        LineItem(no=2, text="Book", quantity=Decimal(1), price=Decimal(5), rate=ZERO),
    )
    content = InvoiceContent(
        currency=USD,
        mode=PriceMode.NET,
        kind=DocumentKind.COMMERCIAL_INVOICE,
        language="en",
        lines=lines,
        discounts=(Discount(amount=dollars(100), lines=(1,), text="coupon"),),
        charges=(Charge(text="Delivery", amount=dollars(200), rate=VAT),),
        rate=RATE,
        note="Thank you",
        terms="30 days",
    )
    draft = Invoice.drafted(InvoiceId(uuid7(AT, bytes(10))), content, at=AT)
    dated = draft.dated(DAY, terms_days=30)
    shown = accounting_figures(dated.totals, RATE)
    return attrs.evolve(dated, accounting=shown, riel_step=100, due_minor=2000)


EXPECTED = InvoiceDocument(
    type=DocumentType.INVOICE,
    kind=DocumentKind.COMMERCIAL_INVOICE,
    id=InvoiceId(uuid7(AT, bytes(10))),
    number="INV-2026-000007",
    issue_date=DAY,
    due_date=date(2026, 12, 20),
    zone="Asia/Phnom_Penh",
    template="a5",
    language="en",
    currency=USD,
    mode=PriceMode.NET,
    rule="totals/1",
    seller=LETTERHEAD.seller,
    buyer=LETTERHEAD.buyer,
    brand=LETTERHEAD.brand,
    lines=(
        DocumentLine(
            no=1,
            text="Rice",
            quantity=Decimal(2),
            unit_code="KGM",
            price=Decimal(10),
            rate=VAT,
            amount=dollars(1800),
            document_discount=dollars(100),
            tax=dollars(180),
            discounts=(DocumentDiscount(given=dollars(200), percent=Decimal(10), text="loyal"),),
            product=RICE,
            sku=SkuId(RICE),
            sku_code="R-1",
        ),
        DocumentLine(
            no=2,
            text="Book",
            quantity=Decimal(1),
            unit_code="C62",
            price=Decimal(5),
            rate=ZERO,
            amount=dollars(500),
            document_discount=dollars(0),
            tax=dollars(0),
        ),
    ),
    discounts=(DocumentDiscount(given=dollars(100), text="coupon"),),
    charges=(DocumentCharge(text="Delivery", amount=dollars(200), rate=VAT, tax=dollars(20)),),
    groups=(
        DocumentGroup(rate=VAT, base=dollars(1900), tax=dollars(190), accounting_tax=riel(7600)),
        DocumentGroup(rate=ZERO, base=dollars(500), tax=dollars(0), accounting_tax=riel(0)),
    ),
    net=dollars(2400),
    tax=dollars(190),
    gross=dollars(2590),
    applied=dollars(590),
    due=dollars(2000),
    accounting=DocumentAccounting(rate=RATE, net=riel(96000), tax=riel(7600), gross=riel(103600)),
    riel_to_pay=riel(80000),
    accounts=MEANS.accounts,
    khqr=MEANS.khqr,
    terms="30 days",
    note="Thank you",
)


def test_an_invoice_says_all_of_it() -> None:
    """Parties, lines, discounts, charges, groups, totals, riel, means of payment, words."""
    assert EXPECTED == describe(invoice(), NUMBER, LETTERHEAD, MEANS)


def test_a_preview_has_no_number() -> None:
    """All else is the same."""
    shown = describe(invoice(), None, LETTERHEAD, MEANS)
    assert attrs.evolve(EXPECTED, number=None) == shown


def test_what_has_no_day_is_not_described() -> None:
    """A draft is dated first; only an issued invoice is credited."""
    undated = attrs.evolve(invoice(), issue_date=None)
    with pytest.raises(ValueError, match="dated before"):
        describe(undated, NUMBER, LETTERHEAD, MEANS)
    with pytest.raises(ValueError, match="only an issued invoice"):
        describe_note(undated, note(), LETTERHEAD)


def note() -> CreditNote:
    """Return a note over half of the rice and half of the delivery."""
    parts = (
        CreditPart(line_no=1, amount=dollars(900)),
        CreditPart(charge_no=1, amount=dollars(100)),
    )
    totals = invoice().totals
    return CreditNote(
        id=CreditNoteId(uuid7(AT, bytes(10))),
        invoice=invoice().id,
        number=Series(name="CN", year=2026).written(1),
        issue_date=date(2026, 11, 21),
        issued_at=AT,
        reason=CreditReason.RETURN,
        text="torn sack",
        parts=parts,
        figures=figures(totals, (), parts),
        accounting=accounting_of_note(totals, RATE, (), parts),
    )


def test_a_credit_note_says_all_of_it() -> None:
    """What it takes of lines and charges, the discount given back, its groups, its invoice."""
    source = attrs.evolve(invoice(), number=NUMBER, snapshot=Snapshot.of("{}"))
    expected = InvoiceDocument(
        type=DocumentType.CREDIT_NOTE,
        kind=DocumentKind.COMMERCIAL_INVOICE,
        id=CreditNoteId(uuid7(AT, bytes(10))),
        number="CN-2026-000001",
        issue_date=date(2026, 11, 21),
        due_date=None,
        zone="Asia/Phnom_Penh",
        template="a5",
        language="en",
        currency=USD,
        mode=PriceMode.NET,
        rule="totals/1",
        seller=LETTERHEAD.seller,
        buyer=LETTERHEAD.buyer,
        brand=LETTERHEAD.brand,
        lines=(
            attrs.evolve(
                EXPECTED.lines[0],
                amount=dollars(900),
                document_discount=dollars(0),
                tax=dollars(0),
                discounts=(),
            ),
        ),
        discounts=(DocumentDiscount(given=dollars(50)),),
        charges=(DocumentCharge(text="Delivery", amount=dollars(100), rate=VAT, tax=dollars(0)),),
        groups=(
            DocumentGroup(rate=VAT, base=dollars(950), tax=dollars(95), accounting_tax=riel(3800)),
        ),
        net=dollars(950),
        tax=dollars(95),
        gross=dollars(1045),
        applied=dollars(0),
        due=dollars(0),
        accounting=DocumentAccounting(
            rate=RATE, net=riel(38000), tax=riel(3800), gross=riel(41800)
        ),
        of_number="INV-2026-000007",
        reason="return",
        note="torn sack",
    )
    assert expected == describe_note(source, note(), LETTERHEAD)
