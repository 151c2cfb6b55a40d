"""Issuing: the draft is frozen, numbered, and starts its delivery."""

from typing import ClassVar

import attrs

from kasa.application.entitlements import Entitlements
from kasa.application.ports.system import Clock
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.application.workflows.issuing import issue
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.kernel.ids import InvoiceId
from kasa.domain.subscriptions.plan import Meter


@attrs.frozen(kw_only=True, eq=False)
class IssueInvoice:
    """Freeze a draft, give it its number, and start its delivery."""

    permission: ClassVar[Permission] = Permission.ISSUE_INVOICES
    meter: ClassVar[Meter] = Meter.INVOICES

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(
        self, actor: Actor, invoice_id: InvoiceId, *, accept_shortage: bool = False
    ) -> Invoice:
        """Return the issued invoice; a refusal leaves no number, no quota and no goods taken."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            draft = work.invoices.lock(invoice_id)
            Entitlements(work, at=now).spend(self.meter, 1)
            return work.answer(issue(work, draft, at=now, accept_shortage=accept_shortage))
