"""The second factor over HTTP."""

import msgspec

from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.identity.visits import OneTimeCode, SignedInShown, signed_in
from kasa.entrypoints.http.routing import Route, Who
from kasa.entrypoints.opened import OpenKasa


class FactorAskedShown(msgspec.Struct, frozen=True, kw_only=True):
    """What goes into an authenticator: typed, or ``address`` as a QR code; it is not on yet."""

    secret: str
    address: str


class FactorGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A code of the authenticator, which proves that it has the secret."""

    code: OneTimeCode


class FactorOnShown(msgspec.Struct, frozen=True, kw_only=True):
    """The second factor is on; each recovery code works once in its place, and is shown once."""

    recovery_codes: tuple[str, ...]
    signed_in: SignedInShown


def enrol(call: Call) -> FactorAskedShown:
    """Ask for a second factor."""
    asked = call.do(call.opened.kasa.identity.enrol_factor, call.person)
    return FactorAskedShown(secret=asked.secret, address=asked.address)


def confirm(call: Call) -> FactorOnShown:
    """Turn the second factor on."""
    given: FactorGiven = call.body
    made = call.do(call.opened.kasa.identity.confirm_factor, call.person, given.code)
    return FactorOnShown(recovery_codes=made.recovery_codes, signed_in=signed_in(made.signed_in))


def remove(call: Call) -> SignedInShown:
    """Turn the second factor off."""
    return signed_in(call.do(call.opened.kasa.identity.remove_factor, call.person))


def routes(opened: OpenKasa) -> tuple[Route, ...]:
    """Return the routes of the second factor."""
    use = opened.kasa.identity
    return (
        Route(
            method="POST",
            path="/auth/totp",
            serves=use.enrol_factor,
            handle=enrol,
            answers=FactorAskedShown,
            keyed=False,
            who=Who.PERSON,
            when_suspended=True,
        ),
        Route(
            method="POST",
            path="/auth/totp/confirm",
            serves=use.confirm_factor,
            handle=confirm,
            answers=FactorOnShown,
            body=FactorGiven,
            keyed=False,
            who=Who.PERSON,
            when_suspended=True,
        ),
        Route(
            method="DELETE",
            path="/auth/totp",
            serves=use.remove_factor,
            handle=remove,
            answers=SignedInShown,
            who=Who.PERSON,
            when_suspended=True,
        ),
    )
