"""Asking again for what was written off."""

from typing import ClassVar

import attrs

from kasa.application.ports.system import Clock
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.invoicing.events import InvoiceReinstated
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.kernel.ids import InvoiceId


@attrs.frozen(kw_only=True, eq=False)
class Reinstate:
    """Open an uncollectible invoice again; goods that were released are not reserved anew."""

    permission: ClassVar[Permission] = Permission.CLOSE_INVOICES

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, invoice_id: InvoiceId) -> Invoice:
        """Return the open invoice, or raise ``invoice.wrong_state``."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            invoice = work.invoices.lock(invoice_id).reinstated(at=now)
            work.invoices.save(invoice)
            work.events.record(InvoiceReinstated(subject=invoice.id), at=now)
            return work.answer(invoice)
