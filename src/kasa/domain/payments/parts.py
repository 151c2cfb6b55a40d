"""Several receipts that pay one invoice together: all of them are approved, or none (section 9)."""

from collections.abc import Mapping

import attrs

from kasa.domain.kernel.ids import PaymentId
from kasa.domain.payments.case import Part
from kasa.domain.payments.finding import Result
from kasa.domain.payments.matching import Decision, MatchInputs, MatchVerdict, match

Together = Mapping[PaymentId, MatchInputs]
"""What is known of each receipt of a submission that nobody decided yet, for one invoice."""

SETTLING = frozenset({Decision.APPROVE, Decision.WAIT})


def receipts_of(known: Together) -> Together:
    """Return those that may be parts: receipts, and no second showing of another payment."""
    return {payment: inputs for payment, inputs in known.items() if _is_receipt(match(inputs))}


def _is_receipt(verdict: MatchVerdict) -> bool:
    differs = verdict.outcome("receipt").result is Result.DIFFERS
    return verdict.decision is not Decision.DUPLICATE and not differs


def joined(known: Together) -> Together:
    """Return the inputs of each with the others as its parts.

    Empty when fewer than two are there, or when their amounts are not all known in one currency.
    """
    amounts = [(payment, one.evidence.known(one.evidence.amount)) for payment, one in known.items()]
    parts = sorted(Part(payment=payment, amount=amount) for payment, amount in amounts if amount)
    one_currency = len({part.amount.currency for part in parts}) == 1
    if len(known) < 2 or len(parts) < len(known) or not one_currency:
        return {}
    return {
        payment: attrs.evolve(
            inputs, parts=tuple(part for part in parts if part.payment != payment)
        )
        for payment, inputs in known.items()
    }


def may_be_part(payment: PaymentId, inputs: MatchInputs) -> bool:
    """Whether only the rest of the amount is missing: with it this receipt would be approved."""
    amount = inputs.evidence.known(inputs.evidence.amount)
    (wanted, *others) = inputs.expected
    if amount is None or others or inputs.parts:
        return False
    rests = [due - amount for due in wanted.amounts if due.currency == amount.currency]
    tried = (Part(payment=payment, amount=rest) for rest in rests if rest.minor > 0)
    return any(match(attrs.evolve(inputs, parts=(part,))).decision in SETTLING for part in tried)
