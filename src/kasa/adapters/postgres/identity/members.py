"""Members of a shop and invitations into it, in PostgreSQL."""

from datetime import datetime
from typing import Any

import attrs
from sqlalchemy import text

from kasa.adapters.postgres.connection import Row, TenantConnection
from kasa.adapters.postgres.rows import value_of
from kasa.application.ports.work import LockRank
from kasa.domain.identity.invitation import Invitation
from kasa.domain.identity.user import Email, Membership, email_key
from kasa.domain.kernel.ids import InvitationId, LinkId, MembershipId, UserId

LIST_MAX = 200
_MEMBER = (
    'SELECT id, user_id AS "user", role, joined_at, version FROM memberships '
    "WHERE tenant_id = :tenant"
)
_MEMBERS = text(f"{_MEMBER} ORDER BY joined_at, id LIMIT :limit")
_GET_MEMBER = text(f"{_MEMBER} AND id = :id")
_LOCK_MEMBER = text(f"{_MEMBER} AND id = :id FOR NO KEY UPDATE")
_OF_USER = text(f"{_MEMBER} AND user_id = :user")
_OWNERS = text(f"{_MEMBER} AND role = 'owner' ORDER BY id FOR NO KEY UPDATE")
_ADD_MEMBER = text(
    "INSERT INTO memberships (tenant_id, id, user_id, role, joined_at, version) "
    "VALUES (:tenant, :id, :user, :role, :joined_at, :version)"
)
_SAVE_MEMBER = text(
    "UPDATE memberships SET role = :role, version = :version WHERE tenant_id = :tenant AND id = :id"
)
_REMOVE = text("DELETE FROM memberships WHERE tenant_id = :tenant AND id = :id")

_COLUMNS = (
    "id",
    "link",
    "email",
    "email_key",
    "role",
    "invited_by",
    "invited_at",
    "until",
    "accepted_at",
    "ended_at",
    "version",
)
_LISTED = ", ".join(_COLUMNS)
_INVITED = f"SELECT {_LISTED} FROM invitations WHERE tenant_id = :tenant"
_IS_OPEN = "accepted_at IS NULL AND ended_at IS NULL AND until > :at"
_LOCK = text(f"{_INVITED} AND id = :id FOR NO KEY UPDATE")
_OF_LINK = text(f"{_INVITED} AND link = :link FOR NO KEY UPDATE")
_OPEN_FOR = text(
    f"{_INVITED} AND email_key = :key AND {_IS_OPEN} ORDER BY id LIMIT 1 FOR NO KEY UPDATE"
)
_OPEN = text(f"{_INVITED} AND {_IS_OPEN} ORDER BY id DESC LIMIT :limit")
_COUNT = text(f"SELECT count(*) FROM invitations WHERE tenant_id = :tenant AND {_IS_OPEN}")
_ADD = text(
    f"INSERT INTO invitations (tenant_id, {_LISTED}) "
    f"VALUES (:tenant, {', '.join(f':{name}' for name in _COLUMNS)})"
)
_SAVE = text(
    "UPDATE invitations SET accepted_at = :accepted_at, ended_at = :ended_at, role = :role, "
    "link = :link, until = :until, version = :version WHERE tenant_id = :tenant AND id = :id"
)


def _member(row: Row | None) -> Membership | None:
    return None if row is None else value_of(row, Membership)


def _invitation(row: Row) -> Invitation:
    return value_of(row, Invitation)


def _columns(invitation: Invitation) -> dict[str, Any]:
    return {
        **attrs.asdict(invitation, recurse=False),
        "email_key": email_key(invitation.email),
        "role": invitation.role.value,
    }


