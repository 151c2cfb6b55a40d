"""What stores of customers, credit, numbers and rates must do."""

from datetime import date, timedelta

import attrs
import pytest
from hypothesis import given

from kasa.adapters.conformance.invoicing.books import DAY, Books
from kasa.adapters.conformance.strategies_invoicing import customers, series
from kasa.adapters.conformance.strategies_kernel import exchange_rates
from kasa.application.ports.bundle import Ports
from kasa.domain.invoicing.allocation import book_note
from kasa.domain.invoicing.balance import CreditEntry
from kasa.domain.invoicing.customer import Customer, PhoneTaken
from kasa.domain.invoicing.numbering import Series, SeriesClockBehind, SeriesInUse
from kasa.domain.kernel.foreign import ExternalRefTaken
from kasa.domain.kernel.ids import CustomerId
from kasa.domain.kernel.money import KHR, USD, ExchangeRate, Money
from kasa.domain.kernel.text import Phone


class LedgersConformance:
    """Customers, credit and its notes, numbers, rates."""

    def make_ports(self) -> Ports:
        """Return the ports under test."""
        raise NotImplementedError

    def make_books(self) -> Books:
        """Return the books of a new shop over the ports under test."""
        return Books.of(self.make_ports())

    def test_credit_changes_outside_of_invoices(self) -> None:
        """Appended changes add up per customer and currency, also below nothing."""
        books = self.make_books()
        buyer, other = books.customer(), books.customer()
        with books.work() as work:
            for who, money in ((buyer, USD), (buyer, KHR), (other, USD), (buyer, USD)):
                change = Money(-250, money)
                entry = CreditEntry(id=books.new_id(), customer=who.id, change=change, at=books.at)
                work.credits.append(entry)
            assert -500 == work.credits.lock(buyer.id, USD).balance.minor
            assert 0 == work.credits.lock(buyer.id, USD).usable.minor
        with books.view() as view:
            rows = view.credits.of_customer(buyer.id)
            assert [Money(-250, KHR), Money(-500, USD)] == [row.balance for row in rows]

    def test_a_credit_note_survives_the_round_trip(self) -> None:
        """Notes come back in order, with figures and snapshot."""
        books = self.make_books()
        invoice = books.issued(rate=True)
        notes = [books.note(invoice, no) for no in (1, 2)]
        for note in notes:
            with books.work() as work:
                locked = work.invoices.lock(invoice.id)
                booked = book_note(locked, Money(100, USD), note.id, at=books.at)
                work.invoices.save(booked.invoice, booked.entries)
                work.credits.add(note)
        with books.work() as work:
            assert tuple(notes) == work.credits.of_invoice(invoice.id)
            assert 2 == work.invoices.lock(invoice.id).notes
        with books.view() as view:
            assert notes[1] == view.credits.note(notes[1].id)
            assert tuple(notes) == view.invoices.show(invoice.id).notes

    def test_a_customer_survives_the_round_trip(self) -> None:
        """Every customer that can be made is loaded as it was saved."""
        books = self.make_books()

        @given(first=customers(), second=customers())
        def check(first: Customer, second: Customer) -> None:
            phone = Phone(f"+855{books.count():010d}")
            details = attrs.evolve(first.details, phone=phone)
            customer = attrs.evolve(first, id=CustomerId(books.new_id()), details=details)
            edited = customer.edited(
                attrs.evolve(second.details, phone=phone),
                version=customer.version,
                at=second.updated_at,
            )
            with books.work() as work:
                work.customers.add(customer)
                assert customer == work.customers.get(customer.id)
            with books.work() as work:
                assert customer == work.customers.lock(customer.id)
                work.customers.save(edited)
            with books.view() as view:
                assert edited == view.customers.show(customer.id)

        check()

    def test_a_phone_and_a_reference_belong_to_one_customer(self) -> None:
        """The second customer with either is refused; the owner may keep both."""
        books = self.make_books()
        first = books.customer(phone=Phone("+85512000111"), external_ref="crm-1")
        with pytest.raises(PhoneTaken):
            books.customer(phone=first.details.phone)
        with pytest.raises(ExternalRefTaken):
            books.customer(external_ref=first.details.external_ref)
        with books.work() as work:
            locked = work.customers.lock(first.id)
            work.customers.save(locked.archived(version=1, at=books.at))

    def test_numbers_count_without_gaps_per_series_and_year(self) -> None:
        """A rollback gives its number back; years and series do not touch each other."""
        books = self.make_books()
        taken = []
        for name, day in (("INV", DAY), ("INV", DAY), ("CN", DAY), ("INV", date(2027, 1, 1))):
            with books.work() as work:
                taken.append(work.series.next(name, on=day).text)
            with pytest.raises(ZeroDivisionError), books.work() as work:
                work.series.next(name, on=day)
                raise ZeroDivisionError
        expected = ["INV-2026-000001", "INV-2026-000002", "CN-2026-000001", "INV-2027-000001"]
        assert expected == taken

    def test_numbers_never_go_back_in_time(self) -> None:
        """A day before the last document's is refused, the same day is not."""
        books = self.make_books()
        with books.work() as work:
            work.series.next("INV", on=DAY)
            assert 2 == work.series.next("INV", on=DAY).number
        with pytest.raises(SeriesClockBehind), books.work() as work:
            work.series.next("INV", on=DAY - timedelta(days=1))

    def test_a_series_starts_as_it_was_set(self) -> None:
        """First number and template hold until the first document; the template for later years."""
        books = self.make_books()

        @given(first=series(), second=series())
        def check(first: Series, second: Series) -> None:
            second = attrs.evolve(second, name=first.name, year=first.year)
            fresh = Books.of(books.ports)
            with fresh.work() as work:
                work.series.set(first)
                work.series.set(second)
            with fresh.work() as work:
                taken = work.series.next(first.name, on=date(first.year, 6, 1))
                assert second.written(second.first) == taken
                assert (first.name,) == work.series.names()
                later = work.series.next(first.name, on=date(first.year + 1, 6, 1))
                following = attrs.evolve(second, year=first.year + 1, first=1)
                assert following.written(1) == later
            with pytest.raises(SeriesInUse), fresh.work() as work:
                work.series.set(first)

        check()

    def test_rates_are_those_of_the_day_or_before(self) -> None:
        """The newest one of a source counts; another source, pair or later day does not."""
        books = self.make_books()

        @given(rate=exchange_rates(USD, KHR))
        def check(rate: ExchangeRate) -> None:
            fresh = Books.of(books.ports)
            older = attrs.evolve(rate, on=rate.on - timedelta(days=2), reference="older")
            with fresh.work() as work:
                for one in (older, rate, attrs.evolve(rate, reference="corrected")):
                    work.rates.set(one)

                def found(days: int) -> ExchangeRate | None:
                    day = rate.on + timedelta(days=days)
                    return work.rates.on(USD, KHR, source=rate.source, day=day)

                assert attrs.evolve(rate, reference="corrected") == found(0) == found(9)
                assert older == found(-1) == found(-2)
                assert found(-3) is None
                assert work.rates.on(KHR, USD, source=rate.source, day=rate.on) is None

        check()
