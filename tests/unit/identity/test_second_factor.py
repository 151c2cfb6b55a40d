"""Codes of a second factor: those of the RFCs, one step around, each once."""

import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.domain.identity.second_factor import (
    NEVER,
    STEP,
    accepted_step,
    code_of,
    otpauth,
    recovery_code,
    recovery_hash,
    step_of,
)

SECRET = b"12345678901234567890"
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 # Hypothesis takes bare bounds


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    """The values of RFC 6238, appendix B."""
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    assert code == code_of(SECRET, step_of(at), digits=8)


@given(MOMENTS, st.integers(-3, 3))
def test_one_step_around_is_taken(at: datetime, away: int) -> None:
    """The step before, the present one and the next, and none else."""
    step = step_of(at) + away
    taken = accepted_step(SECRET, code_of(SECRET, step), last_step=NEVER, at=at)
    assert (taken is not None) >= (abs(away) <= 1)
    if taken is not None:
        assert abs(taken - step_of(at)) <= 1


@given(MOMENTS, st.integers(0, 300))
def test_a_step_is_taken_once(at: datetime, later: int) -> None:
    """A code that was taken never is again, nor one of a step before it."""
    code = code_of(SECRET, step_of(at))
    taken = accepted_step(SECRET, code, last_step=NEVER, at=at)
    assert taken is not None
    again = at + timedelta(seconds=later)
    second = accepted_step(SECRET, code, last_step=taken, at=again)
    assert second is None or second > taken
    earlier = code_of(SECRET, taken - 1)
    if earlier != code_of(SECRET, taken + 1):
        assert accepted_step(SECRET, earlier, last_step=taken, at=at) is None


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "٣٤٥٦٧٨", "１２３４５６", "abcdef", "-00001"]
)
def test_what_is_no_code_is_refused(typed: str) -> None:
    """Too short, too long, other digits, letters: no code, and no crash."""
    assert (
        accepted_step(SECRET, typed, last_step=NEVER, at=datetime(2026, 1, 1, tzinfo=UTC)) is None
    )


def test_spaces_do_not_matter() -> None:
    """Authenticators show a code in two groups."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    code = code_of(SECRET, step_of(at))
    typed = f" {code[:3]} {code[3:]} "
    assert step_of(at) == accepted_step(SECRET, typed, last_step=NEVER, at=at)
    assert timedelta(seconds=30) == STEP


@given(st.binary(min_size=20, max_size=20), st.text(max_size=40))
def test_the_address_says_secret_issuer_and_account(secret: bytes, account: str) -> None:
    """An authenticator reads back what was put in, whatever the account is called."""
    try:
        account.encode()
    except UnicodeEncodeError:
        return
    address = urlsplit(otpauth(secret, issuer="kasa", account=account))
    asked = parse_qs(address.query)
    assert secret == base64.b32decode(asked["secret"][0])
    assert ["kasa"] == asked["issuer"]
    assert f"/kasa:{account}" == unquote(address.path)


@given(st.binary(min_size=10, max_size=10), st.binary(min_size=10, max_size=10))
def test_a_recovery_code_is_known_however_it_is_typed(one: bytes, other: bytes) -> None:
    """Case, dashes and spaces do not matter; another code has another digest."""
    code = recovery_code(one)
    assert 19 == len(code)
    assert recovery_hash(code) == recovery_hash(code.upper().replace("-", " "))
    assert (one == other) == (recovery_hash(code) == recovery_hash(recovery_code(other)))
