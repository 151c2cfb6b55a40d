"""What of people and proofs is kept no longer."""

from datetime import datetime, timedelta
from typing import Protocol

SESSIONS_KEPT = timedelta(days=90)
LINKS_KEPT = timedelta(days=30)
MAILS_KEPT = timedelta(days=30)
COUNTS_KEPT = timedelta(days=7)


class OutdatedProofs(Protocol):
    """Sessions, links, mails, counts and security events that nobody needs any more."""

    def forget(self, *, at: datetime, limit: int) -> int:
        """Remove at most ``limit`` of each kind, and count them; 0 when nothing is left.

        Sessions 90 days after they ended or expired, with their refresh tokens; links and mails
        30 days after their end; counts of tries and calls after 7 days without any; security
        events after 400 days.
        """
