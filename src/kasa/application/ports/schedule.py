"""The schedule: what runs at set times, once over all workers, and what came of it."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

import attrs

RANGES = (range(60), range(24), range(1, 32), range(1, 13), range(7))
DAYS_BACK = 8 * 366
"""A 29 February may be eight years away."""
SET_BACK = timedelta(minutes=1)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
DOUBLINGS_MAX = 10


def _values(field: str, allowed: range) -> tuple[int, ...]:
    step = field.removeprefix("*/")
    if field == "*":
        return tuple(allowed)
    if not (step.isascii() and step.isdigit() and int(step) in allowed):
        raise ValueError(f"a field of a schedule is *, */n or a number, not {field!r}")
    if field == step:
        return (int(step),)
    if int(step) == 0:
        raise ValueError("a step of a schedule is at least 1")
    return tuple(allowed[:: int(step)])


@attrs.frozen(kw_only=True)
class Sweep:
    """A use case without caller; ``cron`` is in UTC: minute, hour, day, month, weekday.

    Each field is ``*``, ``*/n`` or a number; weekday 0 is Sunday. A period begins at each moment
    of the schedule and ends at the next.
    """

    name: str
    cron: str

    def __attrs_post_init__(self) -> None:
        self._fields()

    def latest(self, at: datetime) -> datetime:
        """Return the newest moment of the schedule that is not after ``at``."""
        minutes, hours, days, months, weekdays = self._fields()
        now = at.astimezone(UTC)
        for back in range(DAYS_BACK):
            day = now.date() - timedelta(days=back)
            if day.day not in days or day.month not in months or _weekday(day) not in weekdays:
                continue
            until = (now.hour, now.minute) if back == 0 else (23, 59)
            moments = [(hour, minute) for hour in hours for minute in minutes]
            past = [moment for moment in moments if moment <= until]
            if past:
                return datetime.combine(day, time(*max(past)), UTC)
        raise ValueError(f"the schedule {self.cron!r} never comes")

    def _fields(self) -> tuple[tuple[int, ...], ...]:
        fields = self.cron.split(" ")
        return tuple(_values(field, allowed) for field, allowed in zip(fields, RANGES, strict=True))


def _weekday(day: date) -> int:
    return day.isoweekday() % 7


@attrs.frozen(kw_only=True)
class SweepRun:
    """What came of a sweep's newest period.

    ``found`` is what it counted; of one that failed ``code`` says why, and ``failures`` how many
    times in a row it has.
    """

    name: str
    period: datetime
    ended_at: datetime
    took: timedelta
    found: int = 0
    code: str | None = None
    failures: int = 0

    @property
    def again_at(self) -> datetime:
        """When it is tried again: a minute after a failure, then twice that, at most an hour."""
        doublings = min(max(self.failures - 1, 0), DOUBLINGS_MAX)
        wait: timedelta = min(FIRST_WAIT * 2**doublings, LONGEST_WAIT)
        return self.ended_at + wait


@attrs.frozen
class Swept:
    """The sweep ran and counted what it found."""

    found: int


@attrs.frozen
class SweepFailed:
    """The sweep gave up with a code; ``cause`` is for the worker's log."""

    code: str
    cause: BaseException | None = None


SweepOutcome = Swept | SweepFailed
RunSweepCall = Callable[[str], SweepOutcome]


def due_period(sweep: Sweep, last: SweepRun | None, at: datetime) -> datetime | None:
    """Return the period that a sweep has to run now, or None.

    That is always the newest one: of those that were missed none is run for itself. A period that
    lies ahead was run before the clock was set back, and counts for nothing.
    """
    period = sweep.latest(at)
    if last is None or period > last.period or last.period > at + SET_BACK:
        return period
    if last.code is not None and not at < last.again_at <= at + LONGEST_WAIT:
        return period
    return None


class Schedule(Protocol):
    """Runs sweeps at their times; ``run`` decides what came of one and never raises."""

    def run_due(self, sweeps: Sequence[Sweep], run: RunSweepCall) -> int:
        """Run every sweep whose newest period has not been run, and count them.

        However many call this, a period is run by one of them; when that one dies on the way,
        another runs it. One that failed is run again after a while.
        """

    def runs(self) -> tuple[SweepRun, ...]:
        """Return what came of each sweep's newest period, by name."""
