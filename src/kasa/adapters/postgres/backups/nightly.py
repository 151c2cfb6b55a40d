"""The backups' own schedule: a backup each night, a drill each week, by the clock and the shelf.

It stands in a file beside the backups and not in the database: a restored database must not
believe that its backups were taken, and a database that is away must not hide that none was.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import attrs

from kasa.adapters.postgres.backups.refusals import BackupFailed, BackupRunning, BackupStopped
from kasa.adapters.postgres.backups.shelf import Shelf
from kasa.application.ports.schedule import Sweep, SweepRun, due_period
from kasa.domain.kernel.errors import KasaError

LOG = logging.getLogger(__name__)

BACKUP = Sweep(name="backup", cron="30 20 * * *")
BASE = Sweep(name="base", cron="15 * * * *")
DRILL = Sweep(name="drill", cron="0 22 * * 0")
"""In UTC: half past three in the night of Phnom Penh, each hour, and Monday at five."""
TOO_OLD = "backup.too_old"
WARN_AFTER = timedelta(hours=48)
ALERT_AFTER = timedelta(days=7)
ALERT_AGAIN = timedelta(days=1)
SINCE = "since"
ALERTED = "alerted"


@attrs.frozen(kw_only=True)
class Nightly:
    """Runs what is due, at most once a period, and writes down what came of it.

    A period that was missed is made up at once; one that failed is tried again a minute later,
    then after twice that, at most an hour.
    """

    shelf: Shelf
    now: Callable[[], datetime]

    def run_due(self, sweep: Sweep, call: Callable[[], object]) -> bool:
        """Call what is due and return whether it was; no refusal is raised, all are kept.

        When somebody else is at work, or this process is told to stop, it stays due.
        """
        began = self.now()
        last = self.last(sweep)
        period = due_period(sweep, last, began)
        if period is None:
            return False
        code: str | None = None
        try:
            call()
        except (BackupRunning, BackupStopped):
            return False
        except Exception as error:
            # Whatever it is has to wait as every failure does: a backup each minute fills a disk.
            code = error.code if isinstance(error, KasaError) else BackupFailed.code
            LOG.warning("backups.failed", extra={"duty": sweep.name, "code": code}, exc_info=True)
        ended = self.now()
        failures = 0 if code is None else 1 + (last.failures if last else 0)
        told = {
            "period": period.isoformat(),
            "ended_at": ended.isoformat(),
            "seconds": int((ended - began).total_seconds()),
            "code": code,
            "failures": failures,
        }
        self.shelf.keep_state(**{sweep.name: told})
        return True

    def last(self, sweep: Sweep) -> SweepRun | None:
        """Return what came of the newest period; a backup taken by hand counts for its own."""
        told = self.shelf.state.get(sweep.name)
        run = None if told is None else _run_of(sweep, told)
        taken = self.shelf.newest_at(self.now()) if sweep is BACKUP else None
        if taken is None or (run is not None and run.code is None and run.ended_at >= taken):
            return run
        if run is not None and run.ended_at > taken:
            return run
        return SweepRun(
            name=sweep.name, period=sweep.latest(taken), ended_at=taken, took=timedelta()
        )

    def alarms(self) -> tuple[str, ...]:
        """Return the codes that the operator has to be told today, each once a day."""
        now, state = self.now(), self.shelf.state
        since = self.shelf.newest_at(now) or _moment(state.get(SINCE))
        if since is None:
            self.shelf.keep_state(**{SINCE: now.isoformat()})
            return ()
        found = {TOO_OLD} if now - since > ALERT_AFTER else set()
        tried = [one.drill for one in self.shelf.all() if one.drill is not None]
        if tried and tried[0].code is not None:
            found.add(tried[0].code)
        told: dict[str, str] = state.get(ALERTED, {})
        return tuple(
            code
            for code in sorted(found)
            if code not in told or now - datetime.fromisoformat(told[code]) > ALERT_AGAIN
        )

    def alarmed(self, codes: tuple[str, ...]) -> None:
        """Write down that the operator was told."""
        told = {**self.shelf.state.get(ALERTED, {}), **dict.fromkeys(codes, self.now().isoformat())}
        self.shelf.keep_state(**{ALERTED: told})


def _run_of(sweep: Sweep, told: dict[str, Any]) -> SweepRun:
    return SweepRun(
        name=sweep.name,
        period=datetime.fromisoformat(told["period"]),
        ended_at=datetime.fromisoformat(told["ended_at"]),
        took=timedelta(seconds=told["seconds"]),
        code=told["code"],
        failures=told["failures"],
    )


def _moment(told: str | None) -> datetime | None:
    return None if told is None else datetime.fromisoformat(told)
