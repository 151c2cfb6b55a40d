"""Roles, permissions, and the actor that every use case is called with."""

from enum import StrEnum
from uuid import UUID

import attrs

from kasa.domain.kernel.errors import Forbidden, Unauthenticated
from kasa.domain.kernel.idempotency import IdempotencyKey
from kasa.domain.kernel.ids import (
    ClientId,
    ContactId,
    RequestId,
    SessionId,
    TenantId,
    UserId,
)


class RoleTooLow(Forbidden):
    """Your role does not allow this."""

    code = "access.role_too_low"


class ScopeMissing(Forbidden):
    """This key does not have the scope for this."""

    code = "access.scope_missing"


class TokenInvalid(Unauthenticated):
    """Nobody is signed in, or the proof of it is not valid."""

    code = "identity.token_invalid"


class RecentSignInNeeded(Forbidden):
    """Prove once more who you are: this needs a sign-in of the last 10 minutes."""

    code = "identity.recent_sign_in_needed"


class Permission(StrEnum):
    """What a use case may ask of its actor."""

    READ = "read"
    WRITE_CATALOGUE = "write_catalogue"
    ISSUE_INVOICES = "issue_invoices"
    CLOSE_INVOICES = "close_invoices"
    SUBMIT_EVIDENCE = "submit_evidence"
    TAKE_ALERTS = "take_alerts"
    DECIDE_PAYMENTS = "decide_payments"
    REFUND_PAYMENTS = "refund_payments"
    RECEIVE_STOCK = "receive_stock"
    ADJUST_STOCK = "adjust_stock"
    WRITE_MESSAGES = "write_messages"
    MODERATE_PROMOTIONS = "moderate_promotions"
    EXPORT = "export"
    READ_AUDIT = "read_audit"
    CHANGE_TENANT = "change_tenant"
    MANAGE_CHANNELS = "manage_channels"
    CONNECT_OUTSIDE = "connect_outside"
    MANAGE_MEMBERS = "manage_members"
    MANAGE_KEYS = "manage_keys"
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_BILLING = "manage_billing"
    CLOSE_TENANT = "close_tenant"


_VIEWER = frozenset({Permission.READ})
_USER = _VIEWER | {
    Permission.WRITE_CATALOGUE,
    Permission.ISSUE_INVOICES,
    Permission.SUBMIT_EVIDENCE,
    Permission.RECEIVE_STOCK,
    Permission.WRITE_MESSAGES,
}
_ADMIN = _USER | {
    Permission.CLOSE_INVOICES,
    Permission.TAKE_ALERTS,
    Permission.DECIDE_PAYMENTS,
    Permission.REFUND_PAYMENTS,
    Permission.ADJUST_STOCK,
    Permission.MODERATE_PROMOTIONS,
    Permission.EXPORT,
    Permission.READ_AUDIT,
    Permission.CHANGE_TENANT,
    Permission.MANAGE_CHANNELS,
}


class Role(StrEnum):
    """What a member is in a shop; each role may do all that the ones before it may."""

    VIEWER = "viewer"
    USER = "user"
    ADMIN = "admin"
    OWNER = "owner"

    @property
    def permissions(self) -> frozenset[Permission]:
        """Everything this role may do."""
        return PERMISSIONS[self]


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: _VIEWER,
    Role.USER: _USER,
    Role.ADMIN: _ADMIN,
    Role.OWNER: frozenset(Permission),
}

SCOPES: dict[str, frozenset[Permission]] = {
    "read": frozenset({Permission.READ}),
    "catalogue": frozenset({Permission.WRITE_CATALOGUE}),
    "invoices": frozenset({Permission.ISSUE_INVOICES}),
    "invoices:close": frozenset({Permission.CLOSE_INVOICES, Permission.REFUND_PAYMENTS}),
    "evidence": frozenset({Permission.SUBMIT_EVIDENCE}),
    "payments:decide": frozenset({Permission.DECIDE_PAYMENTS}),
    "stock": frozenset({Permission.RECEIVE_STOCK}),
    "stock:adjust": frozenset({Permission.ADJUST_STOCK}),
    "messages": frozenset({Permission.WRITE_MESSAGES}),
    "exports": frozenset({Permission.EXPORT}),
    "alerts:write": frozenset({Permission.TAKE_ALERTS}),
}


