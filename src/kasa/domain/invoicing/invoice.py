"""An invoice and its life: draft, open, paid, uncollectible, void."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import attrs

from kasa.domain.invoicing.accounting_currency import AccountingFigures, riel_to_pay
from kasa.domain.invoicing.annotations import Annotations
from kasa.domain.invoicing.content import InvoiceContent
from kasa.domain.invoicing.line_item import LineItem
from kasa.domain.invoicing.numbering import InvoiceNumber
from kasa.domain.invoicing.reason import checked_reason
from kasa.domain.invoicing.snapshot import Snapshot
from kasa.domain.invoicing.totals import Totals
from kasa.domain.kernel.errors import Conflict, Invalid, VersionStale
from kasa.domain.kernel.foreign import NO_METADATA, Metadata, reference
from kasa.domain.kernel.ids import CustomerId, InvoiceId, PaymentId
from kasa.domain.kernel.money import Currency, Money

DRAFTS_LIMIT = 1000


class InvoiceWrongState(Conflict):
    """The invoice is not in a state that allows this."""

    code = "invoice.wrong_state"


class InvoiceAlreadyIssued(Conflict):
    """The invoice has its number already."""

    code = "invoice.already_issued"


class InvoiceHasMoney(Conflict):
    """Money or a credit note stands against this invoice, or a payment of it is under review."""

    code = "invoice.has_money"


class InvoiceEmpty(Invalid):
    """An invoice needs at least one line before it is issued."""

    code = "invoice.empty"


class TooManyDrafts(Conflict):
    """A shop keeps at most 1,000 drafts."""

    code = "invoice.too_many_drafts"


class InvoiceState(StrEnum):
    """What an invoice is; overdue and partly paid are derived."""

    DRAFT = "draft"
    OPEN = "open"
    PAID = "paid"
    UNCOLLECTIBLE = "uncollectible"
    VOID = "void"


ACTS: dict[InvoiceState, tuple[str, ...]] = {
    InvoiceState.DRAFT: ("revise", "discard", "issue"),
    InvoiceState.OPEN: ("pay", "credit", "write_off", "void"),
    InvoiceState.PAID: ("credit", "refund", "reverse"),
    InvoiceState.UNCOLLECTIBLE: ("pay", "credit", "reinstate", "void"),
    InvoiceState.VOID: (),
}
"""What may be done in each state; an error names it."""


@attrs.frozen(kw_only=True)
class Invoice:
    """An invoice; every change returns the next version.

    ``due_minor`` is the gross total less its entries (``balance``). ``entries`` and ``notes``
    count what was appended. ``riel_step`` is to what the riel to pay are rounded. ``reviews``
    are the payments of this invoice that a person has to decide. ``external_ref``, ``metadata``
    and ``internal_note`` stand on no document and may change in every state.
    """

    id: InvoiceId
    content: InvoiceContent
    totals: Totals
    created_at: datetime
    updated_at: datetime
    due_minor: int
    state: InvoiceState = InvoiceState.DRAFT
    version: int = 1
    number: InvoiceNumber | None = None
    issue_date: date | None = None
    due_date: date | None = None
    issued_at: datetime | None = None
    accounting: AccountingFigures | None = None
    riel_step: int = 1
    snapshot: Snapshot | None = None
    internal_note: str = ""
    entries: int = 0
    notes: int = 0
    reviews: tuple[PaymentId, ...] = ()
    reason: str = ""
    paid_at: datetime | None = None
    external_ref: str | None = attrs.field(default=None, converter=reference)
    metadata: Metadata = NO_METADATA

    @classmethod
    def drafted(
        cls,
        id: InvoiceId,
        content: InvoiceContent,
        annotations: Annotations | None = None,
        *,
        at: datetime,
    ) -> "Invoice":
        """Return a new draft."""
        totals, beside = content.totals(), annotations or Annotations()
        return cls(
            id=id,
            content=content,
            totals=totals,
            created_at=at,
            updated_at=at,
            due_minor=totals.gross,
            internal_note=beside.internal_note,
            external_ref=beside.external_ref,
            metadata=beside.metadata,
        )

    @property
    def annotations(self) -> Annotations:
        """What is kept beside it and stands on no document."""
        return Annotations(
            external_ref=self.external_ref,
            metadata=self.metadata,
            internal_note=self.internal_note,
        )

    @property
    def customer(self) -> CustomerId | None:
        """Who buys; None for a walk-in."""
        return self.content.customer

    @property
    def currency(self) -> Currency:
        """The currency of every amount on it."""
        return self.content.currency

    @property
    def lines(self) -> tuple[LineItem, ...]:
        """What is sold."""
        return self.content.lines

    @property
    def gross(self) -> Money:
        """What the document asks for, tax included."""
        return Money(self.totals.gross, self.currency)

    @property
    def due(self) -> Money:
        """What is left to pay: never below 0, never above the gross total."""
        return Money(self.due_minor, self.currency)

    @property
    def riel_due(self) -> Money | None:
        """The riel that settle what is due, when a rate into riel was frozen; else None."""
        rate = self.accounting.rate if self.accounting is not None else None
        return riel_to_pay(self.due, rate, step=self.riel_step)

    @property
    def under_review(self) -> bool:
        """Whether a payment of it waits for a person's decision."""
        return bool(self.reviews)

    @property
    def partly_paid(self) -> bool:
        """Whether something, but not all, is settled."""
        return 0 < self.due_minor < self.totals.gross

    def overdue(self, today: date) -> bool:
        """Return whether it is open after its due date; ``today`` is the shop's day."""
        late = self.due_date is not None and today > self.due_date
        return late and self.state is InvoiceState.OPEN and self.due_minor > 0

    def counts(self, paid: Money) -> Money | None:
        """Return what a payment of ``paid`` settles here, or None when a person must say.

        Money in the invoice's currency counts as it is; exactly the riel due settles all of it.
        """
        if paid.currency == self.currency:
            return paid
        return self.due if paid == self.riel_due else None

    def revised(self, content: InvoiceContent, *, version: int, at: datetime) -> "Invoice":
        """Return the draft with other content, or raise ``version.stale``."""
        self.require(InvoiceState.DRAFT)
        self._seen(version)
        totals = content.totals()
        return self.next(at, content=content, totals=totals, due_minor=totals.gross)

    def annotated(
        self, annotations: Annotations, *, version: int | None = None, at: datetime
    ) -> "Invoice":
        """Return it with other annotations, in whatever state; raise ``version.stale``."""
        if version is not None:
            self._seen(version)
        return self.next(
            at,
            external_ref=annotations.external_ref,
            metadata=annotations.metadata,
            internal_note=annotations.internal_note,
        )

    def _seen(self, version: int) -> None:
        if version != self.version:
            raise VersionStale(current_version=self.version)

    def dated(self, on: date, *, terms_days: int) -> "Invoice":
        """Return the draft as it will be issued on a day: totals anew, due date set."""
        if self.number is not None:
            raise InvoiceAlreadyIssued(number=self.number.text)
        self.require(InvoiceState.DRAFT)
        if not self.lines:
            raise InvoiceEmpty
        totals = self.content.totals()
        own = self.content.terms_days
        days = terms_days if own is None else own
        return attrs.evolve(
            self,
            totals=totals,
            due_minor=totals.gross,
            issue_date=on,
            due_date=on + timedelta(days=days),
        )

    def issued(self, number: InvoiceNumber, snapshot: Snapshot, *, at: datetime) -> "Invoice":
        """Return it frozen under its number: open, or paid when nothing is due."""
        if self.number is not None:
            raise InvoiceAlreadyIssued(number=self.number.text)
        self.require(InvoiceState.DRAFT)
        if self.issue_date is None:
            raise ValueError("an invoice is dated before it is issued")
        paid = self.due_minor == 0
        return self.next(
            at,
            state=InvoiceState.PAID if paid else InvoiceState.OPEN,
            number=number,
            snapshot=snapshot,
            issued_at=at,
            paid_at=at if paid else None,
        )

    def written_off(self, reason: str, *, at: datetime) -> "Invoice":
        """Return it as uncollectible, or raise ``invoice.has_money`` while one is reviewed."""
        self.require(InvoiceState.OPEN)
        if self.under_review:
            raise InvoiceHasMoney(under_review=True)
        return self.next(at, state=InvoiceState.UNCOLLECTIBLE, reason=checked_reason(reason))

    def reinstated(self, *, at: datetime) -> "Invoice":
        """Return an uncollectible invoice as open again."""
        self.require(InvoiceState.UNCOLLECTIBLE)
        return self.next(at, state=InvoiceState.OPEN, reason="")

    def voided(self, reason: str, *, at: datetime) -> "Invoice":
        """Return it void for ever; nothing of it may be settled, credited or under review."""
        self.require(InvoiceState.OPEN, InvoiceState.UNCOLLECTIBLE)
        if self.due_minor != self.totals.gross or self.notes or self.under_review:
            raise InvoiceHasMoney(
                due=self.due.text, credit_notes=self.notes, under_review=self.under_review
            )
        return self.next(at, state=InvoiceState.VOID, reason=checked_reason(reason))

    def review_started(self, payment: PaymentId, *, at: datetime) -> "Invoice":
        """Return it with a payment of it under review; once is enough."""
        if payment in self.reviews:
            return self
        return self.next(at, reviews=(*self.reviews, payment))

    def review_ended(self, payment: PaymentId, *, at: datetime) -> "Invoice":
        """Return it without this payment under review."""
        if payment not in self.reviews:
            return self
        return self.next(at, reviews=tuple(one for one in self.reviews if one != payment))

    def require(self, *states: InvoiceState) -> None:
        """Return when it is in one of the states, else raise ``invoice.wrong_state``."""
        if self.state not in states:
            raise InvoiceWrongState(
                f"An invoice that is {self.state} does not allow this.",
                state=self.state.value,
                allowed=ACTS[self.state],
            )

    def next(self, at: datetime, **changes: Any) -> "Invoice":
        """Return it with changes and the next version; for the modules of this context."""
        return attrs.evolve(self, version=self.version + 1, updated_at=at, **changes)
