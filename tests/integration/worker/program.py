"""A child of a supervisor for tests: real worker, real database, a reaction that tests can hold.

``python -m tests.integration.worker.program PLAN LINK``: the plan is a file of ``Plan``.
"""

import json
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import attrs

from kasa.adapters.conformance.stage import FIRST, POLICY, reaction, word
from kasa.adapters.postgres.database import open_postgres
from kasa.adapters.postgres.embedded import Addresses
from kasa.adapters.system.clock import RandomIds, SystemClock
from kasa.application.ports.events import Reactions
from kasa.application.ports.jobs import Job, Queue
from kasa.application.ports.schedule import Sweep, SweepOutcome, Swept
from kasa.application.running import RunJob
from kasa.domain.kernel.retry import RetryPolicy
from kasa.domain.subscriptions.plan import CAPACITY_PERIOD, Meter
from kasa.domain.tenancy.events import TenantChanged
from kasa.entrypoints.logs import log_to_stderr
from kasa.entrypoints.opened import OpenWorker
from kasa.entrypoints.worker.child import Child, Pace, end
from kasa.entrypoints.worker.link import Link

SOON = attrs.evolve(POLICY, first=POLICY.first / 60, attempts_max=25)
HELD = "held"
SENT = "sent"
STOPS = "stops"
LIMIT = 10_000_000
SWEEPS = (Sweep(name=HELD, cron="0 0 1 1 *"),)


def reactions(policy: RetryPolicy = SOON) -> Reactions:
    """Return the one reaction of the program: by its word, in order of what stands before ``:``."""
    return Reactions(
        (
            reaction(
                FIRST,
                policy=policy,
                order=lambda event: word(event).partition(":")[0] if ":" in word(event) else None,
            ),
        )
    )


@attrs.frozen(kw_only=True)
class Plan:
    """What a child needs: addresses, the folder of its traces, and how fast it looks."""

    app: str
    jobs: str
    folder: str
    pace: dict[str, Any] = attrs.field(factory=dict)

    def write(self, path: Path) -> Path:
        """Store the plan in a file and return its path."""
        path.write_text(json.dumps(attrs.asdict(self)), encoding="utf-8")
        return path

    @classmethod
    def read(cls, path: Path) -> "Plan":
        """Return the plan of a file."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))


def _send(folder: Path, key: str) -> None:
    """Deliver to the stand-in messenger, which knows a message by its key."""
    with (folder / SENT).open("a", encoding="utf-8") as file:
        file.write(f"{key}\n")


@contextmanager
def opened(plan: Plan) -> Iterator[OpenWorker]:
    """Open the worker of a plan."""
    addresses = Addresses(app=plan.app, owner=plan.app, jobs=plan.jobs)
    database = open_postgres(addresses, reactions(), RandomIds(), door="kasa-worker")
    folder, queues = Path(plan.folder), (Queue.MONEY, Queue.BULK)

    def deed(job: Job) -> None:
        """Leave a trace, wait while the word is held, and count one effect, once."""
        with database.unit_of_work.read_only(job) as view:
            said = word(view.events.fact(job, TenantChanged))
        trace = folder / f"began-{said.replace(':', '-')}"
        with trace.open("a", encoding="utf-8") as file:
            file.write(f"{job.attempt}\n")
        while (folder / HELD).exists() and said.startswith(HELD):
            time.sleep(0.02)
        if said.startswith(SENT):
            _send(folder, job.key)
        with database.unit_of_work(job) as work:
            if work.events.once(job):
                work.usage.spend(Meter.PRODUCTS, 1, period=CAPACITY_PERIOD, limit=LIMIT)

    def sweep(name: str) -> SweepOutcome:
        """Leave a trace, and wait while it is held."""
        with (folder / "swept").open("a", encoding="utf-8") as file:
            file.write(f"{os.getpid()}\n")
        while (folder / HELD).exists() and name == HELD:
            time.sleep(0.02)
        return Swept(3)

    def noted(until: Callable[[], bool]) -> bool:
        """Leave a trace when the loop that takes jobs is told to stop."""
        if until():
            (folder / STOPS).touch()
            return True
        return False

    run_job = RunJob(
        unit_of_work=database.unit_of_work,
        clock=SystemClock(),
        reactions=reactions(),
        calls={FIRST: deed},
    )
    try:
        yield OpenWorker(
            run=lambda until: database.worker.run(run_job, queues, partial(noted, until)),
            sweep=lambda: database.schedule.run_due(SWEEPS, sweep),
            put_back=database.worker.put_back,
            fault=lambda: database.worker.fault(queues),
            is_quiet=lambda: database.worker.is_quiet,
        )
    finally:
        database.close()


def main() -> None:
    """Run the child of a supervisor."""
    plan = Plan.read(Path(sys.argv[1]))
    log_to_stderr("info")
    link = Link(socket.socket(fileno=int(sys.argv[2])))
    end(Child(link, partial(opened, plan), Pace(**plan.pace)))


if __name__ == "__main__":
    main()
