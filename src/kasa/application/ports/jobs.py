"""Jobs: one (event, reaction) pair each, waiting to run for one tenant."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

import attrs

from kasa.domain.kernel.idempotency import IdempotencyKey
from kasa.domain.kernel.ids import EventId, RequestId, TenantId

ORDERED_DUE_LIMIT = timedelta(seconds=60)


class AlreadyQueued(Exception):
    """A job of the same event and reaction still waits; the unit of work cannot commit."""


class Queue(StrEnum):
    """Jobs of one queue never wait for the jobs of another."""

    MONEY = "money"
    TELEGRAM = "telegram"
    MESSAGES = "messages"
    BULK = "bulk"


WORKER_QUEUES = (Queue.MONEY, Queue.MESSAGES, Queue.BULK)
"""What `kasa worker` runs; the queue of Telegram belongs to the process that owns the bot."""


@attrs.frozen(kw_only=True)
class Job:
    """A reaction to run for an event; the scope of the units of work that it opens.

    ``made_at`` is the event's moment: age counts from it. ``due`` is not before; with an
    ``order`` it is at most 60 s ahead. Jobs of one ``order`` run one at a time, by ``rank``.
    """

    tenant: TenantId
    event: EventId
    reaction: str
    queue: Queue
    made_at: datetime
    due: datetime | None = None
    order: str | None = None
    rank: int = 1
    attempt: int = 1
    idempotency: IdempotencyKey | None = None

    def __attrs_post_init__(self) -> None:
        if self.order is None or self.due is None:
            return
        if self.due - self.made_at > ORDERED_DUE_LIMIT:
            raise ValueError("a job with an order is due at most 60 s ahead")

    @property
    def key(self) -> str:
        """Names the job for outside systems that honour a key, and in the queue."""
        return f"{self.event}:{self.reaction}"

    @property
    def author(self) -> UUID | None:
        """Nobody: a reaction acts for kasa."""
        return None

    @property
    def caller(self) -> UUID | None:
        """Nobody: an idempotency key of a job belongs to the job itself."""
        return None

    @property
    def request(self) -> RequestId | None:
        """A reaction belongs to no request."""
        return None

    def acting_in(self, tenant: TenantId) -> "Job":
        """Return the same job in another tenant, its key as idempotency key."""
        key = IdempotencyKey(self.key, f"job:{self.reaction}")
        return attrs.evolve(self, tenant=tenant, idempotency=key)


@attrs.frozen
class Done:
    """The reaction returned."""


@attrs.frozen
class Retry:
    """The reaction is to run again after a while; ``cause`` is for the worker's log."""

    after: timedelta
    cause: BaseException | None = None


@attrs.frozen
class Failed:
    """The reaction gave up with a code; a person can run it again."""

    code: str
    cause: BaseException | None = None


Outcome = Done | Retry | Failed
RunJobCall = Callable[[Job], Outcome]


@attrs.frozen(kw_only=True)
class FailedJob:
    """A job that gave up, as it is listed."""

    job: Job
    code: str
    at: datetime


class JobQueue(Protocol):
    """Stores the jobs of a unit of work in its own commit."""

    def add(self, jobs: Sequence[Job]) -> None:
        """Store jobs, or raise ``AlreadyQueued`` when one with the same key still waits."""


class Worker(Protocol):
    """Runs jobs; ``run_job`` decides and never raises."""

    def run(self, run_job: RunJobCall, queues: Sequence[Queue], until: Callable[[], bool]) -> None:
        """Run the jobs of some queues until ``until`` answers true."""

    def drain(self, run_job: RunJobCall) -> int:
        """Run every job that is due, and those they cause, until a round runs none; count them."""

    def pulse(self) -> datetime | None:
        """Return when the worker was last alive, or None when it never ran."""

    def failed(self, tenant: TenantId) -> tuple[FailedJob, ...]:
        """Return the jobs of a tenant that gave up, newest first, at most 100."""

    def forget(self, *, done_before: datetime, failed_before: datetime) -> int:
        """Remove the jobs that were done, or gave up, before a moment, and count them."""

    def remove_all(self, tenant: TenantId) -> int:
        """Remove the jobs of a tenant, whatever became of them, and count them.

        One that runs is left to its end: then ``store.busy`` is raised when the others are gone.
        """

    def retry(self, job: Job) -> None:
        """Put a failed job back; it counts its attempts anew. Raise NotFound for any other."""
