"""Which backups are kept."""

from datetime import UTC, datetime, timedelta

import attrs
from hypothesis import given
from hypothesis import strategies as st

from kasa.adapters.postgres.backups.retention import DAYS, MONTHS, WEEKS, Kept, superfluous

START = datetime(2026, 1, 1, 20, 30, tzinfo=UTC)
MOMENTS = st.datetimes(
    min_value=datetime(2024, 1, 1),  # noqa: DTZ001  # hypothesis adds the zone
    max_value=datetime(2027, 12, 31),  # noqa: DTZ001  # so here too
    timezones=st.just(UTC),
)
SHELVES = st.lists(st.tuples(MOMENTS, st.booleans()), max_size=60).map(
    lambda rows: [
        Kept(name=f"{number:03}", at=at, proven=proven) for number, (at, proven) in enumerate(rows)
    ]
)


def _kept(backups: list[Kept]) -> list[Kept]:
    gone = superfluous(backups)
    return [one for one in backups if one.name not in gone]


@given(SHELVES)
def test_the_newest_proven_backup_stays(backups: list[Kept]) -> None:
    """Neither the newest backup nor the newest proven one is ever deleted."""
    kept = _kept(backups)
    if backups:
        assert max(one.at for one in backups) == max(one.at for one in kept)
    proven = [one.at for one in backups if one.proven]
    if proven:
        assert max(proven) == max(one.at for one in kept if one.proven)


def test_a_proven_backup_outlives_every_rule() -> None:
    """When no drill has passed for two years, the last one that did is still there."""
    proven = Kept(name="proven", at=START - timedelta(days=1), proven=True)
    later = [Kept(name=f"{day:03}", at=START + timedelta(days=day)) for day in range(730)]
    assert proven in _kept([proven, *later])
    assert attrs.evolve(proven, proven=False) not in _kept(
        [attrs.evolve(proven, proven=False), *later]
    )


@given(SHELVES)
def test_every_day_week_and_month_keeps_its_newest(backups: list[Kept]) -> None:
    """The newest backup of each of the newest 7 days, 5 weeks and 12 months stays."""
    kept = {one.at for one in _kept(backups)}
    for count, part in (
        (DAYS, lambda at: at.date()),
        (WEEKS, lambda at: at.isocalendar()[:2]),
        (MONTHS, lambda at: (at.year, at.month)),
    ):
        newest = {part(one.at): one.at for one in sorted(backups, key=lambda one: one.at)}
        assert set(list(reversed(newest.values()))[:count]) <= kept


@given(SHELVES)
def test_deleting_again_deletes_nothing(backups: list[Kept]) -> None:
    """What was kept is kept again: deletions do not eat themselves on."""
    assert frozenset() == superfluous(_kept(backups))


@given(SHELVES, MOMENTS)
def test_a_newer_backup_brings_no_deleted_one_back(backups: list[Kept], at: datetime) -> None:
    """Pruning each night ends where pruning once would: nothing is missed later."""
    newer = Kept(name="new", at=max([at, *(one.at for one in backups)]))
    once = {one.name for one in _kept([*backups, newer])}
    step = {one.name for one in _kept([*_kept(backups), newer])}
    assert once == step


def test_two_years_of_nights_leave_seven_days_five_weeks_and_twelve_months() -> None:
    """One backup each night for two years: what is left is exactly the rule, step by step."""
    backups: list[Kept] = []
    for night in range(730):
        backups.append(Kept(name=f"{night:03}", at=START + timedelta(days=night)))
        backups = _kept(backups)
    ages = [(backups[-1].at - one.at).days for one in reversed(backups)]
    assert ages[:DAYS] == list(range(DAYS))
    assert DAYS + WEEKS + MONTHS - 3 <= len(backups) <= DAYS + WEEKS + MONTHS
    assert ages[-1] >= 330


def test_a_day_with_many_backups_keeps_those_of_24_hours() -> None:
    """What was taken by hand before an upgrade is not lost to the next one."""
    backups = [Kept(name=f"{hour:02}", at=START + timedelta(hours=hour)) for hour in range(30)]
    last_of_the_day_before = "03"
    wanted = [last_of_the_day_before, *(f"{hour:02}" for hour in range(6, 30))]
    assert wanted == sorted(one.name for one in _kept(backups))


@given(SHELVES, MOMENTS)
def test_what_was_just_taken_stays(backups: list[Kept], at: datetime) -> None:
    """Whatever the clock said when it was taken, the backup that is told as taken is there."""
    made = Kept(name="taken", at=at)
    assert "taken" not in superfluous([*backups, made], taken="taken")
    assert superfluous([*backups, made], taken="taken") <= superfluous([*backups, made])
