"""Every call made twice: first over a database that is not well, then over one that is."""

import time
from collections.abc import Callable
from typing import Any

import attrs

from kasa.application.kasa import Kasa
from kasa.application.ports.bundle import Ports
from kasa.domain.kernel.errors import Unavailable
from tests.unit.journeys.steps import Steps
from tests.unit.samples.story import CHAPTERS

ANSWER_LIMIT_SECONDS = 10
"""A connection is waited for at most 3 s; a busy machine adds to it."""


@attrs.define(kw_only=True)
class Met:
    """What became of each call over the database that is not well, by the name of the use case."""

    code: str
    refused: set[str] = attrs.field(factory=set)
    answered: set[str] = attrs.field(factory=set)

    def note(self, name: str, call: Callable[[], object]) -> None:
        """Make a call, and fail unless it answers, or is refused with the one code, in time."""
        began = time.monotonic()
        refusal: Unavailable | None = None
        try:
            call()
        except Unavailable as error:
            refusal = error
        if refusal is None:
            self.answered.add(name)
        else:
            assert (self.code, True) == (refusal.code, refusal.retry_after > 0), name
            self.refused.add(name)
        assert time.monotonic() - began < ANSWER_LIMIT_SECONDS, name


class Twice:
    """A part of kasa; jobs and sweeps run once, over the database that is well."""

    def __init__(self, unwell: Any, well: Any, met: Met, name: str = "") -> None:
        self._unwell = unwell
        self._well = well
        self._met = met
        self._name = name

    def __getattr__(self, name: str) -> Any:
        """Return a part of this part."""
        part = getattr(self._well, name)
        if self._name == "" and name in {"run", "sweep"}:
            return part
        if not attrs.has(type(part)) and not callable(part):
            return part
        return Twice(getattr(self._unwell, name), part, self._met, f"{self._name}.{name}")

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """Make the call over both."""
        self._met.note(self._name[1:], lambda: self._unwell(*arguments, **options))
        return self._well(*arguments, **options)


def a_day_twice(unwell: Ports, well: Ports, clock: Any, met: Met) -> Steps:
    """Let a shop have its day; every use case is tried over the unwell ports first."""
    kasa: Any = Twice(Kasa.over(unwell), Kasa.over(well), met)
    steps = Steps.open(kasa, well)
    for chapter in CHAPTERS:
        for _ in chapter(steps, clock):
            pass
    return steps


def names_of(kasa: Kasa) -> set[str]:
    """Return every use case and every query of kasa, by its name."""
    found: set[str] = set()
    for field in attrs.fields(Kasa):
        family = getattr(kasa, field.name)
        if field.name in {"run", "sweep"}:
            continue
        for one in attrs.fields(type(family)):
            part = getattr(family, one.name)
            if callable(part):
                found.add(f"{field.name}.{one.name}")
            else:
                public = (name for name in vars(type(part)) if not name.startswith("_"))
                found |= {
                    f"{field.name}.{one.name}.{name}"
                    for name in public
                    if callable(getattr(part, name))
                }
    return found
