"""A person has the second engine read what the machine could not decide."""

from datetime import timedelta

import attrs
import pytest

from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.outside import StoppedClock
from kasa.application.payments.accounts import NewAccount
from kasa.application.payments.submitting import NewEvidence
from kasa.domain.identity.access import Role, RoleTooLow
from kasa.domain.payments.effort import offers_second_engine
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.recognition import Effort
from kasa.domain.payments.states import AlreadyDecided, PaymentState
from tests.unit.payments.desk import Desk
from tests.unit.payments.drawn import NEAR
from tests.unit.payments.test_reading import ABA_CARD
from tests.unit.payments.test_second_opinion import Engines
from tests.unit.payments.test_two_engines import changed

FIRST_ALONE = frozenset({Effort.FIRST, Effort.LARGER})
LOST = changed(ABA_CARD, "-25,000 KHR", "~~?~~ ~~?")


def reviewed(engines: Engines) -> tuple[Desk, Payment]:
    """Return a shop with a payment that the first engine could not read."""
    clock = StoppedClock(NEAR - timedelta(hours=3))
    desk = Desk.open(attrs.evolve(memory_ports(clock=clock), recognizer=engines), clock)
    account = NewAccount(bank="ABA", number="000123456", names=("KASA SHOP",))
    desk.kasa.payments.add_account(desk.owner, account)
    invoice = desk.issue()
    clock.pass_time(timedelta(hours=3))
    new = NewEvidence(pictures=(b"a receipt",), invoice=invoice.id)
    (payment,) = desk.kasa.payments.submit(desk.owner, new).payments
    desk.ports.worker.drain(desk.kasa.run)
    return desk, desk.payment(payment)


def test_the_second_engine_decides_what_the_first_could_not() -> None:
    """A review offers the second engine; what it supplies settles the payment, once."""
    engines = Engines(LOST, ABA_CARD, available=FIRST_ALONE)
    desk, payment = reviewed(engines)
    assert PaymentState.IN_REVIEW is payment.state
    assert payment.inputs is not None
    assert payment.verdict is not None
    assert offers_second_engine(payment.inputs.evidence, payment.verdict)
    engines.available = FIRST_ALONE | {Effort.SECOND_ENGINE}
    read = desk.kasa.payments.read_again(desk.owner, payment.id)
    assert PaymentState.APPROVED is read.state
    assert read.inputs is not None
    assert Effort.SECOND_ENGINE in read.inputs.evidence.efforts
    with pytest.raises(AlreadyDecided):
        desk.kasa.payments.read_again(desk.owner, payment.id)


def test_a_second_engine_that_disagrees_leaves_it_to_the_person() -> None:
    """Reading again is no shopping for an approval: another amount stays in review."""
    other = changed(ABA_CARD, "-25,000", "-26,000")
    engines = Engines(LOST, other, available=FIRST_ALONE)
    desk, payment = reviewed(engines)
    engines.available = FIRST_ALONE | {Effort.SECOND_ENGINE}
    read = desk.kasa.payments.read_again(desk.owner, payment.id)
    assert PaymentState.IN_REVIEW is read.state


def test_it_takes_the_right_to_decide() -> None:
    """Who may not decide payments may not have them read again."""
    desk, payment = reviewed(Engines(LOST, ABA_CARD, available=FIRST_ALONE))
    with pytest.raises(RoleTooLow):
        desk.kasa.payments.read_again(desk.person(Role.VIEWER), payment.id)
