"""Stores of payments, their evidence and references, and the shop's receiving accounts."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import attrs

from kasa.domain.kernel.ids import (
    AccountId,
    ContactId,
    CustomerId,
    EventId,
    EvidenceId,
    FileId,
    InvoiceId,
    PaymentId,
)
from kasa.domain.kernel.money import Currency, Money
from kasa.domain.kernel.paging import Cursor, Page
from kasa.domain.payments.account import AcceptedAccount, ReceivingAccount
from kasa.domain.payments.evidence import PaymentEvidence, Source
from kasa.domain.payments.expected_payment import (
    DueInvoice,
    ExpectedPayment,
    MatchPolicy,
    PayerHint,
    expected,
)
from kasa.domain.payments.matching import MatchInputs, MatchVerdict, match
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.references import FirstUse, ReferenceKeys, UsedReferences
from kasa.domain.payments.states import PaymentState

Hints = tuple[PayerHint, ...]
DUE_LIMIT = 1000
"""How many open invoices a payment is compared with while it is read."""

NEAR_SPAN = timedelta(days=2)
"""How far apart payments may be that can resemble each other, zones included."""


@attrs.frozen(kw_only=True)
class EvidencePicture:
    """A picture that was sent for a payment; ``sha256`` is of the original bytes, in hex."""

    file: FileId
    storage_key: str
    sha256: str
    position: int = 0


@attrs.frozen(kw_only=True)
class StoredEvidence:
    """What one source gave for a payment; ``evidence`` is None until it was read."""

    id: EvidenceId
    payment: PaymentId
    source: Source
    picture: EvidencePicture | None = None
    evidence: PaymentEvidence | None = None
    took_milliseconds: int = 0


@attrs.frozen(kw_only=True)
class PaymentCase:
    """Everything that reading and judging a payment needs, fetched before the slow part.

    ``typed`` is evidence that is there without reading, such as what a person typed.
    ``same_file``: its picture was seen before.
    """

    payment: Payment
    pictures: tuple[EvidencePicture, ...] = ()
    due: tuple[DueInvoice, ...] = ()
    accounts: tuple[AcceptedAccount, ...] = ()
    policy: MatchPolicy = attrs.field(factory=MatchPolicy)
    same_file: FirstUse | None = None
    typed: tuple[PaymentEvidence, ...] = ()

    def judge(self, evidence: PaymentEvidence, *, at: datetime) -> MatchVerdict:
        """Match without storing anything; it knows the same file, not the used references."""
        used = UsedReferences().with_file(self.same_file)
        wanted = self.expected(evidence)
        return match(MatchInputs(evidence=evidence, expected=wanted, used=used, at=at))

    def expected(self, evidence: PaymentEvidence) -> tuple[ExpectedPayment, ...]:
        """Return what an evidence of this payment is compared with."""
        return expected(
            self.due,
            self.accounts,
            self.policy,
            evidence=evidence,
            answers=self.payment.invoice,
            submitted_at=self.payment.submitted_at,
        )


@attrs.frozen(kw_only=True)
class KhqrShown:
    """A KHQR that the shop showed; ``md5`` is of the exact payload."""

    md5: str
    payload: str
    invoice: InvoiceId | None
    amount: Money | None
    currency: Currency
    created_at: datetime
    expires_at: datetime | None = None


@attrs.frozen(kw_only=True)
class PaymentSummary:
    """A payment as it is listed."""

    id: PaymentId
    state: PaymentState
    source: Source
    submitted_at: datetime
    invoice: InvoiceId | None
    invoice_number: str
    amount: Money | None
    points: int
    decision: str
    reasons: tuple[str, ...]
    version: int

    @classmethod
    def of(cls, payment: Payment) -> "PaymentSummary":
        """Return the line of a payment in a list."""
        verdict = payment.verdict
        return cls(
            id=payment.id,
            state=payment.state,
            source=payment.source,
            submitted_at=payment.submitted_at,
            invoice=payment.invoice,
            invoice_number=payment.invoice_number,
            amount=payment.amount,
            points=verdict.points if verdict else 0,
            decision=verdict.decision.value if verdict else "",
            reasons=tuple(reason.value for reason in verdict.reasons) if verdict else (),
            version=payment.version,
        )


class PaymentStore(Protocol):
    """Payments and what was sent for them."""

    def lock(self, id: PaymentId) -> Payment:
        """Return the payment, locked until the unit of work ends, or raise NotFound."""

    def lock_parts(self, id: PaymentId) -> tuple[Payment, tuple[Payment, ...]]:
        """Return the payment and the others of its submission, all locked in the order of ids."""

    def get(self, id: PaymentId) -> Payment:
        """Return the payment without a lock, or raise NotFound."""

    def add(self, payment: Payment, evidence: Sequence[StoredEvidence] = ()) -> None:
        """Store a new payment with what was sent for it; it counts as locked."""

    def save(self, payment: Payment, evidence: PaymentEvidence | None = None) -> None:
        """Store a payment that was locked in the same unit of work, and what was read of it."""

    def evidence_of(self, id: PaymentId) -> tuple[StoredEvidence, ...]:
        """Return everything that was sent for a payment, in the order sent."""

    def attach(self, id: PaymentId, evidence: Sequence[StoredEvidence]) -> None:
        """Store further evidence for a locked payment."""

    def same_file(self, id: PaymentId) -> FirstUse | None:
        """Return the earliest other payment that one of its pictures was sent for before."""

    def near(self, id: PaymentId, evidence: PaymentEvidence) -> tuple[str, ...]:
        """Return the suspicions that earlier payments give: near_duplicate, same_transfer.

        Payments of one money are compared within some days, and on any day those that registered
        the same id. A concurrent one waits, so that one of two sees the other; several are asked
        in the order of their money, after the references are registered.
        """

    def payers(self, customers: Collection[CustomerId]) -> Mapping[CustomerId, Hints]:
        """Return who paid for each customer in approved payments, at most 20, newest first."""

    def submitted_since(self, at: datetime, *, contact: ContactId | None = None) -> int:
        """Count the payments submitted after a moment, by all or by one contact."""

    def asked_since(self, at: datetime, contact: ContactId) -> int:
        """Count the requests for a better picture after a moment; others wait to count them."""

    def of_invoice(self, invoice: InvoiceId) -> tuple[Payment, ...]:
        """Return the payments meant for an invoice, oldest first."""


class ReferenceRegistry(Protocol):
    """Every reference is used once; registering twice is an answer, not an error."""

    def register(self, payment: PaymentId, keys: ReferenceKeys, *, at: datetime) -> UsedReferences:
        """Register the keys that were read and look the candidates up, sorted, in one go.

        Keys of the same payment, and of its duplicates, do not count as used. ``first`` is the
        payment that one of the others belongs to, the earliest, never a duplicate itself.
        ``elsewhere`` is asked for the newly registered keys only, so a caller keeps a yes. A
        concurrent twin waits; a failed query raises.
        """


class AccountStore(Protocol):
    """Receiving accounts, their accepted names, and the shop's rules of matching."""

    def add(self, account: ReceivingAccount) -> None:
        """Store a new account; it counts as locked. Raises ``account.taken``."""

    def lock(self, id: AccountId) -> ReceivingAccount:
        """Return the account, locked until the unit of work ends, or raise NotFound."""

    def save(self, account: ReceivingAccount) -> None:
        """Store an account that was locked in the same unit of work."""

    def active(self) -> tuple[ReceivingAccount, ...]:
        """Return the accounts in use, oldest first."""

    def policy(self) -> MatchPolicy:
        """Return the shop's rules of matching; the defaults when it set none."""

    def set_policy(self, policy: MatchPolicy) -> None:
        """Store the shop's rules of matching."""


