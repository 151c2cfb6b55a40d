"""Reads of payments, accounts and codes."""

from collections.abc import Sequence

import attrs

from kasa.adapters.postgres.connection import Row, TenantConnection
from kasa.adapters.postgres.payments import statements
from kasa.adapters.postgres.payments.payments import near
from kasa.adapters.postgres.payments.stores import codes_of, first_owner, policy_of, rules_of
from kasa.adapters.postgres.payments.values import (
    account_of,
    evidence_of,
    first_use_of,
    payment_of,
)
from kasa.application.ports.payments import (
    DUE_LIMIT,
    PaymentCase,
    PaymentSummary,
    StoredEvidence,
)
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import AccountId, EventId, InvoiceId, PaymentId
from kasa.domain.kernel.money import KHR, Money, currency
from kasa.domain.kernel.paging import PAGE_LIMIT, Cursor, Page
from kasa.domain.payments.account import ReceivingAccount
from kasa.domain.payments.evidence import PaymentEvidence
from kasa.domain.payments.expected_payment import DueInvoice, MatchPolicy
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.references import ReferenceKeys, UsedReferences
from kasa.domain.payments.states import PaymentState


class PostgresPaymentViews:
    """Reads of payments of one tenant."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def case(self, event: EventId) -> PaymentCase:
        """Return what is needed to read and judge the payment of an event, or raise NotFound."""
        row = self._rows.get(statements.OF_EVENT, event=event)
        if not row["answerable"]:
            raise NotFound
        payment = payment_of(row)
        sent = self.evidence_of(payment.id)
        same = self._rows.first(statements.SAME_FILE, id=payment.id)
        return attrs.evolve(
            self._case(payment),
            pictures=tuple(row.picture for row in sent if row.picture is not None),
            same_file=None if same is None else first_use_of(same, same_file=True),
            typed=tuple(
                row.evidence for row in sent if row.picture is None and row.evidence is not None
            ),
        )

    def case_of(self, payment: Payment) -> PaymentCase:
        """Return what is needed to judge a payment that need not be stored."""
        if payment.invoice is not None:
            self._rows.get(statements.ISSUED, id=payment.invoice)
        return self._case(payment)

    def _case(self, payment: Payment) -> PaymentCase:
        accounts, policy = rules_of(self._rows)
        return PaymentCase(
            payment=payment,
            due=self._due(payment),
            accounts=tuple(account.accepted for account in accounts),
            policy=policy,
        )

    def used(self, keys: ReferenceKeys) -> UsedReferences:
        """Return the earliest payment that one of these keys belongs to."""
        return UsedReferences(first=first_owner(self._rows, keys))

    def near(self, evidence: PaymentEvidence) -> tuple[str, ...]:
        """Return the suspicions that stored payments give: near_duplicate, same_transfer."""
        return near(self._rows, evidence)

    def _due(self, payment: Payment) -> tuple[DueInvoice, ...]:
        rows = self._rows.all(statements.DUE, answers=payment.invoice, limit=DUE_LIMIT)
        return tuple(map(_due_of, rows))

    def show(self, id: PaymentId) -> Payment:
        """Return a payment, or raise NotFound."""
        return payment_of(self._rows.get(statements.GET, id=id))

    def evidence_of(self, id: PaymentId) -> tuple[StoredEvidence, ...]:
        """Return everything that was sent for a payment, in the order sent."""
        return tuple(evidence_of(row) for row in self._rows.all(statements.EVIDENCE_OF, id=id))

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
        rows = self._rows.all(
            statements.LISTED,
            states=[state.value for state in states] or None,
            invoice=invoice,
            reason=reason,
            after=None if after is None else after.id,
            size=size + 1,
        )
        shown = [payment_of(row) for row in rows[:size]]
        more = Cursor((), shown[-1].id) if len(rows) > size else None
        return Page(tuple(PaymentSummary.of(one) for one in shown), more)


def _due_of(row: Row) -> DueInvoice:
    due = Money(row["due_minor"], currency(row["currency"]))
    riel = row["riel_due_minor"] if row["accept_riel"] else None
    return DueInvoice(
        id=row["id"],
        number=row["number"],
        amounts=(due,) if riel is None else (due, Money(riel, KHR)),
        issued_at=row["issued_at"],
        own_codes=frozenset(row["codes"] or ()),
    )


class PostgresAccountViews:
    """Reads of receiving accounts of one tenant."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def listed(self) -> tuple[ReceivingAccount, ...]:
        """Return all accounts, those in use first, each group oldest first."""
        return tuple(account_of(row) for row in self._rows.all(statements.ACCOUNTS))

    def show(self, id: AccountId) -> ReceivingAccount:
        """Return an account, or raise NotFound."""
        return account_of(self._rows.get(statements.ACCOUNT, id=id))

    def policy(self) -> MatchPolicy:
        """Return the shop's rules of matching; the defaults when it set none."""
        return policy_of(self._rows)


class PostgresKhqrViews:
    """Reads of the codes that were shown, of one tenant."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def codes_of(self, invoices: Sequence[InvoiceId]) -> dict[InvoiceId, frozenset[str]]:
        """Return the MD5s of the codes shown for each of these invoices."""
        return codes_of(self._rows, invoices)
