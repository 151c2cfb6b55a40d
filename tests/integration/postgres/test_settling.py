"""Many want to settle at once: a payment settles once, an invoice is paid once."""

from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest

from kasa.application.kasa import Kasa
from kasa.application.payments.deciding import Approval, Cash
from kasa.application.ports.jobs import Done, Job, Queue
from kasa.domain.invoicing.invoice import InvoiceState
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.payments.events import EvidenceSubmitted
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.states import PaymentState
from tests.integration.conftest import Database
from tests.integration.postgres.racing import at_once, wide_ports
from tests.unit.journeys.steps import Steps

pytestmark = [pytest.mark.integration, pytest.mark.A1]

CONTENDERS = 200
PAYERS = 20


@pytest.fixture
def steps(database: Database) -> Steps:
    """Return an open shop over PostgreSQL with connections for many."""
    ports = wide_ports(database)
    return Steps.open(Kasa.over(ports), ports)


def _kinds(steps: Steps) -> Counter[str]:
    with steps.ports.unit_of_work.read_only(steps.owner) as view:
        page = view.events.trail(limit=100)
    return Counter(row.event.kind for row in page.items)


def _reading(steps: Steps, payment: Payment) -> Job:
    """Return the job that read a payment's evidence, as it would be repeated by hand."""
    with steps.ports.unit_of_work.read_only(steps.owner) as view:
        (submitted,) = (
            row for row in view.events.about(payment.id) if isinstance(row.event, EvidenceSubmitted)
        )
    return Job(
        tenant=steps.owner.tenant,
        event=submitted.id,
        reaction="payments.verify",
        queue=Queue.MONEY,
        made_at=submitted.at,
    )


def test_a_payment_settles_once_for_200_contenders(steps: Steps) -> None:
    """Persons who approve and the repeated job of its reading: one approval, one movement each."""
    invoice = steps.issue()
    payment = steps.submit(b"a cat", invoice)
    assert PaymentState.IN_REVIEW is payment.state
    job = _reading(steps, payment)
    seen = Approval(version=payment.version, amount=Money(40_000, KHR), reason="seen in the app")
    calls: list[Callable[[], object]] = [
        partial(steps.kasa.payments.approve, steps.owner, payment.id, seen),
        partial(steps.kasa.run, job),
    ]
    ends = at_once(*calls * (CONTENDERS // 2))
    assert {Done, Payment} == {type(end) for end in ends}
    assert PaymentState.APPROVED is steps.payment(payment).state
    assert InvoiceState.PAID is steps.invoice(invoice).state
    kinds = _kinds(steps)
    assert (1, 1) == (kinds["payments.payment_approved"], kinds["invoicing.invoice_paid"])
    assert [(8, 0), (18, 0)] == [steps.stock(steps.scarf), steps.stock(steps.krama)]


def test_an_invoice_is_paid_once_by_20_payers(steps: Steps) -> None:
    """The first to settle pays it; what the others paid is written down, and pays nothing again."""
    invoice = steps.issue()
    cash = Cash(invoice=invoice.id, amount=Money(40_000, KHR))
    ends = at_once(*[partial(steps.kasa.payments.record, steps.owner, cash)] * PAYERS)
    paid = [end for end in ends if isinstance(end, Payment)]
    assert len(paid) == PAYERS
    left = Counter(end.unallocated for end in paid)
    assert Counter({None: 1, Money(40_000, KHR): PAYERS - 1}) == left
    assert InvoiceState.PAID is steps.invoice(invoice).state
    assert 1 == _kinds(steps)["invoicing.invoice_paid"]
    assert [(8, 0), (18, 0)] == [steps.stock(steps.scarf), steps.stock(steps.krama)]
