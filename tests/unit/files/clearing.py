"""The rules of what is cleared away and when, over any ports."""

from datetime import timedelta

import pytest

from kasa.adapters.memory.outside import StoppedClock
from kasa.application.files.storing import NewFile
from kasa.application.kasa import Kasa
from kasa.application.payments.deciding import Cash
from kasa.application.ports.bundle import Ports
from kasa.application.ports.storage import StorageKey
from kasa.domain.files.file import FileKind
from kasa.domain.identity.access import Actor
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import FileId, PaymentId
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.payments.states import PaymentState
from kasa.domain.subscriptions.plan import CAPACITY_PERIOD, Meter
from tests.unit.journeys.steps import Steps
from tests.unit.journeys.test_invoice_to_paid import photographed

TWO_YEARS = timedelta(days=731, seconds=1)
"""From 2 November 2026 to the moment after the same one of 2028."""


class ClearingRules:
    """Pictures of receipts and exports, with a clock that is moved."""

    def make_ports(self, clock: StoppedClock) -> Ports:
        """Return the ports under test, with this clock."""
        raise NotImplementedError

    @pytest.mark.G8
    def test_pictures_outlive_their_invoice_by_the_shops_months(self) -> None:
        """Not a day before; then the bytes and their use are gone, what was read is not."""
        clock = StoppedClock()
        steps = shop(self.make_ports(clock), clock)
        paid = steps.submit(photographed(steps, steps.receipt()), steps.issue())
        assert PaymentState.APPROVED is paid.state
        other = steps.receipt(4_000, transfer=steps.transfer[::-1])
        invoice = steps.issue()
        waiting = steps.submit(photographed(steps, other), invoice)
        assert PaymentState.IN_REVIEW is waiting.state
        steps.kasa.payments.record(steps.owner, Cash(invoice=invoice.id, amount=Money(40_000, KHR)))
        clear = steps.kasa.files.clear.shop
        clock.pass_time(TWO_YEARS - timedelta(days=2))
        assert 0 == clear(steps.owner.tenant)
        before, picture = used(steps), picture_of(steps, paid.id)
        clock.pass_time(timedelta(days=2))
        assert 1 == clear(steps.owner.tenant)
        steps.ports.worker.drain(steps.kasa.run)
        with pytest.raises(NotFound):
            steps.ports.storage.get(picture)
        assert before - used(steps) > 0
        assert 0 == clear(steps.owner.tenant)
        assert paid == steps.payment(paid)
        assert b"".join(steps.ports.storage.get(picture_of(steps, waiting.id)))
        rejected = steps.kasa.payments.reject(
            steps.owner, waiting.id, version=steps.payment(waiting).version, reason="too little"
        )
        assert PaymentState.REJECTED is rejected.state
        assert 0 == clear(steps.owner.tenant)

    @pytest.mark.G8
    def test_the_second_use_of_a_cleared_picture_is_still_known(self) -> None:
        """The digest of a picture that is gone stays: sent again it is a duplicate."""
        clock = StoppedClock()
        steps = shop(self.make_ports(clock), clock)
        picture = photographed(steps, steps.receipt())
        first = steps.submit(picture, steps.issue())
        clock.pass_time(TWO_YEARS)
        assert 1 == steps.kasa.files.clear.shop(steps.owner.tenant)
        steps.ports.worker.drain(steps.kasa.run)
        again = steps.submit(picture, steps.issue())
        assert (PaymentState.DUPLICATE, first.id) == (again.state, again.duplicate_of)

    @pytest.mark.G8
    def test_exports_stay_a_week(self) -> None:
        """A week later they go; what people stored themselves stays."""
        clock = StoppedClock()
        steps = shop(self.make_ports(clock), clock)
        kept = stored(steps.kasa, steps.owner, FileKind.LOGO)
        gone = stored(steps.kasa, steps.owner, FileKind.EXPORT)
        clock.pass_time(timedelta(days=7))
        assert 0 == steps.kasa.files.clear.shop(steps.owner.tenant)
        clock.pass_time(timedelta(seconds=1))
        assert 1 == steps.kasa.files.clear.shop(steps.owner.tenant)
        assert b"data" == steps.kasa.files.fetch(steps.owner, kept)
        with pytest.raises(NotFound):
            steps.kasa.files.fetch(steps.owner, gone)


def shop(ports: Ports, clock: StoppedClock) -> Steps:
    """Return a shop, a while after it was opened."""
    steps = Steps.open(Kasa.over(ports), ports)
    clock.pass_time(timedelta(minutes=7))
    return steps


def stored(kasa: Kasa, owner: Actor, kind: FileKind) -> FileId:
    """Store a file of a kind, and return its id."""
    new = NewFile(kind=kind, name="a file", media_type="text/csv", data=b"data")
    return kasa.files.store(owner, new).id


def used(steps: Steps) -> int:
    """Return how many bytes of receipts the shop uses."""
    with steps.ports.unit_of_work(steps.owner) as work:
        return work.usage.used(Meter.RECEIPTS, period=CAPACITY_PERIOD)


def picture_of(steps: Steps, payment: PaymentId) -> StorageKey:
    """Return where the picture of a payment lies."""
    with steps.ports.unit_of_work.read_only(steps.owner) as view:
        (sent,) = view.payments.evidence_of(payment)
    assert sent.picture is not None
    return StorageKey(sent.picture.storage_key)
