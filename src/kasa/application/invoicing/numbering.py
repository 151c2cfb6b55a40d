"""How documents are numbered, and at which rates they are converted."""

from typing import ClassVar

import attrs

from kasa.application.ports.system import Clock
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.invoicing.decimals import plain
from kasa.domain.invoicing.events import RateSet, SeriesChanged
from kasa.domain.invoicing.numbering import (
    DEFAULT_TEMPLATE,
    SERIES_LIMIT,
    Series,
    TooManySeries,
)
from kasa.domain.kernel.moments import business_date
from kasa.domain.kernel.money import ExchangeRate


@attrs.frozen(kw_only=True, eq=False)
class SetSeriesStart:
    """Say how a series is numbered in a year, before its first document; adds a new series."""

    permission: ClassVar[Permission] = Permission.CHANGE_TENANT

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(
        self,
        actor: Actor,
        name: str,
        *,
        first: int = 1,
        template: str = DEFAULT_TEMPLATE,
        year: int | None = None,
    ) -> Series:
        """Store the start, this year's unless stated; raise ``series.in_use``, ``.template``."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            wanted = business_date(now, work.tenant.zone).year if year is None else year
            series = Series(name=name, year=wanted, first=first, template=template)
            names = work.series.names()
            if name not in names and len(names) >= SERIES_LIMIT:
                raise TooManySeries(limit=SERIES_LIMIT)
            work.series.set(series)
            changed = SeriesChanged(
                subject=work.tenant.id,
                series=series.name,
                year=series.year,
                first=series.first,
                template=series.template,
            )
            work.events.record(changed, at=now)
            return work.answer(series)


@attrs.frozen(kw_only=True, eq=False)
class SetRate:
    """Enter the exchange rate of a day; invoices that were issued keep theirs."""

    permission: ClassVar[Permission] = Permission.CHANGE_TENANT

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, rate: ExchangeRate) -> ExchangeRate:
        """Store the rate; one of the same pair, source and day is replaced."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            work.rates.set(rate)
            entered = RateSet(
                subject=work.tenant.id,
                base=rate.base.code,
                quote=rate.quote.code,
                rate=plain(rate.rate),
                on=rate.on,
                source=rate.source,
            )
            work.events.record(entered, at=now)
            return work.answer(rate)
