"""From evidence to a settled invoice: what is approved, reviewed, repeated, merged, waited for."""

from datetime import timedelta
from typing import Any

import attrs
import pytest

from kasa.adapters.conformance.receipts import aba_success, acleda, codes
from kasa.adapters.conformance.strategies_payments import PAID_AT, read
from kasa.application.payments.submitting import NewEvidence
from kasa.application.ports.jobs import Job, Queue
from kasa.domain.invoicing.customer import CustomerDetails
from kasa.domain.invoicing.invoice import InvoiceState
from kasa.domain.kernel.ids import EventId
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.kernel.text import name
from kasa.domain.payments.evidence import UNREADABLE
from kasa.domain.payments.expected_payment import MatchPolicy
from kasa.domain.payments.matching import Decision, match
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.states import PaymentState
from tests.unit.payments.desk import Desk, transfer


@pytest.fixture
def desk() -> Desk:
    """Return an open shop."""
    return Desk.open()


def reasons(payment: Payment) -> list[str]:
    """Return why a payment is where it is."""
    return [] if payment.verdict is None else codes(payment.verdict)


@pytest.mark.A1
def test_an_honest_receipt_settles_its_invoice(desk: Desk) -> None:
    """Approved by the verdict: the invoice is paid, the goods are gone, the trail tells it."""
    invoice = desk.issue(2)
    payment = desk.submit(transfer(1, 50_000), invoice)
    assert (PaymentState.APPROVED, 1, None) == (
        payment.state,
        payment.approvals,
        payment.decided_by,
    )
    assert (InvoiceState.PAID, 0) == (desk.invoice(invoice).state, desk.invoice(invoice).due_minor)
    assert 8 == desk.on_hand()
    assert ["evidence_submitted", "payment_approved"] == desk.kinds(payment)
    assert (invoice.id, invoice.number and invoice.number.text) == (
        payment.invoice,
        payment.invoice_number,
    )


@pytest.mark.A8
def test_a_stored_verdict_is_given_again(desk: Desk) -> None:
    """The stored inputs, matched again, give the stored verdict."""
    for evidence in (transfer(1), acleda(paid_at=UNREADABLE), aba_success(references={})):
        payment = desk.submit(evidence, desk.issue())
        assert payment.inputs is not None
        assert payment.verdict == match(payment.inputs)


def test_a_difference_goes_to_a_person(desk: Desk) -> None:
    """A wrong amount changes nothing but the review; the invoice says that it is under review."""
    invoice = desk.issue()
    payment = desk.submit(transfer(1, 24_000), invoice)
    assert (PaymentState.IN_REVIEW, ["amount_under"]) == (payment.state, reasons(payment))
    now = desk.invoice(invoice)
    assert (InvoiceState.OPEN, 25_000, (payment.id,)) == (now.state, now.due_minor, now.reviews)
    assert 10 == desk.on_hand()
    assert "payment_sent_to_review" == desk.kinds(payment)[-1]


def test_a_job_that_runs_again_changes_nothing(desk: Desk) -> None:
    """The reaction is done once, however often its job runs."""
    invoice = desk.issue()
    payment = desk.submit(transfer(1, 24_000), invoice)
    with desk.ports.unit_of_work.read_only(desk.owner) as view:
        submitted = view.events.about(payment.id)[0]
    job = Job(
        tenant=desk.owner.tenant,
        event=EventId(submitted.id),
        reaction="payments.verify",
        queue=Queue.MONEY,
        made_at=PAID_AT,
    )
    desk.run(job)
    assert payment == desk.payment(payment)
    assert 1 == desk.kinds(payment).count("payment_sent_to_review")


def test_a_payment_decided_meanwhile_stays(desk: Desk) -> None:
    """What a person decided before the picture was read is not touched."""
    invoice = desk.issue()
    payment = desk.submit(transfer(1, 24_000), invoice)
    rejected = desk.kasa.payments.reject(
        desk.owner, payment.id, version=payment.version, reason="not ours"
    )
    with desk.ports.unit_of_work.read_only(desk.owner) as view:
        submitted = view.events.about(payment.id)[0]
    job = Job(
        tenant=desk.owner.tenant,
        event=EventId(submitted.id),
        reaction="payments.verify",
        queue=Queue.MONEY,
        made_at=PAID_AT,
    )
    asked = desk.reader.asked
    desk.run(job)
    assert (rejected, asked) == (desk.payment(payment), desk.reader.asked)


