"""What reads of single evidence must do."""

from datetime import timedelta

import attrs
import pytest

from kasa.adapters.conformance.payments.making import added, judged, new_payment, picture_of
from kasa.adapters.conformance.receipts import aba_success
from kasa.adapters.conformance.shops import new_shop
from kasa.adapters.conformance.strategies_payments import PAID_AT
from kasa.application.ports.bundle import Ports
from kasa.application.ports.payments import KhqrShown
from kasa.application.ports.sent_evidence import SENT_LISTED
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import ContactId, EvidenceId, InvoiceId
from kasa.domain.kernel.money import KHR, Money


class SentEvidenceConformance:
    """Evidence by itself, by who sent it, and the code that its sender was shown."""

    def make_ports(self) -> Ports:
        """Return the ports under test."""
        raise NotImplementedError

    def test_evidence_is_shown_by_its_own_id(self) -> None:
        """To its own shop alone; another's is like one that is not there."""
        ports = self.make_ports()
        owner, stranger = new_shop(ports), new_shop(ports)
        payment = new_payment(ports)
        sent = picture_of(ports, payment, "a" * 64)
        with ports.unit_of_work(owner) as work:
            work.payments.add(payment, [sent])
        with ports.unit_of_work.read_only(owner) as view:
            assert sent == view.sent_evidence.show(sent.id)
            with pytest.raises(NotFound):
                view.sent_evidence.show(EvidenceId(payment.id))
        with ports.unit_of_work.read_only(stranger) as view, pytest.raises(NotFound):
            view.sent_evidence.show(sent.id)

    def test_what_somebody_sent_is_newest_first(self) -> None:
        """At most ten, of this sender alone."""
        ports = self.make_ports()
        owner = new_shop(ports)
        me, other = (ContactId(ports.ids.new(PAID_AT)) for _ in range(2))
        mine = [
            added(ports, owner, new_payment(ports, PAID_AT + timedelta(seconds=n), contact=me))
            for n in range(SENT_LISTED + 2)
        ]
        added(ports, owner, new_payment(ports, contact=other))
        with ports.unit_of_work.read_only(owner) as view:
            shown = view.sent_evidence.sent_by(me)
        assert [one.id for one in reversed(mine)][:SENT_LISTED] == [one.id for one in shown]

    def test_the_newest_code_asks_for_an_amount(self) -> None:
        """Codes without an amount or an end are none; another invoice has its own."""
        ports = self.make_ports()
        owner, invoice = new_shop(ports), InvoiceId(ports.ids.new(PAID_AT))
        first = KhqrShown(
            md5="a" * 32,
            payload="first",
            invoice=invoice,
            amount=Money(100, KHR),
            currency=KHR,
            created_at=PAID_AT,
            expires_at=PAID_AT + timedelta(minutes=10),
        )
        later = attrs.evolve(first, md5="b" * 32, created_at=PAID_AT + timedelta(minutes=1))
        static = attrs.evolve(later, md5="c" * 32, amount=None, expires_at=None)
        with ports.unit_of_work(owner) as work:
            for code in (later, first, static):
                work.khqr.add(code)
        with ports.unit_of_work.read_only(owner) as view:
            assert later == view.sent_evidence.newest_code(invoice)
            unknown = InvoiceId(ports.ids.new(PAID_AT))
            assert view.sent_evidence.newest_code(unknown) is None

    def test_payments_are_listed_by_a_reason(self) -> None:
        """Those whose verdict gives it, and no others."""
        ports = self.make_ports()
        owner = new_shop(ports)
        payment = judged(added(ports, owner), aba_success())
        with ports.unit_of_work(owner) as work:
            work.payments.save(
                attrs.evolve(work.payments.lock(payment.id), verdict=payment.verdict)
            )
        added(ports, owner)
        assert payment.verdict is not None
        with ports.unit_of_work.read_only(owner) as view:
            for reason in payment.verdict.reasons:
                found = view.payments.listed(reason=reason.value)
                assert [payment.id] == [one.id for one in found.items]
            assert () == view.payments.listed(reason="in_future").items
