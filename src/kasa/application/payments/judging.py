"""A payment is judged on what is known of it now; whatever brings something new calls this."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

import attrs

from kasa.application.payments.alert_joining import with_alert
from kasa.application.ports.jobs import Job
from kasa.application.ports.payments import PaymentCase
from kasa.application.ports.work import UnitOfWork
from kasa.application.workflows.together import Shown, judge_parts
from kasa.domain.kernel.events import OperatorAlert
from kasa.domain.kernel.ids import BankQuestionId
from kasa.domain.payments.case import BankAnswer
from kasa.domain.payments.events import BankAskDue
from kasa.domain.payments.evidence import PaymentEvidence
from kasa.domain.payments.merging import merge
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.waiting import wakes_at


@attrs.frozen
class Answered:
    """The word of the answer to a question that was written down, and its HTTP status."""

    id: BankQuestionId
    word: str
    status: int


@attrs.frozen(kw_only=True)
class BankSaid:
    """What the bank said about a payment; ``evidence`` is what it found, to be merged.

    ``try_again_at`` tells when it is asked again. ``answered`` are the questions, ``alarms`` the
    codes of what the operator has to mend.
    """

    answer: BankAnswer = BankAnswer.NOT_ASKED
    try_again_at: datetime | None = None
    evidence: tuple[PaymentEvidence, ...] = ()
    answered: tuple[Answered, ...] = ()
    alarms: tuple[str, ...] = ()


class AsksBank(Protocol):
    """Asks the bank about a payment that was read."""

    def ask(
        self, job: Job, case: PaymentCase, evidence: PaymentEvidence, *, at: datetime
    ) -> BankSaid:
        """Return what the bank says; seconds may pass, and no unit of work may be open.

        ``job`` is the scope under which the questions are written down.
        """


class NobodyAsked:
    """Asks no bank."""

    def ask(
        self, job: Job, case: PaymentCase, evidence: PaymentEvidence, *, at: datetime
    ) -> BankSaid:
        """Return that no bank was asked."""
        del job, case, evidence, at
        return BankSaid()


def judge_again(
    work: UnitOfWork,
    payment: Payment,
    evidence: PaymentEvidence,
    *,
    at: datetime,
    bank: BankSaid | None = None,
) -> Payment:
    """Register what a locked payment shows, match it, and do what the verdict says.

    ``payment`` was locked by ``lock_parts``. ``evidence`` is all that is known of it; a caller that
    brings something new merges it with ``payment.inputs.evidence``. Without ``bank`` what the bank
    said last stands. A payment that was decided meanwhile stays as it is, but what it shows is
    registered. The other receipts of its submission are judged with it.
    """
    said = _last_said(payment) if bank is None else bank
    _, others = work.payments.lock_parts(payment.id)
    known = with_alert(work, payment, merge(evidence, *said.evidence), at=at)
    shown = Shown(payment=payment, evidence=known, bank=said.answer, try_again_at=said.try_again_at)
    acted = judge_parts(work, shown, others, at=at)
    note_answers(work, payment.id, said, at=at)
    for before in (payment, *others):
        after = acted.get(before.id, before)
        renewed = bank is not None and before.id == payment.id
        if renewed or after is not before:
            wake_again(work, before, after, renewed=renewed, at=at)
    return acted[payment.id]


def note_answers(work: UnitOfWork, subject: UUID, said: BankSaid, *, at: datetime) -> None:
    """Write down what the bank answered, and tell the operator what only they can mend."""
    for one in said.answered:
        work.bank_questions.answered(one.id, one.word, one.status)
    for code in said.alarms:
        work.events.record(OperatorAlert(subject=subject, code=code), at=at)


def wake_again(
    work: UnitOfWork, before: Payment, after: Payment, *, renewed: bool, at: datetime
) -> None:
    """Have a payment that waits looked at again at its moment; nothing is ever stranded.

    A job for that moment is there already when the moment is as before and nobody ``renewed`` it.
    """
    moment = wakes_at(after)
    if moment is not None and (renewed or moment != wakes_at(before)):
        work.events.record(BankAskDue(subject=after.id, at=max(moment, at)), at=at)


def _last_said(payment: Payment) -> BankSaid:
    before = payment.inputs
    if before is None:
        return BankSaid()
    return BankSaid(answer=before.bank, try_again_at=before.try_again_at)
