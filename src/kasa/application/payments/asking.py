"""The bank is asked about a payment, and asked again until its schedule ends."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import attrs

from kasa.application.payments.judging import (
    Answered,
    BankSaid,
    judge_again,
    note_answers,
    wake_again,
)
from kasa.application.ports.bank_questions import BankQuestion
from kasa.application.ports.jobs import Job
from kasa.application.ports.payment_providers import BankChecker
from kasa.application.ports.payments import PaymentCase
from kasa.application.ports.system import Clock, Ids
from kasa.application.ports.work import UnitOfWork, UnitOfWorkFactory
from kasa.domain.kernel.ids import BankQuestionId, InvoiceId, PaymentId
from kasa.domain.payments.alerts.hearing import heard
from kasa.domain.payments.asking import SHOP_WINDOW, PastQuestion, Question, questions_of, refused
from kasa.domain.payments.bank_reply import (
    BankReply,
    CannotTell,
    CannotTellKind,
    QuestionKind,
    reply_word,
)
from kasa.domain.payments.events import BankAskDue
from kasa.domain.payments.evidence import PaymentEvidence
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.states import PaymentState
from kasa.domain.payments.waiting import wakes_at

ASK_AGAIN = "payments.ask_again"

ROUND_LIMIT = timedelta(seconds=9)
"""After it no further question of a round is asked: with the longest call the first pass waits
for the bank at most 20 s."""


@attrs.frozen(kw_only=True)
class Subject:
    """What questions are counted for: an invoice, and the payment that they are about, if any."""

    invoice: InvoiceId | None = None
    payment: PaymentId | None = None


@attrs.frozen(kw_only=True, eq=False)
class BankInquiry:
    """Asks the bank one round of questions; each is written down before it is asked.

    So a question that was cut off counts too, and two that ask at once share one budget. No unit
    of work is open while the bank is asked.
    """

    unit_of_work: UnitOfWorkFactory
    bank: BankChecker
    clock: Clock
    ids: Ids

    def ask(
        self, job: Job, case: PaymentCase, evidence: PaymentEvidence, *, at: datetime
    ) -> BankSaid:
        """Ask what the bank knows about a payment whose evidence is at hand."""
        payment = case.payment
        if not self.bank.can_be_asked:
            return BankSaid()
        with self.unit_of_work.read_only(job) as view:
            past = view.bank_questions.of_payment(payment.id)
            answers = payment.invoice
            codes = () if answers is None else view.bank_questions.codes(answers)
        questions = questions_of(
            evidence, codes, check=case.policy.bank_check, submitted_at=payment.submitted_at
        )
        subject = Subject(invoice=payment.invoice, payment=payment.id)
        return self.round(job, subject, questions, evidence, past=past, started=at)

    def round(
        self,
        job: Job,
        subject: Subject,
        questions: Sequence[Question],
        evidence: PaymentEvidence,
        *,
        past: Sequence[PastQuestion],
        started: datetime,
    ) -> BankSaid:
        """Ask some questions, one after another, and return what all answers mean together."""
        replies: list[tuple[Question, BankReply]] = []
        answered: list[Answered] = []
        for question in questions:
            if replies and self.clock.now() - started > ROUND_LIMIT:
                break
            written, reply = self._asked(job, subject, question)
            replies.append((question, reply))
            if written is not None:
                answered.append(Answered(written, reply_word(reply), reply.status))
        word = heard(replies, evidence, past, at=self.clock.now())
        return BankSaid(
            answer=word.answer,
            try_again_at=word.try_again_at,
            evidence=word.evidence,
            answered=tuple(answered),
            alarms=tuple(f"bank.{kind.value}" for kind in word.alarms),
        )

    def _asked(
        self, job: Job, subject: Subject, question: Question
    ) -> tuple[BankQuestionId | None, BankReply]:
        """Ask one question, if the budget has room for it."""
        now = self.clock.now()
        row = BankQuestion(
            id=BankQuestionId(self.ids.new(now)),
            kind=question.kind,
            value=question.value,
            asked_at=now,
            invoice=subject.invoice,
            payment=subject.payment,
        )
        with self.unit_of_work(job) as work:
            spent = work.bank_questions.spent(row, since=now - SHOP_WINDOW)
            refusal = refused(by_shop=spent.by_shop, for_invoice=spent.for_invoice)
            if refusal is None:
                work.bank_questions.add(row)
        return (row.id, self._reply(question)) if refusal is None else (None, refusal)

    def _reply(self, question: Question) -> BankReply:
        if question.kind is QuestionKind.HASH:
            return self.bank.by_hash(question.value, question.money)
        if question.money is None:
            return CannotTell(kind=CannotTellKind.NOT_ASKED)
        if question.kind is QuestionKind.SHORT_HASH:
            return self.bank.by_short_hash(question.value, question.money)
        return self.bank.by_own_code(question.value, question.money)


@attrs.frozen(kw_only=True, eq=False)
class AskBankAgain:
    """Look again at a payment that waits, at the moment it waits for.

    Twice changes nothing: a payment that waits for another moment by now, or that was decided, is
    left alone.
    """

    unit_of_work: UnitOfWorkFactory
    inquiry: BankInquiry
    clock: Clock

    def __call__(self, job: Job) -> None:
        """Look at the payment of a ``BankAskDue``."""
        with self.unit_of_work.read_only(job) as view:
            due = view.events.fact(job, BankAskDue)
            case = view.payments.case(job.event)
        if case.payment.inputs is None or not _is_due(case.payment, due):
            return
        known = case.payment.inputs.evidence
        said = self.inquiry.ask(job, case, known, at=self.clock.now())
        now = self.clock.now()
        with self.unit_of_work(job) as work:
            if not work.events.once(job):
                return
            payment, _ = work.payments.lock_parts(case.payment.id)
            if not _is_due(payment, due):
                note_answers(work, payment.id, said, at=now)
            elif _says_nothing_new(payment, said):
                _keep_looking(work, payment, said, at=now)
            elif payment.inputs is not None:
                judge_again(work, payment, payment.inputs.evidence, at=now, bank=said)


def _is_due(payment: Payment, due: BankAskDue) -> bool:
    moment = wakes_at(payment)
    return moment is not None and moment <= due.at


def _says_nothing_new(payment: Payment, said: BankSaid) -> bool:
    """Whether a payment that a person looks at stays as they see it."""
    before = payment.inputs
    if before is None or payment.state is not PaymentState.IN_REVIEW:
        return False
    return not said.evidence and said.answer is before.bank


def _keep_looking(work: UnitOfWork, payment: Payment, said: BankSaid, *, at: datetime) -> None:
    """Only plan the next question: whoever looks at the payment may decide on what they see."""
    assert payment.inputs is not None, "a payment in review was judged"
    later = attrs.evolve(payment.inputs, try_again_at=said.try_again_at)
    kept = attrs.evolve(payment, inputs=later)
    work.payments.save(kept)
    note_answers(work, payment.id, said, at=at)
    wake_again(work, payment, kept, renewed=True, at=at)
