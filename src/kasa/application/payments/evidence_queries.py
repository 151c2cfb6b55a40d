"""What members may read of single evidence: its fields, its verdict, its picture."""

from datetime import timedelta
from typing import ClassVar

import attrs

from kasa.application.payments.reviewing import CLAIM_LIFE, Claim
from kasa.application.payments.seeing import seen_evidence, seen_payment
from kasa.application.ports.payments import StoredEvidence
from kasa.application.ports.storage import FileStorage, StorageKey
from kasa.application.ports.system import Clock
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.application.workflows.filing import kept_file
from kasa.domain.files.file import StoredFile
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import EvidenceId, PaymentId
from kasa.domain.payments.events import PaymentClaimed
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.privacy import masked

CLAIMS_LISTED = 100


@attrs.frozen(kw_only=True)
class EvidenceShown:
    """One piece of evidence, and the payment that it is of."""

    evidence: StoredEvidence
    payment: Payment


@attrs.frozen(kw_only=True, eq=False)
class EvidenceQueries:
    """Evidence as members see it; of payers' accounts viewers see the last 3 digits."""

    permission: ClassVar[Permission] = Permission.READ

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def evidence(self, actor: Actor, evidence_id: EvidenceId) -> EvidenceShown:
        """Return a piece of evidence with its payment, or raise NotFound."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            found = view.sent_evidence.show(evidence_id)
            payment = view.payments.show(found.payment)
        return _shown(actor, found, payment)

    def of_payment(self, actor: Actor, payment_id: PaymentId) -> tuple[EvidenceShown, ...]:
        """Return everything that was sent for a payment, in the order sent, or raise NotFound."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            payment = view.payments.show(payment_id)
            found = view.payments.evidence_of(payment_id)
        return tuple(_shown(actor, one, payment) for one in found)

    def claims(self, actor: Actor) -> tuple[Claim, ...]:
        """Return who looks at which payment now, the newest claim of each."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work.read_only(actor) as view:
            trail = view.events.trail(
                kinds=(PaymentClaimed.kind,),
                since=now - CLAIM_LIFE - timedelta(seconds=1),
                limit=CLAIMS_LISTED,
            )
        newest: dict[PaymentId, Claim] = {}
        for row in trail.items:
            if isinstance(row.event, PaymentClaimed) and now < row.event.until:
                payment = PaymentId(row.event.subject)
                newest.setdefault(payment, Claim(payment=payment, by=row.by, until=row.event.until))
        return tuple(newest.values())


def _shown(actor: Actor, found: StoredEvidence, payment: Payment) -> EvidenceShown:
    return EvidenceShown(evidence=seen_evidence(actor, found), payment=seen_payment(actor, payment))


@attrs.frozen(kw_only=True, eq=False)
class SentQueries:
    """What somebody has sent, as they see it: with a link, or as a member or a program."""

    permission: ClassVar[Permission] = Permission.SUBMIT_EVIDENCE

    unit_of_work: UnitOfWorkFactory

    def by(self, actor: Actor) -> tuple[Payment, ...]:
        """Return what a customer has sent, newest first; payers' numbers are masked."""
        actor.require(self.permission)
        if actor.contact is None:
            return ()
        with self.unit_of_work.read_only(actor) as view:
            return tuple(masked(one) for one in view.sent_evidence.sent_by(actor.contact))

    def evidence(self, actor: Actor, payment_id: PaymentId) -> tuple[EvidenceShown, ...]:
        """Return what was sent for a payment, to who may send such, or raise NotFound."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            payment = view.payments.show(payment_id)
            if actor.contact is not None and actor.contact != payment.contact:
                raise NotFound
            found = view.payments.evidence_of(payment_id)
        return tuple(_shown(actor, one, payment) for one in found)


@attrs.frozen(kw_only=True)
class Picture:
    """A picture of a receipt: pixels alone, re-encoded when it came."""

    file: StoredFile
    data: bytes


@attrs.frozen(kw_only=True, eq=False)
class FetchPicture:
    """Return the picture of a receipt; it shows the payer, so it is not for viewers.

    Raises NotFound, also when the picture is kept no longer, and ``file.damaged``.
    """

    permission: ClassVar[Permission] = Permission.SUBMIT_EVIDENCE

    unit_of_work: UnitOfWorkFactory
    storage: FileStorage

    def __call__(self, actor: Actor, evidence_id: EvidenceId) -> Picture:
        """Return the stored bytes, checked against their digest."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            found = view.sent_evidence.show(evidence_id)
            if found.picture is None:
                raise NotFound
            file = kept_file(view, found.picture.file)
        data = b"".join(self.storage.get(StorageKey(file.key)))
        return Picture(file=file, data=file.checked(data))
