"""Bounded guessing: how many tries there are, and that a try given back was none."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kasa.domain.identity.lockout import (
    LONGEST,
    NOTHING_TRIED,
    RULES,
    Counter,
    LoginAttempts,
    Try,
    counters_of,
    forgiven,
    given_back,
    take,
    take_all,
)

START = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
REFUSING = [counter for counter, one in RULES.items() if one.refuses and not one.drains]


@pytest.mark.D5
@pytest.mark.parametrize(
    ("counter", "tries", "minutes"),
    [
        (Counter.ACCOUNT, 5, 15),
        (Counter.BROWSER, 5, 15),
        (Counter.ADDRESS, 10, 5),
        (Counter.SITE, 1_000, 5),
        (Counter.CODE, 5, 5),
        (Counter.CODE_HOUR, 20, 60),
        (Counter.MAGIC, 5, 60),
        (Counter.RESET, 5, 60),
        (Counter.SIGN_UP, 5, 1440),
        (Counter.LINK_ADDRESS, 20, 60),
    ],
)
def test_the_numbers_are_those_that_were_promised(
    counter: Counter, tries: int, minutes: int
) -> None:
    """Each counter has its tries and its window."""
    one = RULES[counter]
    assert (tries, timedelta(minutes=minutes)) == (one.tries, one.window)
    assert one.refuses is (counter is not Counter.SITE)


@pytest.mark.D5
def test_a_known_browser_counts_on_itself() -> None:
    """A stranger's tries count on account and address, those of a known browser on neither."""
    assert (Counter.ACCOUNT, Counter.ADDRESS, Counter.SITE) == counters_of(known_browser=False)
    assert (Counter.BROWSER, Counter.SITE) == counters_of(known_browser=True)


@pytest.mark.D5
def test_the_closed_time_doubles_up_to_a_day() -> None:
    """15 minutes, 30, 60 and so on, and never more than 24 hours, however often it was closed."""
    attempts, at, waits = NOTHING_TRIED, START, []
    for _ in range(40):
        for _ in range(5):
            attempts = take(attempts, RULES[Counter.ACCOUNT], at=at).attempts[0]
        assert attempts.blocked_until is not None
        waits.append(attempts.blocked_until - at)
        at = attempts.blocked_until
    assert [15, 30, 60, 120, 240, 480, 960, 1440] == [
        wait // timedelta(minutes=1) for wait in waits[:8]
    ]
    assert {LONGEST} == set(waits[7:])


@given(
    st.sampled_from(REFUSING),
    st.lists(st.integers(0, 4_000), max_size=120),
)
def test_no_window_holds_more_tries_than_allowed(counter: Counter, pauses: list[int]) -> None:
    """Whatever the pauses, no half-open window that begins with a try has more than ``tries``."""
    one, attempts, at, made = RULES[counter], NOTHING_TRIED, START, []
    for pause in pauses:
        at += timedelta(seconds=pause)
        verdict = take(attempts, one, at=at)
        attempts = verdict.attempts[0]
        if verdict.allowed:
            made.append(at)
        else:
            assert verdict.retry_after >= 1
            assert attempts.blocked_until is not None
            left = (attempts.blocked_until - at) // timedelta(seconds=1)
            assert left <= verdict.retry_after <= left + 1
    for first in made:
        within = [moment for moment in made if first <= moment < first + one.window]
        # Two windows may touch: the tail of one and the head of the next.
        assert len(within) <= 2 * one.tries - 1


@given(st.lists(st.integers(0, 7_200), max_size=60))
def test_mails_drain_one_an_hour(pauses: list[int]) -> None:
    """Five at once; over any span no more than five and one for each hour of it."""
    one, attempts, at, sent = RULES[Counter.RESET], NOTHING_TRIED, START, []
    for pause in pauses:
        at += timedelta(seconds=pause)
        verdict = take(attempts, one, at=at)
        attempts = verdict.attempts[0]
        if verdict.allowed:
            sent.append(at)
    for number, first in enumerate(sent):
        for last_number, last in enumerate(sent[number:], number):
            hours = (last - first) // timedelta(hours=1)
            assert last_number - number + 1 <= 5 + hours + 1


