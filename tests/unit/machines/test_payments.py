"""Payments live in any order and the books stay right, in memory."""

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from kasa.domain.payments.states import PaymentState
from tests.unit.machines.payment_life import PaymentLife

STEPS, EXAMPLES = 20, 25
MET = {"approved", "duplicate", "in_review", "rejected", "reversed"}


def test_no_order_of_acts_breaks_the_books() -> None:
    """Each key belongs to one payment, sums equal allocations, goods move exactly when paid."""
    PaymentLife.seen.clear()
    run_state_machine_as_test(
        PaymentLife,
        settings=settings(
            max_examples=max(EXAMPLES, settings().max_examples // 4),
            stateful_step_count=STEPS,
            derandomize=True,
        ),
    )
    assert MET <= PaymentLife.seen <= {state.value for state in PaymentState}
