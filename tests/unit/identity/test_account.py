"""One's own account: shops, sign-ins, address, password, second factor, recent proof."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import attrs
import pytest

from kasa.application.identity.visiting import SignedIn, Visitor
from kasa.domain.identity.access import PlatformActor, Role
from kasa.domain.identity.mail import MailKind
from kasa.domain.identity.session import SessionKind
from kasa.domain.kernel.errors import NotFound, VersionStale
from kasa.domain.kernel.ids import IdentityId, SessionId
from kasa.domain.kernel.text import name
from kasa.domain.tenancy.tenant import TenantProfile
from tests.unit.identity.street import EMAIL, HOME, OTHER_PASSWORD, PASSWORD, Street

NEW_EMAIL = "sokha@new.example.com"
BROWSER = attrs.evolve(HOME, kind=SessionKind.WEB)


def test_a_person_opens_a_second_shop_and_goes_there(street: Street) -> None:
    """They own it, and a token names one shop; another person's shop is not found."""
    given = street.sign_up()
    person = street.person(given)
    second = street.kasa.tenancy.open(person, TenantProfile(name=name("Second")))
    stranger = street.sign_up("stranger@example.com")
    assert stranger.tenant is not None
    moved = street.kasa.identity.switch_tenant(person, second.id)
    admitted = street.kasa.identity.admit(street.kasa.identity.verified(moved.token))
    assert admitted.actor is not None
    assert second.id == admitted.actor.tenant == moved.tenant
    assert [("Sokha Textiles", Role.OWNER), ("Second", Role.OWNER)] == [
        (one.name, one.role) for one in street.kasa.identity.own.shops(person)
    ]
    with pytest.raises(NotFound):
        street.kasa.identity.switch_tenant(person, stranger.tenant)
    assert second.id == street.kasa.identity.refresh(HOME, given.refresh or "").tenant


def test_an_operator_needs_two_factors(street: Street) -> None:
    """Nobody else learns that there is a platform; its token names no shop and no actor."""
    given = street.sign_up()
    with pytest.raises(NotFound):
        street.kasa.identity.switch_tenant(street.person(given), None)
    with street.ports.unit_of_work.platform() as work:
        work.users.save(attrs.evolve(work.users.lock(given.user), operator=True))
    switch = street.kasa.identity.switch_tenant
    assert "identity.totp_required" == street.refusal(partial(switch, street.person(given), None))
    guarded = street.with_factor(given)
    access = switch(street.person(guarded.given), None)
    admitted = street.kasa.identity.admit(street.kasa.identity.verified(access.token))
    assert admitted.actor is None
    assert admitted.person is not None
    assert admitted.person.operator
    assert not street.person(guarded.given).operator


def test_a_browser_gets_a_cookie_and_no_tokens_to_keep(street: Street) -> None:
    """It is known by the digest of its cookie, and an unknown cookie is nobody's."""
    street.sign_up()
    given = street.kasa.identity.sign_in(BROWSER, EMAIL, PASSWORD)
    assert given.refresh is None
    assert given.cookie is not None
    identity = street.kasa.identity
    admitted = identity.admit(identity.verified.cookie(given.cookie))
    assert admitted.actor is not None
    assert given.tenant == admitted.actor.tenant
    for text in ("", given.access, "x" * 44):
        shown = identity.verified.cookie(text)
        assert "identity.token_invalid" == street.refusal(partial(identity.admit, shown))
    street.pass_time(timedelta(hours=12))
    shown = identity.verified.cookie(given.cookie)
    assert "identity.token_invalid" == street.refusal(partial(identity.admit, shown))


