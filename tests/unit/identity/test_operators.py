"""Operators: made on the machine alone, let in with two factors, and each act written down."""

from functools import partial

import attrs
import pytest

from kasa.domain.identity.access import PlatformActor, RecentSignInNeeded, RoleTooLow
from kasa.domain.identity.security import SecurityKind
from kasa.domain.kernel.errors import NotFound
from tests.unit.identity.street import EMAIL, Street

MACHINE = PlatformActor(operator=True)


def _operating(street: Street) -> PlatformActor:
    """Return an operator who came in with two factors."""
    guarded = street.with_factor(street.sign_up())
    street.kasa.identity.operators.set_operator(MACHINE, EMAIL, on=True)
    given = street.kasa.identity.switch_tenant(street.person(guarded.given), None)
    person = street.bearer(given.token).person
    assert person is not None
    return person


@pytest.mark.D4
def test_an_operator_is_made_and_unmade_at_once(street: Street) -> None:
    """The token of an operator who is none any more opens nothing on its next call."""
    guarded = street.with_factor(street.sign_up())
    switch = partial(street.kasa.identity.switch_tenant, street.person(guarded.given), None)
    assert street.refusal(switch) is not None
    street.kasa.identity.operators.set_operator(MACHINE, EMAIL.upper(), on=True)
    token = switch().token
    admitted = street.bearer(token)
    assert (None, True) == (admitted.actor, admitted.person is not None)
    street.kasa.identity.operators.set_operator(MACHINE, EMAIL, on=False)
    assert "identity.token_invalid" == street.refusal(partial(street.bearer, token))
    assert 2 == len(street.security(SecurityKind.OPERATOR_ACTED))


def test_nobody_makes_operators_from_outside(street: Street) -> None:
    """Not a person, not an operator who is signed in: only who runs commands on the machine."""
    operator = _operating(street)
    make = street.kasa.identity.operators.set_operator
    for who in (PlatformActor(), attrs.evolve(operator, operator=False), operator):
        with pytest.raises(RoleTooLow):
            make(who, EMAIL, on=True)
    with pytest.raises(NotFound):
        make(MACHINE, "nobody@example.com", on=True)


@pytest.mark.D4
def test_a_disabled_person_is_out_at_once(street: Street) -> None:
    """Every sign-in ends, no new one begins, and enabling lets them sign in again."""
    operator = _operating(street)
    dara = street.sign_up("dara@example.com")
    set_enabled = street.kasa.identity.operators.set_enabled
    with pytest.raises(RecentSignInNeeded):
        set_enabled(attrs.evolve(operator, recent=False), dara.user, on=False)
    assert street.comes_in(dara) is None
    set_enabled(operator, dara.user, on=False)
    assert "identity.token_invalid" == street.comes_in(dara)
    set_enabled(operator, dara.user, on=True)
    assert "identity.token_invalid" == street.comes_in(dara)
    assert 1 == len(street.security(SecurityKind.USER_DISABLED))
    with pytest.raises(RoleTooLow):
        set_enabled(operator, operator.person, on=False)
