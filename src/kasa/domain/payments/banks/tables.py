"""Every bank's layouts, id forms, dates inside references and alerts, gathered and versioned.

Source: payments.md, sections 11 to 13; the dates are inferred from the banks' numbering, which
no bank documents.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from types import ModuleType
from typing import Any

from kasa.domain.kernel.moments import business_date
from kasa.domain.payments.banks import (
    aba,
    acleda,
    amk,
    canadia,
    ccu,
    chipmong,
    cpbank,
    generic,
    hongleong,
    plb,
    ppc,
    prasac,
    prince,
    sathapana,
    vattanac,
    wing,
)
from kasa.domain.payments.banks.shapes import (
    AlertGrammar,
    BankLayout,
    Decode,
    IdForm,
    ReferenceDate,
)

TABLES_VERSION = "2026.3"
"""Rises with every change of what a picture or an alert is read as; stored with each verdict."""

BANK_ZONE = "Asia/Phnom_Penh"
BANKS: tuple[ModuleType, ...] = (
    aba,
    acleda,
    wing,
    vattanac,
    prasac,
    ppc,
    plb,
    canadia,
    hongleong,
    cpbank,
    sathapana,
    chipmong,
    amk,
    prince,
    ccu,
    generic,
)
"""One row per bank: its module gives ``LAYOUTS``, ``ID_FORMS``, ``REFERENCE_DATES``, ``ALERTS``
and ``BANK_NAMES``, any of which may be absent. The general words come last."""


def _gathered(table: str) -> Iterator[Any]:
    for bank in BANKS:
        yield from getattr(bank, table, ())


LAYOUTS: tuple[BankLayout, ...] = tuple(_gathered("LAYOUTS"))
ID_FORMS: dict[str, IdForm] = {form.scheme: form for form in _gathered("ID_FORMS")}
REFERENCE_DATES: dict[str, ReferenceDate] = {
    row.scheme: row for row in _gathered("REFERENCE_DATES")
}
ALERTS: tuple[AlertGrammar, ...] = tuple(_gathered("ALERTS"))
BANK_NAMES: dict[str, tuple[str, ...]] = dict(_gathered("BANK_NAMES"))
"""Codes of banks that a module adds to those of ``account.BANKS``, with their printed names."""

_LAST_DAY_OF_YEAR = 366


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


def reference_date(scheme: str, value: str, near: datetime) -> date | None:
    """Return the day inside a reference, in the bank's zone, or None when it holds none.

    ``near`` tells which decade a single digit of the year means: the nearest past one.
    """
    row = REFERENCE_DATES.get(scheme)
    found = _compiled(row.pattern).fullmatch(value) if row and row.used else None
    if row is None or found is None:
        return None
    day = _DECODERS[row.decode](found[1], business_date(near, BANK_ZONE))
    if day is None or (row.since and day < row.since) or (row.until and day > row.until):
        return None
    return day


def _day_of_year(year: int, day: int) -> date | None:
    if not 1 <= day <= _LAST_DAY_OF_YEAR:
        return None
    found = date(year, 1, 1) + timedelta(days=day - 1)
    return found if found.year == year else None


def _year_and_day(digits: str, _near: date) -> date | None:
    return _day_of_year(2000 + int(digits[:2]), int(digits[2:5]))


def _last_digit_and_day(digits: str, near: date) -> date | None:
    latest = near + timedelta(days=1)
    year = latest.year - (latest.year - int(digits[0])) % 10
    return _day_of_year(year, int(digits[1:4]))


def _unix_seconds(digits: str, _near: date) -> date | None:
    return business_date(datetime.fromtimestamp(int(digits), UTC), BANK_ZONE)


def _unix_milliseconds(digits: str, near: date) -> date | None:
    return _unix_seconds(digits[:10], near)


_DECODERS = {
    Decode.UNIX_SECONDS: _unix_seconds,
    Decode.UNIX_MILLISECONDS: _unix_milliseconds,
    Decode.LAST_DIGIT_AND_DAY: _last_digit_and_day,
    Decode.YEAR_AND_DAY: _year_and_day,
}
