"""A recogniser whose children crash or hang: the payment waits, and then a person looks."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import attrs
import pytest

from kasa.adapters.conformance.strategies_payments import PAID_AT
from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.outside import StoppedClock
from kasa.adapters.sandbox.pool import SandboxLimits, SandboxPool
from kasa.application.payments.submitting import NewEvidence
from kasa.domain.payments.recognition import Effort, Reading
from kasa.domain.payments.states import PaymentState
from tests.integration.sandbox import tasks
from tests.unit.payments.desk import Desk

pytestmark = pytest.mark.integration


@attrs.frozen
class Failing:
    """A recogniser whose every reading ends its child."""

    pool: SandboxPool
    task: Callable[[SandboxPool], None]
    available: frozenset[Effort] = frozenset({Effort.FIRST})
    versions: tuple[str, ...] = ("failing 1",)

    def recognize(self, picture: bytes, effort: Effort, *, turn: int = 0) -> tuple[Reading, ...]:
        """Crash or hang."""
        self.task(self.pool)
        return ()


@pytest.fixture
def pool() -> Iterator[SandboxPool]:
    """A pool of one child that may take a second."""
    with SandboxPool(limits=SandboxLimits(seconds=1)) as pool:
        yield pool


@pytest.mark.E4
@pytest.mark.parametrize(
    "task",
    [
        pytest.param(lambda pool: pool.run(tasks.crash), id="crashing"),
        pytest.param(lambda pool: pool.run(tasks.sleep, 60), id="sleeping", marks=pytest.mark.deep),
    ],
)
def test_a_payment_waits_for_a_recogniser_that_fails(
    pool: SandboxPool, task: Callable[[SandboxPool], None]
) -> None:
    """Each try gets a new child, the shop goes on, and after an hour a person is asked."""
    clock = StoppedClock(PAID_AT)
    ports = attrs.evolve(memory_ports(clock=clock), recognizer=Failing(pool, task))
    desk = Desk.open(ports, clock)
    run = desk.kasa.run
    invoice = desk.issue()
    sent = desk.kasa.payments.submit(
        desk.owner, NewEvidence(pictures=(b"a receipt",), invoice=invoice.id)
    )
    desk.ports.worker.drain(run)
    assert PaymentState.SUBMITTED is desk.payment(sent.payments[0]).state
    assert pool.run(tasks.process_id) > 0
    assert desk.issue().number != invoice.number
    for _ in range(12):
        clock.pass_time(timedelta(minutes=10))
        desk.ports.worker.drain(run)
    reviewed = desk.payment(sent.payments[0])
    assert PaymentState.IN_REVIEW is reviewed.state
    assert reviewed.inputs is not None
    assert not reviewed.inputs.evidence.efforts
    assert pool.run(tasks.process_id) > 0
