"""Who works in the shop, over HTTP; an API key never comes in here."""

from datetime import datetime
from uuid import UUID

import msgspec

from kasa.application.identity.member_queries import MemberShown
from kasa.domain.identity.access import Role
from kasa.domain.identity.user import Membership
from kasa.domain.kernel.ids import MembershipId
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.paging import PageOf
from kasa.entrypoints.http.routing import Route
from kasa.entrypoints.http.wire import Version, moment
from kasa.entrypoints.opened import OpenKasa


class MemberOut(msgspec.Struct, frozen=True, kw_only=True):
    """A member; address and second factor are for whoever manages members."""

    id: UUID
    user: UUID
    name: str
    email: str | None
    second_factor: bool | None
    role: Role
    joined_at: datetime
    version: int


class RoleGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a member is from now on."""

    version: Version
    role: Role


class RoleOut(msgspec.Struct, frozen=True, kw_only=True):
    """What a member is now."""

    id: UUID
    user: UUID
    role: Role
    version: int


class NewOwner(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The member who becomes the owner."""

    member: UUID


def member_out(member: MemberShown) -> MemberOut:
    """Return a member as it is answered."""
    return MemberOut(
        id=member.id,
        user=member.user,
        name=member.name,
        email=member.email,
        second_factor=member.second_factor,
        role=member.role,
        joined_at=moment(member.joined_at),
        version=member.version,
    )


def role_out(member: Membership) -> RoleOut:
    """Return what a member is as it is answered."""
    return RoleOut(id=member.id, user=member.user, role=member.role, version=member.version)


def listed(call: Call) -> PageOf[MemberOut]:
    """List who works in the shop, in the order in which they joined."""
    return PageOf(items=tuple(map(member_out, call.served())))


def one(call: Call) -> MemberOut:
    """Show a member."""
    return member_out(call.served(MembershipId(call.id("member_id"))))


def change(call: Call) -> RoleOut:
    """Change a member's role; it acts on their next request."""
    given: RoleGiven = call.body
    member = MembershipId(call.id("member_id"))
    return role_out(call.served(member, given.role, version=given.version))


def remove(call: Call) -> None:
    """Take a member out of the shop; it acts on their next request."""
    call.served(MembershipId(call.id("member_id")))


def transfer(call: Call) -> RoleOut:
    """Hand the shop over to a member, and be its admin from then on."""
    given: NewOwner = call.body
    return role_out(call.served(MembershipId(given.member)))


def routes(opened: OpenKasa) -> tuple[Route, ...]:
    """Return the routes of members."""
    use = opened.kasa.identity.staff
    return (
        Route(
            method="GET",
            path="/members",
            serves=use.queries.members,
            handle=listed,
            answers=PageOf[MemberOut],
            keys=False,
        ),
        Route(
            method="GET",
            path="/members/{member_id}",
            serves=use.queries.member,
            handle=one,
            answers=MemberOut,
            keys=False,
        ),
        Route(
            method="PATCH",
            path="/members/{member_id}",
            serves=use.change_role,
            handle=change,
            answers=RoleOut,
            body=RoleGiven,
            keys=False,
        ),
        Route(
            method="DELETE",
            path="/members/{member_id}",
            serves=use.remove,
            handle=remove,
            keys=False,
        ),
        Route(
            method="POST",
            path="/tenant/transfer-ownership",
            serves=use.transfer_ownership,
            handle=transfer,
            answers=RoleOut,
            body=NewOwner,
            keys=False,
        ),
    )
