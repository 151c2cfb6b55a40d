"""When a sweep is due, whatever the clock does."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.application.ports.schedule import Sweep, SweepFailed, SweepRun, Swept, due_period
from kasa.application.running import BUG, UNKNOWN, RunSweep
from kasa.domain.kernel.errors import Conflict, Unavailable

A_MINUTE = timedelta(minutes=1)
FIRST = datetime(2020, 1, 1, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(), timedelta(days=7300)).map(lambda span: FIRST + span)
FIELDS = (range(60), range(24), range(1, 29), range(1, 13), range(7))


def _field(allowed: range) -> st.SearchStrategy[str]:
    numbers = st.sampled_from(allowed).map(str)
    steps = st.integers(1, 6).map("*/{}".format)
    return st.one_of(st.just("*"), numbers, steps)


CRONS = st.tuples(*(_field(allowed) for allowed in FIELDS[:4])).map(" ".join).map("{} *".format)


@pytest.mark.parametrize(
    ("cron", "at", "latest"),
    [
        ("* * * * *", "2026-11-21T10:00:59", "2026-11-21T10:00:00"),
        ("20 19 * * *", "2026-11-21T19:20:00", "2026-11-21T19:20:00"),
        ("20 19 * * *", "2026-11-21T19:19:59", "2026-11-20T19:20:00"),
        ("0 3 * * 0", "2026-11-21T10:00:00", "2026-11-15T03:00:00"),
        ("0 0 1 1 *", "2026-11-21T10:00:00", "2026-01-01T00:00:00"),
        ("0 0 31 * *", "2026-11-21T10:00:00", "2026-10-31T00:00:00"),
        ("0 0 29 2 *", "2027-11-21T10:00:00", "2024-02-29T00:00:00"),
        ("*/15 * * * *", "2026-12-31T23:59:59", "2026-12-31T23:45:00"),
        ("0 */6 * * *", "2027-01-01T05:59:00", "2027-01-01T00:00:00"),
    ],
)
@pytest.mark.B8
def test_the_latest_moment_of_a_schedule(cron: str, at: str, latest: str) -> None:
    """Over the ends of days, months and years, and on a 29 February."""
    sweep = Sweep(name="x", cron=cron)
    found = sweep.latest(datetime.fromisoformat(at).replace(tzinfo=UTC))
    assert datetime.fromisoformat(latest).replace(tzinfo=UTC) == found


@given(cron=CRONS, at=MOMENTS)
def test_the_latest_moment_is_of_the_schedule_and_past(cron: str, at: datetime) -> None:
    """It is not after now, it is its own latest, and the minute before it has another."""
    sweep = Sweep(name="x", cron=cron)
    found = sweep.latest(at)
    assert found <= at
    assert sweep.latest(found) == found
    assert sweep.latest(at.replace(second=59)) == found
    assert sweep.latest(found - A_MINUTE) < found


@pytest.mark.parametrize(
    "cron", ["60 * * * *", "* * * *", "a * * * *", "*/0 * * * *", "1-2 * * * *"]
)
def test_a_schedule_that_cannot_be_read_is_a_bug(cron: str) -> None:
    """It stops the start."""
    with pytest.raises(ValueError, match=r".+"):
        Sweep(name="x", cron=cron)


def test_a_day_that_never_comes_is_a_bug() -> None:
    """The 30th of February is no schedule."""
    with pytest.raises(ValueError, match="never comes"):
        Sweep(name="x", cron="0 0 30 2 *").latest(datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.B8
@given(
    cron=st.sampled_from(["* * * * *", "20 19 * * *", "0 3 * * 0", "*/5 * * * *"]),
    start=MOMENTS,
    jumps=st.lists(st.integers(-3 * 24 * 3600, 3 * 24 * 3600), max_size=6),
)
def test_whatever_the_clock_did_a_period_is_run_once(
    cron: str, start: datetime, jumps: list[int]
) -> None:
    """After any jumps the newest period is run at the next look but a minute, and then no more."""
    sweep, last, now = Sweep(name="x", cron=cron), None, start
    for jump in [*jumps, 61]:
        now += timedelta(seconds=jump)
        period = due_period(sweep, last, now)
        if period is not None:
            last = SweepRun(name="x", period=period, ended_at=now, took=timedelta())
        assert due_period(sweep, last, now) is None
    assert last is not None
    assert sweep.latest(now) <= last.period <= now + A_MINUTE


@pytest.mark.parametrize(
    ("failures", "minutes"), [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (99, 60)]
)
def test_waits_of_a_failing_sweep_double_up_to_an_hour(failures: int, minutes: int) -> None:
    """One that fails again and again is tried every hour."""
    at = datetime(2026, 11, 21, tzinfo=UTC)
    run = SweepRun(
        name="x", period=at, ended_at=at, took=timedelta(), code="job.bug", failures=failures
    )
    assert run.again_at == at + timedelta(minutes=minutes)


def _raising(error: Exception) -> RunSweep:
    def call() -> int:
        raise error

    return RunSweep(calls={"x": call})


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Unavailable(), "store.unavailable"),
        (ZeroDivisionError(), BUG),
        (ExceptionGroup("2", [Unavailable(), Unavailable()]), "store.unavailable"),
        (ExceptionGroup("2", [Unavailable(), Conflict()]), BUG),
    ],
)
def test_a_sweep_that_fails_tells_its_code(error: Exception, code: str) -> None:
    """One code when it is one for all shops, else that of a bug; nothing is raised."""
    assert _raising(error)("x") == SweepFailed(code, error)


def test_a_sweep_tells_what_it_found() -> None:
    """Its count is its answer; a name that nobody knows is told as that."""
    run = RunSweep(calls={"x": lambda: 7})
    assert (run("x"), run("y")) == (Swept(7), SweepFailed(UNKNOWN))
