"""What can go wrong on the way to an outside system, and what its answer asks to wait."""

from datetime import datetime
from email.utils import parsedate_to_datetime

from kasa.domain.kernel.errors import Unavailable

RETRY_AFTER_LIMIT_SECONDS = 24 * 60 * 60


class Unreachable(Unavailable):
    """The outside system cannot be reached, or did not answer in time."""

    code = "outside.unreachable"


class AnswerTooLarge(Unavailable):
    """The outside system answers with more than is ever expected of it."""

    code = "outside.answer_too_large"


class CircuitOpen(Unavailable):
    """The outside system was out of order just now; it is left alone for a while."""

    code = "outside.left_alone"


def retry_after_seconds(value: str | None, at: datetime) -> int:
    """Return the seconds of a Retry-After header, a number or a date; 0 when it says nothing.

    At most a day: an absurd header must not stop anything for ever.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:9]), RETRY_AFTER_LIMIT_SECONDS)
    try:
        seconds = int((parsedate_to_datetime(text) - at).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return 0
    return max(0, min(seconds, RETRY_AFTER_LIMIT_SECONDS))
