"""What the answers of the bank mean for a payment (payments.md, section 14)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import attrs

from kasa.domain.payments.asking import PastQuestion, Question, next_ask, shown_hash
from kasa.domain.payments.bank_reply import (
    BankReply,
    CannotTell,
    CannotTellKind,
    Failed,
    Found,
    NotFound,
    QuestionKind,
)
from kasa.domain.payments.case import BankAnswer
from kasa.domain.payments.evidence import (
    FieldReading,
    FieldState,
    PaymentEvidence,
    Precision,
    Source,
)

PATIENCE = timedelta(minutes=15)
"""A lack of answers longer than this lets the other evidence decide."""

SAME_TRANSFER = timedelta(minutes=10)
LAYOUT = "bakong"
HASHES = frozenset({QuestionKind.HASH, QuestionKind.SHORT_HASH})


@attrs.frozen(kw_only=True)
class BankWord:
    """What the bank said about a payment, all answers together.

    ``evidence`` is what it found. ``try_again_at`` is when to ask again, None when the schedule
    is over; while an answer is due there is always such a moment. ``alarms`` are the lacks that
    the operator has to mend.
    """

    answer: BankAnswer = BankAnswer.NOT_ASKED
    evidence: tuple[PaymentEvidence, ...] = ()
    try_again_at: datetime | None = None
    alarms: tuple[CannotTellKind, ...] = ()

    def __attrs_post_init__(self) -> None:
        if self.answer is BankAnswer.DUE and self.try_again_at is None:
            raise ValueError("an answer that is due is asked for again")


UNASKED = BankWord()
"""Nobody asked the bank."""


def heard(
    replies: Sequence[tuple[Question, BankReply]],
    evidence: PaymentEvidence,
    past: Sequence[PastQuestion] = (),
    *,
    at: datetime,
) -> BankWord:
    """Return what the answers of one round mean for a payment whose evidence is at hand.

    ``past`` are the questions of earlier rounds, oldest first.
    """
    if not replies:
        return UNASKED
    next_at = _next_at(replies, past, at)
    waits = next_at is not None
    patient = waits and at < _lacking_since(past, at) + PATIENCE
    meant = [
        (question, reply, _meaning(question, reply, evidence, at=at, waits=waits, patient=patient))
        for question, reply in replies
    ]
    answer = min((meaning for _, _, meaning in meant), key=_ORDER.index)
    kinds = [reply.kind for _, reply in replies if isinstance(reply, CannotTell)]
    return BankWord(
        answer=answer,
        evidence=tuple(
            found_evidence(question, reply)
            for question, reply, meaning in meant
            if isinstance(reply, Found) and meaning is BankAnswer.FOUND
        ),
        try_again_at=None if answer is BankAnswer.FOUND else next_at,
        alarms=tuple(dict.fromkeys(kind for kind in kinds if kind.alarms)),
    )


_ORDER = (
    BankAnswer.FOUND,
    BankAnswer.FAILED,
    BankAnswer.DUE,
    BankAnswer.NOT_FOUND,
    BankAnswer.CANNOT_TELL,
    BankAnswer.NOT_ASKED,
)
"""Of several answers about one payment the first of these counts."""


def _meaning(  # noqa: PLR0911  # one line for each row of the table of answers
    question: Question,
    reply: BankReply,
    evidence: PaymentEvidence,
    *,
    at: datetime,
    waits: bool,
    patient: bool,
) -> BankAnswer:
    of_hash = question.kind in HASHES
    match reply:
        case Found():
            ours = of_hash or _is_of(reply, evidence)
            return BankAnswer.FOUND if ours else BankAnswer.CANNOT_TELL
        case Failed():
            ours = of_hash or not _is_seen(evidence)
            return BankAnswer.FAILED if ours else BankAnswer.CANNOT_TELL
        case NotFound():
            if waits and at < question.until:
                return BankAnswer.DUE
            return BankAnswer.CANNOT_TELL if waits or not of_hash else BankAnswer.NOT_FOUND
    if reply.kind.passes and patient:
        return BankAnswer.DUE
    if reply.kind is CannotTellKind.DISAGREES and of_hash:
        return BankAnswer.NOT_FOUND
    asked = reply.kind is not CannotTellKind.NOT_ASKED
    return BankAnswer.CANNOT_TELL if asked else BankAnswer.NOT_ASKED


def found_evidence(question: Question, found: Found) -> PaymentEvidence:
    """Return what a transfer that the bank found proves.

    An own code proves the receiver and the invoice by itself; a hash proves neither, as the payee
    may be a wallet that is shared by a whole bank.
    """
    own = question.kind is QuestionKind.OWN_CODE
    return PaymentEvidence(
        source=Source.BANK_API if own else Source.SHORT_HASH,
        layout=LAYOUT,
        amount=_read(found.amount),
        currency=_read(found.currency),
        paid_at=_read(found.created),
        precision=Precision.SECOND,
        references={"bakong.hash": _read(found.hash)},
        own_code=question.value if own else None,
    )


def _read(value: Any) -> FieldReading[Any]:
    return FieldReading(state=FieldState.READ, value=value, seen=1, engines=1, labelled=True)


def _is_seen(evidence: PaymentEvidence) -> bool:
    """Whether there is a receipt: its transfer need not be the one that paid a code of ours."""
    return any(part.source is not Source.MANUAL for part in evidence.atoms)


def _is_of(found: Found, evidence: PaymentEvidence) -> bool:
    """Whether a transfer may be the one that a receipt shows; without a receipt it is."""
    money, paid_at = evidence.known(evidence.amount), evidence.known(evidence.paid_at)
    shown = shown_hash(evidence, "bakong.hash") or shown_hash(evidence, "bakong.hash8") or ""
    span = timedelta(days=1) if evidence.precision is Precision.DAY else SAME_TRANSFER
    return (
        money in {None, found.amount}
        and found.hash.startswith(shown)
        and (paid_at is None or abs(paid_at - found.created) <= span)
    )


def _next_at(
    replies: Sequence[tuple[Question, BankReply]], past: Sequence[PastQuestion], at: datetime
) -> datetime | None:
    still = [question for question, reply in replies if _is_open(question, reply)]
    if not still:
        return None
    rounds = 1 + max(sum(one.value == question.value for one in past) for question in still)
    planned = next_ask(asked=rounds, until=max(one.until for one in still), at=at)
    if planned is None:
        return None
    asked_for = max((_pause(reply) for _, reply in replies), default=timedelta())
    return max(planned, at + asked_for)


def _is_open(question: Question, reply: BankReply) -> bool:
    match reply:
        case Found():
            return False
        case Failed():
            return question.kind is QuestionKind.OWN_CODE
        case NotFound():
            return True
    return not reply.kind.ends


def _pause(reply: BankReply) -> timedelta:
    return timedelta(seconds=reply.retry_after if isinstance(reply, CannotTell) else 0)


def _lacking_since(past: Sequence[PastQuestion], at: datetime) -> datetime:
    """Return since when the bank gives no answer; a question that was cut off got none."""
    since = at
    for one in reversed(past):
        if one.answer not in _LACKS:
            break
        since = one.asked_at
    return since


_LACKS = frozenset({"", *(kind.value for kind in CannotTellKind if kind.passes)})
