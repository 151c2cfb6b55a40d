"""What of people and proofs is kept no longer, in memory; counts of calls go with the process."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from kasa.adapters.memory.identity.rows import (
    ATTEMPTS,
    LINKS,
    MAILS,
    REFRESH_TOKENS,
    SECURITY_EVENTS,
    SESSIONS,
)
from kasa.adapters.memory.tables import Table, Working
from kasa.application.ports.identity.outdated import (
    COUNTS_KEPT,
    LINKS_KEPT,
    MAILS_KEPT,
    SESSIONS_KEPT,
)
from kasa.domain.identity.lockout import LoginAttempts
from kasa.domain.identity.security import SECURITY_EVENTS_KEPT
from kasa.domain.identity.session import Session


class MemoryOutdatedProofs:
    """Removes what is kept no longer."""

    def __init__(self, rows: Working) -> None:
        self._rows = rows

    def forget(self, *, at: datetime, limit: int) -> int:
        """Remove at most ``limit`` of each kind, and count them; 0 when nothing is left."""
        gone = self._remove(SESSIONS, lambda one: _ended(one) < at - SESSIONS_KEPT, limit)
        gone += self._remove(LINKS, lambda one: one.until < at - LINKS_KEPT, limit)
        gone += self._remove(MAILS, lambda one: one.expires_at < at - MAILS_KEPT, limit)
        gone += self._remove(ATTEMPTS, lambda one: _is_idle(one, at - COUNTS_KEPT), limit)
        gone += self._remove(SECURITY_EVENTS, lambda one: one.at < at - SECURITY_EVENTS_KEPT, limit)
        live = self._rows.read(SESSIONS)
        tokens = self._rows.read(REFRESH_TOKENS)
        for token_hash in [key for key, one in tokens.items() if one.session not in live]:
            del self._rows.write(REFRESH_TOKENS)[token_hash]
        return gone

    def _remove(self, table: Table[Any, Any], is_old: Callable[[Any], bool], limit: int) -> int:
        old = [key for key, one in self._rows.read(table).items() if is_old(one)][:limit]
        for key in old:
            del self._rows.write(table)[key]
        return len(old)


def _ended(session: Session) -> datetime:
    return min(session.ended_at or session.expires_at, session.expires_at)


def _is_idle(attempts: LoginAttempts, before: datetime) -> bool:
    seen = [one for one in (attempts.window_start, attempts.blocked_until) if one is not None]
    return not seen or max(seen) < before
