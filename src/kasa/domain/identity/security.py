"""What happened to the proof of who somebody is: kept 400 days, never personal text."""

from datetime import datetime, timedelta
from enum import StrEnum

import attrs

from kasa.domain.kernel.ids import RequestId, SecurityEventId, SessionId, TenantId, UserId

SECURITY_EVENTS_KEPT = timedelta(days=400)


class SecurityKind(StrEnum):
    """What happened."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    FACTOR_FAILED = "factor_failed"
    LOCKED_OUT = "locked_out"
    SITE_UNDER_ATTACK = "site_under_attack"
    PASSWORD_OFF = "password_off"  # noqa: S105  # the name of an event, not a password
    SIGNED_OUT = "signed_out"
    REFRESH_REUSED = "refresh_reused"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  # the name of an event, not a password
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    RECOVERY_USED = "recovery_used"
    EMAIL_CHANGED = "email_changed"
    METHOD_REMOVED = "method_removed"
    LINK_SENT = "link_sent"
    LINK_FAILED = "link_failed"
    ROLE_CHANGED = "role_changed"
    MEMBER_REMOVED = "member_removed"
    USER_DISABLED = "user_disabled"
    USER_ENABLED = "user_enabled"
    KEY_MADE = "key_made"
    KEY_ENDED = "key_ended"
    KEY_REFUSED = "key_refused"
    FOREIGN_ROW = "foreign_row"
    FORGERY_REFUSED = "forgery_refused"
    HOOK_REFUSED = "hook_refused"
    ACCOUNT_CHANGED = "account_changed"
    EXPORTED = "exported"
    ERASED = "erased"
    OPERATOR_ACTED = "operator_acted"


@attrs.frozen(kw_only=True)
class SecurityEvent:
    """One thing that happened; ``source`` is the keyed digest of the address it came from."""

    id: SecurityEventId
    kind: SecurityKind
    at: datetime
    user: UserId | None = None
    tenant: TenantId | None = None
    session: SessionId | None = None
    request: RequestId | None = None
    source: bytes | None = attrs.field(default=None, repr=False)
    detail: str = ""
