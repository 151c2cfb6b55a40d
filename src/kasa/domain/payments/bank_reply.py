"""What the central bank is asked about a transfer, and the four things it can answer.

"Not found" is an answer, "cannot be asked" is none: the last never counts for or against a
payment (payments.md, section 14).
"""

from datetime import datetime
from enum import StrEnum

import attrs

from kasa.domain.kernel.money import Currency, Money


class QuestionKind(StrEnum):
    """By what the bank is asked."""

    OWN_CODE = "own_code"
    SHORT_HASH = "short_hash"
    HASH = "hash"
    EXTERNAL_REF = "external_ref"
    ACCOUNT = "account"


class CannotTellKind(StrEnum):
    """Why the bank gave no answer that counts."""

    NOT_ASKED = "not_asked"
    STATIC_CODE = "static_code"
    REQUEST = "request"
    TOKEN = "token"  # noqa: S105  # a word of the answer, no secret
    COUNTRY = "country"
    THROTTLED = "throttled"
    OUTAGE = "outage"
    DISAGREES = "disagrees"

    @property
    def passes(self) -> bool:
        """Whether the lack passes by itself, so that waiting a while may help."""
        return self in {CannotTellKind.THROTTLED, CannotTellKind.OUTAGE}

    @property
    def ends(self) -> bool:
        """Whether asking again is of no use before somebody changed something."""
        return self in {
            CannotTellKind.NOT_ASKED,
            CannotTellKind.STATIC_CODE,
            CannotTellKind.REQUEST,
            CannotTellKind.TOKEN,
            CannotTellKind.DISAGREES,
        }

    @property
    def alarms(self) -> bool:
        """Whether the operator is told: only they can mend it."""
        return self in {
            CannotTellKind.REQUEST,
            CannotTellKind.TOKEN,
            CannotTellKind.COUNTRY,
            CannotTellKind.DISAGREES,
        }


@attrs.frozen(kw_only=True)
class Found:
    """The transfer happened. ``status`` is the HTTP status of the answer.

    ``created`` is when it was made, not when the bank acknowledged it. ``payer`` and ``payee`` are
    Bakong ids; the payee of some banks is a wallet that all their customers share.
    """

    hash: str
    amount: Money
    created: datetime
    payer: str = ""
    payee: str = ""
    external_ref: str = ""
    status: int = 200

    @property
    def currency(self) -> Currency:
        """The currency that moved."""
        return self.amount.currency


@attrs.frozen(kw_only=True)
class NotFound:
    """The bank knows no such transfer, yet."""

    status: int = 200


@attrs.frozen(kw_only=True)
class Failed:
    """The bank knows the transfer, and that it failed."""

    status: int = 200


@attrs.frozen(kw_only=True)
class CannotTell:
    """There is no answer that counts; ``retry_after`` are seconds that the bank asked to wait.

    ``status`` is 0 when the bank was not reached.
    """

    kind: CannotTellKind
    retry_after: int = 0
    status: int = 0


BankReply = Found | NotFound | Failed | CannotTell


def reply_word(reply: BankReply) -> str:
    """Return how an answer is written down: a word of at most 20 letters."""
    match reply:
        case Found():
            return "found"
        case NotFound():
            return "not_found"
        case Failed():
            return "failed"
    return reply.kind.value
