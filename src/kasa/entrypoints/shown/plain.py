"""Values of kasa as JSON: money, moments and states as the API writes them."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import Any
from uuid import UUID

import attrs

from kasa.domain.kernel.foreign import Metadata
from kasa.domain.kernel.money import Currency, Money


def plain(value: object) -> Any:
    """Return a value as what JSON can hold.

    Money is ``{"amount", "currency"}`` with exactly the currency's decimals, a moment RFC 3339 in
    UTC, a decimal number text, an attrs value an object of its fields.
    """
    if value is None or (isinstance(value, bool | int | str) and not isinstance(value, Enum)):
        return value
    written = next((write for kind, write in WRITTEN if isinstance(value, kind)), None)
    return _parts(value) if written is None else written(value)


def moment(at: datetime) -> str:
    """Return a moment in RFC 3339, in UTC with ``Z``."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


WRITTEN: tuple[tuple[type | UnionType, Callable[[Any], Any]], ...] = (
    (Enum, lambda value: value.value),
    (Money, lambda value: {"amount": value.text, "currency": value.currency.code}),
    (Currency, lambda value: value.code),
    (Metadata, lambda value: dict(value.pairs)),
    (datetime, moment),
    (bytes, bytes.hex),
    (date | UUID | Decimal | Path | timedelta, str),
)


def _parts(value: Any) -> Any:
    if attrs.has(type(value)):
        return {
            field.name: plain(getattr(value, field.name)) for field in attrs.fields(type(value))
        }
    if isinstance(value, Mapping):
        return {str(plain(name)): plain(part) for name, part in value.items()}
    if isinstance(value, frozenset | set):
        return sorted((plain(part) for part in value), key=str)
    if isinstance(value, tuple | list):
        return [plain(part) for part in value]
    raise TypeError(f"a {type(value).__name__} has no form in JSON")
