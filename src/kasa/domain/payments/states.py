"""The states of a payment and the steps between them (payments.md, section 15)."""

from enum import StrEnum

from kasa.domain.kernel.errors import Conflict


class AlreadyDecided(Conflict):
    """This payment was decided already, or the step is not open to it."""

    code = "payment.already_decided"


class PaymentState(StrEnum):
    """Where a payment stands; only an approved one has moved money."""

    SUBMITTED = "submitted"
    WAITING = "waiting"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    REVERSED = "reversed"

    @property
    def is_undecided(self) -> bool:
        """Whether the verdict or a person still has to decide."""
        return self in UNDECIDED


UNDECIDED = frozenset({PaymentState.SUBMITTED, PaymentState.WAITING, PaymentState.IN_REVIEW})

STEPS: dict[PaymentState, frozenset[PaymentState]] = {
    PaymentState.SUBMITTED: frozenset(
        {
            PaymentState.WAITING,
            PaymentState.IN_REVIEW,
            PaymentState.APPROVED,
            PaymentState.DUPLICATE,
        }
    ),
    PaymentState.WAITING: frozenset(
        {PaymentState.IN_REVIEW, PaymentState.APPROVED, PaymentState.DUPLICATE}
    ),
    PaymentState.IN_REVIEW: frozenset(
        {
            PaymentState.APPROVED,
            PaymentState.REJECTED,
            PaymentState.WAITING,
            PaymentState.DUPLICATE,
        }
    ),
    PaymentState.APPROVED: frozenset({PaymentState.REVERSED}),
    PaymentState.REJECTED: frozenset({PaymentState.IN_REVIEW}),
    PaymentState.REVERSED: frozenset({PaymentState.IN_REVIEW}),
    PaymentState.DUPLICATE: frozenset(),
}


def step(state: PaymentState, to: PaymentState) -> PaymentState:
    """Return ``to`` when the step is open, else raise ``payment.already_decided``."""
    if to not in STEPS[state]:
        raise AlreadyDecided(state=state.value, wanted=to.value)
    return to
