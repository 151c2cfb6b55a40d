"""Money, rates and moments as they are shown."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TypeVar

import attrs

from kasa.domain.invoicing.decimals import plain
from kasa.domain.invoicing.tax import TaxRate
from kasa.domain.kernel.money import Currency, ExchangeRate, Money

ValueT = TypeVar("ValueT")
ShownT = TypeVar("ShownT")


@attrs.frozen(kw_only=True)
class MoneyOut:
    """An amount of a currency, as text with exactly the currency's decimals."""

    amount: str
    currency: str

    @classmethod
    def of(cls, money: Money) -> "MoneyOut":
        """Return money as it is shown."""
        return cls(amount=money.text, currency=money.currency.code)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    @classmethod
    def minor(cls, minor: int, unit: Currency) -> "MoneyOut":
        """Return whole minor units of a currency as they are shown."""
        return cls.of(Money(minor, unit))


@attrs.frozen(kw_only=True)
class RateOut:
    """How many ``quote`` one ``base`` is on a day, by a source."""

    base: str
    quote: str
    rate: str
    on: date
    source: str
    reference: str

    @classmethod
    def of(cls, rate: ExchangeRate) -> "RateOut":
        """Return a rate as it is shown."""
        return cls(
            base=rate.base.code,
            quote=rate.quote.code,
            rate=plain(rate.rate),
            on=rate.on,
            source=rate.source,
            reference=rate.reference,
        )


@attrs.frozen(kw_only=True)
class TaxOut:
    """A tax rate: a category of EN 16931 and its percent."""

    category: str
    percent: str
    label: str
    exemption_reason: str

    @classmethod
    def of(cls, rate: TaxRate) -> "TaxOut":
        """Return a tax rate as it is shown."""
        return cls(
            category=rate.category.value,
            percent=plain(rate.percent),
            label=rate.label,
            exemption_reason=rate.exemption_reason,
        )


def moment(at: datetime) -> datetime:
    """Return a moment in UTC."""
    return at.astimezone(UTC)


def maybe(show: Callable[[ValueT], ShownT], value: ValueT | None) -> ShownT | None:
    """Return what shows a value, or None when there is none."""
    return None if value is None else show(value)
