"""What stores and views of invoices must do."""

from collections.abc import Mapping
from datetime import timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.adapters.conformance.invoicing.books import DAY, Books
from kasa.adapters.conformance.strategies_invoicing import drafts, ended, issued
from kasa.application.ports.bundle import Ports
from kasa.application.ports.invoicing import InvoiceFilter, InvoiceTab
from kasa.domain.invoicing.allocation import allocate, reverse
from kasa.domain.invoicing.balance import PaymentPart, balance
from kasa.domain.invoicing.invoice import Invoice, InvoiceState
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import CreditNoteId, PaymentId
from kasa.domain.kernel.money import USD, Money


class InvoicesConformance:
    """Invoices: round trips, locks, entries with the credit they move, lists."""

    def make_ports(self) -> Ports:
        """Return the ports under test."""
        raise NotImplementedError

    def make_books(self) -> Books:
        """Return the books of a new shop over the ports under test."""
        return Books.of(self.make_ports())

    def test_an_invoice_survives_the_round_trip(self) -> None:
        """Every draft, issued and ended invoice that can be made is loaded as it was saved."""
        books = self.make_books()

        @given(data=st.data(), end=st.sampled_from([None, *InvoiceState]))
        def check(data: st.DataObject, end: InvoiceState | None) -> None:
            draft = attrs.evolve(data.draw(drafts()), id=books.invoice_id())
            with books.work() as work:
                work.invoices.add(draft)
            assert draft == books.locked(draft.id)
            invoice = data.draw(issued(draft, books.count()))
            if end is not None and invoice.state is InvoiceState.OPEN:
                invoice = ended(invoice, end)
            with books.work() as work:
                work.invoices.lock(draft.id)
                work.invoices.save(invoice)
                assert invoice == work.invoices.get(draft.id)
            assert invoice == books.locked(draft.id)
            assert invoice == books.shown(draft.id).invoice

        check()

    def test_a_revised_draft_replaces_its_lines(self) -> None:
        """The lines of the last version are read, and no others."""
        books = self.make_books()

        @given(first=drafts(), second=drafts())
        def check(first: Invoice, second: Invoice) -> None:
            draft = attrs.evolve(first, id=books.invoice_id())
            revised = draft.revised(second.content, version=1, at=draft.updated_at)
            with books.work() as work:
                work.invoices.add(draft)
            with books.work() as work:
                work.invoices.lock(draft.id)
                work.invoices.save(revised)
            assert revised == books.locked(draft.id)

        check()

    def test_a_discarded_draft_is_gone(self) -> None:
        """It is not found any more, and its neighbour stays."""
        books = self.make_books()
        gone, stays = books.draft(), books.draft()
        with books.work() as work:
            work.invoices.discard(work.invoices.lock(gone.id).id)
        assert stays == books.locked(stays.id)
        with books.work() as work, pytest.raises(NotFound):
            work.invoices.lock(gone.id)

    def test_foreign_things_are_missing_things(self) -> None:
        """Another shop's invoice, customer, note and number are not found."""
        books, other = self.make_books(), self.make_books()
        invoice, buyer = other.issued(), other.customer()
        assert invoice.number is not None
        with books.work() as work:
            for ask in (work.invoices.lock, work.invoices.get):
                with pytest.raises(NotFound):
                    ask(invoice.id)
            for find in (work.customers.lock, work.customers.get):
                with pytest.raises(NotFound):
                    find(buyer.id)
            assert work.invoices.by_number(invoice.number.text) is None
            assert () == work.invoices.candidates()
            assert () == work.invoices.entries(invoice.id)
            assert 0 == work.credits.lock(buyer.id, USD).balance.minor
        with books.view() as view:
            with pytest.raises(NotFound):
                view.invoices.show(invoice.id)
            with pytest.raises(NotFound):
                view.customers.show(buyer.id)
            with pytest.raises(NotFound):
                view.credits.note(CreditNoteId(invoice.id))
            assert () == view.invoices.page(InvoiceFilter(today=DAY)).items

    def test_entries_and_credit_move_with_the_invoice(self) -> None:
        """A surplus is credit of the customer from the same statement on; a reversal takes it."""
        books = self.make_books()
        buyer = books.customer()
        invoice = books.issued(customer=buyer.id)
        part = PaymentPart(payment=PaymentId(books.new_id()))
        paid = allocate(invoice, invoice.gross + Money(700, USD), part, at=books.at, by=books.by)
        with books.work() as work:
            work.invoices.lock(invoice.id)
            work.invoices.save(paid.invoice, paid.entries)
            assert paid.entries == work.invoices.entries(invoice.id)
            assert 700 == work.credits.lock(buyer.id, USD).balance.minor
        with books.work() as work:
            locked = work.invoices.lock(invoice.id)
            assert paid.invoice == locked
            back = reverse(locked, work.invoices.entries(invoice.id), part, at=books.at)
            work.invoices.save(back.invoice, back.entries)
        shown = books.shown(invoice.id)
        assert (*paid.entries, *back.entries) == shown.entries
        assert shown.invoice.due == balance(shown.invoice.gross, shown.entries)
        assert buyer == shown.customer
        with books.view() as view:
            assert [0] == [one.balance.minor for one in view.credits.of_customer(buyer.id)]

    def test_candidates_are_what_could_be_paid(self) -> None:
        """By amount, riel, number or customer; what is paid, void or a draft is none."""
        books = self.make_books()
        buyer = books.customer()
        first, second = books.issued(rate=True), books.issued(price="7.00", customer=buyer.id)
        books.draft()
        void = ended(books.issued(), InvoiceState.VOID)
        books.save(void)
        assert first.riel_due is not None
        with books.work() as work:
            ask = work.invoices.candidates
            assert (first, second) == ask()
            assert (first,) == ask(limit=1)
            assert (first,) == ask(amounts=[first.due])
            assert (first,) == ask(amounts=[first.riel_due])
            assert (second,) == ask(customer=buyer.id)
            assert (second, first) == ask(amounts=[first.due], numbers=[str(second.number)])
            assert () == ask(amounts=[Money(1, USD)], numbers=[str(void.number)])
            assert second == work.invoices.by_number(str(second.number))

    def test_lists_show_what_they_are_asked_for(self) -> None:
        """Pages follow each other newest first; tabs, customer, days and number cut them."""
        books = self.make_books()
        buyer = books.customer()
        made = [books.issued(customer=buyer.id), books.issued(), books.draft(), books.issued()]
        books.save(ended(made[3], InvoiceState.UNCOLLECTIBLE))
        with books.view() as view:
            everything = InvoiceFilter(today=DAY)
            page = view.invoices.page(everything, limit=3)
            rows = list(page.items)
            assert page.next is not None
            rows += view.invoices.page(everything, limit=3, after=page.next).items
            assert [one.id for one in reversed(made)] == [row.id for row in rows]
            assert rows[-1].customer_name == buyer.name
            for wanted, found in books.filters(made, buyer.id):
                assert found == [row.id for row in view.invoices.page(wanted).items]
            late = DAY + timedelta(days=365)
            assert (1, 2, 0) == self._counts(view.invoices.counts(DAY))
            assert (1, 2, 2) == self._counts(view.invoices.counts(late))

    @staticmethod
    def _counts(counts: Mapping[InvoiceTab, int]) -> tuple[int, int, int]:
        tabs = (InvoiceTab.DRAFT, InvoiceTab.OPEN, InvoiceTab.OVERDUE)
        draft, opened, overdue = (counts[tab] for tab in tabs)
        return draft, opened, overdue
