"""What every count of tries and of calls must do."""

from datetime import timedelta

import pytest

from kasa.adapters.conformance.identity.making import People
from kasa.application.ports.bundle import Ports
from kasa.application.ports.identity.attempts import Rate
from kasa.domain.identity.lockout import NOTHING_TRIED, RULES, Counter, LoginAttempts, Try

SECOND = timedelta(seconds=1)
ACCOUNT_TRIES = RULES[Counter.ACCOUNT].tries


class AttemptsConformance:
    """Counters of tries, by the digest of whom they count; and rates."""

    def make_ports(self) -> Ports:
        """Return the ports under test."""
        raise NotImplementedError

    def test_tries_run_out(self) -> None:
        """Five are taken, the sixth is refused with its wait, and counts nothing."""
        people = People.of(self.make_ports())
        tries = [Try(counter=Counter.ACCOUNT, key=people.digest())]
        for _ in range(ACCOUNT_TRIES):
            with people.ports.unit_of_work.platform() as work:
                assert work.attempts.take(tries, at=people.at).allowed
        with people.ports.unit_of_work.platform() as work:
            before = work.attempts.known(tries[0].key)
            refused = work.attempts.take(tries, at=people.at + SECOND)
            assert not refused.allowed
            assert refused.retry_after == 15 * 60 - 1
            assert before == work.attempts.known(tries[0].key)
        with people.ports.unit_of_work.platform() as work:
            assert work.attempts.take(tries, at=people.at + timedelta(minutes=15)).allowed

    def test_what_was_counted_survives_the_round_trip(self) -> None:
        """What the next unit of work knows is what the verdict said; unknown keys know nothing."""
        people = People.of(self.make_ports())
        tries = [
            Try(counter=counter, key=people.digest())
            for counter in (Counter.ACCOUNT, Counter.ADDRESS, Counter.MAGIC)
        ]
        for _ in range(ACCOUNT_TRIES):
            with people.ports.unit_of_work.platform() as work:
                verdict = work.attempts.take(tries, at=people.at)
        with people.ports.unit_of_work.platform() as work:
            known = tuple(work.attempts.known(one.key) for one in tries)
            assert verdict.attempts == known
            assert NOTHING_TRIED == work.attempts.known(people.digest())

    def test_a_refusal_counts_on_none(self) -> None:
        """When one counter refuses, the others do not count, however they are ordered."""
        people = People.of(self.make_ports())
        full = Try(counter=Counter.ACCOUNT, key=people.digest())
        open_ = Try(counter=Counter.ADDRESS, key=people.digest())
        for _ in range(ACCOUNT_TRIES):
            with people.ports.unit_of_work.platform() as work:
                work.attempts.take([full], at=people.at)
        with people.ports.unit_of_work.platform() as work:
            assert not work.attempts.take([open_, full], at=people.at).allowed
            assert not work.attempts.take([full, open_], at=people.at).allowed
        with people.ports.unit_of_work.platform() as work:
            assert _nothing(work.attempts.known(open_.key))

    def test_a_rolled_back_try_was_none(self) -> None:
        """It counts when the unit of work commits, and not before."""
        people = People.of(self.make_ports())
        tries = [Try(counter=Counter.ACCOUNT, key=people.digest())]
        with pytest.raises(ZeroDivisionError), people.ports.unit_of_work.platform() as work:
            work.attempts.take(tries, at=people.at)
            raise ZeroDivisionError
        with people.ports.unit_of_work.platform() as work:
            assert NOTHING_TRIED == work.attempts.known(tries[0].key)

    def test_a_try_is_given_back(self) -> None:
        """The one that closed the counter opens it again."""
        people = People.of(self.make_ports())
        tries = [Try(counter=Counter.ACCOUNT, key=people.digest())]
        for _ in range(ACCOUNT_TRIES):
            with people.ports.unit_of_work.platform() as work:
                work.attempts.take(tries, at=people.at)
        with people.ports.unit_of_work.platform() as work:
            work.attempts.give_back(tries)
        with people.ports.unit_of_work.platform() as work:
            known = work.attempts.known(tries[0].key)
            assert ACCOUNT_TRIES - 1 == known.failures
            assert known.blocked_until is None
            assert work.attempts.take(tries, at=people.at).allowed

    def test_counters_are_cleared_and_forgiven(self) -> None:
        """Cleared ones know nothing any more; forgiven ones stay closed, and their sum is new."""
        people = People.of(self.make_ports())
        first, second = (Try(counter=Counter.ACCOUNT, key=people.digest()) for _ in range(2))
        for _ in range(ACCOUNT_TRIES):
            with people.ports.unit_of_work.platform() as work:
                work.attempts.take([first, second], at=people.at)
        with people.ports.unit_of_work.platform() as work:
            work.attempts.clear([first.key, people.digest()])
            work.attempts.forgive([second.key, people.digest()])
        with people.ports.unit_of_work.platform() as work:
            assert NOTHING_TRIED == work.attempts.known(first.key)
            assert work.attempts.known(second.key).total == 0
            assert not work.attempts.take([second], at=people.at).allowed

    def test_calls_are_counted(self) -> None:
        """Each key for itself, also beyond its limit, with the seconds until the window ends."""
        people = People.of(self.make_ports())
        rate = Rate(key=people.digest(), limit=3)
        other = Rate(key=people.digest(), limit=3, n=2)
        taken = [people.ports.rates.take(rate).taken for _ in range(5)]
        assert [1, 2, 3, 4, 5] == taken
        answer = people.ports.rates.take(other)
        assert answer.taken == 2
        assert 58 <= answer.retry_after <= 60
        assert people.ports.rates.take(other).taken == 4


def _nothing(attempts: LoginAttempts) -> bool:
    return attempts.failures == 0 and attempts.total == 0 and attempts.blocked_until is None
