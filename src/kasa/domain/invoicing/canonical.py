"""Documents as canonical JSON: sorted keys, no spaces, UTF-8, every number that matters as text.

The same value always gives the same bytes, so a digest over them proves what a document said.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import attrs

from kasa.domain.invoicing.decimals import plain
from kasa.domain.kernel.money import Currency, Money, currency

ValueT = TypeVar("ValueT")
_UNIONS = (Union, UnionType)


def written(value: attrs.AttrsInstance) -> str:
    """Return the canonical text of a document."""
    return json.dumps(
        _plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def read(text: str, kind: type[ValueT]) -> ValueT:
    """Return the document of a canonical text; fields that it does not name keep their default.

    Raise ``ValueError``, ``KeyError`` or ``TypeError`` for anything else: such a text is damaged.
    """
    return _built(json.loads(text), kind)  # type: ignore[no-any-return]  # built by its own type


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Money):
        return {"amount": value.text, "currency": value.currency.code}
    if isinstance(value, Currency):
        return {"code": value.code, "exponent": value.exponent}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str | int):
        return value
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return {field.name: _plain(getattr(value, field.name)) for field in attrs.fields(type(value))}


def _built(value: Any, kind: Any) -> Any:
    kind = getattr(kind, "__supertype__", kind)
    if get_origin(kind) in _UNIONS:
        if value is None:
            return None
        kind = next(one for one in get_args(kind) if one is not type(None))
        return _built(value, kind)
    if get_origin(kind) is tuple:
        return tuple(_built(one, get_args(kind)[0]) for one in value)
    if kind is Money:
        return Money.parse(value["amount"], currency(value["currency"]))
    if kind is Currency:
        return attrs.evolve(currency(value["code"]), exponent=value["exponent"])
    if kind in {datetime, date}:
        return kind.fromisoformat(value)
    if attrs.has(kind):
        return _attrs(value, kind)
    return kind(value)


def _attrs(value: Mapping[str, Any], kind: type[Any]) -> Any:
    hints = _hints(kind)
    return kind(
        **{name: _built(value[name], hint) for name, hint in hints.items() if name in value}
    )


@lru_cache(maxsize=64)
def _hints(kind: type[Any]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in attrs.fields(kind)}
