"""Drafts: made, changed, thrown away; they have no number and bind nobody."""

from typing import ClassVar

import attrs

from kasa.application.ports.system import Clock, Ids
from kasa.application.ports.work import UnitOfWork, UnitOfWorkFactory
from kasa.application.workflows.pricing import lines_from_catalogue
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.invoicing.annotations import Annotations
from kasa.domain.invoicing.content import DocumentKind, InvoiceContent, WantedInvoice
from kasa.domain.invoicing.events import DraftDiscarded, InvoiceDrafted, InvoiceRevised
from kasa.domain.invoicing.invoice import Invoice, InvoiceState
from kasa.domain.invoicing.totals import PriceMode, Totals
from kasa.domain.kernel.ids import InvoiceId
from kasa.domain.kernel.money import Money
from kasa.domain.kernel.text import note


@attrs.frozen(kw_only=True, eq=False)
class DraftInvoice:
    """Make a draft; prices, texts and taxes that are not stated come from the catalogue."""

    permission: ClassVar[Permission] = Permission.ISSUE_INVOICES

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: Ids

    def __call__(self, actor: Actor, wanted: WantedInvoice) -> Invoice:
        """Store a new draft, or raise NotFound, ``invoice.*``, ``line.*``, ``discount.*``."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            invoice = Invoice.drafted(
                InvoiceId(self.ids.new(now)), content_of(work, wanted), _beside(wanted), at=now
            )
            work.invoices.add(invoice)
            work.events.record(InvoiceDrafted(subject=invoice.id), at=now)
            return work.answer(invoice)


@attrs.frozen(kw_only=True)
class Previewed:
    """What a draft would say and cost; nothing of it is stored."""

    content: InvoiceContent
    totals: Totals

    @property
    def gross(self) -> Money:
        """What the document would ask for, tax included."""
        return Money(self.totals.gross, self.content.currency)


@attrs.frozen(kw_only=True, eq=False)
class PreviewInvoice:
    """Reckon what a draft would say and cost, without storing anything."""

    permission: ClassVar[Permission] = Permission.ISSUE_INVOICES

    unit_of_work: UnitOfWorkFactory

    def __call__(self, actor: Actor, wanted: WantedInvoice) -> Previewed:
        """Return content and totals; every refusal is that of ``DraftInvoice``."""
        actor.require(self.permission)
        with self.unit_of_work(actor) as work:
            content = content_of(work, wanted)
            return work.answer(Previewed(content=content, totals=content.totals()))


@attrs.frozen(kw_only=True, eq=False)
class DuplicateInvoice:
    """Make a new draft that says what another invoice says, at its prices.

    A rate that was typed is left out: it was that of another day. What other systems keep beside
    the invoice stays with it.
    """

    permission: ClassVar[Permission] = Permission.ISSUE_INVOICES

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: Ids

    def __call__(self, actor: Actor, invoice_id: InvoiceId) -> Invoice:
        """Return the new draft; archived customers and products are refused as in a new one."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            said = work.invoices.get(invoice_id).content
            wanted = WantedInvoice.of(attrs.evolve(said, rate=None))
            invoice = Invoice.drafted(
                InvoiceId(self.ids.new(now)), content_of(work, wanted), at=now
            )
            work.invoices.add(invoice)
            work.events.record(InvoiceDrafted(subject=invoice.id), at=now)
            return work.answer(invoice)


@attrs.frozen(kw_only=True, eq=False)
class ReviseDraft:
    """Replace what a draft says."""

    permission: ClassVar[Permission] = Permission.ISSUE_INVOICES

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(
        self,
        actor: Actor,
        invoice_id: InvoiceId,
        wanted: WantedInvoice,
        *,
        version: int,
        internal_note: str | None = None,
    ) -> Invoice:
        """Store the next version, or raise ``version.stale`` when another came between.

        Without ``internal_note`` the shop's own note stays.
        """
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            draft = work.invoices.lock(invoice_id)
            draft.require(InvoiceState.DRAFT)
            revised = attrs.evolve(
                draft.revised(content_of(work, wanted), version=version, at=now),
                external_ref=wanted.external_ref,
                metadata=wanted.metadata,
                internal_note=draft.internal_note if internal_note is None else note(internal_note),
            )
            work.invoices.save(revised)
            work.events.record(InvoiceRevised(subject=revised.id), at=now)
            return work.answer(revised)


@attrs.frozen(kw_only=True, eq=False)
class DiscardDraft:
    """Throw a draft away."""

    permission: ClassVar[Permission] = Permission.ISSUE_INVOICES

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, invoice_id: InvoiceId) -> Invoice:
        """Remove a draft and return what it was, or raise ``invoice.wrong_state``."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            draft = work.invoices.lock(invoice_id)
            draft.require(InvoiceState.DRAFT)
            work.invoices.discard(draft.id)
            work.events.record(DraftDiscarded(subject=draft.id), at=now)
            return work.answer(draft)


def _beside(wanted: WantedInvoice) -> Annotations:
    return Annotations(external_ref=wanted.external_ref, metadata=wanted.metadata)


def content_of(work: UnitOfWork, wanted: WantedInvoice) -> InvoiceContent:
    """Return what a draft says, what was left out filled in from shop and catalogue."""
    profile = work.tenant.profile
    if wanted.customer is not None:
        work.customers.get(wanted.customer).usable()
    currency = wanted.currency or profile.currency
    usual = PriceMode.GROSS if profile.prices_include_tax else PriceMode.NET
    return InvoiceContent(
        currency=currency,
        mode=wanted.mode or usual,
        kind=wanted.kind or DocumentKind(profile.document_kind.value),
        language=wanted.language or profile.language,
        customer=wanted.customer,
        lines=lines_from_catalogue(work, wanted.lines, currency=currency),
        discounts=wanted.discounts,
        charges=wanted.charges,
        terms_days=wanted.terms_days,
        rate=wanted.rate,
        account=wanted.account,
        note=note(wanted.note),
        terms=note(wanted.terms),
    )
