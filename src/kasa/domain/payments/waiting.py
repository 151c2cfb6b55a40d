"""Until when a payment waits: nothing waits without a moment at which it is looked at again."""

from datetime import datetime

from kasa.domain.payments.payment import CUSTOMER_WAIT, Payment
from kasa.domain.payments.states import PaymentState


def wakes_at(payment: Payment) -> datetime | None:
    """Return when a payment is looked at again, or None when nothing waits for anything.

    A waiting one always has its moment, the first of: the end of what its verdict or its customer
    is waited for, and the next question to the bank, which may answer while a customer is asked.
    One that a person looks at may still be asked for at the bank.
    """
    if payment.verdict is None or payment.inputs is None:
        return None
    asks = payment.inputs.try_again_at
    if payment.state is PaymentState.IN_REVIEW:
        return asks
    if payment.state is not PaymentState.WAITING:
        return None
    moments = (payment.waits_until, payment.verdict.try_again_at, asks)
    return min(
        (moment for moment in moments if moment is not None),
        default=payment.submitted_at + CUSTOMER_WAIT,
    )
