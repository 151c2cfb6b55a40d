"""Identifiers that count, and that agree again after something went wrong."""

from datetime import datetime
from uuid import UUID

from kasa.domain.kernel.ids import uuid7

ENTROPY_BYTES = 10
ROUND = 1_000_000


class RoundIds:
    """Counts up, and to the next million after a fault.

    A connection that is gone is noticed at the next statement, which is a little later in one store
    than in the other; what was counted until then must not tell them apart.
    """

    def __init__(self) -> None:
        self._count = 0
        self._last = UUID(int=0)

    def new(self, at: datetime) -> UUID:
        """Return an identifier of version 7, above every one before it."""
        self._count += 1
        made = uuid7(at, self._count.to_bytes(ENTROPY_BYTES, "big"))
        if made <= self._last:
            last = datetime.fromtimestamp((self._last.int >> 80) / 1000, tz=at.tzinfo)
            made = uuid7(last, self._count.to_bytes(ENTROPY_BYTES, "big"))
        self._last = made
        return made

    def round_up(self) -> None:
        """Count from the next million on."""
        self._count += -self._count % ROUND
