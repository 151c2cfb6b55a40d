"""Running a job or a sweep: kasa decides what its end means, the queue only stores and waits."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import attrs

from kasa.application.ports.events import EventViews, Reaction, Reactions
from kasa.application.ports.jobs import Done, Failed, Job, Outcome, Retry
from kasa.application.ports.schedule import SweepFailed, SweepOutcome, Swept
from kasa.application.ports.system import Clock
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.application.schedule import SweepCall
from kasa.domain.kernel.errors import KasaError, NotFound, Throttled, Unavailable
from kasa.domain.kernel.events import Event, JobFailed, JobRetryAsked

ReactionCall = Callable[[Job], None]

BUG_RETRIES = 5
BUG_WAIT = timedelta(minutes=1)
BUG = "job.bug"
UNKNOWN = "job.unknown_reaction"
ABOUT_LIMIT = 100


@attrs.frozen(kw_only=True)
class RunJob:
    """Run the reaction of a job and answer what becomes of the job; this never raises.

    A lack that passes (``Unavailable``, ``Throttled``) is tried again by the reaction's policy, a
    refusal fails at once, a bug is tried five times a minute apart. A job that fails leaves a
    ``JobFailed`` event about the same subject.
    """

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    reactions: Reactions
    calls: Mapping[str, ReactionCall]

    def __call__(self, job: Job) -> Outcome:
        """Run a job."""
        reaction = self.reactions.named(job.reaction)
        call = self.calls.get(reaction.name) if reaction else None
        if reaction is None or call is None:
            return self._failed(job, Failed(UNKNOWN), reaction)
        try:
            call(job)
        except (Unavailable, Throttled) as error:
            return self._later(job, reaction, error)
        except KasaError as error:
            return self._failed(job, Failed(error.code, error), reaction)
        except Exception as error:  # noqa: BLE001  # whatever a bug raises, the queue goes on
            if job.attempt <= BUG_RETRIES:
                return Retry(BUG_WAIT, error)
            return self._failed(job, Failed(BUG, error), reaction)
        return Done()

    def _later(self, job: Job, reaction: Reaction[Any], error: Unavailable | Throttled) -> Outcome:
        wait = reaction.policy.wait(
            job.attempt,
            self.clock.now() - job.made_at,
            timedelta(seconds=error.retry_after),
            seed=job.event.bytes[-1],
        )
        if wait is None:
            return self._failed(job, Failed(error.code, error), reaction)
        return Retry(wait, error)

    def _failed(self, job: Job, failed: Failed, reaction: Reaction[Any] | None) -> Outcome:
        if reaction is not None and issubclass(reaction.event, JobFailed):
            return failed
        try:
            self._record(job, failed)
        except Exception as error:  # noqa: BLE001  # a failure nobody could see would be lost
            return Retry(BUG_WAIT, error)
        return failed

    def _record(self, job: Job, failed: Failed) -> None:
        with self.unit_of_work.read_only(job) as view:
            subject, mark = _failing(view.events, job)
        with self.unit_of_work(job) as work:
            if mark is None or work.events.once(attrs.evolve(job, reaction=mark)):
                work.events.record(
                    JobFailed(
                        subject=subject, event=job.event, reaction=job.reaction, code=failed.code
                    ),
                    at=self.clock.now(),
                )


def _failing(events: EventViews, job: Job) -> tuple[UUID, str | None]:
    """Return what a job is about, and by which mark it is told once that it gave up.

    A worker that dies after the telling leaves the job to another, which would tell it again. Asked
    for by a person it fails anew, so the mark names the newest asking. Without a mark it is told:
    twice is better than never.
    """
    try:
        subject = events.event(job.event).event.subject
    except NotFound:
        return job.event, None
    about = events.about(subject)
    asked = [row.id for row in about if _asks(row.event, job)]
    if not asked and len(about) >= ABOUT_LIMIT:
        return subject, None
    return subject, f"{job.reaction}:failed:{asked[-1] if asked else job.event}"


def _asks(event: Event, job: Job) -> bool:
    return isinstance(event, JobRetryAsked) and (job.event, job.reaction) == (
        event.event,
        event.reaction,
    )


@attrs.frozen(kw_only=True)
class RunSweep:
    """Run a sweep by its name and answer what came of it; this never raises.

    What several shops could not do together tells its code when it is one.
    """

    calls: Mapping[str, SweepCall]

    def __call__(self, name: str) -> SweepOutcome:
        """Run a sweep."""
        call = self.calls.get(name)
        if call is None:
            return SweepFailed(UNKNOWN)
        try:
            return Swept(call())
        except ExceptionGroup as group:
            codes = {_code(error) for error in group.exceptions}
            return SweepFailed(codes.pop() if len(codes) == 1 else BUG, group)
        except Exception as error:  # noqa: BLE001  # whatever a bug raises, the schedule goes on
            return SweepFailed(_code(error), error)


def _code(error: Exception) -> str:
    return error.code if isinstance(error, KasaError) else BUG
