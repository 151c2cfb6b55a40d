"""Which backups are kept: 7 daily, 5 weekly, 12 monthly, and always the newest proven one."""

from collections.abc import Callable, Hashable, Iterable
from datetime import UTC, datetime, timedelta

import attrs

DAYS = 7
WEEKS = 5
MONTHS = 12
RECENT = timedelta(hours=24)


@attrs.frozen(kw_only=True)
class Kept:
    """A backup as the rule sees it: its name, its moment, and whether a drill has passed it."""

    name: str
    at: datetime
    proven: bool = False


def superfluous(backups: Iterable[Kept], *, taken: str | None = None) -> frozenset[str]:
    """Return the names of those that may be deleted.

    Of each of the newest 7 days, 5 ISO weeks and 12 months in which there is a backup, the newest
    one stays, so that a machine that stood still loses none. The newest backup stays with all of
    the 24 hours before it, and the newest that is proven. So does the one that was just ``taken``,
    whatever its name says: the clock may have been set back.
    """
    found = sorted(backups, key=lambda one: (one.at, one.name), reverse=True)
    stay = {one.name for one in found if found[0].at - one.at < RECENT}
    stay.update(one.name for one in [one for one in found if one.proven][:1])
    for part, count in ((_day, DAYS), (_week, WEEKS), (_month, MONTHS)):
        stay |= _newest_of_each(found, part, count)
    return frozenset(one.name for one in found) - stay - {taken}


def _newest_of_each(
    found: Iterable[Kept], part: Callable[[datetime], Hashable], count: int
) -> set[str]:
    newest: dict[Hashable, str] = {}
    for one in found:
        newest.setdefault(part(one.at.astimezone(UTC)), one.name)
    return set(list(newest.values())[:count])


def _day(at: datetime) -> Hashable:
    return at.date()


def _week(at: datetime) -> Hashable:
    year, week, _ = at.isocalendar()
    return year, week


def _month(at: datetime) -> Hashable:
    return at.year, at.month
