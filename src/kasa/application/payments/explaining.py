"""Reading and judging a picture without storing anything."""

from typing import ClassVar

import attrs

from kasa.application.payments.reading import EvidenceReader
from kasa.application.payments.submitting import clean_picture
from kasa.application.ports.documents import PdfReader
from kasa.application.ports.images import ImageCleaner
from kasa.application.ports.system import Clock, Ids
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.kernel.ids import InvoiceId, PaymentId
from kasa.domain.payments.evidence import PaymentEvidence, Source
from kasa.domain.payments.matching import MatchInputs, MatchVerdict, match
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.references import reference_keys


@attrs.frozen(kw_only=True)
class Explained:
    """What a picture says, what it was compared with, and the verdict that it would have."""

    evidence: PaymentEvidence
    inputs: MatchInputs
    verdict: MatchVerdict


@attrs.frozen(kw_only=True, eq=False)
class ExplainMatch:
    """Read a picture and match it against an invoice, else against the open ones.

    Nothing is stored and no other shop is asked. Raises ``evidence.*``, NotFound for an unknown
    invoice, and ``Unavailable`` when pictures cannot be read now.
    """

    permission: ClassVar[Permission] = Permission.SUBMIT_EVIDENCE

    unit_of_work: UnitOfWorkFactory
    images: ImageCleaner
    pdf_reader: PdfReader
    reader: EvidenceReader
    clock: Clock
    ids: Ids

    def __call__(self, actor: Actor, picture: bytes, invoice: InvoiceId | None = None) -> Explained:
        """Explain the verdict that a picture would have."""
        actor.require(self.permission)
        now = self.clock.now()
        payment = Payment(
            id=PaymentId(self.ids.new(now)),
            submitted_at=now,
            source=Source.SCREENSHOT,
            invoice=invoice,
        )
        with self.unit_of_work.read_only(actor) as view:
            case = view.payments.case_of(payment)
        clean = clean_picture(picture, images=self.images, pdf_reader=self.pdf_reader)
        evidence = self.reader.read_pictures(
            [clean.data], lambda seen: case.judge(seen, at=now), near=now
        )
        with self.unit_of_work.read_only(actor) as view:
            used = view.payments.used(reference_keys(evidence, now))
            used = used.with_near(view.payments.near(evidence))
        inputs = MatchInputs(evidence=evidence, expected=case.expected(evidence), used=used, at=now)
        return Explained(evidence=evidence, inputs=inputs, verdict=match(inputs))
