"""One evidence beside one expected payment, as every gate and rule sees it."""

from datetime import datetime
from enum import StrEnum

import attrs

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


@attrs.frozen(kw_only=True)
class Case:
    """One evidence and one expected payment; ``fitting`` counts the candidates of its amount."""

    evidence: PaymentEvidence
    expected: ExpectedPayment
    used: UsedReferences
    at: datetime
    bank: BankAnswer = BankAnswer.NOT_ASKED
    fitting: int = 0

    @property
    def by_bank(self) -> bool:
        """Whether a bank speaks in the evidence."""
        return any(source.is_bank for source in self.evidence.sources)

    @property
    def own_code(self) -> bool:
        """Whether the bank found the payment of a QR made for this invoice."""
        return proves_own_code(self.evidence, self.expected.own_codes)
