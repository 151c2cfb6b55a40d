"""Evidence comes in: bytes first, then rows and the job that reads them, in one commit."""

from base64 import urlsafe_b64decode
from datetime import datetime, timedelta
from hashlib import sha256
from typing import ClassVar

import attrs

from kasa.application.ports.documents import PdfReader
from kasa.application.ports.images import CleanPicture, ImageCleaner
from kasa.application.ports.payments import EvidencePicture, StoredEvidence
from kasa.application.ports.storage import FileStorage, StorageKey, storage_key
from kasa.application.ports.system import Clock, Ids, Secrets
from kasa.application.ports.work import UnitOfWork, UnitOfWorkFactory, may_be_stored
from kasa.application.workflows.expecting import known_invoice
from kasa.application.workflows.filing import file_picture
from kasa.domain.files.file import FileKind, StoredFile, checksum
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.kernel.errors import Invalid, Throttled
from kasa.domain.kernel.ids import EvidenceId, FileId, InvoiceId, PaymentId, SubmissionId, TenantId
from kasa.domain.payments.events import EvidenceSubmitted
from kasa.domain.payments.evidence import Source
from kasa.domain.payments.payment import Payment

PICTURES_LIMIT = 10
CONTACT_HOUR_LIMIT = 20
TENANT_HOUR_LIMIT = 200
RANK_WINDOW = timedelta(minutes=10)
RANK_STEP = 5
RANK_EXTRA_MAX = 8
PDF = b"%PDF-"


class EvidenceMissing(Invalid):
    """Send at least one picture of the receipt."""

    code = "evidence.missing"


class TooManyPictures(Invalid):
    """At most 10 pictures can be sent together."""

    code = "evidence.too_many"


class TooMuchEvidence(Throttled):
    """Too many receipts within an hour; come back later."""

    code = "evidence.rate_limited"


def clean_picture(data: bytes, *, images: ImageCleaner, pdf_reader: PdfReader) -> CleanPicture:
    """Return the clean picture of a file that somebody sent, of a PDF its page; ``evidence.*``."""
    return images.clean(pdf_reader.picture(data) if data.startswith(PDF) else data)


@attrs.frozen(kw_only=True)
class NewEvidence:
    """Pictures of receipts, as they came; ``invoice`` is the one they answer, if any."""

    pictures: tuple[bytes, ...]
    invoice: InvoiceId | None = None


@attrs.frozen(kw_only=True)
class Submitted:
    """What was made of a submission: one payment per picture, in the order sent.

    ``known`` are the earlier payments for which one of these pictures was sent before.
    """

    payments: tuple[Payment, ...]
    known: tuple[PaymentId | None, ...] = ()


@attrs.frozen(kw_only=True)
class _Kept:
    """A picture in the file storage, with the checksum of what was sent."""

    file: StoredFile
    original: str


@attrs.frozen(kw_only=True, eq=False)
class SubmitEvidence:
    """Keep pictures of receipts and have them read; each is a payment of its own.

    What came in together may pay an invoice together. Two pictures of one transfer meet again by
    their reference. A refused submission leaves nothing behind. Raises ``evidence.*`` and NotFound
    for an unknown invoice.
    """

    permission: ClassVar[Permission] = Permission.SUBMIT_EVIDENCE

    unit_of_work: UnitOfWorkFactory
    storage: FileStorage
    images: ImageCleaner
    pdf_reader: PdfReader
    clock: Clock
    ids: Ids
    secrets: Secrets

    def __call__(self, actor: Actor, new: NewEvidence) -> Submitted:
        """Clean and store the pictures, then write them down."""
        actor.require(self.permission)
        now = self.clock.now()
        if not new.pictures:
            raise EvidenceMissing
        if len(new.pictures) > PICTURES_LIMIT:
            raise TooManyPictures(limit=PICTURES_LIMIT)
        cleaned = [
            (
                clean_picture(data, images=self.images, pdf_reader=self.pdf_reader),
                sha256(data).hexdigest(),
            )
            for data in new.pictures
        ]
        kept: list[_Kept] = []
        try:
            kept += (self._keep(actor, *one, at=now) for one in cleaned)
            with self.unit_of_work(actor) as work:
                payments = self._written_down(work, actor, new, kept, now=now)
                known = tuple(_known(work, one) for one in payments)
                return work.answer(Submitted(payments=payments, known=known))
        except BaseException as error:
            # Bytes of nobody harm less than a receipt without its picture.
            if not may_be_stored(error):
                for one in kept:
                    self.storage.remove(StorageKey(one.file.key))
            raise

    def _keep(self, actor: Actor, picture: CleanPicture, original: str, *, at: datetime) -> _Kept:
        key = self._key(actor.tenant)
        file = StoredFile(
            id=FileId(self.ids.new(at)),
            kind=FileKind.RECEIPT,
            key=key,
            name="receipt",
            media_type=picture.media_type,
            size_bytes=len(picture.data),
            sha256=checksum(picture.data),
            stored_at=at,
            by=actor.author,
        )
        self.storage.put(key, [picture.data])
        return _Kept(file=file, original=original)

    def _key(self, tenant: TenantId) -> StorageKey:
        return storage_key(tenant, urlsafe_b64decode(self.secrets.token() + "=="))

    def _written_down(
        self,
        work: UnitOfWork,
        actor: Actor,
        new: NewEvidence,
        kept: list[_Kept],
        *,
        now: datetime,
    ) -> tuple[Payment, ...]:
        number = "" if new.invoice is None else known_invoice(work, new.invoice)
        rank = _rank(work, actor, len(kept), at=now)
        together = SubmissionId(self.ids.new(now)) if len(kept) > 1 else None
        payments = []
        for one in kept:
            payment = Payment(
                id=PaymentId(self.ids.new(now)),
                submitted_at=now,
                source=Source.SCREENSHOT,
                invoice=new.invoice,
                invoice_number=number,
                submitted_by=actor.author,
                contact=actor.contact,
                submission=together,
            )
            work.payments.add(payment, [self._evidence(payment, one, now)])
            file_picture(work, one.file)
            submitted = EvidenceSubmitted(
                subject=payment.id, invoice=new.invoice, pictures=1, rank=rank
            )
            work.events.record(submitted, at=now)
            payments.append(payment)
        return tuple(payments)

    def _evidence(self, payment: Payment, kept: _Kept, now: datetime) -> StoredEvidence:
        return StoredEvidence(
            id=EvidenceId(self.ids.new(now)),
            payment=payment.id,
            source=Source.SCREENSHOT,
            picture=EvidencePicture(
                file=kept.file.id, storage_key=kept.file.key, sha256=kept.original
            ),
        )


def _known(work: UnitOfWork, payment: Payment) -> PaymentId | None:
    """Return the payment for which the same bytes were sent before, if any."""
    first = work.payments.same_file(payment.id)
    return None if first is None else first.payment


def _rank(work: UnitOfWork, actor: Actor, pictures: int, *, at: datetime) -> int:
    """Return the turn of a submission: a shop that sends many waits behind those that send few."""
    hour = at - timedelta(hours=1)
    own = 0
    if actor.contact is not None:
        own = work.payments.submitted_since(hour, contact=actor.contact)
    too_many = actor.contact is not None and own + pictures > CONTACT_HOUR_LIMIT
    if too_many or work.payments.submitted_since(hour) + pictures > TENANT_HOUR_LIMIT:
        raise TooMuchEvidence(retry_after=600)
    recent = work.payments.submitted_since(at - RANK_WINDOW)
    return 1 + min(RANK_EXTRA_MAX, recent // RANK_STEP)
