"""Reads of payments, accounts and codes."""

from collections.abc import Sequence

import attrs

from kasa.adapters.memory.events import MemoryEventViews
from kasa.adapters.memory.invoicing.rows import INVOICES, PAYABLE
from kasa.adapters.memory.payments.payments import near
from kasa.adapters.memory.payments.rows import (
    ACCOUNTS,
    PAYMENTS,
    POLICIES,
    accounts_in_use,
    codes_of,
    evidence_of,
    first_owner,
    same_file,
)
from kasa.adapters.memory.payments.stores import POLICY
from kasa.adapters.memory.tables import Readable
from kasa.adapters.memory.tenancy import tenant_row
from kasa.application.ports.payments import (
    DUE_LIMIT,
    PaymentCase,
    PaymentSummary,
    StoredEvidence,
)
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import AccountId, EventId, InvoiceId, PaymentId
from kasa.domain.kernel.paging import PAGE_LIMIT, Cursor, Page
from kasa.domain.payments.account import ReceivingAccount
from kasa.domain.payments.evidence import PaymentEvidence
from kasa.domain.payments.expected_payment import DueInvoice, MatchPolicy
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.references import ReferenceKeys, UsedReferences
from kasa.domain.payments.states import PaymentState


class MemoryPaymentViews:
    """Reads of payments."""

    def __init__(self, rows: Readable) -> None:
        self._rows = rows

    def case(self, event: EventId) -> PaymentCase:
        """Return what is needed to read and judge the payment of an event, or raise NotFound."""
        subject = MemoryEventViews(self._rows).event(event).event.subject
        payment = self.show(PaymentId(subject))
        sent = self.evidence_of(payment.id)
        return attrs.evolve(
            self.case_of(payment),
            pictures=tuple(row.picture for row in sent if row.picture is not None),
            same_file=same_file(self._rows, payment.id),
            typed=tuple(
                row.evidence for row in sent if row.picture is None and row.evidence is not None
            ),
        )

    def case_of(self, payment: Payment) -> PaymentCase:
        """Return what is needed to judge a payment that need not be stored."""
        if payment.invoice is not None:
            answered = self._rows.read(INVOICES).get(payment.invoice)
            if answered is None or answered.number is None:
                raise NotFound
        return PaymentCase(
            payment=payment,
            due=self._due(payment),
            accounts=tuple(one.accepted for one in accounts_in_use(self._rows)),
            policy=self._rows.read(POLICIES).get(POLICY, MatchPolicy()),
        )

    def used(self, keys: ReferenceKeys) -> UsedReferences:
        """Return the earliest payment that one of these keys belongs to."""
        return UsedReferences(first=first_owner(self._rows, keys))

    def near(self, evidence: PaymentEvidence) -> tuple[str, ...]:
        """Return the suspicions that stored payments give: near_duplicate, same_transfer."""
        return near(self._rows, evidence)

    def _due(self, payment: Payment) -> tuple[DueInvoice, ...]:
        invoices = [
            one
            for one in self._rows.read(INVOICES).values()
            if one.state in PAYABLE and one.number is not None and one.due_minor > 0
        ]
        answered = [one for one in invoices if one.id == payment.invoice]
        others = [
            one
            for one in invoices
            if one.id != payment.invoice
            and (not answered or (one.customer and one.customer == answered[0].customer))
        ]
        chosen = (answered + others)[:DUE_LIMIT]
        codes = codes_of(self._rows, tuple(one.id for one in chosen))
        return tuple(self._as_due(one, codes[one.id]) for one in chosen)

    def _as_due(self, invoice: Invoice, codes: frozenset[str]) -> DueInvoice:
        assert invoice.number is not None, "an issued invoice has its number"
        assert invoice.issued_at is not None, "an issued invoice has its moment"
        riel = invoice.riel_due if tenant_row(self._rows).profile.accept_riel else None
        return DueInvoice(
            id=invoice.id,
            number=invoice.number.text,
            amounts=(invoice.due,) if riel is None else (invoice.due, riel),
            issued_at=invoice.issued_at,
            own_codes=codes,
        )

    def show(self, id: PaymentId) -> Payment:
        """Return a payment, or raise NotFound."""
        payment = self._rows.read(PAYMENTS).get(id)
        if payment is None:
            raise NotFound
        return payment

    def evidence_of(self, id: PaymentId) -> tuple[StoredEvidence, ...]:
        """Return everything that was sent for a payment, in the order sent."""
        return evidence_of(self._rows, id)

    def listed(
        self,
        *,
        states: Sequence[PaymentState] = (),
        invoice: InvoiceId | None = None,
        reason: str = "",
        after: Cursor | None = None,
        limit: int = 25,
    ) -> Page[PaymentSummary]:
        """Return a page of payments, oldest first; ``reason``: those whose verdict gives it."""
        size = min(limit, PAGE_LIMIT)
        found = sorted(
            (
                one
                for one in self._rows.read(PAYMENTS).values()
                if (not states or one.state in states)
                and (invoice is None or one.invoice == invoice)
                and (not reason or (one.verdict is not None and reason in one.verdict.reasons))
                and (after is None or one.id > after.id)
            ),
            key=lambda payment: payment.id,
        )
        shown = found[:size]
        more = Cursor((), shown[-1].id) if len(found) > size else None
        return Page(tuple(PaymentSummary.of(one) for one in shown), more)


class MemoryAccountViews:
    """Reads of receiving accounts."""

    def __init__(self, rows: Readable) -> None:
        self._rows = rows

    def listed(self) -> tuple[ReceivingAccount, ...]:
        """Return all accounts, those in use first, each group oldest first."""
        every = self._rows.read(ACCOUNTS).values()
        return tuple(sorted(every, key=lambda one: (one.archived_at is not None, one.id)))

    def show(self, id: AccountId) -> ReceivingAccount:
        """Return an account, or raise NotFound."""
        found = self._rows.read(ACCOUNTS).get(id)
        if found is None:
            raise NotFound
        return found

    def policy(self) -> MatchPolicy:
        """Return the shop's rules of matching; the defaults when it set none."""
        return self._rows.read(POLICIES).get(POLICY, MatchPolicy())


class MemoryKhqrViews:
    """Reads of the codes that were shown."""

    def __init__(self, rows: Readable) -> None:
        self._rows = rows

    def codes_of(self, invoices: Sequence[InvoiceId]) -> dict[InvoiceId, frozenset[str]]:
        """Return the MD5s of the codes shown for each of these invoices."""
        return codes_of(self._rows, tuple(invoices))
