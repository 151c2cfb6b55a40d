"""The life of invoices as random people lead it, beside a model that only adds and subtracts.

The model knows the table of states and the effect of each act on what is due and on the
customer's credit; it never asks kasa for either.
"""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import ClassVar

import attrs
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from kasa.adapters.conformance.shops import new_shop
from kasa.application.kasa import Kasa
from kasa.application.payments.deciding import Cash
from kasa.application.ports.bundle import Ports
from kasa.domain.identity.access import Actor
from kasa.domain.invoicing.allocation import CreditNotEnough, NothingToReverse, RefundTooMuch
from kasa.domain.invoicing.balance import balance
from kasa.domain.invoicing.content import WantedInvoice
from kasa.domain.invoicing.credit_note import CreditPart, CreditReason, WantedNote
from kasa.domain.invoicing.customer import CustomerDetails
from kasa.domain.invoicing.invoice import InvoiceHasMoney, InvoiceState, InvoiceWrongState
from kasa.domain.invoicing.line_item import WantedLine
from kasa.domain.kernel.errors import Conflict
from kasa.domain.kernel.ids import CustomerId, InvoiceId, PaymentId
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.kernel.text import name

DEEP = {
    "paid",
    "reopened",
    "credited",
    "credited when paid",
    "overpaid",
    "walk-in overpaid",
    "refunded",
    "reversed after refund",
    "void",
    "written off",
    "paid when written off",
    "reinstated",
    "credit applied",
    "credit released",
    "refused",
}
"""What a run has to reach, else it proved little."""

PAYABLE = {InvoiceState.OPEN, InvoiceState.UNCOLLECTIBLE}


@attrs.define
class Paid:
    """A payment as the model knows it: what it took off the due, and what became credit."""

    id: PaymentId
    settled: int
    surplus: int
    refunded: int = 0
    undone: bool = False

    @property
    def left(self) -> int:
        """What it still settles."""
        return 0 if self.undone else self.settled - self.refunded


@attrs.define
class Known:
    """An invoice as the model knows it."""

    id: InvoiceId
    customer: CustomerId | None
    gross: int
    due: int
    digest: str
    state: InvoiceState = InvoiceState.OPEN
    credited: int = 0
    value: int = 0
    notes: int = 0
    applied: int = 0
    cash_back: int = 0
    payments: list[Paid] = attrs.Factory(list)

    def moved(self, change: int) -> str:
        """Change what is due, and the state with it; return what that reached."""
        self.due += change
        if self.due == 0 and self.state in PAYABLE:
            late = self.state is InvoiceState.UNCOLLECTIBLE
            self.state = InvoiceState.PAID
            return "paid when written off" if late else "paid"
        if self.due > 0 and self.state is InvoiceState.PAID:
            self.state = InvoiceState.OPEN
            return "reopened"
        return "moved"


