"""What of people and proofs is kept no longer, removed from PostgreSQL in batches."""

from datetime import datetime

from sqlalchemy import text

from kasa.adapters.postgres.connection import TenantConnection
from kasa.application.ports.identity.outdated import (
    COUNTS_KEPT,
    LINKS_KEPT,
    MAILS_KEPT,
    SESSIONS_KEPT,
)
from kasa.domain.identity.security import SECURITY_EVENTS_KEPT

_BATCH = "DELETE FROM platform.{0} WHERE ctid = ANY (ARRAY(SELECT ctid FROM platform.{0} WHERE "
_ENDED = text(_BATCH.format("sessions") + "ended_at < :before LIMIT :limit))")
_EXPIRED = text(_BATCH.format("sessions") + "expires_at < :before LIMIT :limit))")
_LINKS = text(_BATCH.format("links") + "until < :before LIMIT :limit))")
_MAILS = text(_BATCH.format("mails") + "expires_at < :before LIMIT :limit))")
_ATTEMPTS = text(
    _BATCH.format("attempts")
    + "greatest(window_start, blocked_until) < :before OR (window_start IS NULL "
    "AND blocked_until IS NULL) LIMIT :limit FOR UPDATE SKIP LOCKED))"
)
_RATES = text(
    _BATCH.format("rates") + "window_start < :before LIMIT :limit FOR UPDATE SKIP LOCKED))"
)
_EVENTS = text(_BATCH.format("security_events") + "at < :before LIMIT :limit))")
_KEPT = (
    (_ENDED, SESSIONS_KEPT),
    (_EXPIRED, SESSIONS_KEPT),
    (_LINKS, LINKS_KEPT),
    (_MAILS, MAILS_KEPT),
    (_ATTEMPTS, COUNTS_KEPT),
    (_RATES, COUNTS_KEPT),
    (_EVENTS, SECURITY_EVENTS_KEPT),
)


class PostgresOutdatedProofs:
    """Removes what is kept no longer."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def forget(self, *, at: datetime, limit: int) -> int:
        """Remove at most ``limit`` of each kind, and count them; 0 when nothing is left."""
        return sum(
            self._rows.write(statement, before=at - kept, limit=limit) for statement, kept in _KEPT
        )
