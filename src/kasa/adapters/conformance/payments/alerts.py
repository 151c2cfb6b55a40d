"""What the store of the banks' own messages must do."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import attrs
import pytest

from kasa.adapters.conformance.payments.making import added, judged, new_payment
from kasa.adapters.conformance.receipts import DUE, aba_success
from kasa.adapters.conformance.shops import new_shop
from kasa.adapters.conformance.strategies_payments import PAID_AT
from kasa.application.ports.bundle import Ports
from kasa.application.ports.work import Collided
from kasa.domain.identity.access import Actor
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import AlertId, PaymentId
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.payments.alerts.alert import BankAlert
from kasa.domain.payments.alerts.reading import AlertFlag, BankCredit
from kasa.domain.payments.evidence import Precision, Source
from kasa.domain.payments.payment import Payment

RACERS = 12
SINCE = PAID_AT - timedelta(days=30)


def new_alert(ports: Ports, message: int = 1, **facts: Any) -> BankAlert:
    """Return an alert of a bound bot that is not kept yet; its id is that of its message."""
    credit = BankCredit(
        family="aba.en",
        amount=DUE,
        paid_at=PAID_AT,
        precision=Precision.MINUTE,
        payer="IPSUM SOKHANA",
        payer_account="*564",
        payer_tail="564",
        shop="SOKHA TEXTILES",
        references={"payway.trx": f"17893560{message:07d}", "payway.apv": "691804"},
    )
    alert = BankAlert(
        id=AlertId(ports.ids.new(PAID_AT)),
        bot="PayWayByABA_bot",
        chat=-1001,
        message=message,
        source=Source.BANK_ALERT,
        received_at=PAID_AT,
        digest=sha256(str(message).encode()).hexdigest(),
        credit=credit,
    )
    return attrs.evolve(alert, **facts)


def kept(ports: Ports, owner: Actor, alert: BankAlert) -> BankAlert:
    """Keep an alert and return it."""
    with ports.unit_of_work(owner) as work:
        assert work.alerts.add(alert) is None
    return alert


def read_payment(ports: Ports, owner: Actor) -> Payment:
    """Store a payment whose picture was read and that waits for a person."""
    return added(ports, owner, judged(new_payment(ports), aba_success()).in_review())


class AlertsConformance:
    """An alert is kept once and joins at most one payment."""

    def make_ports(self) -> Ports:
        """Return the ports under test."""
        raise NotImplementedError

    def test_an_alert_survives_the_round_trip(self) -> None:
        """Every fact of it comes back, and its flags and whether it is put aside can change."""
        ports = self.make_ports()
        owner = new_shop(ports)
        alert = kept(ports, owner, new_alert(ports, flags=("alert.repeated",)))
        with ports.unit_of_work.read_only(owner) as view:
            assert alert == view.alerts.show(alert.id)
        by = UUID(int=7)
        with ports.unit_of_work(owner) as work:
            locked = work.alerts.lock(alert.id)
            changed = locked.flagged(AlertFlag.EDITED).ignored(at=PAID_AT, by=by)
            work.alerts.save(changed)
        with ports.unit_of_work.read_only(owner) as view:
            assert changed == view.alerts.show(alert.id)
            assert () == view.alerts.unjoined(DUE, since=SINCE)

    def test_a_message_is_kept_once(self) -> None:
        """The place of a message is taken, whatever it says the second time."""
        ports = self.make_ports()
        owner, other = new_shop(ports), new_shop(ports)
        alert = kept(ports, owner, new_alert(ports))
        again = new_alert(ports, digest="e" * 64)
        with ports.unit_of_work(owner) as work:
            assert alert.id == work.alerts.add(again)
            assert alert.id == work.alerts.at(-1001, 1)
            assert work.alerts.at(-1001, 2) is None
        kept(ports, other, again)

    def test_a_reference_is_kept_once(self) -> None:
        """An id in another message is the same transfer; ids of the payer's bank only join."""
        ports = self.make_ports()
        owner = new_shop(ports)
        alert = kept(ports, owner, new_alert(ports, 1))
        same = attrs.evolve(new_alert(ports, 2), credit=alert.credit)
        with ports.unit_of_work(owner) as work:
            assert alert.id == work.alerts.add(same)
            assert work.alerts.at(-1001, 2) is None
        shared = {"payer.ref": "62570012345"}
        for message in (3, 4):
            made = new_alert(ports, message)
            both = {**made.credit.references, **shared}
            kept(
                ports, owner, attrs.evolve(made, credit=attrs.evolve(made.credit, references=both))
            )

    def test_alerts_without_an_id_are_named_by_their_message(self) -> None:
        """Two alike without any reference are two transfers."""
        ports = self.make_ports()
        owner = new_shop(ports)
        bare = new_alert(ports).credit
        bare = attrs.evolve(bare, references={})
        one, two = (kept(ports, owner, new_alert(ports, no, credit=bare)) for no in (1, 2))
        with ports.unit_of_work.read_only(owner) as view:
            assert (two, one) == view.alerts.unjoined(DUE, since=SINCE)

    def test_an_alert_joins_one_payment(self) -> None:
        """The first payment has it; one that is put aside joins none."""
        ports = self.make_ports()
        owner = new_shop(ports)
        alert, aside = (kept(ports, owner, new_alert(ports, no)) for no in (1, 2))
        one, two = read_payment(ports, owner), read_payment(ports, owner)
        with ports.unit_of_work(owner) as work:
            work.alerts.hold(DUE)
            work.alerts.save(work.alerts.lock(aside.id).ignored(at=PAID_AT, by=None))
            assert work.alerts.join(alert.id, one.id)
            assert not work.alerts.join(alert.id, two.id)
            assert not work.alerts.join(aside.id, two.id)
        with ports.unit_of_work(owner) as work:
            assert (attrs.evolve(alert, payment=one.id),) == work.alerts.of_payment(one.id)
            assert () == work.alerts.of_payment(two.id)
            assert (two.id,) == tuple(
                payment.id for payment in work.alerts.without_alert(DUE, since=SINCE)
            )

    def test_what_waits_is_found_by_its_money(self) -> None:
        """Alerts and payments of that money, not too old, the newest first."""
        ports = self.make_ports()
        owner, stranger = new_shop(ports), new_shop(ports)
        one, two = (kept(ports, owner, new_alert(ports, no)) for no in (1, 2))
        kept(ports, owner, new_alert(ports, 3, received_at=SINCE - timedelta(seconds=1)))
        kept(ports, stranger, new_alert(ports, 4))
        payment = read_payment(ports, owner)
        added(ports, owner, new_payment(ports))
        added(ports, owner, judged(new_payment(ports, source=Source.MANUAL), aba_success()))
        other = Money(DUE.minor + 1, KHR)
        with ports.unit_of_work.read_only(owner) as view:
            assert (two, one) == view.alerts.unjoined(DUE, since=SINCE)
            assert () == view.alerts.unjoined(other, since=SINCE)
            assert (payment,) == view.alerts.without_alert(DUE, since=SINCE)
            assert () == view.alerts.without_alert(other, since=SINCE)
            assert () == view.alerts.without_alert(DUE, since=PAID_AT + timedelta(days=1))

    def test_the_nearest_are_found_first(self) -> None:
        """Among many of one price those of the wanted minute are looked at."""
        ports = self.make_ports()
        owner = new_shop(ports)
        alerts, payments = [], []
        for no in range(3):
            at = PAID_AT + timedelta(hours=no)
            credit = attrs.evolve(new_alert(ports, no).credit, paid_at=at)
            alerts.append(kept(ports, owner, new_alert(ports, no, credit=credit)).id)
            made = attrs.evolve(read_payment(ports, owner), paid_at=None if no == 1 else at)
            with ports.unit_of_work(owner) as work:
                work.payments.lock(made.id)
                work.payments.save(made)
            payments.append(made.id)
        near = PAID_AT + timedelta(minutes=20)
        with ports.unit_of_work.read_only(owner) as view:
            found = view.alerts.unjoined(DUE, since=SINCE, near=near)
            waiting = view.alerts.without_alert(DUE, since=SINCE, near=near)
        assert alerts == [one.id for one in found]
        assert [payments[0], payments[2], payments[1]] == [one.id for one in waiting]

    def test_alerts_are_listed_in_pages(self) -> None:
        """Oldest first; those that belong to nobody can be asked for alone."""
        ports = self.make_ports()
        owner = new_shop(ports)
        alerts = [kept(ports, owner, new_alert(ports, no)) for no in range(1, 4)]
        payment = read_payment(ports, owner)
        with ports.unit_of_work(owner) as work:
            assert work.alerts.join(alerts[0].id, payment.id)
        with ports.unit_of_work.read_only(owner) as view:
            first = view.alerts.listed(limit=2)
            rest = view.alerts.listed(limit=2, after=first.next)
            free = view.alerts.listed(unassigned=True)
        shown = [line.id for page in (first, rest) for line in page.items]
        assert [alert.id for alert in alerts] == shown
        assert [alert.id for alert in alerts[1:]] == [line.id for line in free.items]
        assert (payment.id, rest.next, free.next) == (first.items[0].payment, None, None)

    def test_a_foreign_alert_is_a_missing_one(self) -> None:
        """Another shop neither locks nor shows nor joins it."""
        ports = self.make_ports()
        owner, stranger = new_shop(ports), new_shop(ports)
        alert = kept(ports, owner, new_alert(ports))
        for actor, wanted in ((stranger, alert.id), (owner, AlertId(ports.ids.new(PAID_AT)))):
            with ports.unit_of_work(actor) as work, pytest.raises(NotFound):
                work.alerts.lock(wanted)
            with ports.unit_of_work.read_only(actor) as view, pytest.raises(NotFound):
                view.alerts.show(wanted)

    def test_a_race_keeps_one_and_joins_one(self) -> None:
        """Of many that keep one message, or join one alert, at once, exactly one does."""
        ports = self.make_ports()
        owner = new_shop(ports)
        payments = [read_payment(ports, owner).id for _ in range(RACERS)]
        shared = new_alert(ports)

        def keep(payment: PaymentId) -> bool:
            made = attrs.evolve(shared, id=AlertId(ports.ids.new(PAID_AT)))
            try:
                with ports.unit_of_work(owner) as work:
                    there = work.alerts.add(made)
            except Collided:
                return False
            del payment
            return there is None

        def join(payment: PaymentId) -> bool:
            with ports.unit_of_work(owner) as work:
                there = work.alerts.at(shared.chat, shared.message)
                assert there is not None
                return work.alerts.join(there, payment)

        with ThreadPoolExecutor(4) as threads:
            assert 1 == sum(threads.map(keep, payments))
            assert 1 == sum(threads.map(join, payments))