class PostgresMembers:
    """The members of one shop."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, membership: Membership) -> None:
        """Store a new member, or raise ``identity.member_already``."""
        self._rows.added(LockRank.DOCUMENTS, membership.id)
        told = {**attrs.asdict(membership, recurse=False), "role": membership.role.value}
        self._rows.write(_ADD_MEMBER, **told)

    def lock(self, id: MembershipId) -> Membership:
        """Return a member, locked until the unit of work ends, or raise NotFound."""
        self._rows.claim(LockRank.DOCUMENTS, id)
        return value_of(self._rows.get(_LOCK_MEMBER, id=id), Membership)

    def of(self, user: UserId) -> Membership | None:
        """Return what a person is in this shop, or None."""
        return _member(self._rows.first(_OF_USER, user=user))

    def save(self, membership: Membership) -> None:
        """Store a member who was locked in the same unit of work."""
        self._rows.require_claim(LockRank.DOCUMENTS, membership.id)
        told = {"role": membership.role.value, "version": membership.version}
        self._rows.write(_SAVE_MEMBER, id=membership.id, **told)

    def remove(self, id: MembershipId) -> None:
        """Remove a member who was locked in the same unit of work."""
        self._rows.require_claim(LockRank.DOCUMENTS, id)
        self._rows.write(_REMOVE, id=id)

    def owners(self) -> tuple[Membership, ...]:
        """Return the owners, locked; whoever counts them has locked the shop first."""
        found = self._rows.all(_OWNERS)
        self._rows.claim(LockRank.DOCUMENTS, *(row["id"] for row in found))
        return tuple(value_of(row, Membership) for row in found)


class PostgresMemberViews:
    """Reads the members of one shop."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def all(self) -> tuple[Membership, ...]:
        """Return every member, at most 200, in the order in which they joined."""
        found = self._rows.all(_MEMBERS, limit=LIST_MAX)
        return tuple(value_of(row, Membership) for row in found)

    def show(self, id: MembershipId) -> Membership:
        """Return a member, or raise NotFound."""
        return value_of(self._rows.get(_GET_MEMBER, id=id), Membership)

    def of(self, user: UserId) -> Membership | None:
        """Return what a person is in this shop, or None."""
        return _member(self._rows.first(_OF_USER, user=user))


class PostgresInvitations:
    """Invitations into one shop."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, invitation: Invitation) -> None:
        """Store a new invitation."""
        self._rows.added(LockRank.DOCUMENTS, invitation.id)
        self._rows.write(_ADD, **_columns(invitation))

    def lock(self, id: InvitationId) -> Invitation:
        """Return an invitation, locked until the unit of work ends, or raise NotFound."""
        self._rows.claim(LockRank.DOCUMENTS, id)
        return _invitation(self._rows.get(_LOCK, id=id))

    def of_link(self, link: LinkId) -> Invitation | None:
        """Return the invitation of a link, locked, or None."""
        return self._locked(self._rows.first(_OF_LINK, link=link))

    def open_for(self, email: Email, *, at: datetime) -> Invitation | None:
        """Return the open invitation of an address, however it is written, locked, or None."""
        return self._locked(self._rows.first(_OPEN_FOR, key=email_key(email), at=at))

    def save(self, invitation: Invitation) -> None:
        """Store an invitation that was locked in the same unit of work."""
        self._rows.require_claim(LockRank.DOCUMENTS, invitation.id)
        self._rows.write(_SAVE, **_columns(invitation))

    def count_open(self, *, at: datetime) -> int:
        """Return how many invitations are open."""
        return int(self._rows.scalar(_COUNT, at=at))

    def _locked(self, row: Row | None) -> Invitation | None:
        if row is None:
            return None
        self._rows.claim(LockRank.DOCUMENTS, row["id"])
        return _invitation(row)


class PostgresInvitationViews:
    """Reads the invitations into one shop."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def open(self, *, at: datetime) -> tuple[Invitation, ...]:
        """Return the open invitations, at most 200, newest first."""
        return tuple(_invitation(row) for row in self._rows.all(_OPEN, at=at, limit=LIST_MAX))
