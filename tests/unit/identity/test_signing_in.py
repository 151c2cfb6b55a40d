"""Signing in by password: one answer for all that is wrong, and bounded guessing."""

from collections.abc import Callable
from datetime import timedelta

import attrs
import pytest

from kasa.adapters.memory.credentials import CheapPasswordHasher
from kasa.application.identity.visiting import SignedIn, Visitor
from kasa.application.ports.credentials import HashingBusy
from kasa.domain.identity.lockout import LockedOut
from kasa.domain.identity.mail import MailKind
from kasa.domain.identity.security import SecurityKind
from kasa.domain.kernel.errors import KasaError
from tests.unit.identity.street import EMAIL, HOME, OTHER_PASSWORD, PASSWORD, Street

WRONG = "not the password at all"
STRANGER = Visitor(address="198.51.100.9", browser="curl")


def _tried(street: Street, visitor: Visitor, password: str, address: str = EMAIL) -> str | None:
    return street.refusal(lambda: street.kasa.identity.sign_in(visitor, address, password))


def test_the_right_password_lets_in(street: Street) -> None:
    """A new browser gets a secret to be known by and the person a notice; a known one neither."""
    street.sign_up()
    away = Visitor(address="192.0.2.4", browser="Safari")
    first = street.kasa.identity.sign_in(away, EMAIL, PASSWORD)
    assert first.device is not None
    assert "Safari" == street.last(MailKind.NEW_DEVICE).facts["device"]
    heard = len(street.letters())
    again = street.kasa.identity.sign_in(
        attrs.evolve(away, device=first.device), EMAIL.upper(), PASSWORD
    )
    assert again.device is None
    assert heard == len(street.letters())
    assert first.session != again.session
    assert street.comes_in(again) is None


@pytest.mark.D6
def test_all_that_is_wrong_has_one_answer(street: Street) -> None:
    """Unknown address, no address, wrong or endless password: the same code, and one hash each."""
    street.sign_up()
    hasher = street.ports.passwords
    assert isinstance(hasher, CheapPasswordHasher)
    tries = [
        ("nobody@example.com", PASSWORD),
        (EMAIL, WRONG),
        (EMAIL, "x" * 100_000),
        (EMAIL, "\ud800" * 20),
    ]
    for address, password in tries:
        before = hasher.asked
        assert "identity.sign_in_failed" == _tried(street, STRANGER, password, address)
        assert 1 == hasher.asked - before
    assert "identity.sign_in_failed" == _tried(street, STRANGER, PASSWORD, "a\ud800@b.kh")
    failed = street.security(SecurityKind.SIGN_IN_FAILED)
    assert 4 == len(failed)


@pytest.mark.D5
def test_five_tries_close_an_account_to_strangers(street: Street) -> None:
    """The sixth is refused without a hash, known or not; the wait doubles from 15 minutes."""
    street.sign_up()
    hasher = street.ports.passwords
    assert isinstance(hasher, CheapPasswordHasher)
    for address in (EMAIL, "nobody@example.com"):
        for minutes in (15, 30, 60):
            for number in range(5):
                visitor = Visitor(address=f"198.51.{minutes}.{number}")
                assert "identity.sign_in_failed" == _tried(street, visitor, WRONG, address)
            before = hasher.asked
            with pytest.raises(LockedOut) as refused:
                street.kasa.identity.sign_in(STRANGER, address, PASSWORD)
            assert minutes * 60 == refused.value.retry_after
            assert before == hasher.asked
            street.pass_time(timedelta(minutes=minutes))


@pytest.mark.D5
def test_the_owner_gets_in_while_strangers_are_locked_out(street: Street) -> None:
    """A known browser has its own count; a reset and a link work too."""
    given = street.sign_up()
    known = attrs.evolve(HOME, device=given.device)
    for number in range(30):
        _tried(street, Visitor(address=f"198.51.100.{number}"), WRONG)
    assert "identity.locked_out" == _tried(street, STRANGER, PASSWORD)
    assert _tried(street, known, PASSWORD) is None
    assert "identity.locked_out" == _tried(street, STRANGER, PASSWORD)
    away = Visitor(address="192.0.2.8")
    request = street.kasa.identity.ask_magic_link(away, EMAIL)
    token = street.last(MailKind.MAGIC).facts["token"]
    given = street.kasa.identity.redeem_magic_link(away, request, token=token)
    assert street.comes_in(given) is None
    street.kasa.identity.ask_reset(away, EMAIL)
    token = street.last(MailKind.RESET).facts["token"]
    street.kasa.identity.reset_password(away, token, OTHER_PASSWORD)
    assert _tried(street, away, OTHER_PASSWORD) is None


