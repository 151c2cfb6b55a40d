"""One's own account over HTTP: profile, address, sign-ins, ways to sign in, shops."""

from datetime import datetime
from uuid import UUID

import msgspec

from kasa.application.identity.profile import Me, OwnShop
from kasa.domain.identity.one_time_link import LinkPurpose
from kasa.domain.identity.session import Session
from kasa.domain.identity.user import LinkedIdentity
from kasa.domain.kernel.errors import Unauthenticated
from kasa.domain.kernel.ids import IdentityId, SessionId
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.identity.visits import Address, Mailed, Secret, Speaks, visitor
from kasa.entrypoints.http.paging import PageOf
from kasa.entrypoints.http.routing import Route, Who
from kasa.entrypoints.http.wire import Line, Version, moment
from kasa.entrypoints.opened import OpenKasa


class MeShown(msgspec.Struct, frozen=True, kw_only=True):
    """A person as they see themselves."""

    id: UUID
    email: str | None
    name: str
    language: str
    has_password: bool
    has_second_factor: bool
    recovery_codes_left: int
    is_operator: bool
    version: int


class MeGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is changed; the address is changed by mail alone."""

    version: Version
    name: Line | None = None
    language: Speaks | None = None


class NewAddress(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The address that is to be one's own."""

    email: Address


class AddressRedeemed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The token that was mailed to the new address."""

    token: Secret


class SessionShown(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-in that lives; ``is_this`` marks the one that asks."""

    id: UUID
    kind: str
    device: str
    place: str
    created_at: datetime
    used_at: datetime
    expires_at: datetime
    second_factor: bool
    tenant: UUID | None
    is_this: bool


class IdentityShown(msgspec.Struct, frozen=True, kw_only=True):
    """Another way to sign in."""

    id: UUID
    provider: str
    linked_at: datetime


class OwnShopShown(msgspec.Struct, frozen=True, kw_only=True):
    """A shop one works in, and as what."""

    id: UUID
    name: str
    role: str
    state: str


def me_shown(me: Me) -> MeShown:
    """Return a person as they are answered."""
    return MeShown(
        id=me.id,
        email=me.email,
        name=me.name,
        language=me.language,
        has_password=me.has_password,
        has_second_factor=me.has_second_factor,
        recovery_codes_left=me.recovery_codes_left,
        is_operator=me.is_operator,
        version=me.version,
    )


def session_shown(session: Session, own: SessionId | None) -> SessionShown:
    """Return a sign-in as it is answered; never a digest of what carries it."""
    return SessionShown(
        id=session.id,
        kind=session.kind.value,
        device=session.device,
        place=session.place,
        created_at=moment(session.created_at),
        used_at=moment(session.used_at),
        expires_at=moment(session.expires_at),
        second_factor=session.second_factor,
        tenant=session.tenant,
        is_this=session.id == own,
    )


def identity_shown(identity: LinkedIdentity) -> IdentityShown:
    """Return a way to sign in as it is answered."""
    return IdentityShown(
        id=identity.id, provider=identity.provider, linked_at=moment(identity.linked_at)
    )


def shop_shown(shop: OwnShop) -> OwnShopShown:
    """Return a shop of one's own as it is answered."""
    return OwnShopShown(id=shop.id, name=shop.name, role=shop.role.value, state=shop.state.value)


def show(call: Call) -> MeShown:
    """Show one's own profile."""
    return me_shown(call.opened.kasa.identity.own.me(call.person))


def change(call: Call) -> MeShown:
    """Change one's own name or language."""
    given: MeGiven = call.body
    use = call.opened.kasa.identity.change_me
    made = call.do(use, call.person, given.version, called=given.name, speaks=given.language)
    return me_shown(made)


def ask_email(call: Call) -> Mailed:
    """Ask for another address: a link goes to it, a notice to the old one."""
    given: NewAddress = call.body
    call.do(call.opened.kasa.identity.ask_email, call.person, visitor(call), given.email)
    return Mailed(expires_in=int(LinkPurpose.EMAIL.life.total_seconds()))


def redeem_email(call: Call) -> None:
    """Make an address one's own by the link that was mailed to it."""
    given: AddressRedeemed = call.body
    call.do(call.opened.kasa.identity.redeem_email, visitor(call), given.token)


def sessions(call: Call) -> PageOf[SessionShown]:
    """List where one is signed in."""
    found = call.opened.kasa.identity.own.sessions(call.person)
    return PageOf(items=tuple(session_shown(one, call.person.session) for one in found))


def end_session(call: Call) -> None:
    """End one of one's own sign-ins."""
    use = call.opened.kasa.identity.end_session
    call.do(use, call.person, SessionId(call.id("session_id")))


def identities(call: Call) -> PageOf[IdentityShown]:
    """List the other ways to sign in."""
    found = call.opened.kasa.identity.own.identities(call.person)
    return PageOf(items=tuple(map(identity_shown, found)))


def end_identity(call: Call) -> None:
    """Remove a way to sign in; the last one stays."""
    use = call.opened.kasa.identity.end_identity
    call.do(use, call.person, IdentityId(call.id("identity_id")))


def shops(call: Call) -> PageOf[OwnShopShown]:
    """List the shops one works in."""
    found = call.opened.kasa.identity.own.shops(call.person)
    return PageOf(items=tuple(map(shop_shown, found)))


def routes(opened: OpenKasa) -> tuple[Route, ...]:
    """Return the routes of one's own account."""
    return (*_profile(opened), *_lists(opened))


def _profile(opened: OpenKasa) -> tuple[Route, ...]:
    use = opened.kasa.identity
    return (
        Route(
            method="GET",
            path="/me",
            serves=use.own.me,
            handle=show,
            answers=MeShown,
            who=Who.PERSON,
        ),
        Route(
            method="PATCH",
            path="/me",
            serves=use.change_me,
            handle=change,
            answers=MeShown,
            body=MeGiven,
            who=Who.PERSON,
            when_suspended=True,
        ),
        Route(
            method="POST",
            path="/me/email",
            serves=use.ask_email,
            handle=ask_email,
            answers=Mailed,
            status=202,
            body=NewAddress,
            keyed=False,
            who=Who.PERSON,
            when_suspended=True,
        ),
        Route(
            method="POST",
            path="/me/email/redeem",
            serves=use.redeem_email,
            handle=redeem_email,
            body=AddressRedeemed,
            keyed=False,
            who=Who.PUBLIC,
            refuses=(Unauthenticated,),
        ),
    )


def _lists(opened: OpenKasa) -> tuple[Route, ...]:
    use = opened.kasa.identity
    return (
        Route(
            method="GET",
            path="/me/sessions",
            serves=use.own.sessions,
            handle=sessions,
            answers=PageOf[SessionShown],
            who=Who.PERSON,
        ),
        Route(
            method="DELETE",
            path="/me/sessions/{session_id}",
            serves=use.end_session,
            handle=end_session,
            who=Who.PERSON,
            when_suspended=True,
        ),
        Route(
            method="GET",
            path="/me/identities",
            serves=use.own.identities,
            handle=identities,
            answers=PageOf[IdentityShown],
            who=Who.PERSON,
        ),
        Route(
            method="DELETE",
            path="/me/identities/{identity_id}",
            serves=use.end_identity,
            handle=end_identity,
            who=Who.PERSON,
            when_suspended=True,
        ),
        Route(
            method="GET",
            path="/me/tenants",
            serves=use.own.shops,
            handle=shops,
            answers=PageOf[OwnShopShown],
            who=Who.PERSON,
        ),
    )
