"""One evidence beside one expected payment, as every gate and rule sees it."""

from datetime import datetime
from enum import StrEnum

import attrs

from kasa.domain.kernel.ids import PaymentId
from kasa.domain.kernel.money import Money
from kasa.domain.payments.evidence import PaymentEvidence
from kasa.domain.payments.expected_payment import ExpectedPayment, proves_own_code
from kasa.domain.payments.references import UsedReferences


class BankAnswer(StrEnum):
    """What the bank said when it was asked about a payment."""

    NOT_ASKED = "not_asked"
    FOUND = "found"
    CANNOT_TELL = "cannot_tell"
    DUE = "due"
    FAILED = "failed"
    NOT_FOUND = "not_found"


@attrs.frozen(kw_only=True, order=True)
class Part:
    """Another receipt that came in with this one and pays the same invoice with it."""

    payment: PaymentId
    amount: Money


def together(amount: Money | None, parts: tuple[Part, ...]) -> Money | None:
    """Return an amount with those of its parts; None when it is unknown or of another currency."""
    if amount is None or any(part.amount.currency != amount.currency for part in parts):
        return None
    return Money(amount.minor + sum(part.amount.minor for part in parts), amount.currency)


@attrs.frozen(kw_only=True)
class Case:
    """One evidence and one expected payment; ``fitting`` counts the candidates of its amount.

    ``parts``: the amount counts together with these.
    """

    evidence: PaymentEvidence
    expected: ExpectedPayment
    used: UsedReferences
    at: datetime
    bank: BankAnswer = BankAnswer.NOT_ASKED
    fitting: int = 0
    parts: tuple[Part, ...] = ()

    @property
    def by_bank(self) -> bool:
        """Whether a bank speaks in the evidence."""
        return any(source.is_bank for source in self.evidence.sources)

    @property
    def paid(self) -> Money | None:
        """The headline together with its parts; None when it is not known."""
        return together(self.evidence.known(self.evidence.amount), self.parts)

    @property
    def own_code(self) -> bool:
        """Whether the bank found the payment of a QR made for this invoice."""
        return proves_own_code(self.evidence, self.expected.own_codes)
