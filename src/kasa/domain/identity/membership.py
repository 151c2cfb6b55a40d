"""Who may change what members are (doors.md, section 6), and that a shop keeps an owner."""

from collections.abc import Collection

from kasa.domain.identity.access import Actor, Role, RoleTooLow
from kasa.domain.identity.user import Membership
from kasa.domain.kernel.errors import Conflict

GUARDED = frozenset({Role.ADMIN, Role.OWNER})
"""Roles that only an owner grants or takes away, after a recent sign-in."""


class LastOwner(Conflict):
    """A shop keeps an owner: make somebody else an owner first."""

    code = "tenancy.last_owner"


def guard_role(actor: Actor, *roles: Role) -> None:
    """Return when the actor may grant or take away these roles, else raise.

    The refusals are ``access.role_too_low`` for whoever is no owner, and
    ``identity.recent_sign_in_needed``.
    """
    if not GUARDED.intersection(roles):
        return
    if not actor.permissions >= Role.OWNER.permissions:
        raise RoleTooLow
    actor.require_recent()


def keep_an_owner(owners: Collection[Membership], leaving: Membership) -> None:
    """Return when somebody else is an owner too, else raise ``tenancy.last_owner``."""
    if leaving.role is Role.OWNER and not any(owner.id != leaving.id for owner in owners):
        raise LastOwner
