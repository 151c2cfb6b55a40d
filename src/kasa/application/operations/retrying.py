"""Running a job again that gave up."""

from contextlib import suppress
from typing import ClassVar

import attrs

from kasa.application.ports.events import Reactions
from kasa.application.ports.jobs import Job, Queue, Worker
from kasa.application.ports.system import Clock
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.events import JobFailed, JobRetryAsked
from kasa.domain.kernel.ids import EventId


@attrs.frozen(kw_only=True, eq=False)
class RetryJob:
    """Ask for a failed job to be run again; the worker puts it back."""

    permission: ClassVar[Permission] = Permission.CHANGE_TENANT

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, failure: EventId) -> JobRetryAsked:
        """Take the ``JobFailed`` event's id; raise NotFound when it is none."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work.read_only(actor) as view:
            failed = view.events.event(failure).event
        if not isinstance(failed, JobFailed):
            raise NotFound
        with self.unit_of_work(actor) as work:
            asked = JobRetryAsked(
                subject=failed.subject, event=failed.event, reaction=failed.reaction
            )
            work.events.record(asked, at=now)
            return work.answer(asked)


@attrs.frozen(kw_only=True, eq=False)
class PutJobBack:
    """Put a failed job back into its queue; one that waits or is done already stays as it is."""

    unit_of_work: UnitOfWorkFactory
    worker: Worker
    reactions: Reactions

    def __call__(self, job: Job) -> None:
        """Retry what ``JobRetryAsked`` names."""
        with self.unit_of_work.read_only(job) as view:
            asked = view.events.fact(job, JobRetryAsked)
            first = view.events.event(asked.event)
        reaction = self.reactions.named(asked.reaction)
        failed = Job(
            tenant=job.tenant,
            event=asked.event,
            reaction=asked.reaction,
            queue=reaction.queue if reaction else Queue.MONEY,
            made_at=first.at,
        )
        with suppress(NotFound):
            self.worker.retry(failed)
        with self.unit_of_work(job) as work:
            work.events.once(job)