@given(st.sampled_from(list(Counter)), st.integers(0, 30), st.integers(0, 900))
def test_a_try_given_back_was_none(counter: Counter, before: int, pause: int) -> None:
    """Taking and giving back leaves as many tries as there were, and nothing closed by it."""
    one, attempts = RULES[counter], NOTHING_TRIED
    for _ in range(min(before, one.tries - 1)):
        attempts = take(attempts, one, at=START).attempts[0]
    at = START + timedelta(seconds=pause)
    verdict = take(attempts, one, at=at)
    back = given_back(verdict.attempts[0], one)
    assert back.blocked_until is None
    assert (attempts.strikes, attempts.total) == (back.strikes, back.total)
    again = take(back, one, at=at)
    assert again.allowed
    assert verdict.attempts == again.attempts


def test_several_counters_are_taken_together_or_not_at_all() -> None:
    """When one refuses, no other counts; the longest wait is told."""
    tries = tuple(Try(counter=one, key=one.encode()) for one in (Counter.ACCOUNT, Counter.ADDRESS))
    known = [NOTHING_TRIED, NOTHING_TRIED]
    locked: list[tuple[Counter, ...]] = []
    for _ in range(5):
        verdict = take_all(tries, known, at=START)
        known = list(verdict.attempts)
        locked.append(verdict.locked)
    assert [(), (), (), (), (Counter.ACCOUNT,)] == locked
    refused = take_all(tries, known, at=START + timedelta(minutes=1))
    assert (False, 14 * 60) == (refused.allowed, refused.retry_after)
    assert tuple(known) == refused.attempts


def test_the_site_alarms_once_and_refuses_nobody() -> None:
    """The thousandth try within five minutes raises one alarm, and later ones go on."""
    attempts, alarms = NOTHING_TRIED, 0
    for _ in range(2_500):
        verdict = take(attempts, RULES[Counter.SITE], at=START)
        attempts, alarms = verdict.attempts[0], alarms + verdict.alarm
        assert verdict.allowed
    assert 1 == alarms


class AccountMachine(RuleBasedStateMachine):
    """An account under attack while its owner signs in, against a count kept by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.attempts: LoginAttempts = NOTHING_TRIED
        self.at = START
        self.tries: list[datetime] = []
        self.failures = 0

    @rule(seconds=st.integers(1, 2_000))
    def wait(self, seconds: int) -> None:
        """Time passes."""
        self.at += timedelta(seconds=seconds)

    @rule()
    def fail(self) -> None:
        """A stranger guesses wrongly, if they may."""
        verdict = take(self.attempts, RULES[Counter.ACCOUNT], at=self.at)
        if verdict.allowed:
            self.tries.append(self.at)
            self.failures += 1
        self.attempts = verdict.attempts[0]

    @rule()
    def ask_for_factor(self) -> None:
        """The right password came without its factor: the try is given back."""
        verdict = take(self.attempts, RULES[Counter.ACCOUNT], at=self.at)
        self.attempts = verdict.attempts[0]
        if verdict.allowed:
            self.attempts = given_back(self.attempts, RULES[Counter.ACCOUNT])

    @rule()
    def enter_elsewhere(self) -> None:
        """The owner signs in from a known browser: the sum of failures begins anew."""
        self.attempts, self.failures = forgiven(self.attempts), 0

    @precondition(lambda self: self.attempts.blocked_until is None)
    @rule()
    def enter(self) -> None:
        """The owner signs in here: nothing was tried."""
        self.attempts, self.failures, self.tries = NOTHING_TRIED, 0, []

    @invariant()
    def sums_agree(self) -> None:
        """The sum counts exactly the failures since the last full sign-in."""
        assert self.failures == self.attempts.total

    @invariant()
    def guessing_is_bounded(self) -> None:
        """At most five failures lie within any quarter of an hour that began a window."""
        closed = self.attempts.blocked_until
        if closed is not None and self.at < closed:
            assert not take(self.attempts, RULES[Counter.ACCOUNT], at=self.at).allowed
        recent = [one for one in self.tries if one > self.at - timedelta(minutes=15)]
        assert len(recent) <= 2 * RULES[Counter.ACCOUNT].tries - 1


TestAccountMachine = pytest.mark.D5(AccountMachine.TestCase)
TestAccountMachine.settings = settings(max_examples=20, deadline=None)
