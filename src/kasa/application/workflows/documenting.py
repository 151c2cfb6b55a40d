"""What a document says: its parties, its look, and how it asks to be paid."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from kasa.application.ports.payments import KhqrShown
from kasa.application.ports.work import UnitOfWork
from kasa.domain.files.events import FileStored
from kasa.domain.files.file import StoredFile
from kasa.domain.invoicing.credit_note import CreditNote
from kasa.domain.invoicing.customer import Customer
from kasa.domain.invoicing.describing import Letterhead, PaymentMeans, describe, describe_note
from kasa.domain.invoicing.document import (
    Brand,
    DocumentAccount,
    DocumentKhqr,
    InvoiceDocument,
    Party,
)
from kasa.domain.invoicing.invoice import Invoice, InvoiceState
from kasa.domain.invoicing.numbering import InvoiceNumber
from kasa.domain.kernel.errors import Conflict, NotFound
from kasa.domain.kernel.ids import InvoiceId
from kasa.domain.kernel.moments import day_end
from kasa.domain.kernel.money import KHR, USD
from kasa.domain.payments.account import ReceivingAccount
from kasa.domain.payments.khqr import KhqrKind, KhqrRefused, KhqrRequest, build_khqr
from kasa.domain.payments.khqr_reading import milliseconds, units

EXPIRY_AFTER_DUE = timedelta(days=30)
EXPIRY_AT_LEAST = timedelta(days=7)
KHQR_NAME_UNITS = 25
KHQR_CITY_UNITS = 15


class NothingDue(Conflict):
    """Nothing of this invoice is due, so there is nothing to pay."""

    code = "invoice.nothing_due"


class NoCodeAccount(Conflict):
    """No receiving account in this currency has a Bakong id; add one from the shop's own QR."""

    code = "khqr.no_account"


def document_of(
    work: UnitOfWork,
    invoice: Invoice,
    number: InvoiceNumber,
    accounts: Sequence[ReceivingAccount],
    *,
    at: datetime,
) -> InvoiceDocument:
    """Return what a dated invoice says under its number, with the code that asks for its due.

    ``accounts`` are those in use, read before the number was taken. The code is remembered among
    those shown for the invoice. Raise NotFound for a receiving account that is not in use.
    """
    chosen = _chosen(accounts, invoice)
    khqr = _khqr(work, invoice, number, chosen, at=at) if chosen is not None else None
    shown = [chosen] if chosen is not None else []
    if invoice.riel_due is not None:
        shown += [one for one in accounts if one.currency == KHR][:1]
    means = PaymentMeans(accounts=tuple(_account(one) for one in shown), khqr=khqr)
    return describe(invoice, number, _letterhead(work, invoice), means)


def note_of(work: UnitOfWork, invoice: Invoice, note: CreditNote) -> InvoiceDocument:
    """Return what a credit note of an invoice says."""
    return describe_note(invoice, note, _letterhead(work, invoice))


def file_copy(work: UnitOfWork, file: StoredFile) -> None:
    """Write down a document that kasa drew, whose bytes lie in the file storage; not counted."""
    work.files.add(file)
    stored = FileStored(
        subject=file.id,
        file_kind=file.kind.value,
        size_bytes=file.size_bytes,
        sha256=file.sha256,
    )
    work.events.record(stored, at=file.stored_at)


def _chosen(accounts: Sequence[ReceivingAccount], invoice: Invoice) -> ReceivingAccount | None:
    """Return the account that the invoice names, else the oldest one of its currency."""
    wanted = invoice.content.account
    if wanted is None:
        return next((one for one in accounts if one.currency == invoice.currency), None)
    named = next((one for one in accounts if one.id == wanted), None)
    if named is None:
        raise NotFound
    return named if named.currency == invoice.currency else None


