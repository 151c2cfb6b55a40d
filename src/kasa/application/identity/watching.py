"""Writing down what happens to the proof of who somebody is."""

from datetime import datetime

import attrs

from kasa.application.identity.throttling import Tries
from kasa.application.identity.visiting import Visitor
from kasa.application.ports.system import Ids
from kasa.application.ports.work import PlatformWork
from kasa.domain.identity.security import SecurityEvent, SecurityKind
from kasa.domain.kernel.ids import SecurityEventId, SessionId, TenantId, UserId


@attrs.frozen(kw_only=True, eq=False)
class Watch:
    """Writes security events, in the unit of work of what they tell."""

    ids: Ids
    tries: Tries

    def note(
        self,
        work: PlatformWork,
        kind: SecurityKind,
        *,
        at: datetime,
        user: UserId | None = None,
        session: SessionId | None = None,
        tenant: TenantId | None = None,
        visitor: Visitor | None = None,
        detail: str = "",
    ) -> None:
        """Write down that something happened, to whom, and from where as a keyed digest."""
        work.security.record(
            SecurityEvent(
                id=SecurityEventId(self.ids.new(at)),
                kind=kind,
                at=at,
                user=user,
                tenant=tenant,
                session=session,
                request=visitor.request if visitor else None,
                source=self.tries.source(visitor.address) if visitor else None,
                detail=detail,
            )
        )