def test_a_person_sees_and_ends_their_sign_ins(street: Street) -> None:
    """Each with device and place; another person's is not found, nor one that has ended."""
    given = street.sign_up()
    telephone = Visitor(address="192.0.2.5", browser="Telephone")
    other = street.kasa.identity.sign_in(telephone, EMAIL, PASSWORD)
    stranger = street.sign_up("stranger@example.com")
    person = street.person(given)
    listed = street.kasa.identity.own.sessions(person)
    assert {("Firefox on Linux", "203.0.113.7"), ("Telephone", "192.0.2.5")} == {
        (one.device, one.place) for one in listed
    }
    end = street.kasa.identity.end_session
    for session in (stranger.session, SessionId(street.id())):
        with pytest.raises(NotFound):
            end(person, session)
    end(person, other.session)
    assert "identity.token_invalid" == street.comes_in(other)
    with pytest.raises(NotFound):
        end(person, other.session)
    third = street.kasa.identity.sign_in(telephone, EMAIL, PASSWORD)
    assert 1 == street.kasa.identity.sign_out_everywhere(person, but_this=True)
    assert [None, "identity.token_invalid", None] == [
        street.comes_in(one) for one in (given, third, stranger)
    ]


def test_a_profile_is_changed_by_who_saw_it_last(street: Street) -> None:
    """An old version is refused, and what is not named stays."""
    person = street.person(street.sign_up())
    before = street.kasa.identity.own.me(person)
    changed = street.kasa.identity.change_me(person, before.version, speaks="km")
    assert ("Sokha", "km") == (changed.name, changed.language)
    with pytest.raises(VersionStale):
        street.kasa.identity.change_me(person, before.version, called="Dara")
    assert "identity.language" == street.refusal(
        partial(street.kasa.identity.change_me, person, changed.version, speaks="fr")
    )


def test_an_address_is_changed_by_its_reader(street: Street) -> None:
    """The old address hears of it, the new one confirms; a taken one is not given away."""
    given = street.sign_up()
    street.sign_up("taken@example.com")
    person = street.person(given)
    street.kasa.identity.ask_email(person, HOME, NEW_EMAIL)
    assert EMAIL == street.last(MailKind.EMAIL_CHANGED).address
    confirm = street.last(MailKind.EMAIL_CONFIRM)
    assert NEW_EMAIL == confirm.address
    street.kasa.identity.redeem_email(HOME, confirm.facts["token"])
    assert NEW_EMAIL == street.kasa.identity.own.me(person).email
    assert "identity.link_invalid" == street.refusal(
        partial(street.kasa.identity.redeem_email, HOME, confirm.facts["token"])
    )
    street.kasa.identity.ask_email(person, HOME, "taken@example.com")
    assert MailKind.BLANK is street.letters()[-1].kind
    sign_in = street.kasa.identity.sign_in
    assert "identity.sign_in_failed" == street.refusal(partial(sign_in, HOME, EMAIL, PASSWORD))
    assert street.comes_in(sign_in(HOME, NEW_EMAIL, PASSWORD)) is None


def _later(street: Street, given: SignedIn) -> PlatformActor:
    street.pass_time(timedelta(minutes=10))
    fresh = street.kasa.identity.refresh(HOME, given.refresh or "")
    return street.person(fresh)


def test_what_guards_the_account_needs_a_recent_proof(street: Street) -> None:
    """Ten minutes after it each is refused; the password makes it recent again."""
    person = _later(street, street.sign_up())
    identity = street.kasa.identity
    calls: list[Callable[[], object]] = [
        partial(identity.enrol_factor, person),
        partial(identity.confirm_factor, person, "000000"),
        partial(identity.remove_factor, person),
        partial(identity.change_password, person, OTHER_PASSWORD, current=PASSWORD),
        partial(identity.ask_email, person, HOME, NEW_EMAIL),
        partial(identity.end_identity, person, IdentityId(street.id())),
        partial(street.kasa.tenancy.open, person, TenantProfile(name=name("Second"))),
    ]
    assert {"identity.recent_sign_in_needed"} == {street.refusal(call) for call in calls}
    assert "identity.sign_in_failed" == street.refusal(partial(identity.confirm, person, "wrong"))
    until = identity.confirm(person, PASSWORD)
    assert street.ports.clock.now() + timedelta(minutes=10) == until


