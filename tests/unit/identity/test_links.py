"""Links and codes by mail: once, briefly, in the browser that asked."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest

from kasa.application.identity.visiting import Visitor
from kasa.domain.identity.mail import MailKind
from tests.unit.identity.street import EMAIL, HOME, OTHER_PASSWORD, PASSWORD, Street

AWAY = Visitor(address="192.0.2.30", browser="Telephone")


def _asked(street: Street) -> tuple[str, str, str]:
    request = street.kasa.identity.ask_magic_link(AWAY, EMAIL)
    facts = street.last(MailKind.MAGIC).facts
    return request, facts["token"], facts["code"]


def _by_token(street: Street, request: str, token: str, totp: str | None = None) -> str | None:
    redeem = street.kasa.identity.redeem_magic_link
    return street.refusal(lambda: redeem(AWAY, request, token=token, totp=totp))


def _by_code(street: Street, request: str, code: str, totp: str | None = None) -> str | None:
    redeem = street.kasa.identity.redeem_magic_link
    return street.refusal(lambda: redeem(AWAY, request, code=code, totp=totp))


def _wrong(code: str) -> str:
    return str((int(code) + 1) % 10**8).zfill(8)


@pytest.mark.D7
def test_a_link_works_once_in_the_browser_that_asked(street: Street) -> None:
    """Elsewhere, and without what the browser was given, it opens and burns nothing."""
    street.sign_up()
    request, token, code = _asked(street)
    assert "identity.link_invalid" == _by_token(street, "another browser", token)
    assert "identity.link_invalid" == _by_token(street, "", token)
    assert "identity.link_invalid" == _by_code(street, "another browser", code)
    assert _by_token(street, request, token) is None
    assert "identity.link_invalid" == _by_token(street, request, token)
    assert "identity.link_invalid" == _by_code(street, request, code)


@pytest.mark.D7
def test_the_code_works_where_it_was_asked_for(street: Street) -> None:
    """Once, spaces or not; then its link is used too."""
    street.sign_up()
    request, token, code = _asked(street)
    assert _by_code(street, request, f"{code[:4]} {code[4:]}") is None
    assert "identity.link_invalid" == _by_code(street, request, code)
    assert "identity.link_invalid" == _by_token(street, request, token)


@pytest.mark.D7
def test_six_wrong_codes_are_one_too_many(street: Street) -> None:
    """After five wrong ones the right code opens nothing."""
    street.sign_up()
    request, _, code = _asked(street)
    for _ in range(5):
        assert "identity.link_invalid" == _by_code(street, request, _wrong(code))
    assert "identity.link_invalid" == _by_code(street, request, code)


@pytest.mark.D7
def test_after_ten_minutes_it_is_too_late(street: Street) -> None:
    """The last microsecond counts, ten minutes do not."""
    street.sign_up()
    request, token, _ = _asked(street)
    street.pass_time(timedelta(minutes=10))
    assert "identity.link_invalid" == _by_token(street, request, token)
    request, token, _ = _asked(street)
    street.pass_time(timedelta(minutes=10) - timedelta(microseconds=1))
    assert _by_token(street, request, token) is None


@pytest.mark.D7
def test_of_twenty_at_once_one_gets_in(street: Street) -> None:
    """However many redeem a link together, it signs in once."""
    street.sign_up()
    request, token, _ = _asked(street)
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: _by_token(street, request, token), range(20)))
    assert 1 == answers.count(None)
    assert 19 == answers.count("identity.link_invalid")


@pytest.mark.D7
def test_a_link_never_stands_for_the_second_factor(street: Street) -> None:
    """Without a right code of it nothing is used up, by link and by code alike."""
    guarded = street.with_factor(street.sign_up())
    request, token, code = _asked(street)
    for _ in range(8):
        assert "identity.totp_required" == _by_token(street, request, token)
        assert "identity.totp_required" == _by_code(street, request, code)
    assert "identity.sign_in_failed" == _by_token(street, request, token, totp="000000")
    assert "identity.sign_in_failed" == _by_code(street, request, code, totp="000000")
    assert _by_code(street, request, code, totp=guarded.code()) is None


@pytest.mark.D6
def test_an_unknown_address_gets_the_same_answer(street: Street) -> None:
    """A secret of the browser comes back, a blank mail is queued, and no code ever fits."""
    known = street.sign_up()
    assert known.device
    request = street.kasa.identity.ask_magic_link(AWAY, "nobody@example.com")
    assert 44 == len(request)
    assert MailKind.BLANK is street.letters()[-1].kind
    assert "" == street.letters()[-1].content.address
    assert "identity.link_invalid" == _by_code(street, request, "00000000")
    street.kasa.identity.ask_reset(AWAY, "nobody@example.com")
    assert MailKind.BLANK is street.letters()[-1].kind


def test_five_links_at_once_then_one_an_hour(street: Street) -> None:
    """To one person, links and resets each on their own count; beyond it nothing is sent."""
    street.sign_up()

    def asked(number: int) -> None:
        visitor = Visitor(address=f"192.0.2.{number}")
        street.kasa.identity.ask_magic_link(visitor, EMAIL)

    before = len(street.letters())
    for number in range(7):
        asked(number)
    kinds = [one.kind for one in street.letters()][before:]
    assert [MailKind.MAGIC] * 5 + [MailKind.BLANK] * 2 == kinds
    street.pass_time(timedelta(hours=1))
    asked(8)
    asked(9)
    assert [MailKind.MAGIC, MailKind.BLANK] == [one.kind for one in street.letters()][-2:]
    street.kasa.identity.ask_reset(HOME, EMAIL)
    assert MailKind.RESET is street.letters()[-1].kind


def _reset(street: Street, token: str, totp: str | None = None) -> str | None:
    reset = street.kasa.identity.reset_password
    return street.refusal(lambda: reset(AWAY, token, OTHER_PASSWORD, totp=totp))


@pytest.mark.D7
def test_a_reset_ends_every_sign_in_and_signs_nobody_in(street: Street) -> None:
    """An hour, once, in any browser, which is known afterwards; the old password is gone."""
    given = street.sign_up()
    street.kasa.identity.ask_reset(HOME, EMAIL)
    token = street.last(MailKind.RESET).facts["token"]
    done = street.kasa.identity.reset_password(AWAY, token, OTHER_PASSWORD)
    assert done.device is not None
    assert "identity.token_invalid" == street.comes_in(given)
    assert "identity.link_invalid" == _reset(street, token)
    sign_in = street.kasa.identity.sign_in
    known = Visitor(address="192.0.2.31", device=done.device)
    assert "identity.sign_in_failed" == street.refusal(lambda: sign_in(HOME, EMAIL, PASSWORD))
    assert sign_in(known, EMAIL, OTHER_PASSWORD).device is None
    assert EMAIL == street.last(MailKind.PASSWORD_CHANGED).address
    street.kasa.identity.ask_reset(HOME, EMAIL)
    late = street.last(MailKind.RESET).facts["token"]
    street.pass_time(timedelta(hours=1))
    assert "identity.link_invalid" == _reset(street, late)


@pytest.mark.D7
def test_a_reset_wants_the_second_factor(street: Street) -> None:
    """Without it, wrong, and with a password that is refused, the link stays good."""
    guarded = street.with_factor(street.sign_up())
    street.kasa.identity.ask_reset(HOME, EMAIL)
    token = street.last(MailKind.RESET).facts["token"]
    assert "identity.totp_required" == _reset(street, token)
    assert "identity.sign_in_failed" == _reset(street, token, totp="000000")
    code = guarded.code()
    reset = street.kasa.identity.reset_password
    assert "identity.password_too_short" == street.refusal(
        lambda: reset(AWAY, token, "short", totp=code)
    )
    assert _reset(street, token, totp=code) is None


@pytest.mark.D3
def test_a_link_opens_what_it_is_for(street: Street) -> None:
    """The token of a reset signs nobody in, that of a link resets nothing, neither signs up."""
    street.sign_up()
    request, magic, _ = _asked(street)
    street.kasa.identity.ask_reset(HOME, EMAIL)
    reset = street.last(MailKind.RESET).facts["token"]
    redeem = street.kasa.identity.redeem_sign_up
    assert "identity.link_invalid" == _by_token(street, request, reset)
    assert "identity.link_invalid" == _reset(street, magic)
    for token in (magic, reset):
        assert "identity.link_invalid" == street.refusal(
            partial(redeem, HOME, token, password=PASSWORD, person="A", shop="B")
        )
        assert "identity.link_invalid" == street.refusal(
            partial(street.kasa.identity.redeem_email, HOME, token)
        )
        assert "identity.token_invalid" == street.refusal(
            partial(street.kasa.identity.verified, token)
        )
