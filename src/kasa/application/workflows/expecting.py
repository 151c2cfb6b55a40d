"""Which invoice a payment is meant for, and what would settle it."""

from kasa.application.ports.work import UnitOfWork
from kasa.domain.invoicing.invoice import Invoice, InvoiceState
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import InvoiceId
from kasa.domain.kernel.money import Money
from kasa.domain.payments.evidence import PaymentEvidence
from kasa.domain.payments.expected_payment import (
    DueInvoice,
    ExpectedPayment,
    PayerHint,
    expected,
    may_name_invoice,
    names_invoice,
    own_code_of,
)
from kasa.domain.payments.payment import Payment


def known_invoice(work: UnitOfWork, id: InvoiceId) -> str:
    """Return the number of an issued invoice, or raise NotFound; nobody pays a draft."""
    invoice = work.invoices.get(id)
    if invoice.number is None:
        raise NotFound
    return invoice.number.text


def invoice_of(
    work: UnitOfWork, payment: Payment, evidence: PaymentEvidence | None = None
) -> Invoice | None:
    """Return the invoice that a payment answers, else the one its evidence names, locked."""
    meant = payment.invoice
    if meant is None and evidence is not None:
        meant = _named(work, evidence)
    return None if meant is None else work.invoices.lock(meant)


def _named(work: UnitOfWork, evidence: PaymentEvidence) -> InvoiceId | None:
    code = own_code_of(evidence)
    shown = None if code is None else work.khqr.shown_for(code)
    if shown is not None:
        return shown
    for text in (evidence.known(evidence.bill_number), evidence.known(evidence.remark)):
        found = None if text is None else work.invoices.by_number(text.strip().upper())
        if found is not None and found.due_minor:
            return found.id
    amount = evidence.known(evidence.amount) if may_name_invoice(evidence) else None
    fitting = () if amount is None else work.invoices.candidates(amounts=[amount])
    named = (one.id for one in fitting if one.number and names_invoice(evidence, one.number.text))
    return next(named, None)


def expected_payments(
    work: UnitOfWork, payment: Payment, invoice: Invoice | None, *, evidence: PaymentEvidence
) -> tuple[ExpectedPayment, ...]:
    """Return what a payment is compared with: its locked invoice, else what may be meant.

    Candidates are read without lock and can never be approved.
    """
    accounts = tuple(account.accepted for account in work.accounts.active())
    return expected(
        _due(work, invoice, evidence),
        accounts,
        work.accounts.policy(),
        evidence=evidence,
        answers=payment.invoice,
        submitted_at=payment.submitted_at,
    )


def _due(
    work: UnitOfWork, invoice: Invoice | None, evidence: PaymentEvidence
) -> tuple[DueInvoice, ...]:
    amount = evidence.known(evidence.amount)
    if invoice is not None:
        others = work.invoices.candidates(customer=invoice.customer) if invoice.customer else ()
        named = _named(work, evidence)
        shown = () if named is None else (work.invoices.get(named),)
        every = {one.id: one for one in (*shown, *others)}
        found = (invoice, *(one for one in every.values() if one.id != invoice.id))
    else:
        found = () if amount is None else work.invoices.candidates(amounts=[amount])
    codes = work.khqr.codes_of([one.id for one in found])
    payers = work.payments.payers({one.customer for one in found if one.customer is not None})
    return tuple(
        _as_due(work, one, codes[one.id], payers.get(one.customer, ()) if one.customer else ())
        for one in found
        if one.number is not None
    )


def _as_due(
    work: UnitOfWork, invoice: Invoice, codes: frozenset[str], payers: tuple[PayerHint, ...]
) -> DueInvoice:
    assert invoice.number is not None, "only issued invoices are due"
    assert invoice.issued_at is not None, "an issued invoice has its moment"
    return DueInvoice(
        id=invoice.id,
        number=invoice.number.text,
        amounts=_amounts(invoice, accept_riel=work.tenant.profile.accept_riel),
        issued_at=invoice.issued_at,
        own_codes=codes,
        payer_hints=payers,
    )


def _amounts(invoice: Invoice, *, accept_riel: bool) -> tuple[Money, ...]:
    payable = invoice.state in {InvoiceState.OPEN, InvoiceState.UNCOLLECTIBLE}
    if not payable or not invoice.due_minor:
        return ()
    riel = invoice.riel_due if accept_riel else None
    return (invoice.due,) if riel is None else (invoice.due, riel)