@pytest.mark.A5
def test_a_reference_pays_once(desk: Desk) -> None:
    """The same transfer for another invoice is a duplicate that names its first use."""
    first, second = desk.issue(), desk.issue()
    paid = desk.submit(transfer(1), first)
    again = desk.submit(transfer(1), second)
    assert (PaymentState.DUPLICATE, paid.id) == (again.state, again.duplicate_of)
    assert again.verdict is not None
    assert again.verdict.first_use is not None
    assert (paid.id, PaymentState.APPROVED, paid.invoice_number) == (
        again.verdict.first_use.payment,
        again.verdict.first_use.state,
        again.verdict.first_use.invoice_number,
    )
    assert InvoiceState.OPEN is desk.invoice(second).state
    assert 9 == desk.on_hand()
    assert "duplicate_submitted" == desk.kinds(again)[-1]


def test_a_duplicate_of_a_rejected_payment_is_a_duplicate(desk: Desk) -> None:
    """A rejected payment keeps its reference."""
    invoice = desk.issue()
    first = desk.submit(transfer(1, 24_000), invoice)
    desk.kasa.payments.reject(desk.owner, first.id, version=first.version, reason="too little")
    again = desk.submit(transfer(1, 25_000), invoice)
    assert (PaymentState.DUPLICATE, first.id) == (again.state, again.duplicate_of)


def test_the_same_picture_is_not_read_twice(desk: Desk) -> None:
    """A picture that was sent before costs no reading, and merges nothing."""
    first = desk.submit(transfer(1, 24_000), desk.issue(), picture=b"the same")
    desk.clock.pass_time(timedelta(minutes=1))
    again = desk.submit(transfer(1, 24_000), desk.issue(), picture=b"the same")
    assert (PaymentState.DUPLICATE, ["same_file"]) == (again.state, reasons(again)[:1])
    assert 1 == desk.reader.asked
    assert first == desk.payment(first)


def test_a_second_picture_completes_the_first(desk: Desk) -> None:
    """Another picture of an undecided transfer is merged, and the first is matched again."""
    invoice = desk.issue()
    blurred = attrs.evolve(transfer(1), recipient_name=UNREADABLE)
    first = desk.submit(blurred, invoice)
    assert PaymentState.IN_REVIEW is first.state
    second = desk.submit(transfer(1), invoice)
    assert PaymentState.DUPLICATE is second.state
    assert PaymentState.APPROVED is desk.payment(first).state
    assert (InvoiceState.PAID, ()) == (desk.invoice(invoice).state, desk.invoice(invoice).reviews)
    assert 9 == desk.on_hand()


def test_a_second_picture_with_further_references_completes_too(desk: Desk) -> None:
    """What only the second picture shows becomes the first payment's own."""
    invoice = desk.issue()
    blurred = attrs.evolve(transfer(1), recipient_name=UNREADABLE)
    first = desk.submit(blurred, invoice)
    both = {**transfer(1).references, "aba.ft": read("100FT48010202442")}
    desk.submit(attrs.evolve(transfer(1), references=both), invoice)
    assert PaymentState.APPROVED is desk.payment(first).state
    third = desk.submit(
        attrs.evolve(transfer(2), references={"aba.ft": both["aba.ft"]}), desk.issue()
    )
    assert (PaymentState.DUPLICATE, first.id) == (third.state, third.duplicate_of)


def test_a_picture_of_an_approved_payment_changes_nothing(desk: Desk) -> None:
    """A later showing is a duplicate and no more."""
    invoice = desk.issue()
    paid = desk.submit(transfer(1), invoice)
    desk.submit(transfer(1), invoice)
    assert paid == desk.payment(paid)


def test_what_looks_like_another_goes_to_a_person(desk: Desk) -> None:
    """The same amount at the same minute with nearly the same id is suspicious."""
    one = aba_success(references={"aba.trx": read("48010202442")})
    two = aba_success(references={"aba.trx": read("48010202443")})
    desk.submit(one, desk.issue())
    near = desk.submit(two, desk.issue())
    assert (PaymentState.IN_REVIEW, ["near_duplicate"]) == (near.state, reasons(near))


