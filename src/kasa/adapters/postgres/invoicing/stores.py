"""Customers, numbers, credit with its notes, rates."""

from datetime import date

import attrs
from sqlalchemy import text

from kasa.adapters.postgres.connection import TenantConnection
from kasa.adapters.postgres.invoicing.values import customer_columns, customer_of, note_of
from kasa.adapters.postgres.rows import text_of
from kasa.application.ports.work import LockRank
from kasa.domain.invoicing.balance import CreditEntry, CustomerCredit
from kasa.domain.invoicing.credit_note import CreditNote
from kasa.domain.invoicing.customer import Customer, PhoneTaken
from kasa.domain.invoicing.numbering import (
    DEFAULT_TEMPLATE,
    InvoiceNumber,
    Series,
    SeriesClockBehind,
    SeriesInUse,
)
from kasa.domain.kernel.foreign import ExternalRefTaken
from kasa.domain.kernel.ids import CustomerId, InvoiceId
from kasa.domain.kernel.money import Currency, ExchangeRate, Money

_CUSTOMER = "SELECT * FROM customers WHERE tenant_id = :tenant AND id = :id"
_GET_CUSTOMER = text(_CUSTOMER)
_LOCK_CUSTOMER = text(f"{_CUSTOMER} FOR NO KEY UPDATE")
_COLUMNS = (
    "name",
    "name_key",
    "name_km",
    "phone",
    "email",
    "address",
    "tin",
    "country",
    "language",
    "external_ref",
    "metadata",
    "created_at",
    "updated_at",
    "archived_at",
    "archived",
    "version",
)
_ADD_CUSTOMER = text(
    f"INSERT INTO customers (tenant_id, id, {', '.join(_COLUMNS)}) "
    f"VALUES (:tenant, :id, {', '.join(f':{name}' for name in _COLUMNS)})"
)
_SAVE_CUSTOMER = text(
    f"UPDATE customers SET {', '.join(f'{name} = :{name}' for name in _COLUMNS)} "
    "WHERE tenant_id = :tenant AND id = :id"
)
_TAKEN = text(
    "SELECT id, phone = :phone AS by_phone FROM customers WHERE tenant_id = :tenant AND id <> :id "
    "AND (phone = :phone OR external_ref = :external_ref) ORDER BY by_phone DESC NULLS LAST LIMIT 1"
)
_NEXT = text(
    """INSERT INTO number_series AS s
  (tenant_id, series, year, first, next, template, last_issued_on)
SELECT :tenant, :series, :year, 1, 2, coalesce((SELECT p.template FROM number_series p
  WHERE p.tenant_id = :tenant AND p.series = :series AND p.year < :year
  ORDER BY p.year DESC LIMIT 1), :template), :today
ON CONFLICT (tenant_id, series, year) DO UPDATE SET next = s.next + 1, last_issued_on = :today
WHERE s.last_issued_on <= :today RETURNING next - 1 AS number, template"""
)
_LAST = text(
    "SELECT last_issued_on FROM number_series "
    "WHERE tenant_id = :tenant AND series = :series AND year = :year"
)
_SET_SERIES = text(
    """INSERT INTO number_series AS s
  (tenant_id, series, year, first, next, template, last_issued_on)
VALUES (:tenant, :series, :year, :first, :first, :template, :never)
ON CONFLICT (tenant_id, series, year) DO UPDATE
SET first = :first, next = :first, template = :template
WHERE s.last_issued_on = :never RETURNING 1"""
)
_NAMES = text("SELECT DISTINCT series FROM number_series WHERE tenant_id = :tenant ORDER BY series")
_CREDIT = text(
    "SELECT * FROM customer_credits WHERE tenant_id = :tenant AND customer_id = :customer "
    "AND currency = :currency FOR NO KEY UPDATE"
)
_APPEND = text(
    """WITH appended AS (INSERT INTO customer_credit_entries
    (tenant_id, id, customer_id, currency, change_minor, text, at, by)
  VALUES (:tenant, :id, :customer, :currency, :change, :note, :at, :by))
INSERT INTO customer_credits AS c (tenant_id, customer_id, currency, balance_minor, version)
VALUES (:tenant, :customer, :currency, :change, 1)
ON CONFLICT (tenant_id, customer_id, currency) DO UPDATE
SET balance_minor = c.balance_minor + :change, version = c.version + 1
RETURNING balance_minor, version"""
)
_ADD_NOTE = text(
    "INSERT INTO credit_notes (tenant_id, id, invoice_id, number, issue_date, issued_at, currency, "
    "net_minor, tax_minor, total_minor, note, snapshot, digest) VALUES (:tenant, :id, :invoice, "
    ":number, :issue_date, :issued_at, :currency, :net, :tax, :total, :note, :snapshot, :digest)"
)
_NOTES = text(
    "SELECT * FROM credit_notes WHERE tenant_id = :tenant AND invoice_id = :invoice ORDER BY id"
)
_SET_RATE = text(
    "INSERT INTO exchange_rates (tenant_id, base, quote, source, day, rate, reference) "
    "VALUES (:tenant, :base, :quote, :source, :day, :rate, :reference) "
    "ON CONFLICT (tenant_id, base, quote, source, day) "
    "DO UPDATE SET rate = excluded.rate, reference = excluded.reference"
)
_RATE = text(
    "SELECT * FROM exchange_rates WHERE tenant_id = :tenant AND base = :base AND quote = :quote "
    "AND source = :source AND day <= :day ORDER BY day DESC LIMIT 1"
)