class KhqrStore(Protocol):
    """Every KHQR that was shown."""

    def add(self, code: KhqrShown) -> None:
        """Keep a code that is shown; the same one twice is kept once."""

    def shown_for(self, md5: str) -> InvoiceId | None:
        """Return the invoice that a code was shown for, or None."""

    def codes_of(self, invoices: Sequence[InvoiceId]) -> dict[InvoiceId, frozenset[str]]:
        """Return the MD5s of the codes shown for each of these invoices."""


class PaymentViews(Protocol):
    """What may be read of payments."""

    def case(self, event: EventId) -> PaymentCase:
        """Return what is needed to read and judge the payment of an event, or raise NotFound.

        ``due`` has the invoice it answers first, then the oldest open ones, at most 1,000.
        """

    def case_of(self, payment: Payment) -> PaymentCase:
        """Return what is needed to judge a payment that need not be stored.

        Raises NotFound when the invoice that it answers is not there, or is a draft.
        """

    def used(self, keys: ReferenceKeys) -> UsedReferences:
        """Return the earliest payment that one of these keys belongs to; nothing is registered."""

    def near(self, evidence: PaymentEvidence) -> tuple[str, ...]:
        """Return the suspicions that stored payments give: near_duplicate, same_transfer."""

    def show(self, id: PaymentId) -> Payment:
        """Return a payment, or raise NotFound."""

    def evidence_of(self, id: PaymentId) -> tuple[StoredEvidence, ...]:
        """Return everything that was sent for a payment, in the order sent."""

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


class AccountViews(Protocol):
    """What may be read of receiving accounts."""

    def listed(self) -> tuple[ReceivingAccount, ...]:
        """Return all accounts, those in use first, each group oldest first."""

    def show(self, id: AccountId) -> ReceivingAccount:
        """Return an account, or raise NotFound."""

    def policy(self) -> MatchPolicy:
        """Return the shop's rules of matching; the defaults when it set none."""


class KhqrViews(Protocol):
    """What may be read of the codes that were shown."""

    def codes_of(self, invoices: Sequence[InvoiceId]) -> dict[InvoiceId, frozenset[str]]:
        """Return the MD5s of the codes shown for each of these invoices."""
