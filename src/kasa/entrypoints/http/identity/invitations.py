"""Invitations into a shop over HTTP; the token goes out by mail alone."""

from datetime import datetime
from uuid import UUID

import msgspec

from kasa.application.identity.joining import NewPerson
from kasa.domain.identity.access import PlatformActor, Role, TokenInvalid
from kasa.domain.identity.invitation import Invitation
from kasa.domain.identity.token import Claims, TokenKind
from kasa.domain.kernel.errors import Unauthenticated
from kasa.domain.kernel.ids import InvitationId, RequestId
from kasa.entrypoints.http.auth import bearer_of
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.identity.visits import (
    Address,
    Device,
    Password,
    Secret,
    SignedInShown,
    Speaks,
    signed_in,
    visitor,
)
from kasa.entrypoints.http.paging import PageOf
from kasa.entrypoints.http.routing import Route, Who
from kasa.entrypoints.http.wire import Line, moment
from kasa.entrypoints.opened import OpenKasa


class InvitationGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is invited, and as what."""

    email: Address
    role: Role


class InvitationShown(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation; its token is in the mail, and nowhere else."""

    id: UUID
    email: str
    role: Role
    invited_by: UUID
    invited_at: datetime
    until: datetime


class InvitationRedeemed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The token of the mail; name and password for who has no account, who has one signs in."""

    token: Secret
    password: Password | None = None
    name: Line | None = None
    language: Speaks | None = None
    device: Device | None = None


class JoinedShown(msgspec.Struct, frozen=True, kw_only=True):
    """Into which shop somebody came, and as what; a new person is signed in."""

    tenant: UUID
    user: UUID
    role: Role
    signed_in: SignedInShown | None


def shown(invitation: Invitation) -> InvitationShown:
    """Return an invitation as it is answered."""
    return InvitationShown(
        id=invitation.id,
        email=invitation.email,
        role=invitation.role,
        invited_by=invitation.invited_by,
        invited_at=moment(invitation.invited_at),
        until=moment(invitation.until),
    )


def listed(call: Call) -> PageOf[InvitationShown]:
    """List the open invitations."""
    return PageOf(items=tuple(map(shown, call.served())))


def invite(call: Call) -> InvitationShown:
    """Invite somebody by mail, for seven days, once."""
    given: InvitationGiven = call.body
    return shown(call.served(given.email, given.role))


def end(call: Call) -> None:
    """Take an invitation back."""
    call.served(InvitationId(call.id("invitation_id")))


def redeem(call: Call) -> JoinedShown:
    """Accept an invitation: with a name and password, or signed in with the invited address."""
    given: InvitationRedeemed = call.body
    new = None
    if given.password is not None or given.name is not None:
        new = _new(given, call)
    joined = call.do(
        call.opened.kasa.identity.staff.redeem_invitation,
        visitor(call, given.device),
        _whoever(call),
        given.token,
        new,
    )
    made = joined.signed_in
    return JoinedShown(
        tenant=joined.tenant,
        user=joined.user,
        role=joined.role,
        signed_in=None if made is None else signed_in(made),
    )


def _new(given: InvitationRedeemed, call: Call) -> NewPerson:
    return NewPerson(
        password=given.password or "",
        name=given.name or "",
        speaks=given.language or call.language,
    )


def _whoever(call: Call) -> PlatformActor | None:
    """Return who calls, if they are signed in: an account is joined by its own person alone."""
    if "authorization" not in call.headers:
        return None
    proof = call.opened.kasa.identity.verified(bearer_of(call.headers))
    if not isinstance(proof, Claims) or proof.kind is not TokenKind.ACCESS:
        raise TokenInvalid
    return call.opened.kasa.identity.admit(proof, request=RequestId(call.request_id)).person


def routes(opened: OpenKasa) -> tuple[Route, ...]:
    """Return the routes of invitations."""
    use = opened.kasa.identity.staff
    return (
        Route(
            method="GET",
            path="/members/invitations",
            serves=use.list_invitations,
            handle=listed,
            answers=PageOf[InvitationShown],
            keys=False,
        ),
        Route(
            method="POST",
            path="/members/invitations",
            serves=use.invite,
            handle=invite,
            answers=InvitationShown,
            status=201,
            body=InvitationGiven,
            keys=False,
        ),
        Route(
            method="DELETE",
            path="/members/invitations/{invitation_id}",
            serves=use.end_invitation,
            handle=end,
            keys=False,
        ),
        Route(
            method="POST",
            path="/invitations/redeem",
            serves=use.redeem_invitation,
            handle=redeem,
            answers=JoinedShown,
            body=InvitationRedeemed,
            keyed=False,
            who=Who.PUBLIC,
            refuses=(Unauthenticated,),
        ),
    )
