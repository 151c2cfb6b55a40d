"""One transfer pays one invoice, however often its receipt is sent and whatever fails."""

import random
from collections import Counter
from functools import partial
from hashlib import sha256

import attrs
import pytest

from kasa.adapters.conformance.receipts import aba_success
from kasa.adapters.conformance.strategies_payments import read
from kasa.application.kasa import Kasa
from kasa.application.payments.submitting import NewEvidence, Submitted
from kasa.application.ports.jobs import Done, Job, Outcome, Queue, Retry
from kasa.domain.invoicing.invoice import Invoice, InvoiceState
from kasa.domain.payments.events import EvidenceSubmitted
from kasa.domain.payments.evidence import PaymentEvidence
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.states import PaymentState
from tests.integration.conftest import Database, rewritten
from tests.integration.postgres.leftovers import left_in
from tests.integration.postgres.racing import at_once, wide_desk
from tests.unit.payments.desk import Desk, scripted

pytestmark = [pytest.mark.integration, pytest.mark.A5]

SUBMISSIONS = 50
QUESTIONS = {
    "same file": "SELECT f.*, f.submitted_at AS first_seen",
    "register": "INSERT INTO payment_references",
    "owners": "SELECT f.*, r.first_seen",
    "alike": "SELECT inputs -> 'evidence'",
}
FAULTS = {
    "lost": "SELECT pg_terminate_backend(pg_backend_pid())",
    "cancelled": "DO $$ BEGIN RAISE EXCEPTION 'ended' USING ERRCODE = '57014'; END $$",
}


@pytest.fixture
def desk(database: Database) -> Desk:
    """Return an open shop over PostgreSQL with connections for many."""
    return wide_desk(database)


def _receipt(desk: Desk) -> PaymentEvidence:
    """Return a receipt with a reference that no other shop shows."""
    number = int(sha256(desk.owner.tenant.bytes).hexdigest(), 16) % 10**11
    return aba_success(references={"aba.trx": read(f"{number:011d}")})


def _job(desk: Desk, payment: Payment) -> Job:
    with desk.ports.unit_of_work.read_only(desk.owner) as view:
        (submitted,) = (
            row for row in view.events.about(payment.id) if isinstance(row.event, EvidenceSubmitted)
        )
    return Job(
        tenant=desk.owner.tenant,
        event=submitted.id,
        reaction="payments.verify",
        queue=Queue.MONEY,
        made_at=submitted.at,
    )


def _sent(desk: Desk, invoice: Invoice, picture: bytes) -> Payment:
    new = NewEvidence(pictures=(picture,), invoice=invoice.id)
    (payment,) = desk.kasa.payments.submit(desk.owner, new).payments
    return payment


@pytest.mark.parametrize("pictures", [pytest.param(1, marks=pytest.mark.deep), SUBMISSIONS])
def test_50_submissions_of_one_receipt_pay_one_invoice(
    desk: Desk, pictures: int, seed: int
) -> None:
    """The same picture, or as many photographs: one is approved, the others are duplicates."""
    invoices = [desk.issue(), desk.issue()]
    shown = [f"photograph {turn}".encode() for turn in range(pictures)]
    for picture in shown:
        desk.reader.show(picture, _receipt(desk))
    wanted = [
        NewEvidence(pictures=(shown[turn % pictures],), invoice=invoices[turn % 2].id)
        for turn in range(SUBMISSIONS)
    ]
    random.Random(seed).shuffle(wanted)
    submitted = at_once(*(partial(desk.kasa.payments.submit, desk.owner, new) for new in wanted))
    payments = [one.payments[0] for one in submitted if isinstance(one, Submitted)]
    ends = at_once(*(partial(desk.run, _job(desk, payment)) for payment in payments))
    assert {Done} == {type(end) for end in ends}
    desk.drain()
    found = Counter(desk.payment(payment).state for payment in payments)
    assert Counter({PaymentState.APPROVED: 1, PaymentState.DUPLICATE: SUBMISSIONS - 1}) == found
    states = Counter(desk.invoice(invoice).state for invoice in invoices)
    assert Counter({InvoiceState.PAID: 1, InvoiceState.OPEN: 1}) == states
    assert 9 == desk.on_hand()


def _faulty(desk: Desk, database: Database, question: str, fault: str) -> Desk:
    """Return the same shop over connections on which a question about duplicates fails."""
    broken = database.open(threads=2)
    asked = QUESTIONS.get(question, question)
    rewritten(broken.engine, lambda text: FAULTS[fault] if asked in text else text)
    ports = attrs.evolve(desk.ports, unit_of_work=broken.unit_of_work)
    return attrs.evolve(desk, run=scripted(Kasa.over(ports), ports, desk.reader))


@pytest.mark.parametrize("fault", ["cancelled", pytest.param("lost", marks=pytest.mark.deep)])
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_that_fails_is_asked_again(
    desk: Desk, database: Database, question: str, fault: str
) -> None:
    """It is never an answer: nothing is decided or stored, and the job is tried once more."""
    first, second = desk.issue(), desk.issue()
    desk.reader.show(b"card", _receipt(desk))
    desk.reader.show(b"photo of it", _receipt(desk))
    assert PaymentState.APPROVED is desk.submit(_receipt(desk), first, picture=b"card").state
    payment = _sent(desk, second, b"card" if question == "same file" else b"photo of it")
    job, before = _job(desk, payment), left_in(database, desk.owner.tenant)
    outcome: Outcome = _faulty(desk, database, question, fault).run(job)
    assert isinstance(outcome, Retry), "the question was not asked"
    assert PaymentState.SUBMITTED is desk.payment(payment).state
    assert before == left_in(database, desk.owner.tenant)
    desk.drain()
    assert PaymentState.DUPLICATE is desk.payment(payment).state
    assert InvoiceState.OPEN is desk.invoice(second).state


def test_another_shop_that_cannot_be_asked_is_asked_again(desk: Desk, database: Database) -> None:
    """A transfer that another shop has seen is not approved because nobody could be asked."""
    other = wide_desk(database)
    shown = _receipt(desk)
    other.submit(shown, other.issue(), picture=b"card")
    desk.reader.show(b"card", shown)
    payment = _sent(desk, desk.issue(), b"card")
    broken = _faulty(desk, database, "platform.reference_seen", "cancelled")
    assert isinstance(broken.run(_job(desk, payment)), Retry)
    assert PaymentState.SUBMITTED is desk.payment(payment).state
    desk.drain()
    assert PaymentState.IN_REVIEW is desk.payment(payment).state
