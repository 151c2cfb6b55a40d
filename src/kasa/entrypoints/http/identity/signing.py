"""Signing in with a password, staying signed in, signing out, going to another shop."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from kasa.domain.kernel.errors import NotFound, Unauthenticated
from kasa.domain.kernel.ids import TenantId
from kasa.entrypoints.http.call import UUID_FORM, Call
from kasa.entrypoints.http.identity.visits import (
    BEARER,
    Address,
    Device,
    OneTimeCode,
    Password,
    Secret,
    SignedInShown,
    signed_in,
    visitor,
)
from kasa.entrypoints.http.routing import Route, Who
from kasa.entrypoints.http.wire import moment
from kasa.entrypoints.opened import OpenKasa

PLATFORM_WORD = "platform"


class SignInGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An address and its password; ``totp`` where there is a second factor."""

    email: Address
    password: Password
    totp: OneTimeCode | None = None
    device: Device | None = None


class RefreshGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The newest refresh token; each works once."""

    refresh_token: Secret


class ConfirmGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One's own password once more, and the second factor where there is one."""

    password: Password
    totp: OneTimeCode | None = None


class Confirmed(msgspec.Struct, frozen=True, kw_only=True):
    """Until when the sign-in counts as recent."""

    recent_until: datetime


class PasswordGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new password, and the one it replaces where there is one."""

    new_password: Password
    password: Password | None = None


class EverywhereGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which sign-ins end: all, or all but this one."""

    keep_this: bool = False


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """How many sign-ins ended."""

    ended: int


class SwitchGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A shop one works in, by its identifier; for its operator ``platform``."""

    tenant: Annotated[str, msgspec.Meta(min_length=1, max_length=36, examples=[PLATFORM_WORD])]


class AccessShown(msgspec.Struct, frozen=True, kw_only=True):
    """An access token for another shop, or for the platform."""

    access_token: str
    token_type: str = BEARER
    access_expires_at: datetime
    tenant: UUID | None


def sign_in(call: Call) -> SignedInShown:
    """Sign in with a password."""
    given: SignInGiven = call.body
    use = call.opened.kasa.identity.sign_in
    here = visitor(call, given.device)
    return signed_in(call.do(use, here, given.email, given.password, totp=given.totp))


def refresh(call: Call) -> SignedInShown:
    """Trade a refresh token for the next one and an access token."""
    given: RefreshGiven = call.body
    return signed_in(call.do(call.opened.kasa.identity.refresh, visitor(call), given.refresh_token))


def sign_out(call: Call) -> None:
    """End this sign-in at once."""
    call.do(call.opened.kasa.identity.sign_out, call.person)


def sign_out_everywhere(call: Call) -> Ended:
    """End every sign-in of one's own, or every other one."""
    given: EverywhereGiven = call.body
    use = call.opened.kasa.identity.sign_out_everywhere
    return Ended(ended=call.do(use, call.person, but_this=given.keep_this))


def confirm(call: Call) -> Confirmed:
    """Prove once more who one is, for what needs a recent sign-in."""
    given: ConfirmGiven = call.body
    use = call.opened.kasa.identity.confirm
    return Confirmed(
        recent_until=moment(call.do(use, call.person, given.password, totp=given.totp))
    )


def change_password(call: Call) -> SignedInShown:
    """Choose another password; every other sign-in ends, and this one is renewed."""
    given: PasswordGiven = call.body
    use = call.opened.kasa.identity.change_password
    return signed_in(call.do(use, call.person, given.new_password, current=given.password))


def switch_tenant(call: Call) -> AccessShown:
    """Go to another shop; a token names one."""
    given: SwitchGiven = call.body
    if given.tenant == PLATFORM_WORD:
        wanted = None
    elif UUID_FORM.match(given.tenant):
        wanted = TenantId(UUID(given.tenant))
    else:
        raise NotFound
    access = call.do(call.opened.kasa.identity.switch_tenant, call.person, wanted)
    return AccessShown(
        access_token=access.token,
        access_expires_at=moment(access.expires_at),
        tenant=access.tenant,
    )


def routes(opened: OpenKasa) -> tuple[Route, ...]:
    """Return the routes of signing in and out."""
    return (*_public(opened), *_own(opened))


def _public(opened: OpenKasa) -> tuple[Route, ...]:
    use = opened.kasa.identity
    return (
        Route(
            method="POST",
            path="/auth/sign-in",
            serves=use.sign_in,
            handle=sign_in,
            answers=SignedInShown,
            body=SignInGiven,
            keyed=False,
            who=Who.PUBLIC,
            refuses=(Unauthenticated,),
        ),
        Route(
            method="POST",
            path="/auth/refresh",
            serves=use.refresh,
            handle=refresh,
            answers=SignedInShown,
            body=RefreshGiven,
            keyed=False,
            who=Who.PUBLIC,
            refuses=(Unauthenticated,),
        ),
    )


def _own(opened: OpenKasa) -> tuple[Route, ...]:
    use = opened.kasa.identity
    return (
        Route(
            method="POST",
            path="/auth/sign-out",
            serves=use.sign_out,
            handle=sign_out,
            keyed=False,
            who=Who.PERSON,
            when_suspended=True,
        ),
        Route(
            method="POST",
            path="/auth/sign-out-everywhere",
            serves=use.sign_out_everywhere,
            handle=sign_out_everywhere,
            answers=Ended,
            body=EverywhereGiven,
            keyed=False,
            who=Who.PERSON,
            when_suspended=True,
        ),
        Route(
            method="POST",
            path="/auth/confirm",
            serves=use.confirm,
            handle=confirm,
            answers=Confirmed,
            body=ConfirmGiven,
            keyed=False,
            who=Who.PERSON,
            when_suspended=True,
        ),
        Route(
            method="POST",
            path="/auth/password",
            serves=use.change_password,
            handle=change_password,
            answers=SignedInShown,
            body=PasswordGiven,
            keyed=False,
            who=Who.PERSON,
            when_suspended=True,
        ),
        Route(
            method="POST",
            path="/auth/switch-tenant",
            serves=use.switch_tenant,
            handle=switch_tenant,
            answers=AccessShown,
            body=SwitchGiven,
            keyed=False,
            who=Who.PERSON,
            when_suspended=True,
        ),
    )
