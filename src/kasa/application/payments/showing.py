"""A fresh code is shown for an invoice, and the bank is asked whether it was paid."""

from datetime import datetime, timedelta
from typing import ClassVar

import attrs

from kasa.application.payments.asking import BankInquiry, Subject
from kasa.application.payments.judging import BankSaid, judge_again, note_answers
from kasa.application.payments.verifying import CLAIM
from kasa.application.ports.jobs import Job
from kasa.application.ports.payment_providers import BankChecker
from kasa.application.ports.payments import KhqrShown, StoredEvidence
from kasa.application.ports.system import Clock, Ids
from kasa.application.ports.work import ReadOnly, UnitOfWork, UnitOfWorkFactory
from kasa.application.workflows.documenting import show_code
from kasa.application.workflows.expecting import known_invoice
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.kernel.errors import Invalid, NotFound, Unavailable
from kasa.domain.kernel.ids import EvidenceId, InvoiceId, PaymentId
from kasa.domain.kernel.money import Money
from kasa.domain.payments.asking import (
    FIRST_WAIT,
    OwnCode,
    PastQuestion,
    Question,
    code_question,
)
from kasa.domain.payments.case import BankAnswer
from kasa.domain.payments.events import CodeAskDue, EvidenceSubmitted
from kasa.domain.payments.evidence import Source
from kasa.domain.payments.expected_payment import BankCheck
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.states import UNDECIDED, PaymentState

ASK_CODE = "payments.ask_code"
LIFE_MINUTES = 10
LIFE_MINUTES_MAX = 60
LIFE_LEFT = timedelta(minutes=5)
LIFE_NEW = timedelta(minutes=LIFE_MINUTES_MAX)


class LifeInvalid(Invalid):
    """A code lives for 1 to 60 minutes."""

    code = "khqr.life_invalid"


class BankCannotBeAsked(Unavailable):
    """No bank can be asked about payments; send the receipt instead."""

    code = "bank.unavailable"


class NoCodeShown(Invalid):
    """No QR code was shown for this invoice, so the bank knows none; send the receipt instead."""

    code = "khqr.none_shown"


@attrs.frozen(kw_only=True, eq=False)
class ShowKhqr:
    """Show a fresh code for what is due of an invoice; while it lives the bank is asked for it.

    Every code that was shown may be paid, so each is remembered. Raises NotFound,
    ``invoice.nothing_due``, ``khqr.no_account``, ``khqr.life_invalid`` and ``khqr.<fault>``.
    """

    permission: ClassVar[Permission] = Permission.SUBMIT_EVIDENCE

    unit_of_work: UnitOfWorkFactory
    bank: BankChecker
    clock: Clock

    def __call__(
        self, actor: Actor, invoice: InvoiceId, *, minutes: int = LIFE_MINUTES
    ) -> KhqrShown:
        """Return the code; it expires after some minutes."""
        actor.require(self.permission)
        if not 1 <= minutes <= LIFE_MINUTES_MAX:
            raise LifeInvalid(most=LIFE_MINUTES_MAX)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            shown = show_code(work, invoice, life=timedelta(minutes=minutes), at=now)
            asks = work.accounts.policy().bank_check is not BankCheck.OFF
            if asks and self.bank.can_be_asked:
                due = CodeAskDue(subject=invoice, md5=shown.md5, since=now, at=now + FIRST_WAIT)
                work.events.record(due, at=now)
            return work.answer(shown)


@attrs.frozen(kw_only=True, eq=False)
class ShowCodeAgain:
    """Show the newest code of an invoice again while it asks for what is due, else a fresh one.

    Who loads a page often sees one code, and the bank is asked about one.
    """

    permission: ClassVar[Permission] = Permission.SUBMIT_EVIDENCE

    fresh: ShowKhqr

    def __call__(self, actor: Actor, invoice: InvoiceId, due: Money) -> KhqrShown:
        """Return a code that lives for some minutes more."""
        actor.require(self.permission)
        now = self.fresh.clock.now()
        with self.fresh.unit_of_work.read_only(actor) as view:
            newest = view.sent_evidence.newest_code(invoice)
        if newest is not None and newest.amount == due and _lives(newest, now):
            return newest
        return self.fresh(actor, invoice)


def _lives(code: KhqrShown, now: datetime) -> bool:
    return code.expires_at is not None and now + LIFE_LEFT <= code.expires_at <= now + LIFE_NEW


@attrs.frozen(kw_only=True, eq=False)
class SayPaid:
    """Somebody says to have paid an invoice's code, without a picture: the bank is asked.

    Saying it again changes nothing while the first word is being looked at. Raises NotFound,
    ``bank.unavailable`` when no bank can be asked, ``khqr.none_shown`` when there is no code to
    ask for.
    """

    permission: ClassVar[Permission] = Permission.SUBMIT_EVIDENCE

    unit_of_work: UnitOfWorkFactory
    bank: BankChecker
    clock: Clock
    ids: Ids

    def __call__(self, actor: Actor, invoice: InvoiceId) -> Payment:
        """Return the payment that the bank is asked about."""
        actor.require(self.permission)
        if not self.bank.can_be_asked:
            raise BankCannotBeAsked
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            number = known_invoice(work, invoice)
            if not work.khqr.codes_of([invoice])[invoice]:
                raise NoCodeShown
            before = _claim(work, invoice, states=UNDECIDED | {PaymentState.APPROVED})
            if before is not None:
                return work.answer(before)
            claim = attrs.evolve(
                _new_claim(self.ids, invoice, at=now),
                invoice_number=number,
                submitted_by=actor.author,
                contact=actor.contact,
            )
            _add(work, claim, self.ids, at=now)
            work.events.record(EvidenceSubmitted(subject=claim.id, invoice=invoice), at=now)
            return work.answer(claim)


