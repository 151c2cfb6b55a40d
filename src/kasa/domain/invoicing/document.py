"""What a document says: the one value that PDF and e-invoices are drawn from.

It is frozen when the document is issued, as canonical JSON with a SHA-256 digest; nothing that is
edited later changes it. Amounts that another currency repeats stand beside the first.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import attrs

from kasa.domain.invoicing.content import DocumentKind
from kasa.domain.invoicing.tax import TaxRate
from kasa.domain.invoicing.totals import RULE, PriceMode
from kasa.domain.kernel.ids import AccountId, FileId, ProductId, SkuId
from kasa.domain.kernel.money import Currency, ExchangeRate, Money


class DocumentType(StrEnum):
    """An invoice (EN 16931 type 380) or a credit note (381)."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


@attrs.frozen(kw_only=True)
class Party:
    """Seller or buyer as printed; ``language`` is the buyer's."""

    name: str
    name_km: str = ""
    address: str = ""
    tin: str = ""
    phone: str = ""
    email: str = ""
    country: str = ""
    language: str = ""


@attrs.frozen(kw_only=True)
class Brand:
    """How the seller looks: accent colour as ``#rrggbb``, logo by file and its SHA-256."""

    accent: str
    logo: FileId | None = None
    logo_sha256: str = ""


@attrs.frozen(kw_only=True)
class DocumentDiscount:
    """A discount as printed: its percent when it has one, and what it really gave."""

    given: Money
    percent: Decimal | None = None
    text: str = ""


@attrs.frozen(kw_only=True)
class DocumentCharge:
    """A charge as printed; ``tax`` is its share of the group's tax."""

    text: str
    amount: Money
    rate: TaxRate
    tax: Money


@attrs.frozen(kw_only=True)
class DocumentLine:
    """A line as printed.

    ``amount`` is the line after its own ``discounts`` and before those of the document, of which
    ``document_discount`` is its share; ``tax`` is its share of the group's tax. On a credit note
    ``amount`` is what is credited of the line.
    """

    no: int
    text: str
    quantity: Decimal
    unit_code: str
    price: Decimal
    rate: TaxRate
    amount: Money
    document_discount: Money
    tax: Money
    discounts: tuple[DocumentDiscount, ...] = ()
    product: ProductId | None = None
    sku: SkuId | None = None
    sku_code: str = ""


@attrs.frozen(kw_only=True)
class DocumentGroup:
    """The sum of one tax rate; ``accounting_tax`` is the tax in the accounting currency."""

    rate: TaxRate
    base: Money
    tax: Money
    accounting_tax: Money | None = None


@attrs.frozen(kw_only=True)
class DocumentAccounting:
    """The totals in the accounting currency, at the frozen rate."""

    rate: ExchangeRate
    net: Money
    tax: Money
    gross: Money


@attrs.frozen(kw_only=True)
class DocumentAccount:
    """A receiving account as printed."""

    id: AccountId
    bank: str
    number: str
    name: str
    currency: Currency


@attrs.frozen(kw_only=True)
class DocumentKhqr:
    """The payment code on the document: exact text and its MD5.

    ``amount`` None means a static code; the payer types the amount.
    """

    text: str
    md5: str
    amount: Money | None = None
    expires_at: datetime | None = None


@attrs.frozen(kw_only=True)
class InvoiceDocument:
    """An invoice or credit note as issued.

    ``applied`` is customer credit that was used at issue and ``due`` what is left to pay;
    ``riel_to_pay`` are the riel that settle it. ``of_number`` is the invoice of a credit note.
    A draft's preview has no ``number``.
    """

    type: DocumentType = DocumentType.INVOICE
    kind: DocumentKind
    id: UUID
    number: str | None
    issue_date: date
    due_date: date | None
    zone: str
    template: str = "a4"
    language: str = "km_en"
    currency: Currency
    mode: PriceMode
    rule: str = RULE
    seller: Party
    buyer: Party | None
    brand: Brand
    lines: tuple[DocumentLine, ...]
    discounts: tuple[DocumentDiscount, ...] = ()
    charges: tuple[DocumentCharge, ...] = ()
    groups: tuple[DocumentGroup, ...]
    net: Money
    tax: Money
    gross: Money
    applied: Money
    due: Money
    accounting: DocumentAccounting | None = None
    riel_to_pay: Money | None = None
    accounts: tuple[DocumentAccount, ...] = ()
    khqr: DocumentKhqr | None = None
    terms: str = ""
    note: str = ""
    of_number: str | None = None
    reason: str = ""
