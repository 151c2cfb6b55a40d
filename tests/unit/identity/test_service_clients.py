"""Service clients: a secret is traded for tokens of five minutes, and for nothing else."""

from datetime import timedelta
from functools import partial

import pytest

from kasa.domain.identity.access import SCOPES, Actor, ScopeMissing, TokenInvalid
from kasa.domain.identity.service import KeyEnded
from kasa.domain.identity.token import TokenKind
from tests.unit.identity.street import Street


@pytest.fixture
def owner(street: Street) -> Actor:
    """Return the owner of a new shop, who has just signed in."""
    actor = street.admitted(street.sign_up()).actor
    assert actor is not None
    return actor


def _refused(street: Street, bearer: str) -> bool:
    return "identity.token_invalid" == street.refusal(partial(street.bearer, bearer))


@pytest.mark.D10
def test_a_client_gets_tokens_of_five_minutes(street: Street, owner: Actor) -> None:
    """With its scopes or fewer; it names whom it acts for, which grants nothing."""
    programs = street.kasa.identity.programs
    made = programs.make_client(owner, "Relay", ["read", "alerts:write"])
    given = programs.give_token(
        made.client_id, made.secret.text, scopes=["alerts:write"], act="member owner", rid="r-7"
    )
    claims = street.ports.tokens.verify(given.token, at=street.ports.clock.now())
    assert (TokenKind.SERVICE, made.client.id) == (claims.kind, claims.subject)
    came = street.bearer(given.token)
    assert came.actor is not None
    assert SCOPES["alerts:write"] == came.actor.permissions
    assert ("member owner", None) == (came.on_behalf_of, came.person)
    street.pass_time(timedelta(minutes=5))
    assert _refused(street, given.token)


@pytest.mark.D10
def test_a_client_proves_itself_or_gets_nothing(street: Street, owner: Actor) -> None:
    """Another secret, another client's, a key as a client and a client as a key: all refused."""
    programs = street.kasa.identity.programs
    made, other = (programs.make_client(owner, name, ["read"]) for name in ("One", "Two"))
    key = programs.make_key(owner, "Key", ["read"]).secret.text
    for name, secret in (
        (made.client_id, other.secret.text),
        (made.client_id, "A" * 43),
        (made.client_id, ""),
        ("", made.secret.text),
        (made.secret.text, made.client_id),
        (key[5:48], key[49:]),
        (made.client_id, f"{made.secret.text}\n"),
    ):
        with pytest.raises(TokenInvalid):
            programs.give_token(name, secret)
    assert _refused(street, f"kasa_{made.client_id}_{made.secret.text}")
    with pytest.raises(ScopeMissing):
        programs.give_token(made.client_id, made.secret.text, scopes=["invoices"])


@pytest.mark.D10
@pytest.mark.D4
def test_a_token_of_a_removed_client_is_refused_at_once(street: Street, owner: Actor) -> None:
    """Also before its five minutes are over; and the client gets no other."""
    programs = street.kasa.identity.programs
    made = programs.make_client(owner, "Relay", ["read"])
    token = programs.give_token(made.client_id, made.secret.text).token
    assert street.bearer(token).actor is not None
    programs.end_client(owner, made.client.id)
    assert _refused(street, token)
    with pytest.raises(TokenInvalid):
        programs.give_token(made.client_id, made.secret.text)


@pytest.mark.D10
def test_a_replaced_client_works_until_its_end(street: Street, owner: Actor) -> None:
    """And is replaced once: its second replacement would have no end."""
    programs = street.kasa.identity.programs
    made = programs.make_client(owner, "Relay", ["read"])
    new = programs.rotate_client(owner, made.client.id, overlap_hours=2)
    for one in (made, new):
        programs.give_token(one.client_id, one.secret.text)
    with pytest.raises(KeyEnded):
        programs.rotate_client(owner, made.client.id)
    street.pass_time(timedelta(hours=2))
    with pytest.raises(TokenInvalid):
        programs.give_token(made.client_id, made.secret.text)
    programs.give_token(new.client_id, new.secret.text)


@pytest.mark.parametrize("named", ["", " x", "x" * 81, "a\nb", "a\x00b", "ញ"])
def test_what_a_token_names_is_printable(street: Street, owner: Actor, named: str) -> None:
    """It stands in the audit trail and in logs: one line of ASCII."""
    programs = street.kasa.identity.programs
    made = programs.make_client(owner, "Relay", ["read"])
    give = programs.give_token
    for given in ({"act": named}, {"rid": named}):
        call = partial(give, made.client_id, made.secret.text, **given)
        assert "identity.act_malformed" == street.refusal(call)
