"""Rules that look before they write: what two at once may not get past together."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from functools import partial

import attrs
import pytest

from kasa.adapters.conformance.strategies_payments import read
from kasa.application.inventory.receiving import ReceivedLine
from kasa.application.kasa import Kasa
from kasa.application.payments.submitting import NewEvidence
from kasa.application.ports.jobs import Job, Queue
from kasa.domain.identity.access import Actor
from kasa.domain.kernel.ids import ContactId
from kasa.domain.kernel.money import EUR, Money
from kasa.domain.payments.events import EvidenceSubmitted
from kasa.domain.payments.evidence import PaymentEvidence, ReceiptKind, Source
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.states import PaymentState
from tests.integration.conftest import Database
from tests.integration.postgres.racing import at_once, wide_desk, wide_ports
from tests.unit.journeys.steps import Steps
from tests.unit.payments.desk import Desk

pytestmark = [pytest.mark.integration, pytest.mark.A4]

ROUNDS = 5
CUSTOMERS = 2
CODE = PaymentEvidence(
    source=Source.SCREENSHOT, layout="generic", receipt=read(ReceiptKind.CODE), text_characters=90
)


def _verified(desk: Desk, payment: Payment) -> Callable[[], object]:
    with desk.ports.unit_of_work.read_only(desk.owner) as view:
        (submitted,) = (
            row for row in view.events.about(payment.id) if isinstance(row.event, EvidenceSubmitted)
        )
    job = Job(
        tenant=desk.owner.tenant,
        event=submitted.id,
        reaction="payments.verify",
        queue=Queue.MONEY,
        made_at=submitted.at,
    )
    return partial(desk.run, job)


def test_a_customer_is_asked_twice_a_day_however_many_are_read_at_once(database: Database) -> None:
    """Of five pictures that show no receipt two are asked about again, three go to the shop."""
    desk = wide_desk(database)
    for turn in range(CUSTOMERS):
        contact = ContactId(desk.ports.ids.new(desk.clock.now()))
        customer = Actor.customer(desk.owner.tenant, contact)
        sent = list[Payment]()
        for place in range(5):
            picture = f"{turn} {place}".encode()
            desk.reader.show(picture, CODE)
            new = NewEvidence(pictures=(picture,), invoice=desk.issue().id)
            sent += desk.kasa.payments.submit(customer, new).payments
        at_once(*(_verified(desk, payment) for payment in sent))
        found = Counter(desk.payment(payment).state for payment in sent)
        assert Counter({PaymentState.WAITING: 2, PaymentState.IN_REVIEW: 3}) == found


def test_goods_are_valued_in_the_currency_that_the_shop_has(database: Database) -> None:
    """First valued goods and another cost currency at once: one of the two is refused."""
    ports = wide_ports(database)
    ended = Counter[tuple[bool, bool]]()
    for _ in range(ROUNDS):
        steps = Steps.open(Kasa.over(ports), ports)
        profile = steps.kasa.tenancy.queries.tenant(steps.owner).profile
        other = attrs.evolve(profile, cost_currency=EUR)
        cost = Money(500, profile.cost_currency)
        line = ReceivedLine(product=steps.scarf.id, quantity=Decimal(1), total_cost=cost)
        ends = at_once(
            partial(steps.kasa.inventory.receive, steps.owner, [line]),
            partial(steps.kasa.tenancy.change_profile, steps.owner, other),
        )
        received, changed = (not isinstance(end, Exception) for end in ends)
        ended[received, changed] += 1
        valued = steps.kasa.inventory.queries.level(steps.owner, steps.scarf.id).level.value_minor
        assert (500 if received else 0) == valued
    assert (True, True) not in ended