@pytest.mark.D5
def test_a_known_browser_is_closed_by_its_own_tries(street: Street) -> None:
    """Five wrong passwords from it close it alone."""
    given = street.sign_up()
    known = attrs.evolve(HOME, device=given.device)
    for _ in range(5):
        assert "identity.sign_in_failed" == _tried(street, known, WRONG)
    assert "identity.locked_out" == _tried(street, known, PASSWORD)
    assert _tried(street, STRANGER, PASSWORD) is None


@pytest.mark.D5
def test_ten_tries_in_five_minutes_come_from_one_address(street: Street) -> None:
    """The eleventh account is not tried from there; a full sign-in gives back its own try only."""
    street.sign_up()
    for number in range(9):
        _tried(street, STRANGER, WRONG, f"person{number}@example.com")
    assert _tried(street, STRANGER, PASSWORD) is None
    assert "identity.sign_in_failed" == _tried(street, STRANGER, WRONG, "ten@example.com")
    assert "identity.locked_out" == _tried(street, STRANGER, WRONG, "eleven@example.com")
    street.pass_time(timedelta(minutes=5))
    assert "identity.sign_in_failed" == _tried(street, STRANGER, WRONG, "eleven@example.com")


def _failures(street: Street, count: int, address: str) -> None:
    for number in range(count):
        visitor = Visitor(address=f"198.51.{number}.1")
        while (code := _tried(street, visitor, WRONG, address)) == "identity.locked_out":
            street.pass_time(timedelta(hours=24))
        assert "identity.sign_in_failed" == code


@pytest.mark.D5
def test_a_hundred_failures_turn_the_password_off(street: Street) -> None:
    """Then it opens known browsers alone, until a reset; a link does not turn it on again."""
    given = street.sign_up()
    known = attrs.evolve(HOME, device=given.device)
    _failures(street, 100, EMAIL)
    street.pass_time(timedelta(hours=24))
    assert "identity.sign_in_failed" == _tried(street, STRANGER, PASSWORD)
    assert _tried(street, known, PASSWORD) is None
    assert "identity.sign_in_failed" == _tried(street, STRANGER, PASSWORD)
    street.kasa.identity.ask_reset(STRANGER, EMAIL)
    token = street.last(MailKind.RESET).facts["token"]
    street.kasa.identity.reset_password(STRANGER, token, OTHER_PASSWORD)
    assert _tried(street, Visitor(address="192.0.2.77"), OTHER_PASSWORD) is None
    assert [SecurityKind.PASSWORD_OFF] == [
        one.kind for one in street.security(SecurityKind.PASSWORD_OFF)
    ]


@pytest.mark.D5
def test_a_changed_password_is_on_again(street: Street) -> None:
    """The owner, signed in, chooses another one: guesses at the old one count no more."""
    given = street.sign_up()
    known = attrs.evolve(HOME, device=given.device)
    _failures(street, 100, EMAIL)
    inside = street.kasa.identity.sign_in(known, EMAIL, PASSWORD)
    change = street.kasa.identity.change_password
    change(street.person(inside), OTHER_PASSWORD, current=PASSWORD)
    assert _tried(street, Visitor(address="192.0.2.78"), OTHER_PASSWORD) is None


@pytest.mark.D5
def test_a_right_password_without_its_factor_counts_nothing(street: Street) -> None:
    """It neither counts as a failure nor clears the count."""
    guarded = street.with_factor(street.sign_up())
    for _ in range(3):
        assert "identity.sign_in_failed" == _tried(street, STRANGER, WRONG)
    for _ in range(8):
        assert "identity.totp_required" == _tried(street, STRANGER, PASSWORD)
    for _ in range(2):
        assert "identity.sign_in_failed" == _tried(street, STRANGER, WRONG)
    assert "identity.locked_out" == _tried(street, STRANGER, PASSWORD)
    street.pass_time(timedelta(minutes=15))
    given = street.kasa.identity.sign_in(STRANGER, EMAIL, PASSWORD, totp=guarded.code())
    assert street.person(given).second_factor


