"""Goods that leave before they are paid."""

from typing import ClassVar

import attrs

from kasa.application.entitlements import Entitlements
from kasa.application.ports.system import Clock
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.application.workflows.invoice_stock import deliver_for
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.invoicing.invoice import Invoice, InvoiceState
from kasa.domain.kernel.ids import InvoiceId
from kasa.domain.subscriptions.plan import Feature


@attrs.frozen(kw_only=True, eq=False)
class DeliverGoods:
    """Hand over the goods of an issued invoice, paid or not."""

    permission: ClassVar[Permission] = Permission.RECEIVE_STOCK
    feature: ClassVar[Feature] = Feature.INVENTORY

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, invoice_id: InvoiceId) -> Invoice:
        """Return the invoice, or raise ``stock.insufficient`` when not all is there."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            invoice = work.invoices.lock(invoice_id)
            Entitlements(work, at=now).require(self.feature)
            invoice.require(InvoiceState.OPEN, InvoiceState.PAID, InvoiceState.UNCOLLECTIBLE)
            deliver_for(work, invoice, at=now)
            return work.answer(invoice)
