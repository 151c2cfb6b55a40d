"""An invitation into a shop: bound to an address, for 7 days, once."""

from datetime import datetime

import attrs

from kasa.domain.identity.access import Role
from kasa.domain.identity.user import Email
from kasa.domain.kernel.ids import InvitationId, LinkId, UserId


@attrs.frozen(kw_only=True)
class Invitation:
    """That somebody with this address may join, and as what; its token went out by mail only."""

    id: InvitationId
    link: LinkId
    email: Email = attrs.field(repr=False)
    role: Role
    invited_by: UserId
    invited_at: datetime
    until: datetime
    accepted_at: datetime | None = None
    ended_at: datetime | None = None
    version: int = 1

    def is_open(self, at: datetime) -> bool:
        """Tell whether it may still be accepted."""
        return self.accepted_at is None and self.ended_at is None and at < self.until
