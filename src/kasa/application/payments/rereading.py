"""A person has the second engine read a payment's pictures that the machine could not decide."""

from typing import ClassVar

import attrs

from kasa.application.payments.judging import judge_again
from kasa.application.payments.reading import EvidenceReader
from kasa.application.ports.payments import PaymentCase
from kasa.application.ports.system import Clock
from kasa.application.ports.work import ReadOnly, UnitOfWorkFactory
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.kernel.ids import PaymentId
from kasa.domain.payments.evidence import PaymentEvidence
from kasa.domain.payments.merging import merge
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.states import AlreadyDecided, PaymentState


@attrs.frozen(kw_only=True, eq=False)
class ReadAgain:
    """Read the pictures of a payment once more, with both engines, and judge it again.

    What was known stays known: the new reading is merged with it, so what the two disagree on is
    contested. Raises NotFound and ``payment.already_decided``; ``Unavailable`` when pictures cannot
    be read now.
    """

    permission: ClassVar[Permission] = Permission.DECIDE_PAYMENTS

    unit_of_work: UnitOfWorkFactory
    reader: EvidenceReader
    clock: Clock

    def __call__(self, actor: Actor, payment_id: PaymentId) -> Payment:
        """Return the payment as it is judged after reading; seconds pass."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            case = _case(view, payment_id)
        if not case.payment.state.is_undecided:
            raise AlreadyDecided(
                state=case.payment.state.value, wanted=PaymentState.IN_REVIEW.value
            )
        both = attrs.evolve(self.reader, both_engines=True)
        read = both.read(case, at=self.clock.now())
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            payment, _ = work.payments.lock_parts(payment_id)
            known: tuple[PaymentEvidence, ...] = ()
            if payment.inputs is not None:
                known = (payment.inputs.evidence,)
            judged = judge_again(work, payment, merge(read, *case.typed, *known), at=now)
            return work.answer(judged)


def _case(view: ReadOnly, payment_id: PaymentId) -> PaymentCase:
    """Return what reading a stored payment needs; it is no resent file, since it was read."""
    sent = view.payments.evidence_of(payment_id)
    return attrs.evolve(
        view.payments.case_of(view.payments.show(payment_id)),
        pictures=tuple(row.picture for row in sent if row.picture is not None),
        typed=tuple(
            row.evidence for row in sent if row.picture is None and row.evidence is not None
        ),
    )