def _claim(
    work: UnitOfWork, invoice: InvoiceId, *, states: frozenset[PaymentState]
) -> Payment | None:
    """Return the payment that is only known from the bank, if there is one in such a state."""
    found = work.payments.of_invoice(invoice)
    return next((p for p in found if p.source is Source.BANK_API and p.state in states), None)


def _new_claim(ids: Ids, invoice: InvoiceId, *, at: datetime) -> Payment:
    return Payment(
        id=PaymentId(ids.new(at)), submitted_at=at, source=Source.BANK_API, invoice=invoice
    )


def _add(work: UnitOfWork, claim: Payment, ids: Ids, *, at: datetime) -> None:
    evidence = StoredEvidence(id=EvidenceId(ids.new(at)), payment=claim.id, source=Source.BANK_API)
    work.payments.add(claim, [evidence])


@attrs.frozen(kw_only=True)
class _Asked:
    """A code of an invoice that is still due, and what was asked about it before.

    ``replaced``: a newer code is shown instead.
    """

    due: CodeAskDue
    code: OwnCode
    past: tuple[PastQuestion, ...]
    replaced: bool

    @property
    def question(self) -> Question:
        """What the bank is asked."""
        return code_question(self.code, since=self.due.since)


@attrs.frozen(kw_only=True, eq=False)
class AskCode:
    """Ask the bank whether a code that was shown is paid by now; nobody has to say so.

    Found, it is a payment of its own, judged like any other. It ends when the invoice is settled,
    when somebody says to have paid (then that payment is asked about), and with the schedule. Of a
    code that was replaced by a newer one only the end is asked for: the questions of an invoice
    are counted, and who shows its page again must not use them up.
    """

    unit_of_work: UnitOfWorkFactory
    inquiry: BankInquiry
    clock: Clock
    ids: Ids

    def __call__(self, job: Job) -> None:
        """Ask for the code of a ``CodeAskDue``."""
        with self.unit_of_work.read_only(job) as view:
            asked = self._still_asked(view, view.events.fact(job, CodeAskDue))
        if asked is None:
            return
        invoice, end = InvoiceId(asked.due.subject), asked.question.until
        now = self.clock.now()
        if asked.replaced and now < end:
            with self.unit_of_work(job) as work:
                if work.events.once(job):
                    work.events.record(attrs.evolve(asked.due, at=end), at=now)
            return
        said = self.inquiry.round(
            job,
            Subject(invoice=invoice),
            [asked.question],
            CLAIM,
            past=asked.past,
            started=now,
        )
        now = self.clock.now()
        with self.unit_of_work(job) as work:
            if not work.events.once(job):
                return
            if said.answer is BankAnswer.FOUND:
                self._take(work, invoice, said, at=now)
                return
            note_answers(work, invoice, said, at=now)
            if said.try_again_at is not None and not asked.replaced:
                work.events.record(attrs.evolve(asked.due, at=said.try_again_at), at=now)

    def _still_asked(self, view: ReadOnly, due: CodeAskDue) -> _Asked | None:
        """Return what to ask, or None when nobody waits for the answer any more."""
        invoice = InvoiceId(due.subject)
        codes = view.bank_questions.codes(invoice)
        code = next((one for one in codes if one.md5 == due.md5), None)
        try:
            draft = _new_claim(self.ids, invoice, at=self.clock.now())
            case = view.payments.case_of(draft)
        except NotFound:
            return None
        payable = any(one.id == invoice for one in case.due)
        off = case.policy.bank_check is BankCheck.OFF
        claims = view.payments.listed(states=tuple(UNDECIDED), invoice=invoice).items
        claimed = any(one.source is Source.BANK_API for one in claims)
        if code is None or off or claimed or not payable:
            return None
        past = tuple(view.bank_questions.of_code(due.md5))
        return _Asked(due=due, code=code, past=past, replaced=code != codes[0])

    def _take(self, work: UnitOfWork, invoice: InvoiceId, said: BankSaid, *, at: datetime) -> None:
        """Judge what the bank found, as the payment that was claimed, else as one of its own."""
        claimed = _claim(work, invoice, states=UNDECIDED)
        if claimed is None:
            payment = attrs.evolve(
                _new_claim(self.ids, invoice, at=at),
                invoice_number=known_invoice(work, invoice),
            )
            _add(work, payment, self.ids, at=at)
        else:
            payment = work.payments.lock(claimed.id)
        known = CLAIM if payment.inputs is None else payment.inputs.evidence
        judge_again(work, payment, known, at=at, bank=said)
