"""Alerts that race: with their receipt, with themselves, and with each other."""

from collections.abc import Callable
from functools import partial
from hashlib import sha256

import pytest

from kasa.adapters.conformance.receipts import aba_success
from kasa.adapters.conformance.strategies_payments import read
from kasa.application.payments.alerting import TakenAlert
from kasa.application.payments.submitting import NewEvidence
from kasa.application.ports.jobs import Job, Queue
from kasa.domain.invoicing.invoice import Invoice, InvoiceState
from kasa.domain.payments.events import EvidenceSubmitted
from kasa.domain.payments.evidence import UNREADABLE
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.states import PaymentState
from tests.integration.conftest import Database
from tests.integration.postgres.racing import THREADS, at_once, wide_desk
from tests.unit.payments.alerting import aba_text, take
from tests.unit.payments.desk import Desk

pytestmark = [pytest.mark.integration, pytest.mark.A1]

ROUNDS = 6


@pytest.fixture
def desk(database: Database) -> Desk:
    """Return an open shop over PostgreSQL with connections for many."""
    return wide_desk(database)


def _unique(desk: Desk, words: str, digits: int) -> int:
    """Return a number that no other shop of these tests shows."""
    seed = f"{desk.owner.tenant} {words}".encode()
    return int(int(sha256(seed).hexdigest(), 16) % 10**digits)


def _posted(desk: Desk, number: int, message: int | None = None) -> Callable[[], TakenAlert]:
    text = aba_text(number=_unique(desk, f"alert {number}", 5))
    return partial(take, desk, text, message=number if message is None else message)


def _verified(desk: Desk, number: int, invoice: Invoice) -> tuple[Payment, Callable[[], object]]:
    """Submit a receipt whose receiver is not readable; return it and its verification."""
    picture = f"alerted {number}".encode()
    evidence = aba_success(
        recipient_name=UNREADABLE,
        payer_account=read("000 146 564"),
        references={"aba.trx": read(f"{_unique(desk, f'receipt {number}', 11):011d}")},
    )
    desk.reader.show(picture, evidence)
    new = NewEvidence(pictures=(picture,), invoice=invoice.id)
    (payment,) = desk.kasa.payments.submit(desk.owner, new).payments
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
    return payment, partial(desk.run.calls["payments.verify"], job)


def _joined(desk: Desk) -> list[Payment]:
    lines = desk.kasa.payments.alerts.alerts(desk.owner, limit=100).items
    found = [line.payment for line in lines if line.payment is not None]
    with desk.ports.unit_of_work.read_only(desk.owner) as view:
        return [view.payments.show(one) for one in found]


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_an_alert_and_its_receipt_find_each_other(desk: Desk, turn: int) -> None:
    """However they meet, they are joined once and the invoice is paid once."""
    invoice = desk.issue()
    payment, verify = _verified(desk, turn, invoice)
    calls = (_posted(desk, 1), verify) if turn % 2 else (verify, _posted(desk, 1))
    at_once(*calls)
    (joined,) = _joined(desk)
    assert (payment.id, PaymentState.APPROVED) == (joined.id, joined.state)
    assert InvoiceState.PAID is desk.invoice(invoice).state


def test_one_message_at_once_is_one_alert(desk: Desk) -> None:
    """Delivered many times at once it is kept once; the others are told that it is known."""
    made = at_once(*[_posted(desk, 1)] * THREADS)
    assert all(isinstance(one, TakenAlert) for one in made)
    taken = [one for one in made if isinstance(one, TakenAlert)]
    assert 1 == sum(not one.again for one in taken)
    assert 1 == len({one.alert.id for one in taken if one.alert is not None})


def test_one_transfer_in_two_messages_at_once_is_one_alert(desk: Desk) -> None:
    """The same reference under another message is the same transfer, also at once."""
    at_once(*(_posted(desk, 1, message=message) for message in range(1, 5)))
    assert 1 == len(desk.kasa.payments.alerts.alerts(desk.owner).items)


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_one_alert_joins_one_of_two_receipts_at_once(desk: Desk, turn: int) -> None:
    """Two receipts that it fits never share it; two that both fit leave it to a person."""
    first, second = desk.issue(), desk.issue()
    sent = [_verified(desk, 2 * turn + no, invoice) for no, invoice in ((0, first), (1, second))]
    at_once(sent[0][1], _posted(desk, 1), sent[1][1])
    assert len(_joined(desk)) <= 1
    paid = [one for one in (first, second) if desk.invoice(one).state is InvoiceState.PAID]
    assert len(paid) == len(_joined(desk))


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_two_alerts_at_once_join_one_receipt_once(desk: Desk, turn: int) -> None:
    """A receipt has one alert, whichever came first; the other one is left to a person."""
    invoice = desk.issue()
    payment, verify = _verified(desk, turn, invoice)
    verify()
    assert PaymentState.IN_REVIEW is desk.payment(payment).state
    at_once(_posted(desk, 1), _posted(desk, 2))
    (joined,) = _joined(desk)
    assert (payment.id, PaymentState.APPROVED) == (joined.id, joined.state)
    assert 1 == len(desk.kasa.payments.alerts.alerts(desk.owner, unassigned=True).items)
