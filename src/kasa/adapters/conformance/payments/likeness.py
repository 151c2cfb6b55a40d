"""What a store of payments must notice: the same picture, one alike, what came in together."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import attrs
import pytest

from kasa.adapters.conformance.payments.making import added, judged, new_payment
from kasa.adapters.conformance.receipts import aba_success, unknown_bank
from kasa.adapters.conformance.shops import new_shop
from kasa.adapters.conformance.strategies_payments import PAID_AT, read
from kasa.application.ports.bundle import Ports
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import SubmissionId
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.payments.references import reference_keys
from kasa.domain.payments.states import PaymentState

HELD_SECONDS = 0.2


class LikenessConformance:
    """Payments beside each other: the same picture, one alike, the parts of a submission."""

    def make_ports(self) -> Ports:
        """Return the ports under test."""
        raise NotImplementedError

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
