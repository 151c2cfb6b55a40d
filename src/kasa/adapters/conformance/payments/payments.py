"""What a store of payments must do."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import attrs
import pytest
from hypothesis import given

from kasa.adapters.conformance.payments.making import (
    added,
    judged,
    new_account,
    new_payment,
    payments,
    picture_of,
)
from kasa.adapters.conformance.receipts import DUE, aba_success, unknown_bank
from kasa.adapters.conformance.shops import new_shop
from kasa.adapters.conformance.strategies_payments import PAID_AT, read
from kasa.application.ports.bundle import Ports
from kasa.application.ports.payments import PaymentSummary, StoredEvidence
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import (
    ContactId,
    CustomerId,
    EvidenceId,
    InvoiceId,
    PaymentId,
    SubmissionId,
)
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.payments.events import EvidenceSubmitted
from kasa.domain.payments.evidence import Source
from kasa.domain.payments.expected_payment import MatchPolicy, PayerHint
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.references import reference_keys
from kasa.domain.payments.states import PaymentState

HELD_SECONDS = 0.2


class PaymentsConformance:
    """Payments with their evidence: kept whole, found by picture, likeness and customer."""

    def make_ports(self) -> Ports:
        """Return the ports under test."""
        raise NotImplementedError

    def test_a_payment_survives_the_round_trip(self) -> None:
        """Every payment that can be made is loaded as it was stored, verdict and all."""
        ports = self.make_ports()
        owner = new_shop(ports)

        @given(payment=payments())
        def check(payment: Payment) -> None:
            payment = attrs.evolve(payment, id=PaymentId(ports.ids.new(PAID_AT)))
            with ports.unit_of_work(owner) as work:
                work.payments.add(payment)
                assert payment == work.payments.get(payment.id)
                work.payments.save(attrs.evolve(payment, version=payment.version + 1))
            with ports.unit_of_work.read_only(owner) as view:
                assert attrs.evolve(payment, version=2 if payment.verdict is None else 3) == (
                    view.payments.show(payment.id)
                )

        check()

    def test_a_foreign_payment_is_a_missing_one(self) -> None:
        """Another shop neither gets, locks, shows nor lists it."""
        ports = self.make_ports()
        owner, stranger = new_shop(ports), new_shop(ports)
        payment = added(ports, owner)
        missing = new_payment(ports)
        for actor, wanted in ((stranger, payment.id), (owner, missing.id)):
            with ports.unit_of_work(actor) as work:
                with pytest.raises(NotFound):
                    work.payments.get(wanted)
                with pytest.raises(NotFound):
                    work.payments.lock(wanted)
            with ports.unit_of_work.read_only(actor) as view, pytest.raises(NotFound):
                view.payments.show(wanted)
        with ports.unit_of_work.read_only(stranger) as view:
            assert () == view.payments.listed().items

    def test_only_a_locked_payment_is_saved(self) -> None:
        """Saving what was not locked in the same unit of work is a bug."""
        ports = self.make_ports()
        owner = new_shop(ports)
        payment = added(ports, owner)
        with pytest.raises(RuntimeError), ports.unit_of_work(owner) as work:
            work.payments.save(payment)

    def test_parts_of_a_submission_are_locked_together(self) -> None:
        """A payment and what came in with it, in the order of ids; one that came alone is alone."""
        ports = self.make_ports()
        owner, stranger = new_shop(ports), new_shop(ports)
        submission = SubmissionId(ports.ids.new(PAID_AT))
        parts = [added(ports, owner, new_payment(ports, submission=submission)) for _ in range(3)]
        added(ports, stranger, new_payment(ports, submission=submission))
        alone = added(ports, owner)
        with ports.unit_of_work(owner) as work:
            assert (parts[1], (parts[0], parts[2])) == work.payments.lock_parts(parts[1].id)
            work.payments.save(attrs.evolve(parts[2], version=2))
        with ports.unit_of_work(owner) as work:
            assert (alone, ()) == work.payments.lock_parts(alone.id)
        with ports.unit_of_work(stranger) as work, pytest.raises(NotFound):
            work.payments.lock_parts(alone.id)

    def test_requests_to_a_contact_are_counted(self) -> None:
        """Those after a moment, for this contact and in this shop."""
        ports = self.make_ports()
        owner, stranger = new_shop(ports), new_shop(ports)
        contact, other = (ContactId(ports.ids.new(PAID_AT)) for _ in range(2))
        for shop, whom, asked_at in (
            (owner, contact, PAID_AT),
            (owner, contact, PAID_AT + timedelta(hours=1)),
            (owner, contact, None),
            (owner, other, PAID_AT + timedelta(hours=1)),
            (stranger, contact, PAID_AT + timedelta(hours=1)),
        ):
            added(ports, shop, new_payment(ports, contact=whom, asked_at=asked_at))
        with ports.unit_of_work(owner) as work:
            assert 1 == work.payments.asked_since(PAID_AT, contact)
            assert 2 == work.payments.asked_since(PAID_AT - timedelta(seconds=1), contact)

    def test_one_of_two_that_are_alike_sees_the_other(self) -> None:
        """Two payments of one money, one character apart, compared at once: the later is near."""
        ports = self.make_ports()
        owner = new_shop(ports)
        compared, answers = Event(), []

        def compare(digit: int) -> None:
            evidence = aba_success(references={"aba.trx": read(f"4801020244{digit}")})
            payment = judged(new_payment(ports), evidence)
            with ports.unit_of_work(owner) as work:
                work.payments.add(payment)
                answers.append(work.payments.near(payment.id, evidence))
                compared.set()
                time.sleep(HELD_SECONDS)

        with ThreadPoolExecutor(2) as threads:
            first = threads.submit(compare, 2)
            assert compared.wait(10)
            second = threads.submit(compare, 3)
            first.result()
            second.result()
        assert [(), ("near_duplicate",)] == answers

    def test_evidence_is_kept_in_the_order_sent(self) -> None:
        """What was sent for a payment keeps its order; what was read goes to the first."""
        ports = self.make_ports()
        owner = new_shop(ports)
        payment = new_payment(ports)
        sent = [picture_of(ports, payment, digest * 64) for digest in "abc"]
        typed = StoredEvidence(
            id=EvidenceId(ports.ids.new(PAID_AT)),
            payment=payment.id,
            source=Source.MANUAL,
            evidence=aba_success(source=Source.MANUAL),
            took_milliseconds=7,
        )
        with ports.unit_of_work(owner) as work:
            work.payments.add(payment, sent)
            work.payments.attach(payment.id, [typed])
            work.payments.save(payment, aba_success())
        first = attrs.evolve(sent[0], evidence=aba_success())
        with ports.unit_of_work.read_only(owner) as view:
            assert (first, *sent[1:], typed) == view.payments.evidence_of(payment.id)
        with ports.unit_of_work(owner) as work:
            assert (first, *sent[1:], typed) == work.payments.evidence_of(payment.id)

    def test_the_same_picture_is_known(self) -> None:
        """The earliest other payment with one of its pictures, never a later one or its own."""
        ports = self.make_ports()
        owner, stranger = new_shop(ports), new_shop(ports)
        added(ports, stranger, digest="a" * 64)
        first = added(ports, owner, new_payment(ports, invoice_number="INV-1"), digest="a" * 64)
        later = new_payment(ports, at=PAID_AT + timedelta(seconds=1))
        copy = attrs.evolve(later.duplicate(first.id), version=1)
        added(ports, owner, copy, digest="a" * 64)
        third = new_payment(ports, at=PAID_AT + timedelta(seconds=2))
        added(ports, owner, third, digest="a" * 64)
        other = added(ports, owner, digest="b" * 64)
        with ports.unit_of_work(owner) as work:
            found = work.payments.same_file(third.id)
            assert found is not None
            assert (first.id, PAID_AT, "INV-1", True, PaymentState.SUBMITTED) == (
                found.payment,
                found.at,
                found.invoice_number,
                found.same_file,
                found.state,
            )
            assert found == work.payments.same_file(copy.id)
            assert work.payments.same_file(first.id) is None
            assert work.payments.same_file(other.id) is None

    def test_likeness_is_noticed(self) -> None:
        """A payment one character apart is near, in this shop, but for duplicates and itself."""
        ports = self.make_ports()
        owner, stranger = new_shop(ports), new_shop(ports)
        first = judged(new_payment(ports), aba_success())
        added(ports, owner, first)
        near = aba_success(references={"aba.trx": read("48010202443")})
        mine = added(ports, owner)
        other = added(ports, stranger)
        far = aba_success(references=near.references, amount=read(Money(1, KHR)))
        with ports.unit_of_work(owner) as work:
            assert ("near_duplicate",) == work.payments.near(mine.id, near)
            assert () == work.payments.near(first.id, near)
            assert () == work.payments.near(mine.id, far)
        with ports.unit_of_work(stranger) as work:
            assert () == work.payments.near(other.id, near)
        with ports.unit_of_work(owner) as work:
            work.payments.save(work.payments.lock(first.id).duplicate(mine.id))
            assert () == work.payments.near(mine.id, near)

    def test_the_same_id_on_another_day_is_near(self) -> None:
        """An id that is unique only with its day is near to itself, weeks apart, as are schemes."""
        ports = self.make_ports()
        owner = new_shop(ports)
        reference = {"generic.ref": read("A1B2C3D4")}
        later = read(PAID_AT + timedelta(days=20))
        first = added(ports, owner, judged(new_payment(ports), unknown_bank()))
        mine = added(ports, owner)
        with ports.unit_of_work(owner) as work:
            registered = reference_keys(unknown_bank(), PAID_AT)
            work.references.register(first.id, registered, at=PAID_AT)
        with ports.unit_of_work(owner) as work:
            for seen in (
                unknown_bank(references=reference, paid_at=later),
                unknown_bank(references={"canadia.ft": read("A1B2C3D4")}, paid_at=later),
            ):
                assert ("near_duplicate",) == work.payments.near(mine.id, seen)
            other = unknown_bank(references={"generic.ref": read("Z9Y8X7W6")}, paid_at=later)
            assert () == work.payments.near(mine.id, other)

    def test_payers_of_a_customer(self) -> None:
        """Who paid for a customer in approved payments, newest first."""
        ports = self.make_ports()
        owner = new_shop(ports)
        customer = CustomerId(ports.ids.new(PAID_AT))
        for number, state in ((111, "approved"), (222, "in_review"), (333, "approved")):
            evidence = aba_success(
                payer_name=read("IPSUM SOKHANA"), payer_account=read(f"000 146 {number}")
            )
            payment = judged(new_payment(ports), evidence)
            state_of = PaymentState(state)
            added(ports, owner, attrs.evolve(payment, customer=customer, state=state_of))
        tails = [PayerHint(name="IPSUM SOKHANA", account_tail=tail) for tail in ("333", "111")]
        with ports.unit_of_work(owner) as work:
            assert tails == list(work.payments.payers(customer))
            assert () == work.payments.payers(CustomerId(ports.ids.new(PAID_AT)))

    def test_payments_are_counted_and_found_by_invoice(self) -> None:
        """Those after a moment, of one contact or of all; those of an invoice, oldest first."""
        ports = self.make_ports()
        owner = new_shop(ports)
        contact = ContactId(ports.ids.new(PAID_AT))
        invoice = InvoiceId(ports.ids.new(PAID_AT))
        mine = [
            added(ports, owner, new_payment(ports, contact=contact, invoice=invoice))
            for _ in range(2)
        ]
        later = new_payment(ports, at=PAID_AT + timedelta(seconds=1))
        added(ports, owner, later)
        before = PAID_AT - timedelta(microseconds=1)
        with ports.unit_of_work(owner) as work:
            assert 3 == work.payments.submitted_since(before)
            assert 2 == work.payments.submitted_since(before, contact=contact)
            assert 1 == work.payments.submitted_since(PAID_AT)
            assert tuple(mine) == work.payments.of_invoice(invoice)

    def test_pages_are_oldest_first(self) -> None:
        """Pages follow each other without gap or repeat, of some states or one invoice."""
        ports = self.make_ports()
        owner = new_shop(ports)
        made = [
            added(ports, owner, new_payment(ports, state=state))
            for state in (*PaymentState, *PaymentState)
        ]
        with ports.unit_of_work.read_only(owner) as view:
            page = view.payments.listed(limit=4)
            rows = list(page.items)
            while page.next is not None:
                page = view.payments.listed(limit=4, after=page.next)
                rows += page.items
            wanted = (PaymentState.WAITING, PaymentState.IN_REVIEW)
            some = view.payments.listed(states=wanted).items
            none = view.payments.listed(invoice=InvoiceId(made[0].id)).items
        assert [PaymentSummary.of(payment) for payment in made] == rows
        assert [row for row in rows if row.state in wanted] == list(some)
        assert () == none

    def test_a_case_has_all_that_judging_needs(self) -> None:
        """Payment, pictures, typed evidence, accounts in use, rules, and the same picture."""
        ports = self.make_ports()
        owner = new_shop(ports)
        first = added(ports, owner, digest="a" * 64)
        payment = new_payment(ports, at=PAID_AT + timedelta(seconds=1))
        sent = picture_of(ports, payment, "a" * 64)
        account, gone = new_account(ports), new_account(ports, archived_at=PAID_AT)
        policy = MatchPolicy(threshold=90, ceilings=(DUE,))
        with ports.unit_of_work(owner) as work:
            work.payments.add(payment, [sent])
            work.accounts.add(account)
            work.accounts.add(gone)
            work.accounts.set_policy(policy)
            work.events.record(EvidenceSubmitted(subject=payment.id, pictures=1), at=PAID_AT)
        with ports.unit_of_work.read_only(owner) as view:
            (event,) = view.events.about(payment.id)
            case = view.payments.case(event.id)
        assert (payment, (sent.picture,), (), policy) == (
            case.payment,
            case.pictures,
            case.typed,
            case.policy,
        )
        assert (account.accepted,) == case.accounts
        assert case.same_file is not None
        assert first.id == case.same_file.payment
        assert () == case.due
