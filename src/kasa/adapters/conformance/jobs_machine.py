"""Jobs in any order of commits, failures, waits and retries: what is said is done, and once."""

from collections import Counter
from datetime import timedelta
from typing import ClassVar

import attrs
import pytest
from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kasa.adapters.conformance.shops import new_shop
from kasa.adapters.conformance.stage import FIRST, POLICY, reaction, word
from kasa.application.ports.bundle import Ports
from kasa.application.ports.events import Reactions
from kasa.application.ports.jobs import Job
from kasa.application.running import BUG_RETRIES, RunJob
from kasa.domain.identity.access import Actor
from kasa.domain.kernel.errors import Conflict, Unavailable
from kasa.domain.subscriptions.plan import CAPACITY_PERIOD, UNLIMITED, Meter
from kasa.domain.tenancy.events import TenantChanged

FAULTS: dict[str, type[Exception]] = {
    "busy": Unavailable,
    "refused": Conflict,
    "bug": ZeroDivisionError,
}
LINES = "abc"
LONG = timedelta(hours=2)
TRIES_MAX = max(POLICY.attempts_max, BUG_RETRIES + 1)


@attrs.define(kw_only=True)
class Said:
    """A job as the model knows it: its line, its turn in it, and the faults still to come."""

    line: str
    turn: tuple[int, int]
    faults: list[str]
    state: str = "waiting"
    runs: int = 0


class JobsMachine(RuleBasedStateMachine):
    """One shop, three lines of ordered jobs, and every way a job can end.

    ``covered`` counts, over a whole run, how jobs ended and what befell them.
    """

    covered: ClassVar[Counter[str]]

    def make_ports(self, reactions: Reactions) -> Ports:
        """Return ports in whose queue no job waits."""
        raise NotImplementedError

    def pass_time(self, ports: Ports, span: timedelta) -> None:
        """Let the queue believe that time went by."""
        raise NotImplementedError

    @initialize()
    def open_shop(self) -> None:
        """Open a shop whose every change starts one job."""
        self.reactions = Reactions(
            (
                reaction(
                    order=lambda fact: word(fact).split(":")[0],
                    rank=lambda fact: int(word(fact).split(":")[1]),
                ),
            )
        )
        self.ports = self.make_ports(self.reactions)
        self.owner: Actor = new_shop(self.ports)
        self.said: dict[str, Said] = {}

    @rule(
        line=st.sampled_from(LINES),
        rank=st.integers(0, 2),
        faults=st.lists(st.sampled_from(sorted(FAULTS)), max_size=3),
        lost=st.booleans(),
    )
    def say(self, line: str, rank: int, faults: list[str], lost: bool) -> None:  # noqa: FBT001  # Hypothesis draws it by name
        """Record a fact that starts a job; a lost one is rolled back."""
        number = len(self.said)
        name = f"{line}:{rank}:{number}"
        if lost:
            with pytest.raises(Conflict):
                self._record(f"{name}:lost", fail=True)
            self.covered["lost"] += 1
            return
        self._record(name, fail=False)
        self.said[name] = Said(line=line, turn=(rank, number), faults=list(faults))

    def _record(self, name: str, *, fail: bool) -> None:
        with self.ports.unit_of_work(self.owner) as work:
            fact = TenantChanged(subject=self.owner.tenant, fields=(name,))
            work.events.record(fact, at=self.ports.clock.now())
            if fail:
                raise Conflict

    @rule()
    def drain(self) -> None:
        """Run what is due; no line overtakes itself."""
        self.ports.worker.drain(self._running())
        self._learn_failures()

    def _learn_failures(self) -> None:
        for row in self.ports.worker.failed(self.owner.tenant):
            said = self.said[self._name(row.job)]
            assert said.state != "done"
            said.state = "failed"

    def _name(self, job: Job) -> str:
        with self.ports.unit_of_work.read_only(job) as view:
            return word(view.events.fact(job, TenantChanged))

    @rule(span=st.sampled_from([timedelta(seconds=30), timedelta(minutes=2), LONG]))
    def wait(self, span: timedelta) -> None:
        """Let time pass."""
        self.pass_time(self.ports, span)

    @rule(which=st.integers(0, 9))
    def retry(self, which: int) -> None:
        """Put a failed job back, at the end of its line's turn."""
        failed = self.ports.worker.failed(self.owner.tenant)
        if not failed:
            return
        row = failed[which % len(failed)]
        self.ports.worker.retry(row.job)
        said = self.said[self._name(row.job)]
        said.state, said.runs = "again", 0
        self.covered["retried"] += 1

    def _running(self) -> RunJob:
        return RunJob(
            unit_of_work=self.ports.unit_of_work,
            clock=self.ports.clock,
            reactions=self.reactions,
            calls={FIRST: self._react},
        )

    def _react(self, job: Job) -> None:
        said = self.said[self._name(job)]
        self._learn_failures()
        self._check_turn(said)
        said.runs += 1
        assert said.runs <= TRIES_MAX
        if said.faults:
            fault = said.faults.pop(0)
            self.covered[fault] += 1
            raise FAULTS[fault]
        with self.ports.unit_of_work(job) as work:
            assert work.events.once(job)
            work.usage.spend(Meter.PRODUCTS, 1, period=CAPACITY_PERIOD, limit=UNLIMITED)
        said.state = "done"
        self.covered["done"] += 1

    def _check_turn(self, said: Said) -> None:
        """What waits in the same line since the start comes first; a retried one has lost it."""
        if said.state == "again":
            return
        ahead = [
            other
            for other in self.said.values()
            if other.line == said.line and other.state == "waiting" and other.turn < said.turn
        ]
        assert not ahead
        event("ran in turn")

    @invariant()
    def what_was_done_happened_once(self) -> None:
        """The counter equals the number of jobs that are done."""
        with self.ports.unit_of_work(self.owner) as work:
            used = work.usage.used(Meter.PRODUCTS, period=CAPACITY_PERIOD)
        assert used == sum(said.state == "done" for said in self.said.values())

    def teardown(self) -> None:
        """In the end, with time and retries, everything that was said is done."""
        if not hasattr(self, "said"):
            return
        for _ in range(TRIES_MAX * (1 + len(self.said))):
            if all(said.state == "done" for said in self.said.values()):
                break
            self.drain()
            self.retry(0)
            self.pass_time(self.ports, LONG)
        self.drain()
        assert {said.state for said in self.said.values()} <= {"done"}
