"""What is asked for by mail and redeemed once: signing up, signing in, a new password."""

from typing import Annotated
from uuid import UUID

import msgspec

from kasa.domain.identity.one_time_link import LinkPurpose
from kasa.domain.kernel.errors import Unauthenticated
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.identity.visits import (
    Address,
    Device,
    Mailed,
    OneTimeCode,
    Password,
    Secret,
    SignedInShown,
    Speaks,
    signed_in,
    visitor,
)
from kasa.entrypoints.http.routing import Route, Who
from kasa.entrypoints.http.wire import Line
from kasa.entrypoints.opened import OpenKasa


class SignUpGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The address of whoever wants to open a shop, and the language of the mail."""

    email: Address
    language: Speaks | None = None


class SignUpRedeemed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The token of the mail, and who opens which shop; the password is chosen here."""

    token: Secret
    password: Password
    name: Line
    shop: Line
    language: Speaks | None = None


class AddressGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The address of an account."""

    email: Address


class MagicMailed(msgspec.Struct, frozen=True, kw_only=True):
    """A mail is on its way if this address has an account; only with ``request`` it works."""

    expires_in: int
    request: str


class MagicRedeemed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What asking has answered, and the link's token or the code beside it."""

    request: Secret
    token: Secret | None = None
    code: Annotated[str, msgspec.Meta(max_length=32)] | None = None
    totp: OneTimeCode | None = None
    device: Device | None = None


class ResetRedeemed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The token of the mail, and the new password; ``totp`` where there is a second factor."""

    token: Secret
    password: Password
    totp: OneTimeCode | None = None
    device: Device | None = None


class OtherWay(msgspec.Struct, frozen=True, kw_only=True):
    """Another way to sign in, which a new password leaves as it is."""

    id: UUID
    provider: str


class ResetDoneShown(msgspec.Struct, frozen=True, kw_only=True):
    """The password was replaced and every sign-in ended; nobody is signed in by it."""

    device: str | None
    identities: tuple[OtherWay, ...]


def _mailed(purpose: LinkPurpose) -> int:
    return int(purpose.life.total_seconds())


def ask_sign_up(call: Call) -> Mailed:
    """Ask for a mail that opens an account and a shop."""
    given: SignUpGiven = call.body
    speaks = given.language or call.language
    call.do(call.opened.kasa.identity.ask_sign_up, visitor(call), given.email, speaks)
    return Mailed(expires_in=_mailed(LinkPurpose.SIGN_UP))


def redeem_sign_up(call: Call) -> SignedInShown:
    """Open the account and the shop, and sign their owner in."""
    given: SignUpRedeemed = call.body
    made = call.do(
        call.opened.kasa.identity.redeem_sign_up,
        visitor(call),
        given.token,
        password=given.password,
        person=given.name,
        shop=given.shop,
        speaks=given.language or call.language,
    )
    return signed_in(made)


def ask_magic_link(call: Call) -> MagicMailed:
    """Ask for a mail that signs in without a password."""
    given: AddressGiven = call.body
    request = call.do(call.opened.kasa.identity.ask_magic_link, visitor(call), given.email)
    return MagicMailed(expires_in=_mailed(LinkPurpose.MAGIC), request=request)


def redeem_magic_link(call: Call) -> SignedInShown:
    """Sign in by the link or by the code beside it, where it was asked for."""
    given: MagicRedeemed = call.body
    made = call.do(
        call.opened.kasa.identity.redeem_magic_link,
        visitor(call, given.device),
        given.request,
        token=given.token,
        code=given.code,
        totp=given.totp,
    )
    return signed_in(made)


def ask_reset(call: Call) -> Mailed:
    """Ask for a mail with which a new password is chosen."""
    given: AddressGiven = call.body
    call.do(call.opened.kasa.identity.ask_reset, visitor(call), given.email)
    return Mailed(expires_in=_mailed(LinkPurpose.RESET))


def reset_password(call: Call) -> ResetDoneShown:
    """Choose a new password; every sign-in ends."""
    given: ResetRedeemed = call.body
    done = call.do(
        call.opened.kasa.identity.reset_password,
        visitor(call, given.device),
        given.token,
        given.password,
        totp=given.totp,
    )
    ways = tuple(OtherWay(id=one.id, provider=one.provider) for one in done.identities)
    return ResetDoneShown(device=done.device, identities=ways)


def routes(opened: OpenKasa) -> tuple[Route, ...]:
    """Return the routes of one-time links."""
    return (*_asking(opened), *_redeeming(opened))


def _asking(opened: OpenKasa) -> tuple[Route, ...]:
    use = opened.kasa.identity
    return (
        Route(
            method="POST",
            path="/auth/sign-up",
            serves=use.ask_sign_up,
            handle=ask_sign_up,
            answers=Mailed,
            status=202,
            body=SignUpGiven,
            keyed=False,
            who=Who.PUBLIC,
        ),
        Route(
            method="POST",
            path="/auth/magic-link",
            serves=use.ask_magic_link,
            handle=ask_magic_link,
            answers=MagicMailed,
            status=202,
            body=AddressGiven,
            keyed=False,
            who=Who.PUBLIC,
        ),
        Route(
            method="POST",
            path="/auth/password-reset",
            serves=use.ask_reset,
            handle=ask_reset,
            answers=Mailed,
            status=202,
            body=AddressGiven,
            keyed=False,
            who=Who.PUBLIC,
        ),
    )


def _redeeming(opened: OpenKasa) -> tuple[Route, ...]:
    use = opened.kasa.identity
    return (
        Route(
            method="POST",
            path="/auth/sign-up/redeem",
            serves=use.redeem_sign_up,
            handle=redeem_sign_up,
            answers=SignedInShown,
            status=201,
            body=SignUpRedeemed,
            keyed=False,
            who=Who.PUBLIC,
            refuses=(Unauthenticated,),
        ),
        Route(
            method="POST",
            path="/auth/magic-link/redeem",
            serves=use.redeem_magic_link,
            handle=redeem_magic_link,
            answers=SignedInShown,
            body=MagicRedeemed,
            keyed=False,
            who=Who.PUBLIC,
            refuses=(Unauthenticated,),
        ),
        Route(
            method="POST",
            path="/auth/password-reset/redeem",
            serves=use.reset_password,
            handle=reset_password,
            answers=ResetDoneShown,
            body=ResetRedeemed,
            keyed=False,
            who=Who.PUBLIC,
            refuses=(Unauthenticated,),
        ),
    )
