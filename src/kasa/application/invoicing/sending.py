"""Copies of issued invoices: drawn once, in a reaction, and stored."""

from contextlib import suppress
from hashlib import sha256
from typing import ClassVar

import attrs

from kasa.application.invoicing.sharing import document_link
from kasa.application.ports.credentials import KeyedDigests
from kasa.application.ports.documents import (
    InvoicePrinter,
    Mark,
    PrintedInvoice,
    PrintExtras,
    PrintLanguage,
    Template,
)
from kasa.application.ports.jobs import Job
from kasa.application.ports.storage import (
    KEY_BYTES,
    FileStorage,
    StorageKey,
    StorageKeyTaken,
    storage_key,
)
from kasa.application.ports.system import Clock, Ids
from kasa.application.ports.work import ReadOnly, UnitOfWorkFactory
from kasa.application.workflows.documenting import file_copy
from kasa.domain.files.file import FileKind, StoredFile, checksum
from kasa.domain.invoicing.canonical import read
from kasa.domain.invoicing.copy import DocumentCopy
from kasa.domain.invoicing.document import InvoiceDocument
from kasa.domain.invoicing.events import InvoicePrinted
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.invoicing.share_link import ShareLink
from kasa.domain.kernel.ids import FileId, InvoiceId
from kasa.domain.kernel.moments import business_date


@attrs.frozen(kw_only=True, eq=False)
class PrintInvoice:
    """Draw one copy of an issued invoice from its snapshot and store it.

    A repeat meets the same file; a failure only delays the copy, never the invoice.
    """

    template: ClassVar[Template] = Template.A4

    mark: Mark
    unit_of_work: UnitOfWorkFactory
    printer: InvoicePrinter
    storage: FileStorage
    digests: KeyedDigests
    public_url: str
    clock: Clock
    ids: Ids

    def __call__(self, job: Job) -> None:
        """Print the invoice that the event is about."""
        with self.unit_of_work.read_only(job) as view:
            subject = InvoiceId(view.events.event(job.event).event.subject)
            invoice = view.invoices.show(subject).invoice
            shared = self._shared(view, job, invoice)
        if invoice.snapshot is None:
            return
        document = read(invoice.snapshot.text, InvoiceDocument)
        printed = self._print(invoice, document, "" if shared is None else shared[1])
        now = self.clock.now()
        digest = checksum(printed.data)
        key = self._kept(job, printed, digest)
        file = StoredFile(
            id=FileId(self.ids.new(now)),
            kind=FileKind.DOCUMENT,
            key=key,
            name=f"{document.number}-{self.mark.value}.pdf",
            media_type=printed.media_type,
            size_bytes=len(printed.data),
            sha256=digest,
            stored_at=now,
        )
        copy = DocumentCopy(
            invoice=invoice.id,
            mark=self.mark.value,
            template=self.template.value,
            language=document.language,
            digest=invoice.snapshot.digest,
            file=file.id,
            sha256=file.sha256,
            at=now,
            fonts=printed.fonts,
            unprintable=printed.unprintable,
        )
        with self.unit_of_work(job) as work:
            if not work.events.once(job):
                return
            file_copy(work, file)
            work.invoices.add_copy(copy)
            if shared is not None and work.share_links.find(shared[0].id) is None:
                work.share_links.add(shared[0])
            printed_event = InvoicePrinted(
                subject=invoice.id, digest=copy.digest, copy=copy.mark, file=file.id
            )
            work.events.record(printed_event, at=now)

    def _shared(self, view: ReadOnly, job: Job, invoice: Invoice) -> tuple[ShareLink, str] | None:
        """Return the link that this copy prints, with its token; only one to be paid has one."""
        if self.mark is not Mark.ORIGINAL or not self.public_url:
            return None
        return document_link(view, self.digests, job.tenant, invoice)

    def _print(self, invoice: Invoice, document: InvoiceDocument, token: str) -> PrintedInvoice:
        paid = invoice.paid_at if self.mark is Mark.PAID else None
        return self.printer.print(
            document,
            template=self.template,
            language=PrintLanguage(document.language),
            mark=self.mark,
            extras=PrintExtras(
                paid_on=business_date(paid, document.zone) if paid is not None else None,
                pay_url=f"{self.public_url}/i/{token}" if token else "",
            ),
        )

    def _kept(self, job: Job, printed: PrintedInvoice, digest: str) -> StorageKey:
        """Store the bytes under the key of this job and of them, and return it.

        What is there already is these bytes: of an earlier try, or of a twin that wrote them down.
        """
        entropy = sha256(f"{job.key}:{digest}".encode()).digest()[:KEY_BYTES]
        key = storage_key(job.tenant, entropy)
        with suppress(StorageKeyTaken):
            self.storage.put(key, [printed.data])
        return key
