"""One story, two stores: what memory and PostgreSQL tell of a seed is the same."""

import re
from collections.abc import Mapping
from enum import Enum
from itertools import zip_longest
from uuid import UUID

import attrs

from tests.simulation.play import Ended
from tests.simulation.world import Broken

Names = dict[str, int]

_WITHIN = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{32}\b")
"""Identifiers, and the random keys under which files lie."""


def require_same(first: Ended, second: Ended, *, same_ids: bool = True) -> None:
    """Require that two played worlds told one story and ended with the same books.

    A call that is made once more because its server was gone takes new identifiers and random
    keys. Then, without ``same_ids``, they are compared by the place where they first occur, so
    that what belongs together still has to.
    """
    for place, (one, other) in enumerate(zip_longest(first.world.story, second.world.story), 1):
        if one != other:
            raise Broken(f"seed {first.world.seed}, line {place}: {one!r} is not {other!r}")
    for number, (ours, theirs) in enumerate(zip(first.books, second.books, strict=True)):
        names: tuple[Names, Names] = ({}, {})
        for field in attrs.fields(type(ours)):
            one, other = getattr(ours, field.name), getattr(theirs, field.name)
            if not same_ids:
                one, other = renamed(one, names[0]), renamed(other, names[1])
            if one != other:
                seed = first.world.seed
                raise Broken(f"seed {seed}, shop {number}, {field.name}: {_first(one, other)}")


def renamed(value: object, names: Names) -> object:
    """Return a value with each identifier replaced by when it was first met."""
    if isinstance(value, UUID):
        return names.setdefault(str(value), len(names))
    if isinstance(value, str) and not isinstance(value, Enum):
        return _WITHIN.sub(lambda found: str(names.setdefault(found[0], len(names))), value)
    kind = type(value)
    if attrs.has(kind):
        parts = (getattr(value, field.name) for field in attrs.fields(kind))
        return (kind.__name__, *(renamed(part, names) for part in parts))
    if isinstance(value, Mapping):
        return tuple((renamed(key, names), renamed(it, names)) for key, it in value.items())
    if isinstance(value, tuple | list):
        return tuple(renamed(it, names) for it in value)
    return value


def _first(ours: object, theirs: object) -> str:
    if isinstance(ours, tuple) and isinstance(theirs, tuple):
        for one, other in zip_longest(ours, theirs):
            if one != other:
                return f"{one}\nis not\n{other}"
    return f"{ours} is not {theirs}"
