"""Who speaks for a bank, and what people do with alerts of nobody."""

from datetime import timedelta

import pytest

from kasa.adapters.conformance.strategies_payments import PAID_AT, read
from kasa.application.payments.accounts import NewAccount
from kasa.application.payments.alert_deciding import AlertOfAnother, PaymentHasAlert
from kasa.domain.identity.access import Actor, Role, RoleTooLow
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import AlertId, ClientId
from kasa.domain.payments.alerts.alert import AlertAssigned, AlertIgnored
from kasa.domain.payments.alerts.reading import Sender
from kasa.domain.payments.evidence import UNREADABLE, Outcome, Source
from kasa.domain.payments.expected_payment import MatchPolicy
from kasa.domain.payments.finding import Result
from kasa.domain.payments.states import AlreadyDecided, PaymentState
from tests.unit.payments.alerting import (
    aba_text,
    message,
    points,
    screen,
    take,
    unassigned,
)
from tests.unit.payments.desk import Desk


@pytest.fixture
def desk() -> Desk:
    """Return a shop whose clock stands a minute after the payment."""
    opened = Desk.open()
    opened.clock.set(PAID_AT + timedelta(minutes=1))
    return opened


def test_ingested_words_are_one_step_weaker(desk: Desk) -> None:
    """They do not approve alone unless the owner trusts them, and join at most firmly."""
    invoice, other = desk.issue(), desk.issue()
    assert invoice.number is not None
    assert other.number is not None
    told = aba_text(remark=invoice.number.text)
    assert take(desk, told, ingested=True, sender=Sender.PERSON).payment is None
    desk.kasa.payments.set_policy(desk.owner, MatchPolicy(trust_ingest=True))
    told = aba_text(remark=other.number.text, number=2)
    taken = take(desk, told, ingested=True, sender=Sender.PERSON, message=2)
    assert taken.payment is not None
    assert (PaymentState.APPROVED, Source.ALERT_INGESTED) == (
        taken.payment.state,
        taken.payment.source,
    )


def test_a_program_is_never_a_bound_bot(desk: Desk) -> None:
    """What a key of the shop passes on is ingested, whatever its envelope says."""
    client = ClientId(desk.ports.ids.new(PAID_AT))
    key = Actor.key(desk.owner.tenant, client, frozenset({"alerts:write"}))
    taken = desk.kasa.payments.take_alert(key, message(aba_text()))
    assert taken.alert is not None
    assert Source.ALERT_INGESTED is taken.alert.source


def test_a_person_assigns_an_alert(desk: Desk) -> None:
    """The chosen invoice is paid by it; a second choice is refused."""
    invoice, other = desk.issue(), desk.issue()
    taken = take(desk, aba_text())
    assert taken.alert is not None
    assign = desk.kasa.payments.assign_alert
    with pytest.raises(NotFound):
        assign(desk.owner, AlertId(invoice.id), invoice.id)
    with pytest.raises(RoleTooLow):
        assign(desk.person(Role.USER), taken.alert.id, invoice.id)
    payment = assign(desk.owner, taken.alert.id, invoice.id)
    assert (PaymentState.APPROVED, invoice.id) == (payment.state, payment.invoice)
    assert 89 == points(payment)
    with pytest.raises(AlertAssigned):
        assign(desk.owner, taken.alert.id, other.id)
    with pytest.raises(AlertAssigned):
        desk.kasa.payments.ignore_alert(desk.owner, taken.alert.id)
    assert 25_000 == desk.invoice(other).due_minor


def test_an_assigned_alert_of_another_amount_is_reviewed(desk: Desk) -> None:
    """What a person assigns is still judged: too little goes to review."""
    invoice = desk.issue()
    taken = take(desk, aba_text("៛24,000"))
    assert taken.alert is not None
    payment = desk.kasa.payments.assign_alert(desk.owner, taken.alert.id, invoice.id)
    assert PaymentState.IN_REVIEW is payment.state


def test_a_person_puts_an_alert_aside(desk: Desk) -> None:
    """It is no longer listed, joins nothing, and is for no invoice; twice is once."""
    taken = take(desk, aba_text())
    assert taken.alert is not None
    ignore = desk.kasa.payments.ignore_alert
    assert ignore(desk.owner, taken.alert.id) == ignore(desk.owner, taken.alert.id)
    assert [] == unassigned(desk)
    invoice = desk.issue()
    assert PaymentState.IN_REVIEW is desk.submit(screen(), invoice).state
    with pytest.raises(AlertIgnored):
        desk.kasa.payments.assign_alert(desk.owner, taken.alert.id, invoice.id)


def test_only_who_may_takes_alerts(desk: Desk) -> None:
    """A member below admin does not speak for a bank."""
    with pytest.raises(RoleTooLow):
        desk.kasa.payments.take_alert(desk.person(Role.USER), message(aba_text()))


def test_an_alert_of_another_account_holder_needs_an_account(desk: Desk) -> None:
    """Its printed shop may be any accepted name of any account of the shop."""
    account = NewAccount(bank="ABA", number="010959386", names=("Riverside Branch",))
    desk.kasa.payments.add_account(desk.owner, account)
    invoice = desk.issue()
    assert invoice.number is not None
    told = aba_text(remark=invoice.number.text, shop="RIVERSIDE BRANCH")
    taken = take(desk, told)
    assert taken.payment is not None
    assert PaymentState.APPROVED is taken.payment.state


def test_a_person_joins_what_may_belong_together(desk: Desk) -> None:
    """Amount and time alone: the person says so, and the receipt is judged with the alert."""
    invoice = desk.issue()
    payment = desk.submit(screen(payer_account=UNREADABLE), invoice)
    taken, other = take(desk, aba_text()), take(desk, aba_text("៛24,000", number=2), message=2)
    assert taken.alert is not None
    assert other.alert is not None
    join = desk.kasa.payments.join_alert
    with pytest.raises(RoleTooLow):
        join(desk.person(Role.USER), taken.alert.id, payment.id)
    with pytest.raises(AlertOfAnother):
        join(desk.owner, other.alert.id, payment.id)
    assert PaymentState.APPROVED is join(desk.owner, taken.alert.id, payment.id).state
    assert 0 == desk.invoice(invoice).due_minor
    with pytest.raises(AlertAssigned):
        join(desk.owner, taken.alert.id, payment.id)
    with pytest.raises(AlreadyDecided):
        join(desk.owner, other.alert.id, payment.id)


def test_a_person_heals_nothing_by_joining(desk: Desk) -> None:
    """What differs in the receipt differs still; and it takes one alert only."""
    invoice = desk.issue()
    payment = desk.submit(screen(outcome=read(Outcome.PENDING)), invoice)
    one, two = (take(desk, aba_text(number=no), message=no).alert for no in (1, 2))
    assert one is not None
    assert two is not None
    join = desk.kasa.payments.join_alert
    joined = join(desk.owner, one.id, payment.id)
    assert joined.verdict is not None
    assert Result.DIFFERS is joined.verdict.outcome("outcome").result
    assert PaymentState.APPROVED is not joined.state
    with pytest.raises(PaymentHasAlert):
        join(desk.owner, two.id, payment.id)
