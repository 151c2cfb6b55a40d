"""What people who look at payments do not see of the payers (payments.md, section 17)."""

import re

import attrs

from kasa.domain.payments.evidence import FieldReading, PaymentEvidence
from kasa.domain.payments.payment import Payment

VISIBLE_DIGITS = 3


def masked(payment: Payment) -> Payment:
    """Return a payment whose payer's account numbers show their last 3 digits only."""
    if payment.inputs is None:
        return payment
    evidence = without_payer_numbers(payment.inputs.evidence)
    return attrs.evolve(payment, inputs=attrs.evolve(payment.inputs, evidence=evidence))


def without_payer_numbers(evidence: PaymentEvidence) -> PaymentEvidence:
    """Return evidence whose payer's account numbers show their last 3 digits only."""
    return attrs.evolve(
        evidence,
        payer_account=_hidden(evidence.payer_account),
        parts=tuple(without_payer_numbers(part) for part in evidence.parts),
    )


def _hidden(reading: FieldReading[str]) -> FieldReading[str]:
    return attrs.evolve(
        reading,
        value=None if reading.value is None else hidden_digits(reading.value),
        candidates=tuple(hidden_digits(text) for text in reading.candidates),
    )


def hidden_digits(number: str) -> str:
    """Return a number with every digit but the last 3 as a star."""
    total = len(re.findall(r"\d", number))
    seen = 0

    def star(found: re.Match[str]) -> str:
        nonlocal seen
        seen += 1
        return found[0] if seen > total - VISIBLE_DIGITS else "*"

    return re.sub(r"\d", star, number)
