"""An invoice is issued, its receipt is read, and the shop's books are right, in memory."""

from datetime import timedelta

import pytest

from kasa.adapters.images.looks import screen
from kasa.adapters.memory.outside import StoppedClock
from kasa.adapters.memory.recognizer import ScriptedRecognizer
from kasa.application.kasa import Kasa
from kasa.application.ports.bundle import Ports
from kasa.application.ports.images import SampleReceipt
from kasa.domain.invoicing.invoice import InvoiceState
from kasa.domain.payments.states import PaymentState
from tests.unit.journeys.steps import RECEIVER, Steps


@pytest.fixture
def steps(kasa: Kasa, ports: Ports) -> Steps:
    """Return an open shop in memory."""
    return Steps.open(kasa, ports)


def photographed(steps: Steps, receipt: SampleReceipt) -> bytes:
    """Return the picture of a receipt, and let the recognizer read what it shows."""
    picture = steps.ports.samples.draw(receipt)
    shown = screen(receipt)
    rows = (f"{label} {value}" for label, value in shown.rows)
    lines = [shown.brand, shown.status, shown.headline, shown.above_name, shown.name, *rows]
    assert isinstance(steps.ports.recognizer, ScriptedRecognizer)
    steps.ports.recognizer.show(picture, *(line for line in lines if line))
    return picture


def test_a_receipt_pays_its_invoice(steps: Steps, clock: StoppedClock) -> None:
    """Approved by the machine; the invoice is paid, the goods have left, all of it is recorded."""
    invoice = steps.issue()
    assert (10, 2) == steps.stock(steps.scarf)
    clock.pass_time(timedelta(minutes=7))
    picture = photographed(steps, steps.receipt())
    clock.pass_time(timedelta(minutes=2))
    payment = steps.submit(picture, invoice)
    assert [] == steps.failures()
    assert PaymentState.APPROVED is payment.state
    assert InvoiceState.PAID is steps.invoice(invoice).state
    assert (8, 0) == steps.stock(steps.scarf)
    assert (18, 0) == steps.stock(steps.krama)
    assert steps.history(payment.id)[-1] == "payments.payment_approved"
    assert "invoicing.invoice_paid" in steps.history(invoice.id)


def test_a_wrong_amount_goes_to_a_person(steps: Steps) -> None:
    """A difference in money is never approved by the machine, and nothing moves."""
    invoice = steps.issue()
    payment = steps.submit(photographed(steps, steps.receipt(4_000)), invoice)
    assert PaymentState.IN_REVIEW is payment.state
    assert InvoiceState.OPEN is steps.invoice(invoice).state
    assert (10, 2) == steps.stock(steps.scarf)


def test_the_same_receipt_pays_once(steps: Steps) -> None:
    """The second use of a receipt is a duplicate of the first, for any invoice."""
    first, second = steps.issue(), steps.issue()
    picture = photographed(steps, steps.receipt())
    steps.submit(picture, first)
    again = steps.submit(picture, second)
    assert PaymentState.DUPLICATE is again.state
    assert InvoiceState.OPEN is steps.invoice(second).state
    assert (8, 2) == steps.stock(steps.scarf)


def test_another_picture_of_the_same_transfer_pays_once(steps: Steps, clock: StoppedClock) -> None:
    """The bank's reference decides, not the bytes of the picture."""
    first, second = steps.issue(), steps.issue()
    receipt = steps.receipt()
    steps.submit(photographed(steps, receipt), first)
    other = photographed(steps, steps.receipt(receiver=f"{RECEIVER} "))
    assert PaymentState.DUPLICATE is steps.submit(other, second).state


def test_a_picture_of_something_else_goes_to_a_person(steps: Steps) -> None:
    """A picture without words is no receipt; the customer is asked for a better one."""
    invoice = steps.issue()
    payment = steps.submit(b"a cat", invoice)
    assert PaymentState.IN_REVIEW is payment.state
    assert [] == steps.failures()
