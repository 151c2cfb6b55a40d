"""A payment whose jobs all gave up is not forgotten."""

from datetime import timedelta

from kasa.application.payments.submitting import NewEvidence
from kasa.application.ports.jobs import Failed
from kasa.domain.payments.states import PaymentState
from tests.unit.payments.desk import Desk


def test_what_was_never_read_goes_to_a_person() -> None:
    """Whatever became of its jobs, a day later a person looks at it; the hourly look sees to it."""
    desk = Desk.open()
    invoice = desk.issue()
    new = NewEvidence(pictures=(b"never read", b"nor this"), invoice=invoice.id)
    sent = desk.kasa.payments.submit(desk.owner, new).payments
    desk.ports.worker.drain(lambda _: Failed("store.unavailable"))
    wake = desk.kasa.payments.wake_waiting
    desk.clock.pass_time(timedelta(hours=25))
    assert 0 == wake()
    desk.clock.pass_time(timedelta(hours=1))
    assert 0 < wake()
    assert 0 == wake()
    assert [PaymentState.IN_REVIEW] * 2 == [desk.payment(one).state for one in sent]
    assert {one.id for one in sent} == set(desk.invoice(invoice).reviews)
