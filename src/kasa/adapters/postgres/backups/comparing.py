"""Compares a database with the figures of a backup, and says what differs."""

import json
from collections.abc import Callable, Iterable, Iterator
from heapq import merge
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from kasa.adapters.postgres.backups.catalogue import CATALOGUE

Figure = dict[str, Any]
Place = tuple[int, str, str]

DIFFERENCES_MAX = 50
ALL_SUBJECTS = tuple(CATALOGUE)
OTHER_MAJOR_SUBJECTS = ("role", "membership", "policy")
"""What two major versions of PostgreSQL tell in the same words."""


def differences(
    expected: Iterable[str], found: Iterable[str], *, subjects: Iterable[str] = ALL_SUBJECTS
) -> tuple[str, ...]:
    """Return the first 50 differences between two streams of figures, in sentences.

    Both are in the order of ``figures.lines``; neither is held in memory.
    """
    order = {subject: number for number, subject in enumerate(CATALOGUE)}
    wanted = frozenset(subjects)

    def kept(lines: Iterable[str]) -> Iterator[Figure]:
        told = (json.loads(line) for line in lines)
        return (one for one in told if "table" in one or one["subject"] in wanted)

    def place(one: Figure) -> Place:
        if "table" in one:
            return len(order), one["table"], one["tenant"]
        return order[one["subject"]], one["fact"], ""

    return tuple(islice(_walked(kept(expected), kept(found), place), DIFFERENCES_MAX))


def _walked(
    left: Iterator[Figure], right: Iterator[Figure], place: Callable[[Figure], Place]
) -> Iterator[str]:
    for _, pair in groupby(merge(_sided(left, 0, place), _sided(right, 1, place)), itemgetter(0)):
        sides = {side: one for _, side, one in pair}
        one, other = sides.get(0), sides.get(1)
        if other is None and one is not None:
            yield f"missing: {_told(one)}"
        elif one is None and other is not None:
            yield f"not in the backup: {_told(other)}"
        elif one is not None and other is not None and one != other:
            yield _difference(one, other)


def _sided(
    figures: Iterator[Figure], side: int, place: Callable[[Figure], Place]
) -> Iterator[tuple[Place, int, Figure]]:
    return ((place(one), side, one) for one in figures)


def _told(one: Figure) -> str:
    if "table" in one:
        return f"{one['table']}{_whose(one)}, {one['rows']} rows"
    return f"{one['subject']} {one['fact']}"


def _whose(one: Figure) -> str:
    return f" of {one['tenant']}" if one["tenant"] else ""


def _difference(one: Figure, other: Figure) -> str:
    parts = [
        f"{name} {old}, restored {new}"
        for name, old, new in [
            ("rows", one["rows"], other["rows"]),
            *((name, one["sums"].get(name), other["sums"].get(name)) for name in one["sums"]),
        ]
        if old != new
    ]
    return f"{one['table']}{_whose(one)}: {'; '.join(parts) or 'other values in its rows'}"
