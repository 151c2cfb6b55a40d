"""The life of invoices as random people lead it, beside a model that only adds and subtracts.

The model knows the table of states and the effect of each act on what is due and on the
customer's credit; it never asks kasa for either.
"""

from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from kasa.domain.invoicing.allocation import CreditNotEnough, NothingToReverse
from kasa.domain.invoicing.balance import balance
from kasa.domain.invoicing.credit_note import CreditPart, CreditReason, WantedNote
from kasa.domain.invoicing.invoice import InvoiceHasMoney, InvoiceState, InvoiceWrongState
from kasa.domain.kernel.money import KHR, Money
from tests.unit.machines.invoice_model import PAYABLE, Known
from tests.unit.machines.invoice_money import InvoiceMoney


class InvoiceLife(InvoiceMoney):
    """Credit notes, credit, void, write off and reinstate beside what moves money."""

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
