"""Reconcile queries: every stored total against the rows that it sums up, in one statement.

One shop's differences are read in a view; ``all_differences`` reads those of every shop that a
connection sees, for backups, drills and tests.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import psycopg
from psycopg.rows import dict_row
from sqlalchemy import text

from kasa.adapters.postgres.connection import TenantConnection
from kasa.application.ports.books import Difference, Total
from kasa.application.ports.files import meter_of
from kasa.domain.files.file import FileKind
from kasa.domain.invoicing.balance import LOWERS
from kasa.domain.kernel.ids import TenantId
from kasa.domain.subscriptions.plan import CAPACITY_PERIOD, Meter

_OWN = re.compile(r"(?:\w+\.)?tenant_id = :tenant")


def _words(values: Iterable[str]) -> str:
    return ", ".join(f"'{value}'" for value in sorted(values))


def _bytes(meter: Meter) -> str:
    kinds = _words(kind for kind in FileKind if meter_of(kind) is meter)
    return (
        "sum(f.size_bytes) AS counted FROM kasa.files f "
        f"WHERE f.tenant_id = :tenant AND f.kind IN ({kinds})"
    )


LIVE: Mapping[Meter, str] = {
    Meter.PRODUCTS: (
        "count(*) AS counted FROM kasa.products p "
        "WHERE p.tenant_id = :tenant AND p.archived_at IS NULL"
    ),
    Meter.CUSTOMERS: (
        "count(*) AS counted FROM kasa.customers c WHERE c.tenant_id = :tenant AND NOT c.archived"
    ),
    Meter.STORAGE: _bytes(Meter.STORAGE),
    Meter.RECEIPTS: _bytes(Meter.RECEIPTS),
}
"""What a capacity meter counts, as the rest of a SELECT."""

_STOCK = """moved AS (SELECT m.tenant_id, m.sku_id, m.location_id, sum(m.d_on_hand) AS on_hand,
    sum(m.d_reserved) AS reserved, sum(m.d_owed) AS owed, sum(m.d_value_minor) AS value,
    count(*) AS movements FROM kasa.stock_movements m WHERE m.tenant_id = :tenant
  GROUP BY m.tenant_id, m.sku_id, m.location_id),
promised AS (SELECT r.tenant_id, r.sku_id, r.location_id,
    sum(r.quantity) FILTER (WHERE r.state = 'held') AS held, sum(r.owed) AS owing
  FROM kasa.stock_reservations r WHERE r.tenant_id = :tenant
  GROUP BY r.tenant_id, r.sku_id, r.location_id),
stock AS (SELECT l.tenant_id, v.total, CAST(l.sku_id AS text) AS thing, v.stored, v.counted
  FROM kasa.stock_levels l
  LEFT JOIN moved m ON (m.tenant_id, m.sku_id, m.location_id)
    = (l.tenant_id, l.sku_id, l.location_id)
  LEFT JOIN promised p ON (p.tenant_id, p.sku_id, p.location_id)
    = (l.tenant_id, l.sku_id, l.location_id)
  CROSS JOIN LATERAL (VALUES ('stock.on_hand', l.on_hand, m.on_hand),
    ('stock.reserved', l.reserved, m.reserved), ('stock.owed', l.owed, m.owed),
    ('stock.value', l.value_minor, m.value), ('stock.movements', l.version, m.movements),
    ('stock.held', l.reserved, p.held), ('stock.owing', l.owed, p.owing))
    AS v(total, stored, counted)
  WHERE l.tenant_id = :tenant)"""
_DUE = f"""booked AS (SELECT e.tenant_id, e.invoice_id, count(*) AS entries,
    sum(CASE WHEN e.kind IN ({_words(LOWERS)}) THEN - e.amount_minor ELSE e.amount_minor END) AS sum
  FROM kasa.invoice_entries e WHERE e.tenant_id = :tenant GROUP BY e.tenant_id, e.invoice_id),
due AS (SELECT i.tenant_id, v.total, CAST(i.id AS text) AS thing, v.stored, v.counted
  FROM kasa.invoices i
  LEFT JOIN booked b ON (b.tenant_id, b.invoice_id) = (i.tenant_id, i.id)
  CROSS JOIN LATERAL (VALUES ('invoice.due', i.due_minor, i.gross_minor + coalesce(b.sum, 0)),
    ('invoice.entries', CAST(i.entries_count AS bigint), b.entries)) AS v(total, stored, counted)
  WHERE i.tenant_id = :tenant)"""
_NUMBERS = """given AS (SELECT i.tenant_id, i.series, i.series_year AS year,
    i.series_number AS number
  FROM kasa.invoices i WHERE i.tenant_id = :tenant AND i.number IS NOT NULL
  UNION ALL SELECT n.tenant_id, n.parts ->> 'series', CAST(n.parts ->> 'year' AS int),
    CAST(n.parts ->> 'number' AS bigint)
  FROM (SELECT c.tenant_id, CAST(c.note AS jsonb) -> 'number' AS parts FROM kasa.credit_notes c
    WHERE c.tenant_id = :tenant) n),
