"""Evidence is read, judged, and acted on; what two pictures of one transfer say is merged."""

from datetime import datetime
from typing import Protocol

import attrs

from kasa.application.payments.judging import AsksBank, BankSaid, NobodyAsked, judge_again
from kasa.application.ports.jobs import Job
from kasa.application.ports.payments import PaymentCase
from kasa.application.ports.system import Clock
from kasa.application.ports.work import UnitOfWork, UnitOfWorkFactory
from kasa.domain.kernel.events import JobFailed
from kasa.domain.kernel.ids import PaymentId
from kasa.domain.payments.events import DuplicateSubmitted
from kasa.domain.payments.evidence import PaymentEvidence, Source
from kasa.domain.payments.merging import merge
from kasa.domain.payments.payment import Payment

VERIFY = "payments.verify"
UNREAD = PaymentEvidence(source=Source.SCREENSHOT, layout="")
"""What is known of a picture that was not read: it was seen before, or reading failed."""

CLAIM = PaymentEvidence(source=Source.MANUAL, layout="")
"""What is known of a payment that somebody only says to have made."""


class ReadsEvidence(Protocol):
    """Reads the pictures of a payment; ``application.payments.reading`` does it."""

    def read(self, case: PaymentCase, *, at: datetime) -> PaymentEvidence:
        """Return what the pictures say; seconds pass, and no unit of work may be open."""


@attrs.frozen(kw_only=True, eq=False)
class VerifyPayment:
    """Read what was submitted, ask the bank, decide, and settle it or send it to review.

    Twice changes nothing. A payment that was decided meanwhile stays as it is, but what its
    picture shows is registered: the same transfer shown again is a duplicate of it. That holds for
    one that could not be read when it was decided, once its job is run again.
    """

    unit_of_work: UnitOfWorkFactory
    reader: ReadsEvidence
    clock: Clock
    bank: AsksBank = attrs.field(factory=NobodyAsked)

    def __call__(self, job: Job) -> None:
        """Verify the payment of an ``EvidenceSubmitted``."""
        with self.unit_of_work.read_only(job) as view:
            case = view.payments.case(job.event)
        inputs = case.payment.inputs
        if not case.payment.state.is_undecided and inputs is not None and inputs.evidence.layout:
            return
        evidence, said = merge(UNREAD if case.pictures else CLAIM, *case.typed), BankSaid()
        if case.same_file is None:
            if case.pictures:
                read = self.reader.read(case, at=self.clock.now())
                evidence = merge(read, *case.typed)
            said = self.bank.ask(job, case, evidence, at=self.clock.now())
        now = self.clock.now()
        with self.unit_of_work(job) as work:
            if not work.events.once(job):
                return
            payment, _ = work.payments.lock_parts(case.payment.id)
            judge_again(work, payment, evidence, at=now, bank=said)


@attrs.frozen(kw_only=True, eq=False)
class MergeEvidence:
    """Give the first payment of a transfer what a later picture of it shows, and match it again.

    Only the first payment and its submission are locked, in the order of ids: two that show each
    other's reference would lock each other.
    """

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, job: Job) -> None:
        """Merge what ``DuplicateSubmitted`` is about."""
        with self.unit_of_work.read_only(job) as view:
            duplicate = view.events.fact(job, DuplicateSubmitted)
            later = view.payments.show(PaymentId(duplicate.subject))
        now = self.clock.now()
        with self.unit_of_work(job) as work:
            if not work.events.once(job) or later.inputs is None:
                return
            first, _ = work.payments.lock_parts(duplicate.first)
            if not first.state.is_undecided:
                return
            known = () if first.inputs is None else (first.inputs.evidence,)
            judge_again(work, first, merge(later.inputs.evidence, *known), at=now)


@attrs.frozen(kw_only=True, eq=False)
class ReviewUnread:
    """Send a payment to a person when it could not be read, or not be asked about any more.

    What the bank did not answer by now is not waited for; none is ever stranded.
    """

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, job: Job) -> None:
        """Review the payment of a ``JobFailed`` about its verification, or about asking again."""
        with self.unit_of_work.read_only(job) as view:
            failed = view.events.fact(job, JobFailed)
        now = self.clock.now()
        with self.unit_of_work(job) as work:
            if not work.events.once(job):
                return
            payment, _ = work.payments.lock_parts(PaymentId(failed.subject))
            if payment.state.is_undecided or payment.submission is not None:
                judge_unread(work, payment, at=now)


def judge_unread(work: UnitOfWork, payment: Payment, *, at: datetime) -> None:
    """Judge a payment, locked by ``lock_parts``, on what is known of it, when no more will come."""
    known = payment.inputs.evidence if payment.inputs is not None else UNREAD
    judge_again(work, payment, known, at=at, bank=BankSaid())
