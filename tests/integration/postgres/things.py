"""Things of a shop that need nothing of it."""

from datetime import date, timedelta
from decimal import Decimal

from kasa.adapters.conformance.strategies_payments import PAID_AT
from kasa.application.files.storing import NewFile
from kasa.application.inventory.products import ProductFields
from kasa.application.ports.events import ArchivedEvents
from kasa.application.ports.payments import KhqrShown
from kasa.domain.files.file import FileKind
from kasa.domain.kernel.ids import InvoiceId
from kasa.domain.kernel.money import KHR, USD, ExchangeRate, Money

DAY = date(2026, 1, 1)
RATE = ExchangeRate(
    base=USD, quote=KHR, rate=Decimal(4100), on=DAY, source="nbc_daily", reference="x"
)
SOAP = ProductFields(
    name="Soap", code="SOAP", price=Decimal(500), currency=KHR, barcode="8840000000017"
)
DOCUMENT = NewFile(kind=FileKind.DOCUMENT, name="a.pdf", media_type="application/pdf", data=b"abc")
PART = ArchivedEvents(
    month=DAY,
    part=1,
    events=1,
    reactions=0,
    first_at=PAID_AT,
    last_at=PAID_AT,
    size_bytes=1,
    sha256="ab" * 32,
    key="a",
    manifest_sha256="ab" * 32,
    manifest_key="b",
    archived_at=PAID_AT,
)
MD5 = "0123456789abcdef0123456789abcdef"


def shown(invoice: InvoiceId) -> KhqrShown:
    """Return a code that was shown for an invoice."""
    return KhqrShown(
        md5=MD5,
        payload="payload",
        invoice=invoice,
        amount=Money(1, KHR),
        currency=KHR,
        created_at=PAID_AT,
        expires_at=PAID_AT + timedelta(days=30),
    )
