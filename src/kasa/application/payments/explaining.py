"""Showing how a picture would be judged, without keeping anything of it."""

from typing import ClassVar

import attrs

from kasa.application.payments.reading import EvidenceReader
from kasa.application.payments.submitting import clean_picture
from kasa.application.ports.documents import PdfReader
from kasa.application.ports.images import ImageCleaner
from kasa.application.ports.system import Clock, Ids
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.application.workflows.expecting import expected_payments, invoice_of, known_invoice
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.kernel.ids import InvoiceId, PaymentId
from kasa.domain.payments.evidence import PaymentEvidence, Source
from kasa.domain.payments.matching import MatchInputs, MatchVerdict, match
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.references import ReferenceKeys, reference_keys

UNREAD = PaymentEvidence(source=Source.SCREENSHOT, layout="")


@attrs.frozen(kw_only=True)
class Explained:
    """What a picture says, what it was compared with, and the verdict with every check."""

    evidence: PaymentEvidence
    inputs: MatchInputs
    verdict: MatchVerdict


@attrs.frozen(kw_only=True, eq=False)
class ExplainMatch:
    """Read a picture and judge it against an invoice, or against the open ones; keep nothing.

    References are looked up and not registered. Raises ``evidence.*`` and NotFound.
    """

    permission: ClassVar[Permission] = Permission.READ

    unit_of_work: UnitOfWorkFactory
    images: ImageCleaner
    pdf_reader: PdfReader
    reader: EvidenceReader
    clock: Clock
    ids: Ids

    def __call__(
        self, actor: Actor, picture: bytes, invoice_id: InvoiceId | None = None
    ) -> Explained:
        """Return how the picture would be judged if it were submitted now."""
        actor.require(self.permission)
        now = self.clock.now()
        clean = clean_picture(picture, images=self.images, pdf_reader=self.pdf_reader).data
        asked = Payment(
            id=PaymentId(self.ids.new(now)),
            submitted_at=now,
            source=Source.SCREENSHOT,
            invoice=invoice_id,
        )
        first = self._inputs(actor, asked, UNREAD)

        def judge(evidence: PaymentEvidence) -> MatchVerdict:
            return match(attrs.evolve(first, evidence=evidence))

        evidence = self.reader.read_pictures([clean], judge, near=now)
        inputs = self._inputs(actor, asked, evidence)
        return Explained(evidence=evidence, inputs=inputs, verdict=match(inputs))

    def _inputs(self, actor: Actor, asked: Payment, evidence: PaymentEvidence) -> MatchInputs:
        """Return what a verdict on the evidence depends on; the unit of work writes nothing."""
        with self.unit_of_work(attrs.evolve(actor, idempotency=None)) as work:
            number = "" if asked.invoice is None else known_invoice(work, asked.invoice)
            payment = attrs.evolve(asked, invoice_number=number)
            keys = reference_keys(evidence, payment.submitted_at)
            sought = ReferenceKeys(candidates=tuple(sorted({*keys.read, *keys.candidates})))
            used = work.references.register(payment.id, sought, at=payment.submitted_at)
            used = used.with_near(work.payments.near(payment.id, evidence))
            invoice = invoice_of(work, payment, evidence)
            expected = expected_payments(work, payment, invoice, evidence=evidence)
        return MatchInputs(evidence=evidence, expected=expected, used=used, at=payment.submitted_at)
