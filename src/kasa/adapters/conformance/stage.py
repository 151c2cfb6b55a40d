"""A shop whose reactions follow a script: what the suites of events and jobs play on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import attrs

from kasa.adapters.conformance.shops import new_shop
from kasa.application.ports.bundle import Ports
from kasa.application.ports.events import Reaction, Reactions
from kasa.application.ports.jobs import Job, Queue
from kasa.application.running import ReactionCall, RunJob
from kasa.domain.identity.access import Actor
from kasa.domain.kernel.events import JobFailed
from kasa.domain.kernel.retry import RetryPolicy
from kasa.domain.tenancy.events import TenantChanged

POLICY = RetryPolicy(
    first=timedelta(minutes=1),
    factor=2,
    ceiling=timedelta(minutes=10),
    give_up_after=timedelta(hours=1),
    attempts_max=3,
)
LATER = timedelta(minutes=15)
FIRST = "conformance.first"
SECOND = "conformance.second"


def reaction(name: str = FIRST, **options: Any) -> Reaction[TenantChanged]:
    """Return a reaction to a changed tenant; its words are what the tests tell apart."""
    settings = {"queue": Queue.MONEY, "policy": POLICY, **options}
    return Reaction(event=TenantChanged, name=name, **settings)


def word(event: TenantChanged) -> str:
    """Return the word of an event."""
    return event.fields[0]


@attrs.define
class Script:
    """What a reaction does on its first runs, by word: the errors it raises."""

    errors: dict[str, list[Exception]] = attrs.Factory(dict)

    def play(self, said: str) -> None:
        """Raise the next error of a word, if one is left."""
        waiting = self.errors.get(said)
        if waiting:
            raise waiting.pop(0)


@attrs.define(kw_only=True)
class Stage:
    """A shop whose reactions note each run as (reaction, word) and follow a script."""

    ports: Ports
    reactions: Reactions
    owner: Actor
    scripts: dict[str, Script]
    ran: list[tuple[str, str]] = attrs.Factory(list)

    @classmethod
    def over(
        cls,
        make_ports: Callable[[Reactions], Ports],
        *rows: Reaction[TenantChanged],
        **scripts: Script,
    ) -> "Stage":
        """Return a shop over fresh ports; ``first`` and ``second`` are scripts."""
        reactions = Reactions(rows)
        ports = make_ports(reactions)
        return cls(
            ports=ports,
            reactions=reactions,
            owner=new_shop(ports),
            scripts={row.name: scripts.get(row.name.split(".")[1], Script()) for row in rows},
        )

    def say(self, *words: str) -> None:
        """Record one event per word in one unit of work."""
        with self.ports.unit_of_work(self.owner) as work:
            for said in words:
                event = TenantChanged(subject=self.owner.tenant, fields=(said,))
                work.events.record(event, at=self.ports.clock.now())

    def drain(self) -> list[tuple[str, str]]:
        """Run what is due and return every run, in order."""
        self.ran.clear()
        self.ports.worker.drain(self.running())
        return list(self.ran)

    def running(self) -> RunJob:
        """Return what the worker is given."""
        return RunJob(
            unit_of_work=self.ports.unit_of_work,
            clock=self.ports.clock,
            reactions=self.reactions,
            calls={name: self._call(name) for name in self.scripts},
        )

    def failed(self) -> list[tuple[str, str]]:
        """Return (reaction, code) of the jobs that gave up."""
        rows = self.ports.worker.failed(self.owner.tenant)
        return [(row.job.reaction, row.code) for row in rows]

    def recorded(self) -> list[JobFailed]:
        """Return the failures that the event log tells of."""
        with self.ports.unit_of_work.read_only(self.owner) as view:
            rows = view.events.trail(kinds=(JobFailed.kind,)).items
        return [row.event for row in rows if isinstance(row.event, JobFailed)]

    def _call(self, name: str) -> ReactionCall:
        def call(job: Job) -> None:
            with self.ports.unit_of_work.read_only(job) as view:
                said = word(view.events.fact(job, TenantChanged))
            self.ran.append((name, said))
            self.scripts[name].play(said)

        return call
