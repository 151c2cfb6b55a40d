"""Money, moments, text, identifiers and profiles of shops, for property tests."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from kasa.domain.kernel.foreign import Metadata
from kasa.domain.kernel.ids import TenantId
from kasa.domain.kernel.moments import Period
from kasa.domain.kernel.money import (
    CURRENCIES,
    KHR,
    MINOR_LIMIT,
    RATE_LIMIT,
    USD,
    Currency,
    ExchangeRate,
    Money,
)
from kasa.domain.kernel.retry import RetryPolicy
from kasa.domain.kernel.text import Name, Note, Phone, name, note
from kasa.domain.tenancy.tenant import DocumentKind, TenantProfile

EARLIEST = datetime(2020, 1, 1)  # noqa: DTZ001  # Hypothesis wants naive bounds
LATEST = datetime(2045, 1, 1)  # noqa: DTZ001  # Hypothesis wants naive bounds
ZONES = (
    "Asia/Phnom_Penh",
    "Europe/Warsaw",
    "America/Santiago",
    "Africa/Cairo",
    "Pacific/Apia",
    "UTC",
)
_LETTERS = st.characters(exclude_categories=("Cc", "Cs", "Co", "Cn"), max_codepoint=0xFFFF)


def moments() -> st.SearchStrategy[datetime]:
    """Draw aware moments in UTC with whole microseconds."""
    return st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC))


def zones() -> st.SearchStrategy[str]:
    """Draw time zones, some of them with daylight saving and moved midnights."""
    return st.sampled_from(ZONES)


def periods() -> st.SearchStrategy[Period]:
    """Draw half-open periods of up to 100 days."""
    spans = st.timedeltas(timedelta(microseconds=1), timedelta(days=100))
    return st.builds(lambda start, span: Period(start, start + span), moments(), spans)


def currencies() -> st.SearchStrategy[Currency]:
    """Draw every currency that kasa knows."""
    return st.sampled_from(sorted(CURRENCIES.values(), key=lambda row: row.code))


def moneys(
    unit: Currency | None = None, *, least: int = 1 - MINOR_LIMIT, most: int = MINOR_LIMIT - 1
) -> st.SearchStrategy[Money]:
    """Draw amounts between two numbers of minor units, of one currency or of any."""
    units = currencies() if unit is None else st.just(unit)
    return st.builds(Money, st.integers(least, most), units)


def exchange_rates(
    base: Currency | None = None, quote: Currency | None = None, *, most: int = RATE_LIMIT - 1
) -> st.SearchStrategy[ExchangeRate]:
    """Draw exchange rates between two different currencies, of at most ``most``."""
    pairs = st.tuples(
        currencies() if base is None else st.just(base),
        currencies() if quote is None else st.just(quote),
    ).filter(lambda pair: pair[0] != pair[1])
    return st.builds(
        lambda pair, rate, on, source: ExchangeRate(
            base=pair[0], quote=pair[1], rate=rate, on=on, source=source
        ),
        pairs,
        st.decimals(Decimal("0.000001"), most, places=6),
        st.dates(EARLIEST.date(), LATEST.date()),
        st.sampled_from(ExchangeRate.SOURCES),
    )


def names(limit: int = 60) -> st.SearchStrategy[Name]:
    """Draw names of one line, as ``text.name`` leaves them."""
    return (
        st.text(_LETTERS, min_size=1, max_size=limit)
        .filter(lambda text: bool(text.strip()))
        .map(lambda text: Name(text.strip()))
        .filter(_is_a_name)
    )


def _is_a_name(text: str) -> bool:
    return len(text) > 0 and name(text) == text


def notes(limit: int = 200) -> st.SearchStrategy[Note]:
    """Draw notes, possibly empty and of several lines, as ``text.note`` leaves them."""
    lines = st.lists(st.text(_LETTERS, max_size=40), max_size=4)
    return lines.map(lambda parts: note("\n".join(parts)[:limit]))


def metadata() -> st.SearchStrategy[Metadata]:
    """Draw what other systems keep beside things."""
    pairs = st.dictionaries(st.sampled_from(["order", "till.no", "a:b-c"]), notes(40))
    return pairs.map(Metadata.of)


def phones() -> st.SearchStrategy[Phone]:
    """Draw telephone numbers in their stored form."""
    return st.text("0123456789", min_size=8, max_size=15).map(lambda digits: Phone(f"+{digits}"))


def tenant_ids() -> st.SearchStrategy[TenantId]:
    """Draw identifiers of tenants."""
    return st.uuids(version=4).map(TenantId)


def retry_policies() -> st.SearchStrategy[RetryPolicy]:
    """Draw policies whose waits grow from seconds to an hour."""
    seconds = st.integers(1, 3600).map(lambda n: timedelta(seconds=n))
    return st.builds(
        RetryPolicy,
        first=seconds,
        factor=st.integers(1, 5),
        ceiling=seconds,
        give_up_after=st.integers(60, 90_000).map(lambda n: timedelta(seconds=n)),
        waits=st.just(()) | st.lists(seconds, min_size=1, max_size=5).map(tuple),
        attempts_max=st.integers(1, 25),
    )


def tenant_profiles() -> st.SearchStrategy[TenantProfile]:
    """Draw profiles of shops."""
    return st.builds(
        TenantProfile,
        name=names(),
        name_km=st.just("") | names(),
        address=notes(),
        tin=st.sampled_from(["", "K001-900012345"]),
        phone=st.just("") | phones(),
        zone=zones(),
        currency=st.sampled_from([KHR, USD]),
        cost_currency=st.sampled_from([KHR, USD]),
        document_kind=st.sampled_from(DocumentKind),
        prices_include_tax=st.booleans(),
        terms_days=st.integers(0, 365),
        hold_days=st.integers(0, 90),
        keep_years=st.integers(3, 100),
        evidence_months=st.integers(6, 120),
        auto_apply_credit=st.booleans(),
        accept_riel=st.booleans(),
        riel_step=st.sampled_from([1, 100, 500]),
    )


TYPES: dict[Any, st.SearchStrategy[Any]] = {
    datetime: moments(),
    Money: moneys(),
    Currency: currencies(),
    ExchangeRate: exchange_rates(),
    Period: periods(),
    Name: names(),
    Note: notes(),
    Phone: phones(),
    Metadata: metadata(),
    RetryPolicy: retry_policies(),
    TenantProfile: tenant_profiles(),
}