def test_a_receipt_shown_to_another_shop_goes_to_a_person(desk: Desk) -> None:
    """And stays suspicious when it is matched again."""
    other = Desk.open(desk.ports, desk.clock)
    other.submit(transfer(1), other.issue())
    invoice = desk.issue()
    blurred = attrs.evolve(transfer(1), recipient_name=UNREADABLE)
    first = desk.submit(blurred, invoice)
    assert PaymentState.IN_REVIEW is first.state
    assert "seen_elsewhere" in reasons(first)
    desk.submit(transfer(1), invoice)
    assert "seen_elsewhere" in reasons(desk.payment(first))
    assert PaymentState.IN_REVIEW is desk.payment(first).state


def test_a_remark_names_the_invoice(desk: Desk) -> None:
    """Evidence that answers nothing but names an open invoice settles it."""
    desk.issue()
    wanted = desk.issue()
    assert wanted.number is not None
    remark = wanted.number.text.replace("-", " ").lower()
    paid = desk.submit(attrs.evolve(transfer(1), remark=read(remark)))
    assert (PaymentState.APPROVED, wanted.id) == (paid.state, paid.invoice)


def test_unnamed_evidence_goes_to_a_person(desk: Desk) -> None:
    """What fits several, or none, is never approved by the machine."""
    nothing = desk.submit(transfer(1, 1_000))
    assert (PaymentState.IN_REVIEW, None) == (nothing.state, nothing.invoice)
    assert "no_invoice" in reasons(nothing)
    desk.issue()
    desk.issue()
    several = desk.submit(transfer(2))
    assert "several_invoices" in reasons(several)
    assert several.verdict is not None
    assert 70 == several.verdict.points


def test_a_paid_invoice_takes_no_second_payment_by_machine(desk: Desk) -> None:
    """A further payment of a paid invoice is for a person."""
    invoice = desk.issue()
    desk.submit(transfer(1), invoice)
    further = desk.submit(transfer(50), invoice)
    assert PaymentState.IN_REVIEW is further.state
    assert "no_invoice" in reasons(further)


def test_reading_that_gives_up_ends_in_review(desk: Desk) -> None:
    """A payment whose verification failed is reviewed as unreadable."""
    invoice = desk.issue()
    new = NewEvidence(pictures=(b"nobody can read this",), invoice=invoice.id)
    (payment,) = desk.kasa.payments.submit(desk.owner, new).payments
    for _ in range(30):
        desk.drain()
        desk.clock.pass_time(timedelta(minutes=10))
    now = desk.payment(payment)
    assert (PaymentState.IN_REVIEW, "unreadable") == (now.state, reasons(now)[0])
    assert (payment.id,) == desk.invoice(invoice).reviews


def test_a_shop_that_waits_for_its_bank(desk: Desk) -> None:
    """With an alert awaited the payment waits, and says so."""
    policy = MatchPolicy(await_alert=timedelta(minutes=30))
    desk.kasa.payments.set_policy(desk.owner, policy)
    waits = desk.submit(transfer(1), desk.issue())
    assert (PaymentState.WAITING, ["bank_waiting"]) == (waits.state, reasons(waits))
    assert waits.verdict is not None
    assert Decision.WAIT is waits.verdict.decision
    assert ["payment_waits", "bank_ask_due"] == desk.kinds(waits)[-2:]


def test_payers_are_known_again(desk: Desk) -> None:
    """A customer who pays again from the same account gets the points for it."""
    customer = desk.kasa.invoicing.add_customer(desk.owner, CustomerDetails(name=name("Chan Dara")))
    who: dict[str, Any] = {
        "payer_name": read("IPSUM SOKHANA"),
        "payer_account": read("000 146 564"),
    }
    first = desk.submit(attrs.evolve(transfer(1), **who), desk.issue(customer=customer.id))
    second = desk.submit(attrs.evolve(transfer(50), **who), desk.issue(customer=customer.id))
    assert first.verdict is not None
    assert second.verdict is not None
    assert (0, 3) == tuple(
        verdict.outcome("payer_known").points for verdict in (first.verdict, second.verdict)
    )
    assert Money(25_000, KHR) == second.amount
