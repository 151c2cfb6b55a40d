"""A draft becomes an issued invoice: guarded, settled by credit, reserved, numbered, frozen."""

from datetime import date, datetime, timedelta

import attrs

from kasa.application.ports.work import UnitOfWork
from kasa.application.workflows.documenting import document_of
from kasa.application.workflows.invoice_stock import reserve_for
from kasa.domain.invoicing.accounting_currency import RateRequired, accounting_figures
from kasa.domain.invoicing.allocation import apply_at_issue
from kasa.domain.invoicing.balance import Booked
from kasa.domain.invoicing.canonical import written
from kasa.domain.invoicing.content import DocumentKind
from kasa.domain.invoicing.customer import Customer
from kasa.domain.invoicing.events import InvoiceIssued, InvoicePaid
from kasa.domain.invoicing.invoice import Invoice, InvoiceState
from kasa.domain.invoicing.numbering import Series
from kasa.domain.invoicing.parties import CustomerRequired, TinMissing
from kasa.domain.invoicing.snapshot import Snapshot
from kasa.domain.kernel.moments import business_date
from kasa.domain.kernel.money import KHR, CurrencyMismatch, ExchangeRate, Money


def issue(
    work: UnitOfWork, draft: Invoice, *, at: datetime, accept_shortage: bool = False
) -> Invoice:
    """Freeze a locked draft under its number, and record that it was issued.

    Uses the customer's credit, then reserves the goods: all of them, unless ``accept_shortage``.
    Raise ``invoice.*``, ``stock.insufficient``, ``series.clock_behind``.
    """
    profile = work.tenant.profile
    ready = draft.dated(business_date(at, profile.zone), terms_days=profile.terms_days)
    _check_parties(work, ready)
    booked = _settled(work, _converted(work, ready), at=at)
    reserve_for(work, booked.invoice, at=at, accept_shortage=accept_shortage)
    assert booked.invoice.issue_date is not None
    accounts = work.accounts.active()
    number = work.series.next(Series.INVOICE, on=booked.invoice.issue_date)
    document = document_of(work, booked.invoice, number, accounts, at=at)
    invoice = booked.invoice.issued(number, Snapshot.of(written(document)), at=at)
    work.invoices.save(invoice, booked.entries)
    work.events.record(InvoiceIssued.of(invoice), *booked.events, at=at)
    if invoice.state is InvoiceState.PAID:
        work.events.record(InvoicePaid(subject=invoice.id), at=at)
    return invoice


def _check_parties(work: UnitOfWork, invoice: Invoice) -> None:
    """Return when the parties are named as the kind of document demands, else raise."""
    buyer = _buyer(work, invoice)
    if invoice.content.kind is not DocumentKind.TAX_INVOICE:
        return
    if buyer is None:
        raise CustomerRequired
    missing = [
        who
        for who, tin in (("seller", work.tenant.profile.tin), ("buyer", buyer.details.tin))
        if not tin
    ]
    if missing:
        raise TinMissing(missing=tuple(missing))


def _buyer(work: UnitOfWork, invoice: Invoice) -> Customer | None:
    if invoice.customer is None:
        return None
    return work.customers.get(invoice.customer).usable()


def _converted(work: UnitOfWork, invoice: Invoice) -> Invoice:
    """Return it with its figures in the accounting currency, when it needs or has a rate."""
    assert invoice.issue_date is not None
    rate = invoice.content.rate or _rate(work, invoice, invoice.issue_date)
    if rate is None:
        return invoice
    if rate.base != invoice.currency:
        raise CurrencyMismatch(left=rate.base.code, right=invoice.currency.code)
    tax_invoice = invoice.content.kind is DocumentKind.TAX_INVOICE
    return attrs.evolve(
        invoice,
        accounting=accounting_figures(invoice.totals, rate),
        riel_step=1 if tax_invoice else work.tenant.profile.riel_step,
    )


def _rate(work: UnitOfWork, invoice: Invoice, day: date) -> ExchangeRate | None:
    """Return the shop's rate of a day; a Cambodian shop needs one for any other currency."""
    if work.tenant.profile.country != "KH" or invoice.currency == KHR:
        return None
    source = work.tenant.profile.rate_source
    last = day - timedelta(days=day.day) if source == "gdt_monthly" else day
    found = work.rates.on(invoice.currency, KHR, source=source, day=last)
    if found is None:
        raise RateRequired(currency=invoice.currency.code)
    return found


def _settled(work: UnitOfWork, invoice: Invoice, *, at: datetime) -> Booked:
    """Return it with the customer's credit used, when the shop wants that."""
    if invoice.customer is None or not work.tenant.profile.auto_apply_credit:
        none = Money.zero(invoice.currency)
        return Booked(invoice=invoice, entries=(), events=(), granted=none, unallocated=none)
    credit = work.credits.lock(invoice.customer, invoice.currency)
    return apply_at_issue(invoice, credit, at=at, by=work.author)
