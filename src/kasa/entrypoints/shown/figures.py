"""Series, use of the plan, and steps of setting up a shop as they are shown."""

from datetime import date, datetime
from typing import Any

import attrs

from kasa.domain.invoicing.numbering import Series
from kasa.entrypoints.shown.values import maybe, moment


@attrs.frozen(kw_only=True)
class SeriesShown:
    """How the documents of a series are numbered in one year; ``locked`` once one has a number."""

    name: str
    year: int
    first: int
    template: str
    next: int
    last_issued_on: date | None
    locked: bool

    @classmethod
    def of(cls, row: Any) -> "SeriesShown":
        """Return a listed series as it is shown."""
        return cls(
            name=row.series.name,
            year=row.series.year,
            first=row.series.first,
            template=row.series.template,
            next=row.next,
            last_issued_on=row.last_issued_on,
            locked=row.locked,
        )

    @classmethod
    def fresh(cls, series: Series) -> "SeriesShown":
        """Return a series that has no document yet."""
        return cls(
            name=series.name,
            year=series.year,
            first=series.first,
            template=series.template,
            next=series.first,
            last_issued_on=None,
            locked=False,
        )


@attrs.frozen(kw_only=True)
class UsageShown:
    """What is used of one meter; storage and receipts in bytes; ``limit`` null is unlimited."""

    meter: str
    kind: str
    used: int
    limit: int | None
    resets_at: datetime | None

    @classmethod
    def of(cls, row: Any) -> "UsageShown":
        """Return the use of a meter as it is shown."""
        return cls(
            meter=row.meter.value,
            kind=row.kind,
            used=row.used,
            limit=row.limit,
            resets_at=maybe(moment, row.resets_at),
        )


@attrs.frozen(kw_only=True)
class StepShown:
    """One step of setting up a shop."""

    step: str
    done: bool

    @classmethod
    def of(cls, state: Any) -> "StepShown":
        """Return a step as it is shown."""
        return cls(step=state.step.value, done=state.done)
