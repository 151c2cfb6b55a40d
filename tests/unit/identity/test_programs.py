"""API keys and service clients: narrow, and gone at once when they end."""

import base64
from datetime import timedelta
from functools import partial

import attrs
import pytest

from kasa.domain.identity.access import (
    SCOPES,
    Actor,
    Permission,
    RecentSignInNeeded,
    Role,
    RoleTooLow,
    ScopeMissing,
)
from kasa.domain.identity.security import SecurityKind
from kasa.domain.identity.service import KeyEnded, KeyMalformed, TooManyKeys
from kasa.domain.kernel.errors import NotFound
from tests.unit.identity.street import Street

NEVER = {
    Permission.MANAGE_MEMBERS,
    Permission.MANAGE_KEYS,
    Permission.MANAGE_ACCOUNTS,
    Permission.MANAGE_BILLING,
    Permission.MANAGE_CHANNELS,
    Permission.CONNECT_OUTSIDE,
    Permission.CLOSE_TENANT,
    Permission.CHANGE_TENANT,
    Permission.READ_AUDIT,
}


@pytest.fixture
def owner(street: Street) -> Actor:
    """Return the owner of a new shop, who has just signed in."""
    actor = street.admitted(street.sign_up()).actor
    assert actor is not None
    return actor


def _refused(street: Street, bearer: str) -> bool:
    return "identity.token_invalid" == street.refusal(partial(street.bearer, bearer))


@pytest.mark.D10
def test_a_key_acts_as_its_shop_within_its_scopes(street: Street, owner: Actor) -> None:
    """Not as a person, not recent, with the rights of its scopes and no other."""
    made = street.kasa.identity.programs.make_key(owner, "Web shop", ["read", "invoices"])
    came = street.bearer(made.secret.text)
    assert came.person is None
    assert came.actor is not None
    assert (owner.tenant, made.key.id, None) == (
        came.actor.tenant,
        came.actor.client,
        came.actor.user,
    )
    assert not came.actor.recent
    assert SCOPES["read"] | SCOPES["invoices"] == came.actor.permissions
    with pytest.raises(ScopeMissing):
        street.kasa.identity.programs.list_keys(came.actor)
    assert str(made.secret) == "***" == repr(made.secret)


@pytest.mark.D10
def test_no_scope_opens_what_keys_never_do() -> None:
    """Members, keys, accounts, billing, channels, the shop itself: no scope holds them."""
    assert not NEVER & frozenset().union(*SCOPES.values())


@pytest.mark.D10
def test_a_key_that_is_not_whole_opens_nothing(street: Street, owner: Actor) -> None:
    """Halves swapped, cut, doubled, another shop's name, another way of writing: all refused."""
    programs = street.kasa.identity.programs
    made = programs.make_key(owner, "Web shop", ["read"]).secret.text
    other = street.admitted(street.sign_up("dara@example.com")).actor
    assert other is not None
    foreign = programs.make_key(other, "Another shop", ["read"]).secret.text
    public, secret = made[5:48], made[49:]
    mine = base64.urlsafe_b64decode(public + "=")
    theirs = base64.urlsafe_b64encode(other.tenant.bytes + mine[16:]).decode().rstrip("=")
    wrong = [
        f"kasa_{secret}_{public}",
        f"kasa_{theirs}_{secret}",
        f"kasa_{foreign[5:48]}_{secret}",
        f"kasa_{public}_{foreign[49:]}",
        made[:-1],
        made + "A",
        made[1:],
        f" {made}",
        f"{made}\n",
        made.upper(),
        f"kasa_{public}_",
        f"kasa_{public}_{'A' * 43}",
        made[:-1] + chr(ord(made[-1]) + 1),
    ]
    assert [] == [one for one in wrong if not _refused(street, one)]
    assert street.bearer(made).actor is not None


@pytest.mark.D10
def test_a_wrong_secret_of_a_living_key_is_written_down(street: Street, owner: Actor) -> None:
    """Somebody who knows which keys there are and guesses; an unknown key is nobody's."""
    made = street.kasa.identity.programs.make_key(owner, "Web shop", ["read"])
    wrong = made.secret.text[:49] + "A" * 43
    assert _refused(street, wrong)
    (told,) = street.security(SecurityKind.KEY_REFUSED)
    assert (owner.tenant, str(made.key.id)) == (told.tenant, told.detail)
    assert "A" * 43 not in repr(told)


@pytest.mark.D10
@pytest.mark.D4
def test_a_key_ends_at_its_instant(street: Street, owner: Actor) -> None:
    """A microsecond before it opens, at the instant of its end it does not."""
    made = street.kasa.identity.programs.make_key(owner, "Web shop", ["read"], expires_in_days=1)
    street.pass_time(timedelta(days=1) - timedelta(microseconds=1))
    assert street.bearer(made.secret.text).actor is not None
    street.pass_time(timedelta(microseconds=1))
    assert _refused(street, made.secret.text)


