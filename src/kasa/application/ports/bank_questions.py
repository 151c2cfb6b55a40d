"""What the bank was asked, so that it is asked again at the right moment and not too often."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import attrs

from kasa.domain.kernel.ids import BankQuestionId, InvoiceId, PaymentId
from kasa.domain.payments.asking import OwnCode, PastQuestion
from kasa.domain.payments.bank_reply import QuestionKind

CODES_LISTED = 5


@attrs.frozen(kw_only=True)
class BankQuestion:
    """A question as it is written down before it is asked; ``answer`` is empty until one came.

    It is about a ``payment``, or about a code that was shown for an ``invoice`` and that nobody
    said to have paid. ``status`` is the HTTP status of the answer, 0 when the bank was not
    reached.
    """

    id: BankQuestionId
    kind: QuestionKind
    value: str
    asked_at: datetime
    invoice: InvoiceId | None = None
    payment: PaymentId | None = None
    answer: str = ""
    status: int = 0

    @property
    def past(self) -> PastQuestion:
        """The question as the schedule counts it."""
        return PastQuestion(
            kind=self.kind, value=self.value, asked_at=self.asked_at, answer=self.answer
        )


@attrs.frozen(kw_only=True)
class Spent:
    """How many questions were asked: by the shop since a moment, and ever for one invoice."""

    by_shop: int
    for_invoice: int


class BankQuestionStore(Protocol):
    """Questions to the bank, counted before they are asked."""

    def spent(self, question: BankQuestion, *, since: datetime) -> Spent:
        """Count what was asked before; until the unit of work ends nobody else of the shop counts.

        A question without an invoice is counted with those of its payment.
        """

    def add(self, question: BankQuestion) -> None:
        """Write a question down that is about to be asked."""

    def answered(self, id: BankQuestionId, answer: str, status: int) -> None:
        """Write down the answer of a question; the last one stands."""


class BankQuestionViews(Protocol):
    """What may be read of questions to the bank, and of the codes that can be asked for."""

    def of_payment(self, payment: PaymentId) -> Sequence[PastQuestion]:
        """Return what was asked about a payment, oldest first."""

    def of_code(self, md5: str) -> Sequence[PastQuestion]:
        """Return what was asked about a code, oldest first."""

    def codes(self, invoice: InvoiceId) -> Sequence[OwnCode]:
        """Return the dynamic codes that were shown for an invoice, newest first, at most 5."""
