"""An invoice is issued, its receipt is read, and the shop's books are right, over PostgreSQL."""

from datetime import timedelta

import pytest

from kasa.adapters.memory.outside import StoppedClock
from kasa.application.kasa import Kasa
from kasa.domain.invoicing.invoice import InvoiceState
from kasa.domain.payments.states import PaymentState
from tests.integration.conftest import Database
from tests.places import ROOT
from tests.unit.journeys.steps import Steps
from tests.unit.journeys.test_invoice_to_paid import photographed

pytestmark = pytest.mark.integration


@pytest.fixture
def clock() -> StoppedClock:
    """Return a clock that moves only when told to."""
    return StoppedClock()


@pytest.fixture
def steps(database: Database, clock: StoppedClock) -> Steps:
    """Return an open shop in PostgreSQL; recognition and files are those of memory."""
    ports = database.ports(clock=clock)
    return Steps.open(Kasa.over(ports), ports)


def test_a_receipt_pays_its_invoice_once(steps: Steps, clock: StoppedClock) -> None:
    """Approved by the machine, goods gone, all recorded; the same receipt again is a duplicate."""
    first, second = steps.issue(), steps.issue()
    assert (10, 4) == steps.stock(steps.scarf)
    clock.pass_time(timedelta(minutes=7))
    picture = photographed(steps, steps.receipt())
    payment = steps.submit(picture, first)
    assert [] == steps.failures()
    assert PaymentState.APPROVED is payment.state
    assert InvoiceState.PAID is steps.invoice(first).state
    assert (8, 2) == steps.stock(steps.scarf)
    assert steps.history(payment.id)[-1] == "payments.payment_approved"
    again = steps.submit(picture, second)
    assert PaymentState.DUPLICATE is again.state
    assert InvoiceState.OPEN is steps.invoice(second).state


def test_a_wrong_amount_goes_to_a_person(steps: Steps) -> None:
    """A difference in money is never approved by the machine, and nothing moves."""
    invoice = steps.issue()
    payment = steps.submit(photographed(steps, steps.receipt(4_000)), invoice)
    assert PaymentState.IN_REVIEW is payment.state
    assert InvoiceState.OPEN is steps.invoice(invoice).state
    assert (10, 2) == steps.stock(steps.scarf)


def test_the_first_example_runs_over_postgresql(database: Database) -> None:
    """What the README shows in memory is true over the database as well."""
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    source = page.partition("```python\n")[2].partition("```")[0]
    assert "ports = memory_ports()\n" in source
    source = source.replace("56765745667", "56765745000")  # one transfer is known to all shops
    names = {"ports": database.ports(clock=StoppedClock())}
    exec(source.replace("ports = memory_ports()\n", ""), names)  # the README's own
    assert "invoice" in names