@pytest.mark.D5
def test_codes_of_the_second_factor_are_bounded(street: Street) -> None:
    """Five wrong ones in five minutes, however many right passwords come with them."""
    guarded = street.with_factor(street.sign_up())

    def tried(code: str) -> str | None:
        return street.refusal(
            lambda: street.kasa.identity.sign_in(STRANGER, EMAIL, PASSWORD, totp=code)
        )

    for _ in range(5):
        assert "identity.sign_in_failed" == tried("000000")
    assert "identity.locked_out" == tried(guarded.code())
    street.pass_time(timedelta(minutes=5))
    assert tried(guarded.code()) is None


def test_a_code_is_taken_once(street: Street) -> None:
    """The same code opens no second sign-in, a recovery code neither, and its owner hears of it."""
    guarded = street.with_factor(street.sign_up())

    def tried(code: str) -> str | None:
        return street.refusal(
            lambda: street.kasa.identity.sign_in(STRANGER, EMAIL, PASSWORD, totp=code)
        )

    code = guarded.code()
    assert [None, "identity.sign_in_failed"] == [tried(code), tried(code)]
    spare = guarded.recovery[0].upper().replace("-", " ")
    assert [None, "identity.sign_in_failed"] == [tried(spare), tried(spare)]
    assert "9" == street.last(MailKind.FACTOR_CHANGED).facts["left"]


class _BusyHasher:
    """Has no time."""

    def hash(self, password: str) -> str:
        """Refuse."""
        raise HashingBusy(retry_after=1, length=len(password))

    def verify(self, hashed: str | None, password: str) -> bool:
        """Refuse."""
        raise HashingBusy(retry_after=1, length=len(password) + len(hashed or ""))

    def is_outdated(self, hashed: str) -> bool:
        """Tell that it is not."""
        return not hashed


def test_what_was_too_busy_to_look_counts_nothing(street: Street) -> None:
    """A sign-in that got no hash gives its try back."""
    street.sign_up()
    sign_in = attrs.evolve(street.kasa.identity.sign_in, passwords=_BusyHasher())
    for _ in range(20):
        assert "identity.busy" == street.refusal(lambda: sign_in(STRANGER, EMAIL, PASSWORD))
    assert _tried(street, STRANGER, PASSWORD) is None


def test_twenty_sign_ins_live_at_once(street: Street) -> None:
    """The twenty-first ends the oldest, and its person hears of it."""
    first = street.sign_up()
    device = first.device
    for number in range(20):
        street.pass_time(timedelta(seconds=1))
        visitor = attrs.evolve(HOME, device=device, browser=f"Browser {number}")
        last = street.kasa.identity.sign_in(visitor, EMAIL, PASSWORD)
    assert "identity.token_invalid" == street.comes_in(first)
    assert 20 == len(street.kasa.identity.own.sessions(street.person(last)))
    assert HOME.browser == street.last(MailKind.SESSION_ENDED).facts["device"]


Act = Callable[[Street, SignedIn], object]


def _disabled(street: Street, given: SignedIn) -> None:
    with street.ports.unit_of_work.platform() as work:
        user = work.users.lock(given.user)
        work.users.save(user.disabled(at=street.ports.clock.now()))


def _removed(street: Street, given: SignedIn) -> None:
    actor = street.admitted(given).actor
    assert actor is not None
    with street.ports.unit_of_work(actor) as work:
        member = work.members.of(given.user)
        assert member is not None
        work.members.remove(work.members.lock(member.id).id)


@pytest.mark.D4
@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda s, g: s.kasa.identity.sign_out(s.person(g)), "identity.token_invalid"),
        (lambda s, g: s.kasa.identity.sign_out_everywhere(s.person(g)), "identity.token_invalid"),
        (
            lambda s, g: s.kasa.identity.change_password(
                s.person(g), OTHER_PASSWORD, current=PASSWORD
            ),
            "identity.token_invalid",
        ),
        (_disabled, "identity.token_invalid"),
        (_removed, "not_found"),
    ],
)
def test_what_ends_a_sign_in_acts_on_the_next_request(street: Street, act: Act, code: str) -> None:
    """The old access token opens nothing from then on, and neither does its refresh token."""
    given = street.sign_up()
    assert street.comes_in(given) is None
    act(street, given)
    assert code == street.comes_in(given)
    if act is not _removed:
        with pytest.raises(KasaError):
            street.kasa.identity.refresh(HOME, given.refresh or "")
