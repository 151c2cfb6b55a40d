"""Ways into an account: a factor is confirmed, the last way stays, a bent token opens nothing."""

from functools import partial
from uuid import UUID

import attrs
import pytest

from kasa.domain.identity.token import Claims, TokenKind
from kasa.domain.identity.user import LinkedIdentity
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import IdentityId
from tests.unit.identity.street import Street


def test_a_factor_is_confirmed_by_its_own_code(street: Street) -> None:
    """Nothing asked, a wrong code, a second one: each is refused; the sign-in is renewed."""
    given = street.sign_up()
    identity, person = street.kasa.identity, street.person(given)
    confirm = partial(identity.confirm_factor, person, "000000")
    assert "identity.totp_not_asked" == street.refusal(confirm)
    identity.enrol_factor(person)
    assert "identity.totp_wrong" == street.refusal(confirm)
    guarded = street.with_factor(given)
    assert 10 == len(set(guarded.recovery))
    assert "identity.token_invalid" == street.comes_in(given)
    person = street.person(guarded.given)
    assert person.second_factor
    assert "identity.totp_already_on" == street.refusal(partial(identity.enrol_factor, person))


def test_the_last_way_to_sign_in_stays(street: Street) -> None:
    """Another identity goes while there is an address or a further one; then no more."""
    given = street.sign_up()
    person, now = street.person(given), street.ports.clock.now()
    ids = [IdentityId(street.id()) for _ in range(2)]
    with street.ports.unit_of_work.platform() as work:
        for number, one in enumerate(ids):
            linked = LinkedIdentity(
                id=one, user=given.user, provider="telegram", subject=str(number), linked_at=now
            )
            assert work.users.link(linked)
        work.users.save(attrs.evolve(work.users.lock(given.user), email=None))
    end = street.kasa.identity.end_identity
    end(person, ids[0])
    assert "identity.last_method" == street.refusal(partial(end, person, ids[1]))
    assert list(ids[1:]) == [one.id for one in street.kasa.identity.own.identities(person)]
    with pytest.raises(NotFound):
        end(person, ids[0])


@pytest.mark.D3
@pytest.mark.parametrize(
    "change",
    [
        {"session": None},
        {"kind": TokenKind.PLATFORM, "tenant": None},
        {"kind": TokenKind.SERVICE},
        {"subject": UUID(int=5)},
        {"version": 7},
    ],
)
def test_a_token_that_says_something_else_lets_nobody_in(
    street: Street, change: dict[str, object]
) -> None:
    """Without session, of another kind, person or version: refused by the look at the store."""
    given = street.sign_up()
    claims = street.kasa.identity.verified(given.access)
    assert isinstance(claims, Claims)
    bent = attrs.evolve(claims, **change)  # type: ignore[arg-type]  # one field at a time
    assert "identity.token_invalid" == street.refusal(partial(street.kasa.identity.admit, bent))
