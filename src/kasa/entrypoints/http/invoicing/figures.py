"""Number series and exchange rates over HTTP."""

from typing import Annotated

import msgspec

from kasa.domain.invoicing.numbering import (
    DEFAULT_TEMPLATE,
    SeriesInUse,
    SeriesTemplate,
    TooManySeries,
)
from kasa.domain.kernel.errors import NotFound
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.invoicing.bodies import RateIn, rate
from kasa.entrypoints.http.paging import PageOf
from kasa.entrypoints.http.routing import Route
from kasa.entrypoints.http.wire import CurrencyCode, currency_or_none
from kasa.entrypoints.opened import OpenKasa
from kasa.entrypoints.shown.figures import SeriesShown
from kasa.entrypoints.shown.values import RateOut

Name = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{1,8}\Z", max_length=8)]
Year = Annotated[int, msgspec.Meta(ge=2000, le=2999)]
First = Annotated[int, msgspec.Meta(ge=1, le=10**9)]
Template = Annotated[str, msgspec.Meta(max_length=100)]


class SeriesIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a series starts in a year, this year's unless stated."""

    name: Name
    year: Year | None = None
    first: First = 1
    template: Template = DEFAULT_TEMPLATE


class SeriesPatch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What changes of a series before its first document; what is left out stays."""

    name: Name
    year: Year
    first: First | None = None
    template: Template | None = None


class SeriesList(msgspec.Struct, frozen=True, kw_only=True):
    """Every series, by name, its newest year first."""

    items: tuple[SeriesShown, ...]


class RateQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which rates are listed."""

    base: CurrencyCode | None = None
    quote: CurrencyCode | None = None


def series(call: Call) -> SeriesList:
    """List how documents are numbered."""
    return SeriesList(items=tuple(map(SeriesShown.of, call.served())))


def add_series(call: Call) -> SeriesShown:
    """Say how a series is numbered in a year, before its first document."""
    given: SeriesIn = call.body
    made = call.served(given.name, first=given.first, template=given.template, year=given.year)
    return SeriesShown.fresh(made)


def change_series(call: Call) -> SeriesShown:
    """Change how a series starts, before its first document."""
    given: SeriesPatch = call.body
    known = call.look(
        call.opened.kasa.invoicing.queries.series,
    )
    found = [
        row.series
        for row in known
        if (row.series.name, row.series.year) == (given.name, given.year)
    ]
    if not found:
        raise NotFound
    before = found[0]
    made = call.served(
        given.name,
        first=before.first if given.first is None else given.first,
        template=before.template if given.template is None else given.template,
        year=given.year,
    )
    return SeriesShown.fresh(made)


def rates(call: Call) -> PageOf[RateOut]:
    """List the rates that the shop entered, the newest day first."""
    asked: RateQuery = call.query
    found = call.served(
        base=currency_or_none(asked.base),
        quote=currency_or_none(asked.quote),
        after=call.after,
        limit=call.limit,
    )
    return call.page(found, of=RateOut.of)


def add_rate(call: Call) -> RateOut:
    """Enter the rate of a day; one of the same pair, source and day is replaced."""
    return RateOut.of(call.served(rate(call.body)))


def routes(opened: OpenKasa) -> tuple[Route, ...]:
    """Return the routes of series and rates."""
    use = opened.kasa.invoicing
    refusals = (SeriesInUse, SeriesTemplate, TooManySeries)
    return (
        Route(
            method="GET",
            path="/number-series",
            serves=use.queries.series,
            handle=series,
            answers=SeriesList,
        ),
        Route(
            method="POST",
            path="/number-series",
            serves=use.set_series_start,
            handle=add_series,
            answers=SeriesShown,
            status=201,
            body=SeriesIn,
            refuses=refusals,
        ),
        Route(
            method="PATCH",
            path="/number-series",
            serves=use.set_series_start,
            handle=change_series,
            answers=SeriesShown,
            body=SeriesPatch,
            refuses=refusals,
        ),
        Route(
            method="GET",
            path="/exchange-rates",
            serves=use.queries.rates,
            handle=rates,
            answers=PageOf[RateOut],
            query=RateQuery,
            paged=True,
        ),
        Route(
            method="POST",
            path="/exchange-rates",
            serves=use.set_rate,
            handle=add_rate,
            answers=RateOut,
            status=201,
            body=RateIn,
        ),
    )
