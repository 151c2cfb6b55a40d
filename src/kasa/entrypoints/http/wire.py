"""Values as they travel in JSON: money, short and long texts, versions."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec

from kasa.domain.kernel.foreign import Metadata
from kasa.domain.kernel.money import Currency, Money, MoneySyntax, currency
from kasa.entrypoints.shown.values import MoneyOut

AMOUNT_PATTERN = r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?"
_AMOUNT = re.compile(AMOUNT_PATTERN + r"\Z")
_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z"
ITEMS_LIMIT = 1000

Word = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Line = Annotated[str, msgspec.Meta(max_length=200)]
Paragraph = Annotated[str, msgspec.Meta(max_length=2000)]
CurrencyCode = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{3}\Z", examples=["USD"])]
Version = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1, description="as it was read")]
Count = Annotated[int, msgspec.Meta(ge=0, le=10**9)]
Quantity = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?\Z", max_length=20, examples=["2", "1.5"]
    ),
]
SignedQuantity = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?\Z", max_length=20, examples=["-1", "3"]
    ),
]
Reference = Annotated[
    str, msgspec.Meta(max_length=64, description="of another system; unique per kind")
]
Pairs = Annotated[
    dict[
        Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_.:-]{1,40}\Z")],
        Annotated[str, msgspec.Meta(max_length=500)],
    ],
    msgspec.Meta(max_length=20, description="at most 20; kasa keeps them and never reads them"),
]
Moment = Annotated[
    datetime,
    msgspec.Meta(
        tz=True, description="RFC 3339 with its offset", examples=["2026-11-22T08:00:00Z"]
    ),
]
Search = Annotated[str, msgspec.Meta(max_length=100)]


class Amount(str):
    """The canonical text of an amount; a JSON number is none."""

    __slots__ = ()


class MoneyIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An amount of a currency, as text with at most the currency's decimals."""

    amount: Amount
    currency: CurrencyCode


class Versioned(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is changed as it was last read, and not otherwise."""

    version: Version


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A body without members."""


def money(given: MoneyIn) -> Money:
    """Return the money that was sent, or raise ``money.*``, ``currency.unknown``."""
    return Money.parse(given.amount, currency(given.currency))


def money_out(amount: Money) -> MoneyOut:
    """Return money as it is answered."""
    return MoneyOut.of(amount)


def money_out_or_none(amount: Money | None) -> MoneyOut | None:
    """Return money as it is answered, if there is any."""
    return None if amount is None else money_out(amount)


def currency_or_none(code: str | None) -> Currency | None:
    """Return a currency by its code, if one is given; raise ``currency.unknown``."""
    return None if code is None else currency(code)


def metadata(pairs: Mapping[str, str]) -> Metadata:
    """Return what another system wants kept beside a thing."""
    return Metadata.of(pairs)


def moment(at: datetime) -> datetime:
    """Return a moment in UTC, which is written with ``Z``."""
    return at.astimezone(UTC)


def read_special(kind: type, given: Any) -> Any:
    """Read what the decoder does not know: amounts."""
    if kind is Amount:
        if not isinstance(given, str) or not _AMOUNT.match(given):
            raise ValueError(MoneySyntax.code) from MoneySyntax()
        return Amount(given)
    raise NotImplementedError(kind)


def schema_special(kind: type) -> dict[str, Any]:
    """Return the schema of what the decoder does not know."""
    if kind is Amount:
        return {
            "type": "string",
            "pattern": f"^{AMOUNT_PATTERN}$",
            "maxLength": 23,
            "examples": ["12.50"],
        }
    raise NotImplementedError(kind)
