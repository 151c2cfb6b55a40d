"""Jobs that gave up are seen and can be run again."""

import attrs
import pytest

from kasa.application.files.storing import NewFile
from kasa.application.kasa import Kasa
from kasa.application.operations.auditing import AuditFilter
from kasa.application.ports.bundle import Ports
from kasa.application.ports.jobs import Job, Outcome
from kasa.domain.files.file import FileKind
from kasa.domain.identity.access import RoleTooLow
from kasa.domain.kernel.errors import Conflict, NotFound
from kasa.domain.kernel.events import JobFailed
from tests.unit.conftest import Shop


def refuse(_: Job) -> None:
    """Fail as a reaction that is refused."""
    raise Conflict


def test_a_failed_job_is_listed_and_run_again(kasa: Kasa, ports: Ports, shop: Shop) -> None:
    """The owner sees what failed, asks once more, and the worker does it."""
    new = NewFile(kind=FileKind.LOGO, name="a", media_type="image/png", data=b"a")
    file = kasa.files.store(shop.clerk, new)
    kasa.files.remove(shop.clerk, file.id)
    broken = attrs.evolve(kasa.run, calls={**kasa.run.calls, "files.remove_bytes": refuse})
    ports.worker.drain(broken)
    (failure,) = kasa.operations.queries.failed_jobs(shop.owner).items
    assert isinstance(failure.event, JobFailed)
    assert (file.id, "conflict") == (failure.event.subject, failure.event.code)
    assert len(ports.worker.failed(shop.id)) == 1
    assert kasa.operations.queries.open_failures(shop.owner) == (failure,)
    kasa.operations.retry_job(shop.owner, failure.id)
    assert kasa.operations.queries.open_failures(shop.owner) == ()
    assert ports.worker.drain(broken) == 2
    assert [row.event for row in kasa.operations.queries.open_failures(shop.owner)] == [
        failure.event
    ]
    kasa.operations.retry_job(shop.owner, failure.id)
    assert ports.worker.drain(kasa.run) == 2
    assert kasa.operations.queries.open_failures(shop.owner) == ()
    assert ports.worker.failed(shop.id) == ()
    assert len(kasa.operations.queries.failed_jobs(shop.owner).items) == 2


def test_a_failure_is_told_once(kasa: Kasa, ports: Ports, shop: Shop) -> None:
    """A worker that died after the telling adds nothing; a person's wish begins anew."""
    new = NewFile(kind=FileKind.LOGO, name="a", media_type="image/png", data=b"a")
    file = kasa.files.store(shop.clerk, new)
    kasa.files.remove(shop.clerk, file.id)
    broken = attrs.evolve(kasa.run, calls={**kasa.run.calls, "files.remove_bytes": refuse})
    taken: list[Job] = []

    def run_and_die(job: Job) -> Outcome:
        """Run the job twice, as after the death of a worker that had told of the failure."""
        taken.append(job)
        broken(job)
        return broken(attrs.evolve(job, attempt=job.attempt + 1))

    ports.worker.drain(run_and_die)
    (failure,) = kasa.operations.queries.failed_jobs(shop.owner).items
    kasa.operations.retry_job(shop.owner, failure.id)
    ports.worker.drain(run_and_die)
    assert len(kasa.operations.queries.failed_jobs(shop.owner).items) == 2
    assert len(kasa.operations.queries.open_failures(shop.owner)) == 1
    assert [job.reaction for job in taken].count("files.remove_bytes") == 2


def test_only_a_failure_is_retried(kasa: Kasa, shop: Shop) -> None:
    """An event that is no failure of a job is not found."""
    (opened,) = kasa.operations.read_audit(shop.owner).items
    with pytest.raises(NotFound):
        kasa.operations.retry_job(shop.owner, opened.id)


def test_the_trail_is_filtered_by_kind(kasa: Kasa, shop: Shop) -> None:
    """Only events of the wanted kinds are on the page."""
    wanted = AuditFilter(kinds=("tenancy.tenant_suspended",))
    assert kasa.operations.read_audit(shop.owner, wanted).items == ()
    kasa.tenancy.suspend(shop.owner)
    assert len(kasa.operations.read_audit(shop.owner, wanted).items) == 1


def test_a_clerk_does_not_read_the_trail(kasa: Kasa, shop: Shop) -> None:
    """The audit trail is for administrators."""
    with pytest.raises(RoleTooLow):
        kasa.operations.read_audit(shop.clerk)
