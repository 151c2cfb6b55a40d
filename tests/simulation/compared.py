"""One story, two stores: what memory and PostgreSQL tell of a seed is the same."""

from itertools import zip_longest

import attrs

from tests.simulation.play import Ended
from tests.simulation.world import Broken


def require_same(first: Ended, second: Ended) -> None:
    """Require that two played worlds told one story and ended with the same books."""
    for place, (one, other) in enumerate(zip_longest(first.world.story, second.world.story), 1):
        if one != other:
            raise Broken(f"seed {first.world.seed}, line {place}: {one!r} is not {other!r}")
    for number, (ours, theirs) in enumerate(zip(first.books, second.books, strict=True)):
        for field in attrs.fields(type(ours)):
            one, other = getattr(ours, field.name), getattr(theirs, field.name)
            if one != other:
                seed = first.world.seed
                raise Broken(f"seed {seed}, shop {number}, {field.name}: {_first(one, other)}")


def _first(ours: object, theirs: object) -> str:
    if isinstance(ours, tuple) and isinstance(theirs, tuple):
        for one, other in zip_longest(ours, theirs):
            if one != other:
                return f"{one}\nis not\n{other}"
    return f"{ours} is not {theirs}"
