"""A verdict in the tables is explained by the inputs beside it."""

import attrs
import pytest

from kasa.adapters.conformance.strategies_payments import read
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.payments.evidence import Outcome, PaymentEvidence
from kasa.domain.payments.matching import match
from tests.integration.conftest import Database
from tests.integration.postgres.racing import wide_desk
from tests.unit.payments.desk import transfer

pytestmark = [pytest.mark.integration, pytest.mark.A8]


def _seen() -> list[PaymentEvidence]:
    """Return an honest receipt, one of too little, one not finished, and the first once more."""
    honest = transfer(1)
    pending = attrs.evolve(transfer(3), outcome=read(Outcome.PENDING))
    short = attrs.evolve(transfer(2), amount=read(Money(24_999, KHR)))
    return [honest, short, pending, honest]


def test_stored_inputs_give_the_stored_verdict_again(database: Database) -> None:
    """Approved, reviewed or a duplicate: the same verdict, points and versions."""
    desk = wide_desk(database)
    payments = [desk.submit(shown, desk.issue()) for shown in _seen()]
    for payment in payments:
        assert payment.inputs is not None
        assert payment.verdict == match(payment.inputs)
    decisions = {payment.verdict.decision for payment in payments if payment.verdict is not None}
    assert len(decisions) > 1
