"""What event log, job queue and worker must do together."""

from datetime import datetime, timedelta

import attrs
import pytest

from kasa.adapters.conformance.shops import new_shop
from kasa.adapters.conformance.stage import (
    FIRST,
    LATER,
    POLICY,
    SECOND,
    Script,
    Stage,
    reaction,
    word,
)
from kasa.application.ports.bundle import Ports
from kasa.application.ports.events import Reaction, Reactions
from kasa.application.ports.jobs import AlreadyQueued, Job
from kasa.application.running import BUG, BUG_RETRIES, BUG_WAIT, UNKNOWN
from kasa.domain.kernel.errors import Conflict, NotFound, Unavailable
from kasa.domain.kernel.idempotency import Answered
from kasa.domain.subscriptions.plan import CAPACITY_PERIOD, Meter
from kasa.domain.tenancy.events import TenantChanged


class JobsConformance:
    """The event log, the queue that its commits fill, and the worker that empties it."""

    def make_ports(self, reactions: Reactions) -> Ports:
        """Return the ports under test, whose events start these reactions and no others.

        No job of another test may wait in their queue.
        """
        raise NotImplementedError

    def pass_time(self, ports: Ports, span: timedelta) -> None:
        """Let the queue believe that time went by."""
        raise NotImplementedError

    def stage(self, *rows: Reaction[TenantChanged], **scripts: Script) -> Stage:
        """Return a shop over fresh ports; ``first`` and ``second`` are scripts."""
        return Stage.over(self.make_ports, *rows, **scripts)

    def test_committed_is_run(self) -> None:
        """Each event starts each of its reactions once, in table order."""
        stage = self.stage(reaction(FIRST), reaction(SECOND))
        stage.say("a", "b")
        assert sorted(stage.drain()) == [
            (FIRST, "a"),
            (FIRST, "b"),
            (SECOND, "a"),
            (SECOND, "b"),
        ]
        assert stage.drain() == []

    def test_rolled_back_is_not_run(self) -> None:
        """A unit of work that raises leaves no job."""
        stage = self.stage(reaction())
        with pytest.raises(Conflict), stage.ports.unit_of_work(stage.owner) as work:
            event = TenantChanged(subject=stage.owner.tenant, fields=("a",))
            work.events.record(event, at=stage.ports.clock.now())
            raise Conflict
        assert stage.drain() == []

    def test_a_condition_keeps_a_reaction_away(self) -> None:
        """A reaction whose ``when`` says no gets no job."""
        stage = self.stage(reaction(when=lambda event: word(event) == "b"))
        stage.say("a", "b")
        assert stage.drain() == [(FIRST, "b")]

    def test_one_failing_reaction_retries_alone(self) -> None:
        """What another reaction to the same event did is not done again."""
        stage = self.stage(
            reaction(FIRST), reaction(SECOND), first=Script({"a": [Unavailable(retry_after=1)]})
        )
        stage.say("a")
        assert sorted(stage.drain()) == [(FIRST, "a"), (SECOND, "a")]
        assert stage.drain() == []
        self.pass_time(stage.ports, LATER)
        assert stage.drain() == [(FIRST, "a")]
        assert stage.failed() == []

    def test_a_refused_job_is_failed_listed_and_retried(self) -> None:
        """A refusal ends a job at once, with its code; a person can run it again."""
        stage = self.stage(reaction(), first=Script({"a": [Conflict()]}))
        stage.say("a")
        assert stage.drain() == [(FIRST, "a")]
        assert stage.failed() == [(FIRST, "conflict")]
        (failure,) = stage.recorded()
        assert (FIRST, "conflict") == (failure.reaction, failure.code)
        assert failure.subject == stage.owner.tenant
        (listed,) = stage.ports.worker.failed(stage.owner.tenant)
        stage.ports.worker.retry(listed.job)
        assert stage.drain() == [(FIRST, "a")]
        assert stage.failed() == []
        with pytest.raises(NotFound):
            stage.ports.worker.retry(listed.job)

    def test_what_ended_long_ago_is_forgotten(self) -> None:
        """What gave up is kept as long as asked; what waits is kept for ever."""
        errors: list[Exception] = [Unavailable(retry_after=1)]
        stage = self.stage(reaction(), first=Script({"a": [Conflict()], "c": errors}))
        stage.say("a", "b", "c")
        stage.drain()
        later = stage.ports.clock.now() + timedelta(days=1)
        before = stage.ports.clock.now() - timedelta(days=1)
        (listed,) = stage.ports.worker.failed(stage.owner.tenant)
        assert stage.ports.worker.forget(done_before=before, failed_before=before) == 0
        stage.ports.worker.forget(done_before=later, failed_before=before)
        assert stage.failed() == [(FIRST, "conflict")]
        assert stage.ports.worker.forget(done_before=later, failed_before=later) == 1
        assert stage.failed() == []
        with pytest.raises(NotFound):
            stage.ports.worker.retry(listed.job)
        self.pass_time(stage.ports, LATER)
        assert stage.drain() == [(FIRST, "c")]

    def test_retries_end(self) -> None:
        """After the policy's attempts the job fails with the last code."""
        errors: list[Exception] = [Unavailable(retry_after=1) for _ in range(9)]
        stage = self.stage(reaction(), first=Script({"a": errors}))
        stage.say("a")
        for _ in range(POLICY.attempts_max):
            assert stage.drain() == [(FIRST, "a")]
            self.pass_time(stage.ports, LATER)
        assert stage.drain() == []
        assert stage.failed() == [(FIRST, "store.unavailable")]

    def test_a_bug_is_tried_five_times_more(self) -> None:
        """Whatever is no refusal is tried again a minute apart, and then fails as a bug."""
        errors: list[Exception] = [ZeroDivisionError() for _ in range(9)]
        stage = self.stage(reaction(), first=Script({"a": errors}))
        stage.say("a")
        for _ in range(1 + BUG_RETRIES):
            assert stage.drain() == [(FIRST, "a")]
            self.pass_time(stage.ports, BUG_WAIT)
        assert stage.drain() == []
        assert stage.failed() == [(FIRST, BUG)]

    def test_due_waits(self) -> None:
        """A job with a moment is not run before it."""
        stage = self.stage(reaction(due=lambda event: datetime.fromisoformat(word(event))))
        due = (stage.ports.clock.now() + timedelta(hours=3)).isoformat()
        stage.say(due)
        assert stage.drain() == []
        self.pass_time(stage.ports, timedelta(hours=3, seconds=1))
        assert stage.drain() == [(FIRST, due)]

    def test_order_holds_when_the_first_must_wait(self) -> None:
        """Jobs behind a retried one wait for it; other orders go on."""
        script = Script({"a1": [Unavailable(retry_after=1)]})
        stage = self.stage(reaction(order=lambda event: word(event)[0]), first=script)
        stage.say("a1", "a2", "b1")
        assert sorted(stage.drain()) == [(FIRST, "a1"), (FIRST, "b1")]
        assert stage.drain() == []
        self.pass_time(stage.ports, LATER)
        assert stage.drain() == [(FIRST, "a1"), (FIRST, "a2")]

    def test_rank_goes_before_age(self) -> None:
        """In one order, the lowest rank runs first, and then the oldest."""
        stage = self.stage(
            reaction(order=lambda _: "one", rank=lambda event: int(word(event)[0])),
        )
        stage.say("3a", "1a", "2a", "1b")
        assert [said for _, said in stage.drain()] == ["1a", "1b", "2a", "3a"]

    def test_a_failed_job_lets_the_next_one_run(self) -> None:
        """A job that gave up no longer holds its order."""
        script = Script({"a1": [Conflict()]})
        stage = self.stage(reaction(order=lambda event: word(event)[0]), first=script)
        stage.say("a1", "a2")
        assert stage.drain() == [(FIRST, "a1"), (FIRST, "a2")]

    def test_the_same_job_twice_stops_the_unit_of_work(self) -> None:
        """Two jobs of one key cannot wait together: nothing of that unit of work is stored."""
        stage = self.stage(reaction(FIRST), reaction(FIRST))
        with pytest.raises(AlreadyQueued):
            stage.say("a")
        assert stage.drain() == []
        with stage.ports.unit_of_work.read_only(stage.owner) as view:
            assert view.events.trail(kinds=(TenantChanged.kind,)).items == ()

    def test_an_unknown_reaction_fails(self) -> None:
        """A job whose reaction nobody knows fails with a code of its own."""
        stage = self.stage(reaction())
        stage.scripts.clear()
        stage.say("a")
        assert stage.drain() == []
        assert stage.failed() == [(FIRST, UNKNOWN)]

    def test_a_database_reaction_happens_once(self) -> None:
        """However often a job runs, the effect under ``once`` is there one time."""
        stage = self.stage(reaction())
        stage.say("a")
        jobs: list[Job] = []

        def count(job: Job) -> None:
            jobs.append(job)
            with stage.ports.unit_of_work(job) as work:
                if work.events.once(job):
                    work.usage.spend(Meter.PRODUCTS, 1, period=CAPACITY_PERIOD, limit=9)

        stage.ports.worker.drain(attrs.evolve(stage.running(), calls={FIRST: count}))
        for _ in range(3):
            count(jobs[0])
        with stage.ports.unit_of_work(stage.owner) as work:
            assert work.usage.used(Meter.PRODUCTS, period=CAPACITY_PERIOD) == 1

    def test_a_rolled_back_mark_is_no_mark(self) -> None:
        """``once`` commits with the effect: after a rollback the reaction is still to do."""
        stage = self.stage(reaction())
        stage.say("a")
        answers: list[bool] = []

        def fail_first(job: Job) -> None:
            with stage.ports.unit_of_work(job) as work:
                answers.append(work.events.once(job))
                if len(answers) == 1:
                    raise Unavailable(retry_after=1)

        run = attrs.evolve(stage.running(), calls={FIRST: fail_first})
        stage.ports.worker.drain(run)
        self.pass_time(stage.ports, LATER)
        stage.ports.worker.drain(run)
        assert answers == [True, True]

    def test_an_effect_in_another_tenant_happens_once(self) -> None:
        """The job's key is the idempotency key there: a repeat is answered and does nothing."""
        stage = self.stage(reaction())
        other = new_shop(stage.ports)
        stage.say("a")
        jobs: list[Job] = []
        answered: list[Job] = []

        def act_abroad(job: Job) -> None:
            jobs.append(job)
            try:
                with stage.ports.unit_of_work(job.acting_in(other.tenant)) as work:
                    tenant = work.tenants.lock()
                    work.usage.spend(Meter.PRODUCTS, 1, period=CAPACITY_PERIOD, limit=9)
                    work.answer(tenant)
            except Answered:
                answered.append(job)
            with stage.ports.unit_of_work(job) as work:
                work.events.once(job)

        stage.ports.worker.drain(attrs.evolve(stage.running(), calls={FIRST: act_abroad}))
        act_abroad(jobs[0])
        assert [jobs[0]] == answered
        with stage.ports.unit_of_work(other) as work:
            assert work.usage.used(Meter.PRODUCTS, period=CAPACITY_PERIOD) == 1

    def test_another_tenant_s_event_is_not_found(self) -> None:
        """A job moved to another tenant finds no event there."""
        stage = self.stage(reaction())
        stranger = new_shop(stage.ports)
        stage.say("a")
        looked: list[Job] = []

        def look_abroad(job: Job) -> None:
            with (
                stage.ports.unit_of_work.read_only(job.acting_in(stranger.tenant)) as view,
                pytest.raises(NotFound),
            ):
                view.events.event(job.event)
            looked.append(job)

        stage.ports.worker.drain(attrs.evolve(stage.running(), calls={FIRST: look_abroad}))
        assert len(looked) == 1
        assert stage.failed() == []

    def test_the_pulse_is_that_of_the_last_run(self) -> None:
        """A worker that ran tells when."""
        stage = self.stage(reaction())
        before = stage.ports.clock.now()
        stage.say("a")
        stage.drain()
        pulse = stage.ports.worker.pulse()
        assert pulse is not None
        assert before <= pulse <= stage.ports.clock.now()
