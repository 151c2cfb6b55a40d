"""An invoice that was issued by mistake: void for ever, its goods free again."""

from datetime import datetime

from kasa.application.ports.work import UnitOfWork
from kasa.application.workflows.invoice_stock import release_for
from kasa.domain.invoicing.events import InvoiceVoided
from kasa.domain.invoicing.invoice import Invoice


def void(work: UnitOfWork, invoice: Invoice, reason: str, *, at: datetime) -> Invoice:
    """Void a locked invoice and release what is held for it, or raise ``invoice.has_money``.

    Goods that were handed over stay out; they come back by a movement of their own.
    """
    voided = invoice.voided(reason, at=at)
    work.invoices.save(voided)
    release_for(work, voided, reason="void", at=at)
    work.events.record(InvoiceVoided(subject=voided.id), at=at)
    return voided
