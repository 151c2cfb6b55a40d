"""Until when a payment waits: nothing waits without a moment at which it is looked at again."""

from datetime import datetime

from kasa.domain.payments.payment import CUSTOMER_WAIT, Payment
from kasa.domain.payments.states import PaymentState


def wakes_at(payment: Payment) -> datetime | None:
    """Return when a payment is looked at again, or None when nothing waits for anything.

    A waiting one always has its moment: that of its verdict, else the end of the customer's time.
    One that a person looks at may still be asked for at the bank.
    """
    if payment.verdict is None or payment.inputs is None:
        return None
    if payment.state is PaymentState.WAITING:
        told = payment.waits_until or payment.verdict.try_again_at or payment.inputs.try_again_at
        return told or payment.submitted_at + CUSTOMER_WAIT
    return payment.inputs.try_again_at if payment.state is PaymentState.IN_REVIEW else None
