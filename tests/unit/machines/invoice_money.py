"""Invoices that are issued, paid, paid back: the half of their life that moves money."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import ClassVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from kasa.adapters.conformance.shops import new_shop
from kasa.application.kasa import Kasa
from kasa.application.payments.deciding import Cash
from kasa.application.ports.bundle import Ports
from kasa.domain.identity.access import Actor
from kasa.domain.invoicing.allocation import NothingToReverse, RefundTooMuch
from kasa.domain.invoicing.content import WantedInvoice
from kasa.domain.invoicing.customer import CustomerDetails
from kasa.domain.invoicing.invoice import InvoiceState, InvoiceWrongState
from kasa.domain.invoicing.line_item import WantedLine
from kasa.domain.kernel.errors import Conflict
from kasa.domain.kernel.ids import CustomerId, PaymentId
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.kernel.text import name
from tests.unit.machines.invoice_model import PAYABLE, Known, Paid


class InvoiceMoney(RuleBasedStateMachine):
    """Issue, pay, reverse, refund; in any order."""

    make_ports: ClassVar[Callable[[], Ports]]
    seen: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.ports = type(self).make_ports()
        self.kasa = Kasa.over(self.ports)
        self.owner: Actor = new_shop(self.ports)
        self.invoices: list[Known] = []
        self.credit: dict[CustomerId, int] = {}
        self.money = 0

    @initialize()
    def open_books(self) -> None:
        """Two customers, and an invoice for one of them."""
        for who in ("Dara", "Sok"):
            details = CustomerDetails(name=name(who))
            added = self.kasa.invoicing.add_customer(self.owner, details)
            self.credit[added.id] = 0
        self.issue(price=1000, quantity=3, buyer=0)

    @rule(
        price=st.integers(1, 5000),
        quantity=st.integers(1, 4),
        buyer=st.sampled_from([0, 0, 1, 2, 2]),
    )
    def issue(self, price: int, quantity: int, buyer: int) -> None:
        """Issue an invoice; a customer's credit is used at once."""
        customer = [*self.credit, None][buyer]
        line = WantedLine(text="Rice", price=Decimal(price), quantity=Decimal(quantity))
        wanted = WantedInvoice(lines=(line,), customer=customer)
        draft = self.kasa.invoicing.draft(self.owner, wanted)
        invoice = self.kasa.invoicing.issue(self.owner, draft.id)
        assert invoice.snapshot is not None
        gross = price * quantity
        known = Known(invoice.id, customer, gross, gross, invoice.snapshot.digest)
        if customer is not None and self.credit[customer] > 0:
            known.applied = min(self.credit[customer], gross)
            self.credit[customer] -= known.applied
            self.note_seen("credit applied", known.moved(-known.applied))
        self.invoices.append(known)

    @rule(data=st.data(), how=st.sampled_from(["due", "less", "more"]), again=st.booleans())
    def pay(self, data: st.DataObject, how: str, *, again: bool) -> None:
        """Pay exactly, less or more; a surplus is credit, or stays with a walk-in's payment.

        Mostly what is due is paid, now and then what is paid, or void.
        """
        due = [one for one in self.invoices if one.state in PAYABLE]
        known = self.one(data) if again or not due else data.draw(st.sampled_from(due))
        amount = max(1, {"due": known.due, "less": known.due // 2, "more": known.due + 500}[how])
        if known.state is InvoiceState.VOID:
            self.refused(Conflict, lambda: self.record(known, amount))
            return
        payment = self.record(known, amount)
        settled, surplus = min(amount, known.due), max(0, amount - known.due)
        self.money += settled
        if known.customer is None:
            self.note_seen("walk-in overpaid" if surplus else "settled")
            surplus = 0
        else:
            self.credit[known.customer] += surplus
            self.money += surplus
            self.note_seen("overpaid" if surplus else "settled")
        known.payments.append(Paid(payment, settled, surplus))
        self.note_seen(known.moved(-settled))

    @precondition(lambda self: any(one.state in PAYABLE for one in self.invoices[1:]))
    @rule(data=st.data())
    def pay_late(self, data: st.DataObject) -> None:
        """Write one off, and see it paid after all."""
        due = [one for one in self.invoices[1:] if one.state in PAYABLE]
        known = data.draw(st.sampled_from(due))
        if known.state is InvoiceState.OPEN:
            self.kasa.invoicing.write_off(self.owner, known.id, "moved away")
            known.state = InvoiceState.UNCOLLECTIBLE
        payment = self.record(known, known.due)
        self.money += known.due
        known.payments.append(Paid(payment, known.due, 0))
        self.note_seen(known.moved(-known.due))

    @precondition(lambda self: self.paid())
    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        """The bank takes a payment back; what was refunded of it stays given back."""
        known, paid = data.draw(st.sampled_from(self.paid()))

        def act() -> object:
            return self.kasa.payments.reverse(self.owner, paid.id, reason="bounced")

        if paid.settled + paid.surplus > 0 and paid.left + paid.surplus == 0:
            void = known.state is InvoiceState.VOID
            self.refused(InvoiceWrongState if void else NothingToReverse, act)
            return
        act()
        self.money -= paid.left + paid.surplus
        if known.customer is not None:
            self.credit[known.customer] -= paid.surplus
        self.note_seen("reversed after refund" if paid.refunded else "reversed")
        back = paid.left
        paid.undone = True
        self.note_seen(known.moved(back))

    @precondition(lambda self: self.paid())
    @rule(data=st.data(), extra=st.sampled_from([0, 0, 0, 1]))
    def refund(self, data: st.DataObject, extra: int) -> None:
        """Give a part back; more than the payment still settles is refused."""
        known, paid = data.draw(st.sampled_from(self.paid()))
        in_hand = sum(one.left for one in known.payments) - known.cash_back
        limit = max(0, min(paid.left, in_hand))
        most = limit + extra if extra else data.draw(st.integers(1, max(1, limit)))
        amount = Money(max(1, most), KHR)

        def act() -> object:
            return self.kasa.payments.refund(self.owner, paid.id, amount, reason="sent back")

        if amount.minor > limit:
            void = known.state is InvoiceState.VOID
            self.refused(InvoiceWrongState if void else RefundTooMuch, act)
            return
        act()
        self.money -= amount.minor
        paid.refunded += amount.minor
        self.note_seen("refunded", known.moved(amount.minor))

    def one(self, data: st.DataObject) -> Known:
        """Draw one of the invoices."""
        return data.draw(st.sampled_from(self.invoices))

    def paid(self) -> list[tuple[Known, Paid]]:
        """Return the payments that can still be undone."""
        return [(one, paid) for one in self.invoices for paid in one.payments if not paid.undone]

    def record(self, known: Known, amount: int) -> PaymentId:
        """Record cash."""
        cash = Cash(invoice=known.id, amount=Money(amount, KHR))
        return self.kasa.payments.record(self.owner, cash).id

    def refused(self, error: type[Exception], act: Callable[[], object]) -> None:
        """Act, and be refused."""
        with pytest.raises(error):
            act()
        self.note_seen("refused")

    def note_seen(self, *what: str) -> None:
        """Count what a run reached."""
        self.seen.update(what)
