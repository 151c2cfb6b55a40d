"""Signing in over PostgreSQL: races, counts across processes' engines, and whole stories."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import uuid4

import attrs
import pytest

from kasa.adapters.memory.outside import StoppedClock
from kasa.adapters.system.clock import RandomSecrets
from kasa.application.identity.visiting import SignedIn, Visitor
from kasa.application.ports.bundle import Ports
from kasa.domain.identity.mail import MailKind
from kasa.domain.identity.security import SecurityKind
from kasa.domain.kernel.errors import KasaError
from tests.integration.conftest import Database
from tests.integration.postgres.racing import at_once, wide_ports
from tests.unit.identity.street import OTHER_PASSWORD, PASSWORD, Street

pytestmark = pytest.mark.integration

WRONG = "not the password at all"


def _address() -> str:
    return f"{uuid4()}@example.com"


def _home() -> Visitor:
    """Return a browser of its own: what was counted outlives a test."""
    return Visitor(address=str(uuid4()), browser="Firefox on Linux")


def _street(ports: Ports) -> Street:
    clock = StoppedClock(datetime.now(UTC))
    own = attrs.evolve(ports, clock=clock, secrets=RandomSecrets())
    return Street.over(own, clock.pass_time)


def _codes(answers: list[object]) -> Counter[str]:
    return Counter(one.code if isinstance(one, KasaError) else "let in" for one in answers)


def _stranger() -> Visitor:
    return Visitor(address=str(uuid4()), browser="curl")


@pytest.mark.D2
def test_twenty_refreshes_at_once_sign_nobody_out(database: Database) -> None:
    """One gets the next token, nineteen are raced, the family lives; later reuse ends it alone."""
    street = _street(wide_ports(database))
    address, home = _address(), _home()
    given = street.sign_up(address, visitor=home)
    other = street.kasa.identity.sign_in(home, address, PASSWORD)
    refresh = partial(street.kasa.identity.refresh, home, given.refresh or "")
    answers = at_once(*([refresh] * 20))
    assert {"let in": 1, "identity.refresh_raced": 19} == _codes(answers)
    (next_one,) = (one for one in answers if isinstance(one, SignedIn))
    assert street.comes_in(next_one) is None
    street.pass_time(timedelta(seconds=11))
    assert "identity.refresh_reused" == street.refusal(refresh)
    assert ["identity.token_invalid", None] == [street.comes_in(next_one), street.comes_in(other)]
    ended = street.security(SecurityKind.REFRESH_REUSED)
    assert [given.session] == [one.session for one in ended if one.user == given.user]


@pytest.mark.D5
def test_forty_guesses_at_once_are_five(database: Database) -> None:
    """From as many addresses, over two engines: five are looked at, the owner's browser gets in."""
    street = _street(wide_ports(database))
    twin = Street.over(
        attrs.evolve(street.ports, unit_of_work=database.open(threads=10).unit_of_work),
        street.pass_time,
    )
    address, home = _address(), _home()
    given = street.sign_up(address, visitor=home)
    guesses = [
        partial(place.kasa.identity.sign_in, _stranger(), address, WRONG)
        for place in [street, twin] * 20
    ]
    expected = {"identity.sign_in_failed": 5, "identity.locked_out": 35}
    assert expected == _codes(at_once(*guesses))
    known = attrs.evolve(home, device=given.device)
    assert "let in" in _codes([street.kasa.identity.sign_in(known, address, PASSWORD)])
    right = partial(twin.kasa.identity.sign_in, _stranger(), address, PASSWORD)
    assert "identity.locked_out" == street.refusal(right)
    street.pass_time(timedelta(minutes=15))
    assert street.refusal(right) is None


@pytest.mark.D5
def test_honest_sign_ins_at_once_all_get_in(database: Database) -> None:
    """Four of one person from a browser that is known: no count closes, nothing deadlocks."""
    street = _street(wide_ports(database))
    address, home = _address(), _home()
    given = street.sign_up(address, visitor=home)
    known = attrs.evolve(home, device=given.device)
    calls = [partial(street.kasa.identity.sign_in, known, address, PASSWORD)] * 4
    assert {"let in": 4} == _codes(at_once(*calls))


@pytest.mark.D7
def test_of_twenty_redeemers_one_gets_in(database: Database) -> None:
    """A link, a code beside it, a reset and a sign-up each work once, however many try."""
    street = _street(wide_ports(database))
    identity, address = street.kasa.identity, _address()
    home = _home()
    identity.ask_sign_up(home, address)
    token = street.last(MailKind.SIGN_UP, address).facts["token"]
    opened = partial(
        identity.redeem_sign_up, home, token, password=PASSWORD, person="Sokha", shop="Shop"
    )
    assert {"let in": 1, "identity.link_invalid": 5} == _codes(at_once(*([opened] * 6)))
    request = identity.ask_magic_link(home, address)
    facts = street.last(MailKind.MAGIC, address).facts
    by_link = partial(identity.redeem_magic_link, home, request, token=facts["token"])
    by_code = partial(identity.redeem_magic_link, home, request, code=facts["code"])
    assert 1 == _codes(at_once(*([by_link, by_code] * 10)))["let in"]
    identity.ask_reset(home, address)
    token = street.last(MailKind.RESET, address).facts["token"]
    reset = partial(identity.reset_password, home, token, OTHER_PASSWORD)
    assert {"let in": 1, "identity.link_invalid": 9} == _codes(at_once(*([reset] * 10)))


@pytest.mark.D4
def test_a_guarded_account_from_sign_up_to_sign_out(database: Database) -> None:
    """Factor on, code once, recovery code once, password changed, out: each acts at once."""
    street = _street(database.ports())
    identity, address, home = street.kasa.identity, _address(), _home()
    guarded = street.with_factor(street.sign_up(address, visitor=home))
    code = guarded.code()
    sign_in = partial(identity.sign_in, _stranger(), address, PASSWORD)
    assert "identity.totp_required" == street.refusal(sign_in)
    given = sign_in(totp=code)
    assert "identity.sign_in_failed" == street.refusal(partial(sign_in, totp=code))
    assert street.comes_in(sign_in(totp=guarded.recovery[3])) is None
    again = partial(sign_in, totp=guarded.recovery[3])
    assert "identity.sign_in_failed" == street.refusal(again)
    renewed = identity.change_password(street.person(given), OTHER_PASSWORD, current=PASSWORD)
    assert "identity.token_invalid" == street.comes_in(given)
    assert "identity.token_invalid" == street.comes_in(guarded.given)
    person = street.person(renewed)
    assert [address] == [identity.own.me(person).email]
    assert 1 == len(identity.own.sessions(person))
    identity.sign_out(person)
    assert "identity.token_invalid" == street.comes_in(renewed)
