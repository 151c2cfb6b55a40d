"""The queue in memory puts a failed job back where a database's row has stayed."""

from datetime import timedelta
from uuid import UUID

from kasa.adapters.memory.jobs import MemoryJobQueue
from kasa.adapters.memory.outside import FIRST_MOMENT
from kasa.application.ports.jobs import Job, Queue
from kasa.domain.kernel.ids import EventId, TenantId


def job(number: int) -> Job:
    """Return a job of one line."""
    return Job(
        tenant=TenantId(UUID(int=1)),
        event=EventId(UUID(int=number)),
        reaction="tests.first",
        queue=Queue.MONEY,
        made_at=FIRST_MOMENT,
        order="line",
    )


def test_a_job_that_is_put_back_has_its_old_place() -> None:
    """It runs before what was added to its line after it."""
    jobs = MemoryJobQueue()
    jobs.add([job(1), job(2)])
    first = jobs.take([Queue.MONEY], FIRST_MOMENT)
    assert job(1) == first
    jobs.gave_up(job(1), "refused", FIRST_MOMENT)
    jobs.again(job(1), FIRST_MOMENT + timedelta(seconds=1))
    assert job(1) == jobs.take([Queue.MONEY], FIRST_MOMENT + timedelta(seconds=1))
