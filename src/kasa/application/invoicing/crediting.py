"""Credit notes, and what customers have to their credit: used, taken back, paid out."""

from typing import ClassVar

import attrs

from kasa.application.entitlements import Entitlements
from kasa.application.ports.system import Clock, Ids
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.application.workflows.crediting import credit
from kasa.application.workflows.invoice_stock import consume_for, unpay_for
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.invoicing.allocation import CreditNotEnough, apply_credit, release_credit
from kasa.domain.invoicing.balance import AmountInvalid, CreditEntry, CustomerCredit
from kasa.domain.invoicing.credit_note import CreditNote, WantedNote
from kasa.domain.invoicing.events import CustomerCreditRefunded
from kasa.domain.invoicing.invoice import Invoice, InvoiceState
from kasa.domain.invoicing.parties import CustomerRequired
from kasa.domain.kernel.ids import CreditNoteId, CustomerId, InvoiceId
from kasa.domain.kernel.money import Money
from kasa.domain.kernel.text import note
from kasa.domain.subscriptions.plan import Feature

TEXT_LIMIT = 300


@attrs.frozen(kw_only=True, eq=False)
class IssueCreditNote:
    """Take back a part of an issued invoice, in one step; its goods may come back with it."""

    permission: ClassVar[Permission] = Permission.CLOSE_INVOICES
    feature: ClassVar[Feature] = Feature.INVENTORY

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: Ids

    def __call__(self, actor: Actor, invoice_id: InvoiceId, wanted: WantedNote) -> CreditNote:
        """Return the note, or raise ``credit.*``, ``return.*``, ``invoice.wrong_state``."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            invoice = work.invoices.lock(invoice_id)
            if wanted.restock:
                Entitlements(work, at=now).require(self.feature)
            note_id = CreditNoteId(self.ids.new(now))
            return work.answer(credit(work, invoice, wanted, note_id, at=now))


@attrs.frozen(kw_only=True, eq=False)
class ApplyCredit:
    """Settle an invoice with the customer's credit."""

    permission: ClassVar[Permission] = Permission.CLOSE_INVOICES

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, invoice_id: InvoiceId, amount: Money | None = None) -> Invoice:
        """Use an amount, or as much as fits; raise ``credit.not_enough``."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            invoice = work.invoices.lock(invoice_id)
            if invoice.customer is None:
                raise CustomerRequired
            held = work.credits.lock(invoice.customer, invoice.currency)
            usable = min(held.usable, invoice.due)
            if amount is None and not usable:
                raise CreditNotEnough(usable=held.usable.text, due=invoice.due.text)
            booked = apply_credit(invoice, held, amount or usable, at=now, by=work.author)
            work.invoices.save(booked.invoice, booked.entries)
            if booked.invoice.state is InvoiceState.PAID:
                consume_for(work, booked.invoice, at=now)
            work.events.record(*booked.events, at=now)
            return work.answer(booked.invoice)


@attrs.frozen(kw_only=True, eq=False)
class ReleaseCredit:
    """Take all credit off an invoice and give it back to the customer; it is due again."""

    permission: ClassVar[Permission] = Permission.CLOSE_INVOICES

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, invoice_id: InvoiceId) -> Invoice:
        """Return the invoice, or raise ``invoice.not_settled`` when no credit stands on it."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            invoice = work.invoices.lock(invoice_id)
            entries = work.invoices.entries(invoice.id)
            booked = release_credit(invoice, entries, at=now, by=work.author)
            work.invoices.save(booked.invoice, booked.entries)
            if invoice.state is InvoiceState.PAID:
                unpay_for(work, booked.invoice, at=now)
            work.events.record(*booked.events, at=now)
            return work.answer(booked.invoice)


@attrs.frozen(kw_only=True, eq=False)
class RefundCredit:
    """Give a customer money back out of their credit; no invoice changes."""

    permission: ClassVar[Permission] = Permission.REFUND_PAYMENTS

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: Ids

    def __call__(
        self, actor: Actor, customer_id: CustomerId, amount: Money, text: str = ""
    ) -> CustomerCredit:
        """Return what is left, or raise ``credit.not_enough``."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            customer = work.customers.get(customer_id)
            if amount.minor <= 0:
                raise AmountInvalid
            held = work.credits.lock(customer.id, amount.currency)
            if amount > held.usable:
                raise CreditNotEnough(usable=held.usable.text)
            entry = CreditEntry(
                id=self.ids.new(now),
                customer=customer.id,
                change=-amount,
                at=now,
                by=work.author,
                text=note(text, TEXT_LIMIT),
            )
            left = work.credits.append(entry)
            refunded = CustomerCreditRefunded(subject=customer.id, amount=amount)
            work.events.record(refunded, at=now)
            return work.answer(left)
