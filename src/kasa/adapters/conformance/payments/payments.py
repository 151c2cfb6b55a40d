"""What a store of payments must do."""

from datetime import timedelta

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
from kasa.adapters.conformance.receipts import DUE, aba_success
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
)
from kasa.domain.payments.events import EvidenceSubmitted
from kasa.domain.payments.evidence import Source
from kasa.domain.payments.expected_payment import MatchPolicy, PayerHint
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.states import PaymentState


class PaymentsConformance:
    """Payments with their evidence: kept whole, found by invoice and customer."""

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
            nobody = CustomerId(ports.ids.new(PAID_AT))
            paid = work.payments.payers([customer, nobody])
            assert {customer: tuple(tails), nobody: ()} == paid
            assert {} == work.payments.payers([])

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
