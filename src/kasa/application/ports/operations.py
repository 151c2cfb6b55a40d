"""What kasa keeps about its own work."""

from datetime import datetime
from typing import Protocol


class AnswerStore(Protocol):
    """The answers that are stored under idempotency keys."""

    def forget(self, *, before: datetime, limit: int) -> int:
        """Remove the oldest answers from before a moment, at most ``limit``, and count them.

        Their age is that of the store's own clock.
        """