def test_confirming_is_bounded_by_its_own_count(street: Street) -> None:
    """Five wrong passwords close the confirming of this sign-in, and nothing else."""
    given = street.sign_up()
    person = street.person(given)
    confirm = street.kasa.identity.confirm
    for _ in range(5):
        assert "identity.sign_in_failed" == street.refusal(partial(confirm, person, "wrong"))
    assert "identity.locked_out" == street.refusal(partial(confirm, person, PASSWORD))
    assert street.comes_in(street.kasa.identity.sign_in(HOME, EMAIL, PASSWORD)) is None


def test_confirming_asks_for_the_second_factor(street: Street) -> None:
    """The password alone does not make a guarded sign-in recent."""
    guarded = street.with_factor(street.sign_up())
    person = street.person(guarded.given)
    confirm = street.kasa.identity.confirm
    assert "identity.totp_required" == street.refusal(partial(confirm, person, PASSWORD))
    assert "identity.sign_in_failed" == street.refusal(
        partial(confirm, person, PASSWORD, totp="000000")
    )
    until = confirm(person, PASSWORD, totp=guarded.code())
    assert street.ports.clock.now() + timedelta(minutes=10) == until


@pytest.mark.D8
def test_a_short_password_needs_its_second_factor(street: Street) -> None:
    """With a factor 8 letters are taken; it is removed only after a longer one was chosen."""
    given = street.sign_up()
    identity = street.kasa.identity
    change = identity.change_password
    short = "y7#qpl2Z"
    assert "identity.password_too_short" == street.refusal(
        partial(change, street.person(given), short, current=PASSWORD)
    )
    guarded = street.with_factor(given)
    given = change(street.person(guarded.given), short, current=PASSWORD)
    assert "identity.new_password_needed" == street.refusal(
        partial(identity.remove_factor, street.person(given))
    )
    given = change(street.person(given), OTHER_PASSWORD, current=short)
    given = identity.remove_factor(street.person(given))
    assert not street.person(given).second_factor
    assert "identity.totp_not_asked" == street.refusal(
        partial(identity.remove_factor, street.person(given))
    )


@pytest.mark.D4
def test_a_changed_password_ends_every_other_sign_in(street: Street) -> None:
    """The own one is renewed under a new name, its old tokens are dead, and a notice goes out."""
    given = street.sign_up()
    other = street.kasa.identity.sign_in(HOME, EMAIL, PASSWORD)
    change = street.kasa.identity.change_password
    person = street.person(given)
    assert "identity.sign_in_failed" == street.refusal(
        partial(change, person, OTHER_PASSWORD, current="wrong")
    )
    renewed = change(person, OTHER_PASSWORD, current=PASSWORD)
    assert given.session != renewed.session
    assert ["identity.token_invalid"] * 2 == [street.comes_in(given), street.comes_in(other)]
    assert street.comes_in(renewed) is None
    assert MailKind.PASSWORD_CHANGED is street.letters()[-1].kind


@pytest.mark.D4
def test_a_changed_role_ends_the_tokens_of_the_old_one(street: Street) -> None:
    """The old access token opens nothing; a refresh brings one with the new role."""
    given = street.sign_up()
    actor = street.admitted(given).actor
    assert actor is not None
    with street.ports.unit_of_work(actor) as work:
        member = work.members.of(given.user)
        assert member is not None
        work.members.save(work.members.lock(member.id).with_role(Role.VIEWER))
    assert "identity.token_invalid" == street.comes_in(given)
    fresh = street.kasa.identity.refresh(HOME, given.refresh or "")
    lowered = street.admitted(fresh).actor
    assert lowered is not None
    assert Role.VIEWER.permissions == lowered.permissions
