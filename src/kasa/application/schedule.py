"""What the schedule runs: use cases that find everything that is due, whenever they run."""

from collections.abc import Callable, Mapping

from kasa.application.ports.schedule import Sweep

SweepCall = Callable[[], int]
"""Finds everything that is due, acts, and counts it."""

SWEEPS: tuple[Sweep, ...] = (
    Sweep(name="inventory.sweep", cron="* * * * *"),
    Sweep(name="inventory.audit_every", cron="20 19 * * *"),
    Sweep(name="payments.wake_waiting", cron="7 * * * *"),
    Sweep(name="operations.reconcile_every", cron="35 19 * * *"),
    Sweep(name="operations.forget_jobs", cron="50 19 * * *"),
    Sweep(name="operations.forget_answers", cron="37 * * * *"),
    Sweep(name="identity.forget_proofs", cron="47 * * * *"),
    Sweep(name="operations.archive_events", cron="40 20 * * *"),
    Sweep(name="files.clear", cron="10 20 * * *"),
)


def matched(calls: Mapping[str, SweepCall]) -> Mapping[str, SweepCall]:
    """Return the calls when they are exactly those of the table, else raise ``ValueError``."""
    names = {row.name for row in SWEEPS}
    if names != set(calls):
        raise ValueError(f"sweeps without their other side: {sorted(names ^ set(calls))}")
    return calls