counts AS (SELECT g.tenant_id, g.series, g.year, count(DISTINCT g.number) AS given,
    max(g.number) AS last FROM given g GROUP BY g.tenant_id, g.series, g.year),
series AS (SELECT s.tenant_id, s.series, s.year, s.first, s.next
  FROM kasa.number_series s WHERE s.tenant_id = :tenant),
numbers AS (SELECT coalesce(s.tenant_id, c.tenant_id) AS tenant_id, v.total,
    coalesce(s.series, c.series) || '/' || coalesce(s.year, c.year) AS thing, v.stored, v.counted
  FROM series s FULL JOIN counts c ON s.tenant_id = c.tenant_id AND s.series = c.series
    AND s.year = c.year
  CROSS JOIN LATERAL (VALUES ('numbers.given', s.next - s.first, c.given),
    ('numbers.last', s.next - 1, coalesce(c.last, s.next - 1))) AS v(total, stored, counted))"""
_CREDIT = """changed AS (SELECT e.tenant_id, e.customer_id, e.currency, sum(e.change_minor) AS sum
  FROM kasa.customer_credit_entries e WHERE e.tenant_id = :tenant
  GROUP BY e.tenant_id, e.customer_id, e.currency),
balances AS (SELECT b.tenant_id, b.customer_id, b.currency, b.balance_minor
  FROM kasa.customer_credits b WHERE b.tenant_id = :tenant),
credit AS (SELECT coalesce(b.tenant_id, e.tenant_id) AS tenant_id, 'credit.balance' AS total,
    coalesce(b.customer_id, e.customer_id) || '/' || coalesce(b.currency, e.currency) AS thing,
    b.balance_minor AS stored, e.sum AS counted
  FROM balances b FULL JOIN changed e ON b.tenant_id = e.tenant_id
    AND b.customer_id = e.customer_id AND b.currency = e.currency)"""
_COUNTED = " UNION ALL ".join(
    f"SELECT tenant_id, '{meter}' AS meter, {rest} GROUP BY tenant_id"
    for meter, rest in LIVE.items()
)
_USAGE = f"""live AS ({_COUNTED}),
counters AS (SELECT u.tenant_id, u.meter, u.used FROM kasa.usage_counters u
  WHERE u.tenant_id = :tenant AND u.period_start = '{CAPACITY_PERIOD.isoformat()}'
  AND u.meter IN ({_words(LIVE)})),
usage AS (SELECT coalesce(u.tenant_id, l.tenant_id) AS tenant_id,
    'usage.' || coalesce(u.meter, l.meter) AS total, coalesce(u.meter, l.meter) AS thing,
    u.used AS stored, l.counted
  FROM counters u FULL JOIN live l ON u.tenant_id = l.tenant_id AND u.meter = l.meter)"""
_TOTALS = ("stock", "due", "numbers", "credit", "usage")
_EVERY = " UNION ALL ".join(
    f"SELECT tenant_id, total, thing, coalesce(CAST(stored AS bigint), 0) AS stored, "
    f"coalesce(CAST(counted AS bigint), 0) AS counted FROM {name}"
    for name in _TOTALS
)
STATEMENT = (
    f"WITH {_STOCK}, {_DUE}, {_NUMBERS}, {_CREDIT}, {_USAGE} "
    f"SELECT * FROM ({_EVERY}) every WHERE stored <> counted ORDER BY tenant_id, total, thing"
)
_OWN_SHOP = text(STATEMENT)
_EVERY_SHOP = _OWN.sub("true", STATEMENT)


def all_differences(
    connection: psycopg.Connection[Any], *, tenant: TenantId | None = None
) -> tuple[Difference, ...]:
    """Return the differences of every shop that a connection sees, or of one; none is good.

    All of them are compared at one moment. Row security applies: a login that bypasses it sees
    every shop, another one only that of its transaction.
    """
    statement = _EVERY_SHOP
    if tenant is not None:
        statement = _OWN.sub(lambda found: found[0].replace(":tenant", "%(tenant)s"), STATEMENT)
    with connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute(statement.encode(), {"tenant": tenant} if tenant is not None else None)
        return tuple(map(_difference, cursor))


def _difference(row: Mapping[str, Any]) -> Difference:
    return Difference(
        tenant=TenantId(row["tenant_id"]),
        total=Total(row["total"]),
        thing=row["thing"],
        stored=row["stored"],
        counted=row["counted"],
    )


class PostgresBooks:
    """Compares the totals of one tenant."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def differences(self) -> tuple[Difference, ...]:
        """Return every total that differs, by total and thing."""
        return tuple(_difference(dict(row)) for row in self._rows.all(_OWN_SHOP))
