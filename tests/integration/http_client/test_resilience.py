"""Outside systems are left alone when they are out of order, and tried again within bounds."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from kasa.adapters.http_client.errors import (
    RETRY_AFTER_LIMIT_SECONDS,
    CircuitOpen,
    Unreachable,
    retry_after_seconds,
)
from kasa.adapters.http_client.resilience import FAILURES, Breaker, Faulty, Pace, patiently

NOW = datetime(2026, 9, 14, 3, 21, tzinfo=UTC)


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = 1_000.0

    def __call__(self) -> float:
        """Return where it stands."""
        return self.at


def test_five_failures_open_the_circuit() -> None:
    """Then nothing is sent; one success in between starts the count anew."""
    breaker, sent = Breaker("test"), []

    def fails() -> None:
        sent.append(1)
        raise Faulty

    for _ in range(FAILURES - 1):
        with pytest.raises(Faulty):
            breaker.call(fails)
    assert breaker.call(lambda: "well") == "well"
    for _ in range(FAILURES):
        with pytest.raises(Faulty):
            breaker.call(fails)
    with pytest.raises(CircuitOpen):
        breaker.call(fails)
    assert 2 * FAILURES - 1 == len(sent)


def test_a_host_is_held_as_long_as_said() -> None:
    """A shorter word does not shorten a longer one."""
    clock = Hands()
    breaker = Breaker("test", clock=clock)
    breaker.hold(3_600)
    breaker.hold(5)
    assert 3_600 == breaker.held_seconds
    clock.at += 3_599.5
    with pytest.raises(CircuitOpen) as refused:
        breaker.call(lambda: None)
    assert 1 == refused.value.retry_after
    clock.at += 0.5
    assert 0 == breaker.held_seconds
    assert breaker.call(lambda: 7) == 7


def test_a_pace_is_kept() -> None:
    """So many within the window, and again as soon as the first has left it."""
    clock = Hands()
    pace = Pace(2, clock=clock)
    assert [True, True, False] == [pace.take() for _ in range(3)]
    clock.at += 0.5
    assert not pace.take()
    clock.at += 0.5
    assert [True, True, False] == [pace.take() for _ in range(3)]


@pytest.mark.deep
def test_calls_are_repeated_when_nobody_is_reached() -> None:
    """At most three times, and only for that reason."""
    sent: list[int] = []

    def lost() -> str:
        sent.append(1)
        if len(sent) < 3:
            raise Unreachable
        return "there"

    assert patiently(lost, first_wait=0.001) == "there"
    assert 3 == len(sent)
    sent.clear()

    def broken() -> None:
        sent.append(1)
        raise Faulty

    with pytest.raises(Faulty):
        patiently(broken, first_wait=0.001)
    assert 1 == len(sent)


@pytest.mark.deep
def test_a_call_is_not_repeated_for_ever() -> None:
    """The last refusal is handed on."""

    def lost() -> None:
        raise Unreachable

    with pytest.raises(Unreachable):
        patiently(lost, attempts=2, first_wait=0.001)


def test_retry_after_is_a_number_or_a_date() -> None:
    """Never below zero, never above a day, nothing for nonsense."""
    later = format_datetime(NOW + timedelta(seconds=90), usegmt=True)
    past = format_datetime(NOW - timedelta(seconds=90), usegmt=True)
    far = format_datetime(NOW + timedelta(days=400), usegmt=True)
    expected = {
        "12": 12,
        " 12 ": 12,
        later: 90,
        past: 0,
        far: RETRY_AFTER_LIMIT_SECONDS,
        "9" * 30: RETRY_AFTER_LIMIT_SECONDS,
        "soon": 0,
        "": 0,
        None: 0,
        "١٢": 0,
    }
    assert expected == {text: retry_after_seconds(text, NOW) for text in expected}
