"""Signing up: by mail alone, and to the end however often it was interrupted."""

from datetime import timedelta
from functools import partial

import attrs
import pytest

from kasa.adapters.memory.messenger import NoMessenger
from kasa.application.identity.visiting import Visitor
from kasa.domain.identity.access import Role
from kasa.domain.identity.mail import MailKind
from kasa.domain.kernel.ids import UserId
from tests.unit.identity.street import EMAIL, HOME, PASSWORD, Street


def test_a_signed_up_person_owns_a_shop(street: Street) -> None:
    """The link opens account and shop; the owner comes in at once, and the address is theirs."""
    given = street.sign_up()
    admitted = street.admitted(given)
    assert admitted.actor is not None
    assert given.user == admitted.actor.user
    assert given.tenant == admitted.actor.tenant
    assert admitted.actor.permissions == Role.OWNER.permissions
    assert [Role.OWNER] == [
        one.role for one in street.kasa.identity.own.shops(street.person(given))
    ]
    assert EMAIL == street.kasa.identity.own.me(street.person(given)).email


@pytest.mark.D6
def test_a_known_address_is_answered_like_an_unknown_one(street: Street) -> None:
    """Who has an account is mailed so, the asker sees no difference and the link opens nothing."""
    street.sign_up()
    street.kasa.identity.ask_sign_up(HOME, EMAIL.upper())
    assert [MailKind.SIGN_UP, MailKind.HAVE_ACCOUNT] == [one.kind for one in street.letters()]
    assert {} == street.last(MailKind.HAVE_ACCOUNT).facts


@pytest.mark.D7
def test_a_link_opens_one_account_for_a_day(street: Street) -> None:
    """Used, or a day old, it opens nothing; a second link of the same address neither."""
    street.kasa.identity.ask_sign_up(HOME, EMAIL)
    first = street.last(MailKind.SIGN_UP).facts["token"]
    street.kasa.identity.ask_sign_up(HOME, EMAIL)
    second = street.last(MailKind.SIGN_UP).facts["token"]

    def redeem(token: str) -> str | None:
        return street.refusal(
            lambda: street.kasa.identity.redeem_sign_up(
                HOME, token, password=PASSWORD, person="Sokha", shop="Shop"
            )
        )

    assert redeem(first) is None
    assert "identity.link_invalid" == redeem(first)
    assert "identity.email_taken" == redeem(second)
    street.kasa.identity.ask_sign_up(HOME, "other@example.com")
    late = street.last(MailKind.SIGN_UP).facts["token"]
    street.pass_time(timedelta(hours=24))
    assert "identity.link_invalid" == redeem(late)
    assert "identity.link_invalid" == redeem("made up")


def test_what_stopped_halfway_is_finished_by_redeeming_again(street: Street) -> None:
    """A person without their shop redeems the link once more; the last password counts."""
    street.kasa.identity.ask_sign_up(HOME, EMAIL)
    token = street.last(MailKind.SIGN_UP).facts["token"]
    redeem = street.kasa.identity.redeem_sign_up
    halfway = attrs.evolve(redeem, ids=_Stopping())
    with pytest.raises(InterruptedError):
        halfway(HOME, token, password=PASSWORD, person="Sokha", shop="Shop")
    redeem(HOME, token, password="another way to the market", person="Sokha", shop="Shop")
    assert street.kasa.identity.sign_in(HOME, EMAIL, "another way to the market").tenant
    assert "identity.sign_in_failed" == street.refusal(
        lambda: street.kasa.identity.sign_in(HOME, EMAIL, PASSWORD)
    )


class _Stopping:
    """Stops where the shop would get its membership."""

    def new(self, at: object) -> UserId:
        """Stop."""
        raise InterruptedError(str(at))


def test_five_mails_a_day_go_to_one_address(street: Street) -> None:
    """Beyond that the answer is the same and nothing is sent; a day later it is."""
    for number in range(7):
        visitor = Visitor(address=f"203.0.113.{number}")
        street.kasa.identity.ask_sign_up(visitor, EMAIL)
    kinds = [one.kind for one in street.letters()]
    assert [MailKind.SIGN_UP] * 5 + [MailKind.BLANK] * 2 == kinds
    street.pass_time(timedelta(hours=24))
    street.kasa.identity.ask_sign_up(HOME, EMAIL)
    assert MailKind.SIGN_UP is street.letters()[-1].kind


def test_twenty_wishes_an_hour_come_from_one_network_address(street: Street) -> None:
    """The twenty-first is refused, whomever it names; another network address is not."""
    for number in range(20):
        street.kasa.identity.ask_sign_up(HOME, f"person{number}@example.com")
    wish = street.kasa.identity.ask_sign_up
    assert "identity.locked_out" == street.refusal(lambda: wish(HOME, EMAIL))
    assert street.refusal(lambda: wish(Visitor(address="198.51.100.1"), EMAIL)) is None
    street.pass_time(timedelta(hours=1))
    assert street.refusal(lambda: wish(HOME, EMAIL)) is None


def test_without_mail_everybody_is_told_so(street: Street) -> None:
    """Sign-up, link and reset answer 503 to known and unknown alike."""
    street.sign_up()
    silent = Street.over(attrs.evolve(street.ports, messenger=NoMessenger()), street.pass_time)
    identity = silent.kasa.identity
    wishes = (identity.ask_sign_up, identity.ask_magic_link, identity.ask_reset)
    refused = {
        silent.refusal(partial(wish, HOME, address))
        for wish in wishes
        for address in (EMAIL, "nobody@example.com")
    }
    assert {"channel.unavailable"} == refused
