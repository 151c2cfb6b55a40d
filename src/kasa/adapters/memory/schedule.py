"""The schedule in memory."""

from collections.abc import Sequence
from threading import Lock

from kasa.application.ports.schedule import (
    RunSweepCall,
    Sweep,
    SweepFailed,
    SweepRun,
    Swept,
    due_period,
)
from kasa.application.ports.system import Clock


class MemorySchedule:
    """Remembers what ran while the process lives."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = Lock()
        self._running: set[str] = set()
        self._runs: dict[str, SweepRun] = {}

    def run_due(self, sweeps: Sequence[Sweep], run: RunSweepCall) -> int:
        """Run every sweep whose newest period has not been run, and count them."""
        return sum(self._run(sweep, run) for sweep in sweeps)

    def runs(self) -> tuple[SweepRun, ...]:
        """Return what came of each sweep's newest period, by name."""
        with self._lock:
            return tuple(self._runs[name] for name in sorted(self._runs))

    def _run(self, sweep: Sweep, run: RunSweepCall) -> bool:
        began = self._clock.now()
        with self._lock:
            last = self._runs.get(sweep.name)
            period = due_period(sweep, last, began)
            if period is None or sweep.name in self._running:
                return False
            self._running.add(sweep.name)
        outcome: Swept | SweepFailed | None = None
        try:
            outcome = run(sweep.name)
        finally:
            with self._lock:
                self._running.discard(sweep.name)
        ended = self._clock.now()
        failed = isinstance(outcome, SweepFailed)
        with self._lock:
            self._runs[sweep.name] = SweepRun(
                name=sweep.name,
                period=period,
                ended_at=ended,
                took=ended - began,
                found=outcome.found if isinstance(outcome, Swept) else 0,
                code=outcome.code if isinstance(outcome, SweepFailed) else None,
                failures=(last.failures if last else 0) + 1 if failed else 0,
            )
        return True
