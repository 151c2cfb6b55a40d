"""The schedule in PostgreSQL: a row for each sweep, locked while it runs.

The lock goes with the connection: when a worker dies, its sweep is run by another at once. Time is
that of the database, so that many workers have one clock.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import DictRow

from kasa.adapters.postgres.queue_login import connected, lively
from kasa.application.ports.schedule import (
    RunSweepCall,
    Sweep,
    SweepFailed,
    SweepRun,
    Swept,
    due_period,
)
from kasa.domain.kernel.moments import utc

LOG = logging.getLogger(__name__)

_PATIENT = "SET LOCAL idle_in_transaction_session_timeout = '1h'"
_ALL = """SELECT name, period, ended_at, took, found, code, failures, clock_timestamp() AS now
FROM kasa_schedule ORDER BY name"""
_NOW = "SELECT clock_timestamp() AS now"
_ENTER = "INSERT INTO kasa_schedule (name) SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING"
_TAKE = """SELECT name, period, ended_at, took, found, code, failures, clock_timestamp() AS now
FROM kasa_schedule WHERE name = %s FOR UPDATE SKIP LOCKED"""
_END = """UPDATE kasa_schedule SET period = %(period)s, ended_at = clock_timestamp(),
  took = clock_timestamp() - %(began)s, found = %(found)s, code = %(code)s,
  failures = CASE WHEN %(code)s::text IS NULL THEN 0 ELSE failures + 1 END
WHERE name = %(name)s RETURNING took"""


class PostgresSchedule:
    """Runs sweeps as ``kasa_jobs``, one connection and one transaction a sweep."""

    def __init__(self, address: str) -> None:
        self._address = lively(address)

    def run_due(self, sweeps: Sequence[Sweep], run: RunSweepCall) -> int:
        """Run every sweep whose newest period has not been run, and count them.

        Raises ``store.unavailable``.
        """
        with connected(self._address) as connection:
            now = _moment(connection)
            rows = {row["name"]: row for row in connection.execute(_ALL).fetchall()}
            missing = [sweep.name for sweep in sweeps if sweep.name not in rows]
            if missing:
                connection.execute(_ENTER, [missing])
        due = [sweep for sweep in sweeps if due_period(sweep, _run_of(rows.get(sweep.name)), now)]
        return sum(self._run(sweep, run) for sweep in due)

    def runs(self) -> tuple[SweepRun, ...]:
        """Return what came of each sweep's newest period, by name."""
        with connected(self._address) as connection:
            found = [_run_of(row) for row in connection.execute(_ALL).fetchall()]
        return tuple(row for row in found if row is not None)

    def _run(self, sweep: Sweep, run: RunSweepCall) -> bool:
        with connected(self._address) as connection:
            connection.execute(_PATIENT)
            row = connection.execute(_TAKE, [sweep.name]).fetchone()
            if row is None:
                return False
            began = utc(row["now"])
            period = due_period(sweep, _run_of(row), began)
            if period is None:
                return False
            outcome = run(sweep.name)
            failed = outcome if isinstance(outcome, SweepFailed) else None
            ended = {
                "name": sweep.name,
                "period": period,
                "began": began,
                "found": outcome.found if isinstance(outcome, Swept) else 0,
                "code": failed.code if failed else None,
            }
            connection.execute(_END, ended)
        LOG.log(
            logging.WARNING if failed else logging.INFO,
            "sweep.ended",
            extra={key: ended[key] for key in ("found", "code")} | {"sweep": sweep.name},
            exc_info=failed.cause if failed else None,
        )
        return True


def _moment(connection: psycopg.Connection[DictRow]) -> datetime:
    row = connection.execute(_NOW).fetchone()
    assert row is not None
    return utc(row["now"])


def _run_of(row: Mapping[str, Any] | None) -> SweepRun | None:
    if row is None or row["period"] is None:
        return None
    return SweepRun(
        name=row["name"],
        period=utc(row["period"]),
        ended_at=utc(row["ended_at"]),
        took=row["took"],
        found=row["found"],
        code=row["code"],
        failures=row["failures"],
    )