@attrs.frozen(kw_only=True)
class Actor:
    """Who calls: a member, a customer's contact, an API key, or the system itself, in one tenant.

    ``permissions`` is everything the caller may do; ``idempotency`` names the request, if it may
    be repeated; ``recent`` tells that the person proved who they are within the last minutes.
    """

    tenant: TenantId
    permissions: frozenset[Permission] = frozenset()
    user: UserId | None = None
    client: ClientId | None = None
    contact: ContactId | None = None
    idempotency: IdempotencyKey | None = None
    request: RequestId | None = None
    recent: bool = False

    @classmethod
    def member(
        cls,
        tenant: TenantId,
        user: UserId,
        role: Role,
        *,
        recent: bool = False,
        staff_may_review: bool = False,
        admins_manage_members: bool = False,
    ) -> "Actor":
        """Return a person of the shop; ``staff_may_review`` lets users decide payments too.

        ``admins_manage_members`` lets admins manage viewers and users.
        """
        allowed = role.permissions
        if staff_may_review and role is Role.USER:
            allowed |= {Permission.DECIDE_PAYMENTS}
        if admins_manage_members and role is Role.ADMIN:
            allowed |= {Permission.MANAGE_MEMBERS}
        return cls(tenant=tenant, user=user, permissions=allowed, recent=recent)

    @classmethod
    def customer(cls, tenant: TenantId, contact: ContactId) -> "Actor":
        """Return a customer, who may submit evidence and nothing else."""
        allowed = frozenset({Permission.SUBMIT_EVIDENCE})
        return cls(tenant=tenant, contact=contact, permissions=allowed)

    @classmethod
    def key(cls, tenant: TenantId, client: ClientId, scopes: frozenset[str]) -> "Actor":
        """Return an API key with the permissions of its scopes."""
        allowed = frozenset().union(*(SCOPES[scope] for scope in scopes))
        return cls(tenant=tenant, client=client, permissions=allowed)

    @classmethod
    def system(cls, tenant: TenantId) -> "Actor":
        """Return kasa itself, as a sweep acts: everything, without author and key."""
        return cls(tenant=tenant, permissions=frozenset(Permission))

    @property
    def person(self) -> UserId:
        """Which member acts; raises ``identity.token_invalid`` for a program and for nobody."""
        if self.user is None:
            raise TokenInvalid
        return self.user

    @property
    def author(self) -> UUID | None:
        """Who is named in the audit trail; None for a customer and for kasa itself."""
        return self.user or self.client

    @property
    def caller(self) -> UUID | None:
        """Whose idempotency keys these are: the author, or the customer's contact."""
        return self.author or self.contact

    def require(self, permission: Permission) -> None:
        """Return when the actor may do this, else raise ``access.*``."""
        if permission in self.permissions:
            return
        if self.client is not None:
            raise ScopeMissing(permission=permission.value)
        raise RoleTooLow(permission=permission.value)

    def require_recent(self) -> None:
        """Return when the person proved who they are lately, else raise.

        The refusal is ``identity.recent_sign_in_needed``.
        """
        if not self.recent:
            raise RecentSignInNeeded


@attrs.frozen(kw_only=True)
class PlatformActor:
    """Who acts outside any tenant: an operator, or a person, in whichever shop they are.

    ``session`` is the sign-in by which they came, ``tenant`` the shop that it names, if any.
    ``recent`` tells that the person proved who they are within the last minutes, and
    ``second_factor`` that two factors were asked.
    """

    user: UserId | None = None
    session: SessionId | None = None
    tenant: TenantId | None = None
    operator: bool = False
    recent: bool = False
    second_factor: bool = False
    idempotency: IdempotencyKey | None = None
    request: RequestId | None = None

    @property
    def author(self) -> UUID | None:
        """Who is named in the audit trail."""
        return self.user

    @property
    def person(self) -> UserId:
        """Who is signed in; raises ``identity.token_invalid`` for nobody."""
        if self.user is None:
            raise TokenInvalid
        return self.user

    @property
    def own_session(self) -> SessionId:
        """By which sign-in they came; raises ``identity.token_invalid`` without one."""
        if self.session is None:
            raise TokenInvalid
        return self.session

    def require_recent(self) -> None:
        """Return when the person proved who they are lately, else raise.

        The refusal is ``identity.recent_sign_in_needed``.
        """
        if not self.recent:
            raise RecentSignInNeeded
