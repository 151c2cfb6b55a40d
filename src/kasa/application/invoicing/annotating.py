"""What is kept beside an invoice: notes of the shop, words of other systems."""

from typing import ClassVar

import attrs

from kasa.application.ports.system import Clock
from kasa.application.ports.work import UnitOfWork, UnitOfWorkFactory
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.invoicing.annotations import Annotations
from kasa.domain.invoicing.events import InvoiceAnnotated
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.kernel.ids import InvoiceId


@attrs.frozen(kw_only=True, eq=False)
class AnnotateInvoice:
    """Change what is kept beside an invoice, in whatever state; no document changes."""

    permission: ClassVar[Permission] = Permission.ISSUE_INVOICES

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(
        self, actor: Actor, invoice_id: InvoiceId, annotations: Annotations, *, version: int
    ) -> Invoice:
        """Store the annotations, or raise ``version.stale``, ``external_ref.taken``."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            before = work.invoices.lock(invoice_id)
            after = before.annotated(annotations, version=version, at=now)
            return work.answer(_kept(work, before, after))


@attrs.frozen(kw_only=True, eq=False)
class NoteInvoice:
    """Add a paragraph to what the shop notes for itself; customers never see it."""

    permission: ClassVar[Permission] = Permission.ISSUE_INVOICES

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, invoice_id: InvoiceId, text: str) -> Invoice:
        """Return the invoice with its note, of at most 2,000 characters in all."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            before = work.invoices.lock(invoice_id)
            after = before.annotated(before.annotations.with_note(text), at=now)
            return work.answer(_kept(work, before, after))


def _kept(work: UnitOfWork, before: Invoice, after: Invoice) -> Invoice:
    """Store a changed invoice and record which annotations differ; the same ones change nothing."""
    fields = tuple(
        field.name
        for field in attrs.fields(Annotations)
        if getattr(before.annotations, field.name) != getattr(after.annotations, field.name)
    )
    if not fields:
        return before
    work.invoices.save(after)
    work.events.record(InvoiceAnnotated(subject=after.id, fields=fields), at=after.updated_at)
    return after
