"""Documents as canonical JSON: sorted keys, no spaces, UTF-8, every number that matters as text.

The same value always gives the same bytes, so a digest over them proves what a document said.
"""

import json
from collections.abc import Callable, Mapping
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


def _as_is(value: Any) -> Any:
    return value


_WRITERS: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (type(None) | bool, _as_is),
    (Money, lambda money: {"amount": money.text, "currency": money.currency.code}),
    (Currency, lambda unit: {"code": unit.code, "exponent": unit.exponent}),
    (Enum, lambda word: word.value),
    (str | int, _as_is),
    (Decimal, plain),
    (date, lambda moment: moment.isoformat()),
    (UUID, str),
    (tuple, lambda values: [_plain(one) for one in values]),
)
_READERS: dict[Any, Callable[[Any], Any]] = {
    Money: lambda value: Money.parse(value["amount"], currency(value["currency"])),
    Currency: lambda value: attrs.evolve(currency(value["code"]), exponent=value["exponent"]),
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
}


def _plain(value: Any) -> Any:
    for kinds, write in _WRITERS:
        if isinstance(value, kinds):
            return write(value)
    return {field.name: _plain(getattr(value, field.name)) for field in attrs.fields(type(value))}


def _built(value: Any, kind: Any) -> Any:
    kind = getattr(kind, "__supertype__", kind)
    if get_origin(kind) in _UNIONS:
        plain_kind = next(one for one in get_args(kind) if one is not type(None))
        return None if value is None else _built(value, plain_kind)
    if get_origin(kind) is tuple:
        return tuple(_built(one, get_args(kind)[0]) for one in value)
    if kind in _READERS:
        return _READERS[kind](value)
    return _attrs(value, kind) if attrs.has(kind) else kind(value)


def _attrs(value: Mapping[str, Any], kind: Any) -> Any:
    hints = _hints(kind)
    known = {name: _built(value[name], hint) for name, hint in hints.items() if name in value}
    return kind(**known)


@lru_cache(maxsize=64)
def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in attrs.fields(kind)}
