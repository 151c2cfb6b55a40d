"""Refresh tokens: each once, honest twins forgiven, thieves not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest

from kasa.application.identity.visiting import SignedIn
from kasa.domain.identity.mail import MailKind
from kasa.domain.identity.security import SecurityKind
from tests.unit.identity.street import EMAIL, HOME, PASSWORD, Street


def _next(street: Street, given: SignedIn) -> SignedIn:
    street.pass_time(timedelta(minutes=9))
    return street.kasa.identity.refresh(HOME, given.refresh or "")


def _refused(street: Street, given: SignedIn) -> str | None:
    return street.refusal(lambda: street.kasa.identity.refresh(HOME, given.refresh or ""))


@pytest.mark.D1
def test_a_stolen_refresh_token_kills_its_family(street: Street) -> None:
    """Reused after 10 s it ends its sign-in, newest token too; other devices live, all is told."""
    first = street.sign_up()
    other = street.kasa.identity.sign_in(HOME, EMAIL, PASSWORD)
    newest = first
    for _ in range(3):
        newest = _next(street, newest)
    assert street.comes_in(newest) is None
    assert "identity.refresh_reused" == _refused(street, first)
    assert "identity.token_invalid" == _refused(street, newest)
    assert "identity.token_invalid" == street.comes_in(newest)
    assert _refused(street, other) is None
    assert 1 == len(street.security(SecurityKind.REFRESH_REUSED))
    assert EMAIL == street.last(MailKind.REFRESH_REUSED).address


@pytest.mark.D2
def test_an_honest_parallel_call_is_told_to_use_the_new_token(street: Street) -> None:
    """Until 10 s after its use a token is raced, not reused, and the family lives."""
    first = street.sign_up()
    second = street.kasa.identity.refresh(HOME, first.refresh or "")
    assert "identity.refresh_raced" == _refused(street, first)
    street.pass_time(timedelta(seconds=10))
    assert "identity.refresh_raced" == _refused(street, first)
    assert street.comes_in(second) is None
    third = street.kasa.identity.refresh(HOME, second.refresh or "")
    street.pass_time(timedelta(seconds=1))
    assert "identity.refresh_reused" == _refused(street, first)
    assert "identity.token_invalid" == street.comes_in(third)


@pytest.mark.D2
def test_twenty_at_once_sign_nobody_out(street: Street) -> None:
    """One of twenty gets the next token, nineteen are raced, and the sign-in lives."""
    first = street.sign_up()
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: _refused(street, first), range(20)))
    assert 1 == answers.count(None)
    assert 19 == answers.count("identity.refresh_raced")
    assert street.comes_in(first) is None


def test_a_sign_in_lives_as_long_as_it_is_used_and_never_beyond_its_end(street: Street) -> None:
    """Thirty days unused end it; used, it ends after ninety."""
    given = street.sign_up()
    for _ in range(3):
        street.pass_time(timedelta(days=29))
        given = street.kasa.identity.refresh(HOME, given.refresh or "")
    street.pass_time(timedelta(days=3))
    assert "identity.token_invalid" == _refused(street, given)
    idle = street.kasa.identity.sign_in(HOME, EMAIL, PASSWORD)
    street.pass_time(timedelta(days=30))
    assert "identity.token_invalid" == _refused(street, idle)


@pytest.mark.D3
def test_no_other_secret_refreshes(street: Street) -> None:
    """Access token, device secret and nonsense are refused alike."""
    given = street.sign_up()
    for text in (given.access, given.device or "", "", "x" * 44):
        code = street.refusal(partial(street.kasa.identity.refresh, HOME, text))
        assert "identity.token_invalid" == code
