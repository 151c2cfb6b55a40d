"""Ends of an invoice that nobody pays: void, or written off."""

from typing import ClassVar

import attrs

from kasa.application.ports.system import Clock
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.application.workflows.invoice_stock import release_for
from kasa.application.workflows.voiding import void
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.invoicing.events import InvoiceWrittenOff
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.kernel.ids import InvoiceId


@attrs.frozen(kw_only=True, eq=False)
class VoidInvoice:
    """Declare an invoice void that was issued by mistake; its number and its quota stay used."""

    permission: ClassVar[Permission] = Permission.CLOSE_INVOICES

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, invoice_id: InvoiceId, reason: str) -> Invoice:
        """Void it, or raise ``invoice.has_money`` or ``invoice.wrong_state``."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            invoice = work.invoices.lock(invoice_id)
            return work.answer(void(work, invoice, reason, at=now))


@attrs.frozen(kw_only=True, eq=False)
class WriteOff:
    """Give up on what is due; a payment that comes later is still taken."""

    permission: ClassVar[Permission] = Permission.CLOSE_INVOICES

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, invoice_id: InvoiceId, reason: str) -> Invoice:
        """Mark an open invoice uncollectible and release what is held for it."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            invoice = work.invoices.lock(invoice_id).written_off(reason, at=now)
            work.invoices.save(invoice)
            release_for(work, invoice, reason="write_off", at=now)
            work.events.record(InvoiceWrittenOff(subject=invoice.id, due=invoice.due), at=now)
            return work.answer(invoice)
