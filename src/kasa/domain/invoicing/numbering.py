"""Numbers of documents: a series, a year, a count without gaps, and how they are written."""

import re
from datetime import date
from typing import ClassVar

import attrs

from kasa.domain.kernel.errors import Conflict, Invalid, Unavailable

DEFAULT_TEMPLATE = "{series}-{year}-{number:06d}"
NUMBER_LENGTH_LIMIT = 25
SERIES_LIMIT = 20
FIRST_LIMIT = 10**9
_NAME = re.compile(r"[A-Z]{1,8}\Z")
_TOKEN = re.compile(r"\{(?:series|year|yy|number:0([1-9])d)\}")
_LITERAL = re.compile(r"[A-Z0-9/-]*\Z")


class SeriesInUse(Conflict):
    """This series has numbered documents of this year already."""

    code = "series.in_use"


class SeriesTemplate(Invalid):
    """A template has a series, a year and a number, and writes at most 25 of A-Z, 0-9, / and -."""

    code = "series.template"


class TooManySeries(Invalid):
    """A shop has at most 20 series."""

    code = "series.too_many"


class SeriesClockBehind(Unavailable):
    """The clock stands before the last document's day; wait, or use another series."""

    code = "series.clock_behind"


@attrs.frozen(kw_only=True)
class InvoiceNumber:
    """The number of a document: its place in a series and year, and its frozen text."""

    series: str
    year: int
    number: int
    text: str

    def __str__(self) -> str:
        return self.text


@attrs.frozen(kw_only=True)
class Series:
    """How the documents of a series are numbered in one year, from ``first`` on."""

    INVOICE: ClassVar[str] = "INV"
    CREDIT_NOTE: ClassVar[str] = "CN"
    DEPOSIT: ClassVar[str] = "DEP"

    name: str
    year: int
    first: int = 1
    template: str = DEFAULT_TEMPLATE

    def __attrs_post_init__(self) -> None:
        if not _NAME.match(self.name) or not 1 <= self.first <= FIRST_LIMIT:
            raise SeriesTemplate(series=self.name[:8])
        check_template(self.template, self.name)

    def written(self, number: int) -> InvoiceNumber:
        """Return the number of a count, as it is printed."""
        text = write(self.template, self.name, year=self.year, number=number)
        return InvoiceNumber(series=self.name, year=self.year, number=number, text=text)


def write(template: str, series: str, *, year: int, number: int) -> str:
    """Return a count written by a template that was checked."""

    def token(found: re.Match[str]) -> str:
        word = found.group(0)
        if word == "{series}":
            return series
        if word == "{year}":
            return f"{year:04d}"
        if word == "{yy}":
            return f"{year % 100:02d}"
        return str(number).rjust(int(found.group(1)), "0")

    return _TOKEN.sub(token, template)


def check_template(template: str, series: str) -> None:
    """Return when a template is usable for a series, or raise ``series.template``."""
    tokens = [found.group(0) for found in _TOKEN.finditer(template)]
    widths = [int(found.group(1)) for found in _TOKEN.finditer(template) if found.group(1)]
    complete = "{series}" in tokens and len(widths) == 1
    dated = "{year}" in tokens or "{yy}" in tokens
    if not (complete and dated and _LITERAL.match(_TOKEN.sub("", template))):
        raise SeriesTemplate
    widest = write(template, series, year=date.max.year, number=10 ** widths[0] - 1)
    if len(widest) > NUMBER_LENGTH_LIMIT:
        raise SeriesTemplate(limit=NUMBER_LENGTH_LIMIT)