@pytest.mark.D10
@pytest.mark.D4
def test_an_ended_key_is_refused_on_its_next_call(street: Street, owner: Actor) -> None:
    """Ended once; to end it again is to name nothing."""
    programs = street.kasa.identity.programs
    made = programs.make_key(owner, "Web shop", ["read"])
    assert street.bearer(made.secret.text).actor is not None
    programs.end_key(owner, made.key.id)
    assert _refused(street, made.secret.text)
    with pytest.raises(NotFound):
        programs.end_key(owner, made.key.id)
    with pytest.raises(KeyEnded):
        programs.rotate_key(owner, made.key.id)


@pytest.mark.D10
def test_the_old_key_works_in_its_overlap_and_not_after(street: Street, owner: Actor) -> None:
    """The new one lives as long as the old one would have; without overlap the old one is gone."""
    programs = street.kasa.identity.programs
    first = programs.make_key(owner, "Web shop", ["read"], expires_in_days=30)
    second = programs.rotate_key(owner, first.key.id, overlap_hours=1)
    assert first.key.id == second.key.replaces
    assert timedelta(days=30) == second.key.expires_at - second.key.made_at
    assert street.bearer(first.secret.text).actor is not None
    street.pass_time(timedelta(hours=1))
    assert _refused(street, first.secret.text)
    third = programs.rotate_key(owner, second.key.id, overlap_hours=0)
    assert _refused(street, second.secret.text)
    assert street.bearer(third.secret.text).actor is not None


@pytest.mark.D10
@pytest.mark.parametrize(
    ("name", "scopes", "days"),
    [
        ("", ["read"], 30),
        ("x" * 81, ["read"], 30),
        ("Web\x00shop", ["read"], 30),
        ("Web shop", [], 30),
        ("Web shop", ["admin"], 30),
        ("Web shop", ["read", "members"], 30),
        ("Web shop", ["read"], 0),
        ("Web shop", ["read"], 731),
    ],
)
def test_a_malformed_key_is_not_made(
    street: Street, owner: Actor, name: str, scopes: list[str], days: int
) -> None:
    """Names, scopes and lives are those that the rules know."""
    make = street.kasa.identity.programs.make_key
    code = street.refusal(lambda: make(owner, name, scopes, expires_in_days=days))
    assert code is not None
    assert code.startswith(("identity.key_malformed", "text."))
    assert () == street.kasa.identity.programs.list_keys(owner)


@pytest.mark.D10
@pytest.mark.parametrize("hours", [-1, 73])
def test_an_overlap_is_at_most_three_days(street: Street, owner: Actor, hours: int) -> None:
    """Longer, and two secrets would be two keys."""
    programs = street.kasa.identity.programs
    made = programs.make_key(owner, "Web shop", ["read"])
    with pytest.raises(KeyMalformed):
        programs.rotate_key(owner, made.key.id, overlap_hours=hours)
    assert 1 == len(programs.list_keys(owner))


def test_a_shop_has_twenty_keys(street: Street, owner: Actor) -> None:
    """The 21st is refused until one ends; rotations may double them for a while, not more."""
    programs = street.kasa.identity.programs
    made = [programs.make_key(owner, f"Key {n}", ["read"]) for n in range(20)]
    with pytest.raises(TooManyKeys):
        programs.make_key(owner, "One more", ["read"])
    for one in made:
        programs.rotate_key(owner, one.key.id, overlap_hours=72)
    with pytest.raises(TooManyKeys):
        programs.rotate_key(owner, made[0].key.id)
    street.pass_time(timedelta(hours=72))
    for key in programs.list_keys(owner):
        if key.is_live(street.ports.clock.now()):
            programs.end_key(owner, key.id)
    programs.make_key(owner, "One more", ["read"])


@pytest.mark.parametrize("role", [Role.VIEWER, Role.USER, Role.ADMIN])
def test_only_an_owner_who_signed_in_lately_makes_keys(
    street: Street, owner: Actor, role: Role
) -> None:
    """A key acts for the whole shop."""
    make = street.kasa.identity.programs.make_key
    with pytest.raises(RoleTooLow):
        make(Actor.member(owner.tenant, owner.person, role, recent=True), "Key", ["read"])
    with pytest.raises(RecentSignInNeeded):
        make(attrs.evolve(owner, recent=False), "Key", ["read"])


def test_every_owner_hears_of_keys(street: Street, owner: Actor) -> None:
    """When one is made or replaced, by mail, once however often the job runs."""
    programs = street.kasa.identity.programs
    made = programs.make_key(owner, "Web shop", ["read"])
    programs.rotate_key(owner, made.key.id)
    programs.end_key(owner, made.key.id)
    street.ports.worker.drain(street.kasa.run)
    with street.ports.unit_of_work.platform() as work:
        kinds = [one.kind for one in work.security.page(limit=100).items]
    assert 2 == kinds.count(SecurityKind.KEY_MADE)
    assert 1 == kinds.count(SecurityKind.KEY_ENDED)
