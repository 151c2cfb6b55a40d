"""What counters of use must do."""

from datetime import date
from threading import Thread

from kasa.adapters.conformance.shops import new_shop
from kasa.application.ports.bundle import Ports
from kasa.domain.identity.access import Actor
from kasa.domain.subscriptions.plan import CAPACITY_PERIOD, UNLIMITED, Meter

LIMIT = 5
RACERS = 16


class SubscriptionsConformance:
    """Counters that never pass their limit, whoever counts at once."""

    def make_ports(self) -> Ports:
        """Return the ports under test."""
        raise NotImplementedError

    def test_it_counts_up_to_its_limit(self) -> None:
        """Reaching the limit is allowed, passing it changes nothing."""
        ports = self.make_ports()
        owner = new_shop(ports)
        assert spend(ports, owner, LIMIT - 1) == LIMIT - 1
        assert spend(ports, owner, 2) is None
        assert spend(ports, owner, 1) == LIMIT
        assert spend(ports, owner, 1) is None
        assert spend(ports, owner, 0) == LIMIT

    def test_a_first_spending_above_the_limit_is_refused(self) -> None:
        """Also when nothing was counted before."""
        ports = self.make_ports()
        owner = new_shop(ports)
        assert spend(ports, owner, LIMIT + 1) is None
        assert spend(ports, owner, LIMIT) == LIMIT

    def test_giving_back_ends_at_zero(self) -> None:
        """A release takes at most what is used."""
        ports = self.make_ports()
        owner = new_shop(ports)
        spend(ports, owner, 3)
        with ports.unit_of_work(owner) as work:
            assert work.usage.release(Meter.PRODUCTS, 2, period=CAPACITY_PERIOD) == 1
            assert work.usage.release(Meter.PRODUCTS, 2, period=CAPACITY_PERIOD) == 0
            assert work.usage.used(Meter.PRODUCTS, period=CAPACITY_PERIOD) == 0

    def test_meters_periods_and_tenants_count_apart(self) -> None:
        """A counter belongs to one tenant, one meter and one period."""
        ports = self.make_ports()
        owner, stranger = new_shop(ports), new_shop(ports)
        spend(ports, owner, 3)
        with ports.unit_of_work(owner) as work:
            usage = work.usage
            first, second = date(2026, 11, 2), date(2026, 12, 2)
            assert usage.spend(Meter.INVOICES, 1, period=first, limit=LIMIT) == 1
            assert usage.spend(Meter.INVOICES, 2, period=second, limit=LIMIT) == 2
            assert usage.used(Meter.CUSTOMERS, period=CAPACITY_PERIOD) == 0
        assert spend(ports, stranger, 1) == 1

    def test_unlimited_is_counted(self) -> None:
        """A limit that is never reached is counted against all the same."""
        ports = self.make_ports()
        with ports.unit_of_work(new_shop(ports)) as work:
            period = CAPACITY_PERIOD
            spent = work.usage.spend(Meter.STORAGE, 2**40, period=period, limit=UNLIMITED)
            assert spent == 2**40

    def test_two_at_once_never_pass_the_limit_together(self) -> None:
        """Of many who spend one unit at once, exactly as many win as the limit allows."""
        ports = self.make_ports()
        owner = new_shop(ports)
        won: list[int | None] = []
        threads = [Thread(target=lambda: won.append(spend(ports, owner, 1))) for _ in range(RACERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(total for total in won if total is not None) == [1, 2, 3, 4, 5]
        assert len(won) == RACERS


def spend(ports: Ports, owner: Actor, n: int) -> int | None:
    """Count products of a shop against a limit of five."""
    with ports.unit_of_work(owner) as work:
        return work.usage.spend(Meter.PRODUCTS, n, period=CAPACITY_PERIOD, limit=LIMIT)
