"""What the bank is asked about a payment, and when it is asked again.

Source of the schedule: payments.md, section 14; the limits of the service are not documented, so
the budget is a careful one.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import attrs

from kasa.domain.kernel.money import Money
from kasa.domain.payments.bank_reply import CannotTell, CannotTellKind, QuestionKind
from kasa.domain.payments.evidence import PaymentEvidence
from kasa.domain.payments.expected_payment import BankCheck
from kasa.domain.payments.references import is_well_formed, normalised

FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(seconds=60)
TAIL = (
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
)
"""When the bank is asked once more after the quick questions ended; counted from their end."""

CODE_LIFE = timedelta(minutes=10)
"""How long somebody waits for a code; a printed one lives for weeks, nobody waits that long."""

CODE_GRACE = timedelta(minutes=2)
YOUNG_HASH = timedelta(minutes=15)
CALLS_OF_INVOICE_LIMIT = 60
SHOP_WINDOW = timedelta(seconds=5)
CALLS_OF_SHOP_LIMIT = 5
"""One a second, averaged over a window."""

CODES_LIMIT = 2
"""How many of an invoice's codes are asked for at once; the newest first."""


@attrs.frozen(kw_only=True)
class OwnCode:
    """A dynamic KHQR that was shown for an invoice; ``money`` is what it asks for."""

    md5: str
    money: Money
    created_at: datetime
    expires_at: datetime


@attrs.frozen(kw_only=True)
class Question:
    """One thing to ask the bank; until ``until`` an answer that it is not there is no answer yet.

    ``money`` is what has to be found.
    """

    kind: QuestionKind
    value: str
    money: Money | None
    until: datetime


@attrs.frozen(kw_only=True)
class PastQuestion:
    """A question that was asked before, and the word of its answer; empty while none came."""

    kind: QuestionKind
    value: str
    asked_at: datetime
    answer: str = ""


def questions_of(
    evidence: PaymentEvidence,
    codes: Sequence[OwnCode],
    *,
    check: BankCheck,
    submitted_at: datetime,
) -> tuple[Question, ...]:
    """Return what the bank can be asked about an evidence: its hash first, then our own codes.

    ``codes`` are those shown for the invoice that it answers. Nothing, when the shop asks no bank.
    """
    if check is BankCheck.OFF:
        return ()
    newest = sorted(codes, key=lambda code: (code.created_at, code.md5), reverse=True)
    asked = [code_question(code, since=submitted_at) for code in newest[:CODES_LIMIT]]
    return (*_hash_question(evidence, submitted_at), *asked)


def code_question(code: OwnCode, *, since: datetime) -> Question:
    """Return the question for one of our codes that somebody waits for since a moment."""
    end = min(code.expires_at, since + CODE_LIFE) + CODE_GRACE
    return Question(
        kind=QuestionKind.OWN_CODE, value=code.md5, money=code.money, until=max(end, since)
    )


def _hash_question(evidence: PaymentEvidence, submitted_at: datetime) -> tuple[Question, ...]:
    money = evidence.known(evidence.amount)
    paid_at = evidence.known(evidence.paid_at) or submitted_at
    until = max(paid_at + YOUNG_HASH, submitted_at)
    whole, short = shown_hash(evidence, "bakong.hash"), shown_hash(evidence, "bakong.hash8")
    if whole is not None:
        return (Question(kind=QuestionKind.HASH, value=whole, money=money, until=until),)
    if short is not None and money is not None:
        return (Question(kind=QuestionKind.SHORT_HASH, value=short, money=money, until=until),)
    return ()


def shown_hash(evidence: PaymentEvidence, scheme: str) -> str | None:
    """Return the hash of a scheme that an evidence shows in its right form, or None."""
    reading = evidence.references.get(scheme)
    value = None if reading is None else evidence.known(reading)
    if value is None or not is_well_formed(scheme, value):
        return None
    return normalised(scheme, value)


def next_ask(*, asked: int, until: datetime, at: datetime) -> datetime | None:
    """Return when to ask again after ``asked`` rounds, or None at the end of the schedule.

    2 s, doubling to 60 s, until the moment ``until``; then 5 min, 15 min, 1 h, 6 h and 24 h after
    it. The answer is always later than ``at``.
    """
    if at < until:
        doublings = min(max(asked, 1) - 1, 10)
        return min(at + min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT), until)
    return next((until + wait for wait in TAIL if until + wait > at), None)


def refused(*, by_shop: int, for_invoice: int) -> CannotTell | None:
    """Return why a further question is not asked, or None when the budget has room for it.

    Of an invoice's budget nothing comes back; a shop waits a second.
    """
    if for_invoice >= CALLS_OF_INVOICE_LIMIT:
        return CannotTell(kind=CannotTellKind.NOT_ASKED)
    if by_shop >= CALLS_OF_SHOP_LIMIT:
        return CannotTell(kind=CannotTellKind.THROTTLED, retry_after=1)
    return None