def _khqr(
    work: UnitOfWork,
    invoice: Invoice,
    number: InvoiceNumber,
    account: ReceivingAccount,
    *,
    at: datetime,
) -> DocumentKhqr | None:
    """Return the code of what is due, or None where there is none or none can be made."""
    payable = invoice.due_minor > 0 and invoice.currency in {KHR, USD}
    if not payable or not account.bakong_id or not account.names:
        return None
    expires = None if account.printed_qr else _expiry(invoice, work.tenant.zone, at)
    request = _request(work, invoice, number.text, account, expires=expires)
    try:
        shown = _shown(work, invoice, request, expires, at=at)
    except KhqrRefused:
        return None
    return DocumentKhqr(
        text=shown.payload, md5=shown.md5, amount=shown.amount, expires_at=shown.expires_at
    )


def show_code(work: UnitOfWork, id: InvoiceId, *, life: timedelta, at: datetime) -> KhqrShown:
    """Return a fresh code for what is due now, which lives for a while, and remember it.

    It asks for an amount whatever a printed one does, so that the bank can be asked whether it was
    paid. Raises NotFound for a draft, ``invoice.nothing_due``, ``khqr.no_account`` and
    ``khqr.<fault>``.
    """
    invoice = work.invoices.get(id)
    if invoice.number is None:
        raise NotFound
    payable = invoice.state in {InvoiceState.OPEN, InvoiceState.UNCOLLECTIBLE}
    if not payable or invoice.due_minor <= 0:
        raise NothingDue(state=invoice.state.value)
    able = [one for one in work.accounts.active() if one.bakong_id and one.names]
    account = next((one for one in able if one.id == invoice.content.account), None)
    account = account or next((one for one in able if one.currency == invoice.currency), None)
    if account is None or account.currency != invoice.currency:
        raise NoCodeAccount(currency=invoice.currency.code)
    request = _request(work, invoice, invoice.number.text, account, expires=at + life)
    return _shown(work, invoice, request, at + life, at=at)


def _request(
    work: UnitOfWork,
    invoice: Invoice,
    number: str,
    account: ReceivingAccount,
    *,
    expires: datetime | None,
) -> KhqrRequest:
    """Return what a code of an invoice asks for; without an expiry the payer types the amount."""
    merchant = account.tag == "30"
    return KhqrRequest(
        kind=KhqrKind.MERCHANT if merchant else KhqrKind.INDIVIDUAL,
        account_id=account.bakong_id,
        account_info=(account.account_info or None) if not merchant else None,
        merchant_id=(account.merchant_id or None) if merchant else None,
        bank=account.bank,
        name=_cut(account.names[0].text, KHQR_NAME_UNITS),
        city=_cut(account.city, KHQR_CITY_UNITS),
        currency=account.currency,
        amount=None if expires is None else invoice.due,
        expires_ms=milliseconds(expires) if expires is not None else None,
        bill_number=number,
        store=_cut(work.tenant.profile.name, KHQR_NAME_UNITS),
    )


def _shown(
    work: UnitOfWork,
    invoice: Invoice,
    request: KhqrRequest,
    expires: datetime | None,
    *,
    at: datetime,
) -> KhqrShown:
    """Return the code of a request, remembered among those shown for the invoice."""
    code = build_khqr(request, at)
    shown = KhqrShown(
        md5=code.md5,
        payload=code.payload,
        invoice=invoice.id,
        amount=request.amount,
        currency=request.currency,
        created_at=at,
        expires_at=expires,
    )
    work.khqr.add(shown)
    return shown


def _expiry(invoice: Invoice, zone: str, at: datetime) -> datetime:
    assert invoice.due_date is not None
    late = day_end(invoice.due_date + EXPIRY_AFTER_DUE, zone)
    return max(late, at + EXPIRY_AT_LEAST).astimezone(UTC)


def _cut(text: str, most: int) -> str:
    """Return the beginning of a text that has at most so many UTF-16 units."""
    while units(text) > most:
        text = text[:-1]
    return text.strip()


def _account(account: ReceivingAccount) -> DocumentAccount:
    return DocumentAccount(
        id=account.id,
        bank=account.bank,
        number=account.number,
        name=account.names[0].text if account.names else "",
        currency=account.currency,
    )


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