class InvoiceLife(RuleBasedStateMachine):
    """Issue, pay, reverse, refund, credit, void, write off, reinstate; in any order."""

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
            self.refused(NothingToReverse, act)
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
            self.refused(RefundTooMuch, act)
            return
        act()
        self.money -= amount.minor
        paid.refunded += amount.minor
        self.note_seen("refunded", known.moved(amount.minor))

    @rule(data=st.data(), part=st.integers(1, 4))
    def issue_note(self, data: st.DataObject, part: int) -> None:
        """Credit a part of the line; what exceeds the due is credit, or cash for a walk-in."""
        known = self.one(data)
        amount = min(known.gross - known.value, max(1, known.gross // part))
        parts = (CreditPart(line_no=1, amount=Money(amount, KHR)),) if amount else ()
        wanted = WantedNote(reason=CreditReason.RETURN, parts=parts)

        def act() -> object:
            return self.kasa.invoicing.issue_credit_note(self.owner, known.id, wanted)

        if known.state is InvoiceState.VOID:
            self.refused(InvoiceWrongState, act)
            return
        if not amount:
            return
        act()
        surplus = max(0, amount - known.due)
        self.note_seen("credited when paid" if known.state is InvoiceState.PAID else "credited")
        known.value += amount
        known.credited += amount
        known.notes += 1
        if known.customer is None:
            known.cash_back += surplus
            self.money -= surplus
        else:
            self.credit[known.customer] += surplus
        self.note_seen(known.moved(surplus - amount))

    @rule(data=st.data())
    def apply_credit(self, data: st.DataObject) -> None:
        """Use as much credit as there is and fits."""
        known = self.one(data)
        if known.customer is None:
            return
        usable = min(max(0, self.credit[known.customer]), known.due)

        def act() -> object:
            return self.kasa.invoicing.apply_credit(self.owner, known.id)

        if not usable:
            self.refused(CreditNotEnough, act)
        elif known.state not in PAYABLE:
            self.refused(InvoiceWrongState, act)
        else:
            act()
            known.applied += usable
            self.credit[known.customer] -= usable
            self.note_seen("credit applied", known.moved(-usable))

    @rule(data=st.data())
    def release_credit(self, data: st.DataObject) -> None:
        """Give used credit back to the customer."""
        known = self.one(data)

        def act() -> object:
            return self.kasa.invoicing.release_credit(self.owner, known.id)

        if known.state is InvoiceState.VOID:
            self.refused(InvoiceWrongState, act)
        elif not known.applied or known.customer is None:
            self.refused(NothingToReverse, act)
        else:
            act()
            back, known.applied = known.applied, 0
            self.credit[known.customer] += back
            self.note_seen("credit released", known.moved(back))

    @precondition(lambda self: len(self.invoices) > 2)
    @rule(data=st.data())
    def void(self, data: st.DataObject) -> None:
        """Void what has no money and no note."""
        known = self.one(data)

        def act() -> object:
            return self.kasa.invoicing.void(self.owner, known.id, "a mistake")

        if known.state not in PAYABLE:
            self.refused(InvoiceWrongState, act)
        elif known.due != known.gross or known.notes:
            self.refused(InvoiceHasMoney, act)
        else:
            act()
            known.state = InvoiceState.VOID
            self.note_seen("void")

    @precondition(lambda self: len(self.invoices) > 1)
    @rule(data=st.data())
    def write_off(self, data: st.DataObject) -> None:
        """Give up on an open one."""
        known = self.one(data)

        def act() -> object:
            return self.kasa.invoicing.write_off(self.owner, known.id, "moved away")

        self.only_from(InvoiceState.OPEN, known, act, InvoiceState.UNCOLLECTIBLE)

    @precondition(lambda self: len(self.invoices) > 1)
    @rule(data=st.data())
    def reinstate(self, data: st.DataObject) -> None:
        """Ask again for what was written off."""
        lost = [one for one in self.invoices if one.state is InvoiceState.UNCOLLECTIBLE]
        known = data.draw(st.sampled_from(lost)) if lost else self.one(data)

        def act() -> object:
            return self.kasa.invoicing.reinstate(self.owner, known.id)

        self.only_from(InvoiceState.UNCOLLECTIBLE, known, act, InvoiceState.OPEN)

    @invariant()
    def model_and_books_agree(self) -> None:
        """State, due, entries and digest of every invoice, credit and money are the model's."""
        queries = self.kasa.invoicing.queries
        for known in self.invoices:
            view = queries.invoice(self.owner, known.id)
            assert (known.state, known.due) == (view.invoice.state, view.invoice.due_minor)
            assert view.invoice.due == balance(view.invoice.gross, view.entries)
            assert 0 <= known.due <= known.gross
            assert (known.due == 0) == (known.state is InvoiceState.PAID)
            assert view.invoice.snapshot is not None
            assert view.invoice.snapshot.intact
            assert known.digest == view.invoice.snapshot.digest
        for customer, held in self.credit.items():
            stored = queries.credit(self.owner, customer)
            assert held == sum(row.balance.minor for row in stored)
        settled = sum(known.gross - known.due - known.credited for known in self.invoices)
        assert self.money == settled + sum(self.credit.values())

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

    def only_from(
        self, start: InvoiceState, known: Known, act: Callable[[], object], end: InvoiceState
    ) -> None:
        """Act, which is allowed in one state only."""
        if known.state is not start:
            self.refused(InvoiceWrongState, act)
            return
        act()
        known.state = end
        self.note_seen("written off" if end is InvoiceState.UNCOLLECTIBLE else "reinstated")

    def refused(self, error: type[Exception], act: Callable[[], object]) -> None:
        """Act, and be refused."""
        with pytest.raises(error):
            act()
        self.note_seen("refused")

    def note_seen(self, *what: str) -> None:
        """Count what a run reached."""
        self.seen.update(what)