class PostgresCustomers:
    """Customers of one unit of work."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows
        self._read: dict[CustomerId, Customer] = {}

    def add(self, customer: Customer) -> None:
        """Store a new customer, or raise ``customer.phone_taken`` or ``external_ref.taken``."""
        self._check(customer)
        self._rows.added(LockRank.DOCUMENTS, customer.id)
        self._rows.write(_ADD_CUSTOMER, **customer_columns(customer))

    def lock(self, id: CustomerId) -> Customer:
        """Return the customer, locked until the unit of work ends, or raise NotFound."""
        self._rows.claim(LockRank.DOCUMENTS, id)
        return customer_of(self._rows.get(_LOCK_CUSTOMER, id=id))

    def get(self, id: CustomerId) -> Customer:
        """Return the customer without a lock, or raise NotFound; read once."""
        if id not in self._read:
            self._read[id] = customer_of(self._rows.get(_GET_CUSTOMER, id=id))
        return self._read[id]

    def save(self, customer: Customer) -> None:
        """Store a customer that was locked in the same unit of work; refusals as ``add``."""
        self._rows.require_claim(LockRank.DOCUMENTS, customer.id)
        self._check(customer)
        self._read.pop(customer.id, None)
        self._rows.write(_SAVE_CUSTOMER, **customer_columns(customer))

    def _check(self, customer: Customer) -> None:
        """Name the customer who has the phone or the reference; the unique index decides a race."""
        details = customer.details
        if details.phone is None and details.external_ref is None:
            return
        wanted = {"phone": details.phone, "external_ref": details.external_ref}
        other = self._rows.first(_TAKEN, id=customer.id, **wanted)
        if other is not None:
            holder = str(other["id"])
            if other["by_phone"]:
                raise PhoneTaken(customer=holder)
            raise ExternalRefTaken(holder=holder)


class PostgresSeries:
    """Counters of document numbers."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def next(self, name: str, *, on: date) -> InvoiceNumber:
        """Take the next number of a series in the year of a day; the last lock of all."""
        self._rows.claim(LockRank.NUMBERS, (name, on.year))
        key = {"series": name, "year": on.year}
        row = self._rows.first(_NEXT, **key, template=DEFAULT_TEMPLATE, today=on)
        if row is None:
            until = self._rows.scalar(_LAST, **key)
            raise SeriesClockBehind(until=until.isoformat())
        return Series(name=name, year=on.year, template=row["template"]).written(row["number"])

    def set(self, series: Series) -> None:
        """Store how a series starts in a year, or raise ``series.in_use`` once it has numbers."""
        self._rows.claim(LockRank.NUMBERS, (series.name, series.year))
        stored = self._rows.first(
            _SET_SERIES,
            series=series.name,
            year=series.year,
            first=series.first,
            template=series.template,
            never=date.min,
        )
        if stored is None:
            raise SeriesInUse(series=series.name, year=series.year)

    def names(self) -> tuple[str, ...]:
        """Return the names of the series that were set or used, sorted."""
        return tuple(row["series"] for row in self._rows.all(_NAMES))


class PostgresCredits:
    """Credit notes, and what customers have to their credit."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, note: CreditNote) -> None:
        """Store a new credit note."""
        assert note.snapshot is not None
        self._rows.write(
            _ADD_NOTE,
            id=note.id,
            invoice=note.invoice,
            number=note.number.text,
            issue_date=note.issue_date,
            issued_at=note.issued_at,
            currency=note.parts[0].amount.currency.code,
            net=note.figures.net,
            tax=note.figures.tax,
            total=note.figures.total,
            note=text_of(attrs.evolve(note, snapshot=None)),
            snapshot=note.snapshot.text,
            digest=note.snapshot.digest,
        )

    def of_invoice(self, id: InvoiceId) -> tuple[CreditNote, ...]:
        """Return the credit notes of an invoice in order; exact while it is locked."""
        return tuple(note_of(row) for row in self._rows.all(_NOTES, invoice=id))

    def lock(self, customer: CustomerId, currency: Currency) -> CustomerCredit:
        """Return a customer's credit, locked when it was ever used; else an empty one."""
        self._rows.claim(LockRank.CREDIT, (customer, currency.code))
        row = self._rows.first(_CREDIT, customer=customer, currency=currency.code)
        if row is None:
            return CustomerCredit(customer=customer, balance=Money.zero(currency))
        balance = Money(row["balance_minor"], currency)
        return CustomerCredit(customer=customer, balance=balance, version=row["version"])

    def append(self, entry: CreditEntry) -> CustomerCredit:
        """Append a change of credit that no invoice explains, and return what is left."""
        unit = entry.change.currency
        self._rows.claim(LockRank.CREDIT, (entry.customer, unit.code))
        row = self._rows.get(
            _APPEND,
            id=entry.id,
            customer=entry.customer,
            currency=unit.code,
            change=entry.change.minor,
            note=entry.text,
            at=entry.at,
            by=entry.by,
        )
        balance = Money(row["balance_minor"], unit)
        return CustomerCredit(customer=entry.customer, balance=balance, version=row["version"])


class PostgresRates:
    """Exchange rates that the shop entered."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def set(self, rate: ExchangeRate) -> None:
        """Store a rate; one of the same pair, source and day is replaced."""
        self._rows.write(
            _SET_RATE,
            base=rate.base.code,
            quote=rate.quote.code,
            source=rate.source,
            day=rate.on,
            rate=rate.rate,
            reference=rate.reference,
        )

    def on(self, base: Currency, quote: Currency, *, source: str, day: date) -> ExchangeRate | None:
        """Return the newest rate of a source not later than a day, or None."""
        row = self._rows.first(_RATE, base=base.code, quote=quote.code, source=source, day=day)
        if row is None:
            return None
        return ExchangeRate(
            base=base,
            quote=quote,
            rate=row["rate"],
            on=row["day"],
            source=source,
            reference=row["reference"],
        )
