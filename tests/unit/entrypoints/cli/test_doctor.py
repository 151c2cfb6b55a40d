"""What the doctor says about the worker."""

from datetime import UTC, datetime, timedelta

import attrs
import pytest

from kasa.entrypoints.findings import Health, connection_check, worker_checks
from kasa.entrypoints.opened import ConnectionsCounted, WorkerState

NOW = datetime(2026, 11, 21, 12, 0, 0, 5, tzinfo=UTC)
ALIVE = WorkerState(now=NOW, heartbeat=NOW - timedelta(seconds=9), seen=NOW)


def ago(**span: int) -> datetime:
    """Return a moment so long ago."""
    return NOW - timedelta(**span)


@pytest.mark.parametrize(
    ("state", "health", "seen"),
    [
        (WorkerState(now=NOW), Health.WARN, "never ran, no job waits, no sweep ran yet"),
        (
            WorkerState(now=NOW, seen=ago(hours=1), waiting_since=ago(minutes=9)),
            Health.WARN,
            "last seen 2026-11-21T11:00:00Z, the oldest job has waited for 540 s, no sweep ran yet",
        ),
        (
            attrs.evolve(ALIVE, heartbeat=ago(seconds=61)),
            Health.WARN,
            "last seen 2026-11-21T12:00:00Z, no job waits, no sweep ran yet",
        ),
        (
            attrs.evolve(ALIVE, swept=ago(minutes=1), waiting_since=ago(seconds=2)),
            Health.OK,
            "alive, the oldest job has waited for 2 s, newest sweep 2026-11-21T11:59:00Z",
        ),
        (
            attrs.evolve(ALIVE, waiting_since=ago(seconds=121)),
            Health.WARN,
            "alive, the oldest job has waited for 121 s, no sweep ran yet",
        ),
    ],
    ids=["never", "gone", "silent", "well", "late"],
)
def test_the_worker_has_its_line(state: WorkerState, health: Health, seen: str) -> None:
    """Alive or not, what waits and since when, and when the schedule last ran."""
    found = worker_checks(state)
    assert (health, seen) == (found.health, found.seen)
    assert bool(found.mend) == (health is not Health.OK)


def test_the_doctor_counts_connections() -> None:
    """The sum of all processes must leave some free; else a request would find none."""
    well = connection_check(ConnectionsCounted(wanted=29, limit=29))
    assert (Health.OK, "") == (well.health, well.mend)
    ill = connection_check(ConnectionsCounted(wanted=30, limit=29))
    assert (Health.FAIL, "30 at most, 29 to be had") == (ill.health, ill.seen)
    assert "PgBouncer" in ill.mend
