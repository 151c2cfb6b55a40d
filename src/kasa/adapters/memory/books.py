"""The totals of one tenant in memory against their rows."""

from collections import Counter
from collections.abc import Iterator, Mapping

from kasa.adapters.memory.inventory.tables import LEVELS, MOVEMENTS, RESERVATIONS
from kasa.adapters.memory.invoicing.rows import (
    CREDIT_ENTRIES,
    CREDITS,
    ENTRIES,
    INVOICES,
    NOTES,
    SERIES,
    entries_of,
)
from kasa.adapters.memory.subscriptions import USAGE, live
from kasa.adapters.memory.tables import Readable
from kasa.application.ports.books import Difference, Total
from kasa.domain.inventory.level import Level
from kasa.domain.invoicing.balance import balance
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.kernel.ids import CustomerId
from kasa.domain.subscriptions.plan import CAPACITY_PERIOD

_Compared = tuple[Total, str, int, int]


class MemoryBooks:
    """Compares the totals of one tenant."""

    def __init__(self, rows: Readable) -> None:
        self._rows = rows

    def differences(self) -> tuple[Difference, ...]:
        """Return every total that differs, by total and thing."""
        found = (
            Difference(
                tenant=self._rows.tenant, total=total, thing=thing, stored=stored, counted=counted
            )
            for total, thing, stored, counted in self._compared()
            if stored != counted
        )
        return tuple(sorted(found, key=lambda row: (row.total, row.thing)))

    def _compared(self) -> Iterator[_Compared]:
        for level in self._rows.read(LEVELS).values():
            yield from self._stock(level)
        for invoice in self._rows.read(INVOICES).values():
            yield from self._due(invoice)
        yield from self._numbers()
        yield from self._credit()
        yield from self._usage()

    def _stock(self, level: Level) -> Iterator[_Compared]:
        movements = [row for row in self._rows.read(MOVEMENTS).values() if row.place == level.place]
        promised = [
            row for row in self._rows.read(RESERVATIONS).values() if row.place == level.place
        ]
        held = sum(row.quantity for row in promised if row.held)
        for total, stored, counted in (
            (Total.STOCK_ON_HAND, level.on_hand, sum(row.d_on_hand for row in movements)),
            (Total.STOCK_RESERVED, level.reserved, sum(row.d_reserved for row in movements)),
            (Total.STOCK_OWED, level.owed, sum(row.d_owed for row in movements)),
            (Total.STOCK_VALUE, level.value_minor, sum(row.d_value for row in movements)),
            (Total.STOCK_MOVEMENTS, level.version, len(movements)),
            (Total.STOCK_HELD, level.reserved, held),
            (Total.STOCK_OWING, level.owed, sum(row.owed for row in promised)),
        ):
            yield total, str(level.sku), stored, counted

    def _due(self, invoice: Invoice) -> Iterator[_Compared]:
        entries = entries_of(self._rows, invoice.id)
        due = balance(invoice.gross, entries).minor
        yield Total.INVOICE_DUE, str(invoice.id), invoice.due_minor, due
        yield Total.INVOICE_ENTRIES, str(invoice.id), invoice.entries, len(entries)

    def _numbers(self) -> Iterator[_Compared]:
        given = [one.number for one in self._rows.read(INVOICES).values() if one.number is not None]
        given += [note.number for note in self._rows.read(NOTES).values()]
        series = self._rows.read(SERIES)
        for name, year in sorted({*series, *((one.series, one.year) for one in given)}):
            row, thing = series.get((name, year)), f"{name}/{year}"
            counts = {one.number for one in given if (one.series, one.year) == (name, year)}
            stored = row.next - row.series.first if row is not None else 0
            last = row.next - 1 if row is not None else 0
            yield Total.NUMBERS_GIVEN, thing, stored, len(counts)
            yield Total.NUMBERS_LAST, thing, last, max(counts, default=last)

    def _credit(self) -> Iterator[_Compared]:
        sums = self._credit_sums()
        balances = {key: one.balance.minor for key, one in self._rows.read(CREDITS).items()}
        for key in {*sums, *balances}:
            thing = f"{key[0]}/{key[1]}"
            yield Total.CREDIT_BALANCE, thing, balances.get(key, 0), sums.get(key, 0)

    def _credit_sums(self) -> Mapping[tuple[CustomerId, str], int]:
        sums = Counter[tuple[CustomerId, str]]()
        for (key, _), change in self._rows.read(CREDIT_ENTRIES).items():
            sums[key] += change.change.minor
        invoices = self._rows.read(INVOICES)
        for (invoice, _), entry in self._rows.read(ENTRIES).items():
            customer = invoices[invoice].customer
            if customer is not None:
                sums[customer, entry.amount.currency.code] += entry.on_credit
        return sums

    def _usage(self) -> Iterator[_Compared]:
        used = self._rows.read(USAGE)
        for total in Total:
            if (meter := total.meter) is not None:
                stored = used.get((meter, CAPACITY_PERIOD), 0)
                yield total, meter.value, stored, live(self._rows, meter)
