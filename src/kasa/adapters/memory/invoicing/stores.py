"""Customers, numbers, credit and rates."""

from datetime import date

import attrs

from kasa.adapters.memory.invoicing.rows import (
    CREDIT_ENTRIES,
    CREDITS,
    CUSTOMERS,
    NOTES,
    RATES,
    SERIES,
    SeriesRow,
    move_credit,
    notes_of,
)
from kasa.adapters.memory.tables import Working
from kasa.domain.invoicing.balance import CreditEntry, CustomerCredit
from kasa.domain.invoicing.credit_note import CreditNote
from kasa.domain.invoicing.customer import Customer, PhoneTaken
from kasa.domain.invoicing.numbering import InvoiceNumber, Series, SeriesClockBehind, SeriesInUse
from kasa.domain.kernel.foreign import ExternalRefTaken
from kasa.domain.kernel.ids import CustomerId, InvoiceId
from kasa.domain.kernel.money import Currency, ExchangeRate, Money


class MemoryCustomers:
    """Customers of one unit of work."""

    def __init__(self, rows: Working) -> None:
        self._rows = rows

    def add(self, customer: Customer) -> None:
        """Store a new customer, or raise ``customer.phone_taken`` or ``external_ref.taken``."""
        self._check(customer)
        self._rows.add(CUSTOMERS, customer.id, customer)

    def lock(self, id: CustomerId) -> Customer:
        """Return the customer, locked until the unit of work ends, or raise NotFound."""
        return self._rows.lock(CUSTOMERS, id)

    def get(self, id: CustomerId) -> Customer:
        """Return the customer without a lock, or raise NotFound."""
        return self._rows.get(CUSTOMERS, id)

    def save(self, customer: Customer) -> None:
        """Store a customer that was locked in the same unit of work; refusals as ``add``."""
        self._check(customer)
        self._rows.save(CUSTOMERS, customer.id, customer)

    def _check(self, customer: Customer) -> None:
        phone, reference = customer.details.phone, customer.details.external_ref
        for other in self._rows.read(CUSTOMERS).values():
            if other.id == customer.id:
                continue
            if phone is not None and other.details.phone == phone:
                raise PhoneTaken(customer=str(other.id))
            if reference is not None and other.details.external_ref == reference:
                raise ExternalRefTaken(holder=str(other.id))


class MemorySeries:
    """Counters of document numbers."""

    def __init__(self, rows: Working) -> None:
        self._rows = rows

    def next(self, name: str, *, on: date) -> InvoiceNumber:
        """Take the next number of a series in the year of a day."""
        key = (name, on.year)
        self._rows.claim(SERIES, [key])
        row = self._rows.read(SERIES).get(key) or self._fresh(name, on.year)
        if row.last_issued_on > on:
            raise SeriesClockBehind(until=row.last_issued_on.isoformat())
        self._rows.write(SERIES)[key] = attrs.evolve(row, next=row.next + 1, last_issued_on=on)
        return row.series.written(row.next)

    def set(self, series: Series) -> None:
        """Store how a series starts in a year, or raise ``series.in_use`` once it has numbers."""
        key = (series.name, series.year)
        self._rows.claim(SERIES, [key])
        row = self._rows.read(SERIES).get(key)
        if row is not None and row.last_issued_on != date.min:
            raise SeriesInUse(series=series.name, year=series.year)
        self._rows.write(SERIES)[key] = SeriesRow(series=series, next=series.first)

    def names(self) -> tuple[str, ...]:
        """Return the names of the series that were set or used, sorted."""
        return tuple(sorted({name for name, _ in self._rows.read(SERIES)}))

    def _fresh(self, name: str, year: int) -> SeriesRow:
        earlier = [
            row.series for row in self._rows.read(SERIES).values() if row.series.name == name
        ]
        past = [series for series in earlier if series.year < year]
        if past:
            template = max(past, key=lambda series: series.year).template
            return SeriesRow(series=Series(name=name, year=year, template=template), next=1)
        return SeriesRow(series=Series(name=name, year=year), next=1)


class MemoryCredits:
    """Credit notes, and what customers have to their credit."""

    def __init__(self, rows: Working) -> None:
        self._rows = rows

    def add(self, note: CreditNote) -> None:
        """Store a new credit note."""
        self._rows.add(NOTES, note.id, note)

    def of_invoice(self, id: InvoiceId) -> tuple[CreditNote, ...]:
        """Return the credit notes of an invoice in order."""
        return notes_of(self._rows, id)

    def lock(self, customer: CustomerId, currency: Currency) -> CustomerCredit:
        """Return a customer's credit, locked when it was ever used; else an empty one."""
        key = (customer, currency.code)
        self._rows.claim(CREDITS, [key])
        empty = CustomerCredit(customer=customer, balance=Money.zero(currency))
        return self._rows.read(CREDITS).get(key, empty)

    def append(self, entry: CreditEntry) -> CustomerCredit:
        """Append a change of credit that no invoice explains, and return what is left."""
        key = (entry.customer, entry.change.currency.code)
        written = self._rows.write(CREDIT_ENTRIES)
        written[key, len(written)] = entry
        return move_credit(self._rows, entry.customer, entry.change)


class MemoryRates:
    """Exchange rates that the shop entered."""

    def __init__(self, rows: Working) -> None:
        self._rows = rows

    def set(self, rate: ExchangeRate) -> None:
        """Store a rate; one of the same pair, source and day is replaced."""
        self._rows.write(RATES)[rate.base.code, rate.quote.code, rate.source, rate.on] = rate

    def on(self, base: Currency, quote: Currency, *, source: str, day: date) -> ExchangeRate | None:
        """Return the newest rate of a source not later than a day, or None."""
        fitting = [
            rate
            for rate in self._rows.read(RATES).values()
            if (rate.base, rate.quote, rate.source) == (base, quote, source) and rate.on <= day
        ]
        return max(fitting, key=lambda rate: rate.on, default=None)
