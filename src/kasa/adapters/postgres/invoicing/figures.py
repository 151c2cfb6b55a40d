"""Reads of the figures that documents are made with: numbers and rates."""

from datetime import date

from sqlalchemy import text

from kasa.adapters.postgres.connection import TenantConnection
from kasa.application.ports.invoicing import SeriesRow
from kasa.domain.invoicing.numbering import Series
from kasa.domain.kernel.money import Currency, ExchangeRate, currency
from kasa.domain.kernel.paging import PAGE_DEFAULT, Cursor, Page

_SERIES = text("SELECT * FROM number_series WHERE tenant_id = :tenant ORDER BY series, year DESC")
_RATES = text(
    """SELECT * FROM exchange_rates WHERE tenant_id = :tenant
  AND (CAST(:base AS text) IS NULL OR base = CAST(:base AS text))
  AND (CAST(:quote AS text) IS NULL OR quote = CAST(:quote AS text))
  AND (CAST(:day AS date) IS NULL OR day < CAST(:day AS date)
    OR (day = CAST(:day AS date) AND (CAST(base AS text), CAST(quote AS text), source)
      > (CAST(:last_base AS text), CAST(:last_quote AS text), CAST(:source AS text))))
ORDER BY day DESC, base, quote, source LIMIT :limit"""
)


class PostgresSeriesViews:
    """Reads of the counters of document numbers."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def listed(self) -> tuple[SeriesRow, ...]:
        """Return every series that was set or used, by name, its newest year first."""
        return tuple(
            SeriesRow(
                series=Series(
                    name=row["series"],
                    year=row["year"],
                    first=row["first"],
                    template=row["template"],
                ),
                next=row["next"],
                last_issued_on=None if row["last_issued_on"] == date.min else row["last_issued_on"],
            )
            for row in self._rows.all(_SERIES)
        )


class PostgresRateViews:
    """Reads of exchange rates that the shop entered."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def page(
        self,
        *,
        base: Currency | None = None,
        quote: Currency | None = None,
        after: Cursor | None = None,
        limit: int = PAGE_DEFAULT,
    ) -> Page[ExchangeRate]:
        """Return a page of rates, the newest day first, then by currencies and source."""
        day, last_base, last_quote, source = after.keys if after else (None,) * 4
        rows = self._rows.all(
            _RATES,
            base=base.code if base else None,
            quote=quote.code if quote else None,
            day=date.fromisoformat(day) if day else None,
            last_base=last_base,
            last_quote=last_quote,
            source=source,
            limit=limit + 1,
        )
        items = tuple(
            ExchangeRate(
                base=currency(row["base"]),
                quote=currency(row["quote"]),
                rate=row["rate"],
                on=row["day"],
                source=row["source"],
                reference=row["reference"],
            )
            for row in rows[:limit]
        )
        if len(rows) <= limit:
            return Page(items)
        last = items[-1]
        keys = (last.on.isoformat(), last.base.code, last.quote.code, last.source)
        return Page(items, Cursor(keys, self._rows.tenant))
