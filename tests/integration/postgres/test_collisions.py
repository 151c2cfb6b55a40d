"""Deadlocks and serialization failures of the server are repeated, and a full pool answers fast."""

import threading
import time
from collections.abc import Iterator

import psycopg
import pytest

from kasa.adapters.conformance.shops import new_shop
from kasa.adapters.postgres.database import repeated
from kasa.adapters.postgres.roles import SUPERUSER
from kasa.application.kasa import Kasa
from kasa.application.ports.bundle import Ports
from kasa.application.ports.jobs import Done, Job, Outcome, Retry
from kasa.application.ports.work import StoreBusy
from kasa.domain.identity.access import Actor
from kasa.domain.invoicing.events import InvoiceDrafted, InvoicePrinted
from kasa.domain.kernel.errors import Unavailable
from kasa.entrypoints.bootstrap import over
from tests.integration.conftest import Database
from tests.integration.postgres.test_concurrency import DRAFT

pytestmark = [pytest.mark.integration, pytest.mark.direct]

MAKE = """CREATE SEQUENCE kasa.collided; GRANT USAGE ON SEQUENCE kasa.collided TO kasa_app;
CREATE FUNCTION kasa.collide() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.kind = '{kind}' AND nextval('kasa.collided') <= {times} THEN
    RAISE EXCEPTION USING ERRCODE = '{state}'; END IF;
  RETURN NEW; END $$;
GRANT EXECUTE ON FUNCTION kasa.collide() TO kasa_app;
CREATE TRIGGER collide BEFORE INSERT ON kasa.events FOR EACH ROW EXECUTE FUNCTION kasa.collide()"""
DROP = "DROP FUNCTION IF EXISTS kasa.collide CASCADE; DROP SEQUENCE IF EXISTS kasa.collided"
BUSY_SECONDS = 2
TRIES = 3
"""A machine that is busy with something else may once take longer."""
REPEATS = 3
THREADS = 8


@pytest.fixture
def administrator(database: Database) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Return who can let the server collide; it is mended after the test."""
    address = database.server.address(SUPERUSER, database.name)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(DROP)
        yield connection
        connection.execute(DROP)


def _collide(
    administrator: psycopg.Connection[tuple[object, ...]], state: str, times: int, kind: str
) -> None:
    administrator.execute(MAKE.format(state=state, times=times, kind=kind).encode())


def _drafts(ports: Ports, owner: Actor) -> int:
    return len(Kasa.over(ports).invoicing.queries.invoices(owner).items)


@pytest.mark.G6
@pytest.mark.parametrize("state", ["40001", "40P01"])
@pytest.mark.parametrize("times", [1, 3, 4])
def test_a_collision_is_repeated_three_times(
    database: Database,
    administrator: psycopg.Connection[tuple[object, ...]],
    state: str,
    times: int,
) -> None:
    """The server raises it: up to three times nobody notices, then the store is busy."""
    ports = database.ports()
    opened, owner = over(ports, repeat=repeated), new_shop(ports)
    _collide(administrator, state, times, InvoiceDrafted.kind)
    if times <= REPEATS:
        opened.do(opened.kasa.invoicing.draft, owner, DRAFT)
    else:
        with pytest.raises(StoreBusy) as told:
            opened.do(opened.kasa.invoicing.draft, owner, DRAFT)
        assert (told.value.code, told.value.retry_after > 0) == ("store.busy", True)
    row = administrator.execute("SELECT last_value FROM kasa.collided").fetchone()
    assert row == (min(times, REPEATS) + 1,)
    assert _drafts(ports, owner) == (1 if times <= REPEATS else 0)


@pytest.mark.G6
def test_a_job_that_collides_runs_again(
    database: Database, administrator: psycopg.Connection[tuple[object, ...]]
) -> None:
    """A reaction has no door that repeats it: its job waits and is tried once more."""
    ports = database.ports()
    kasa, owner = Kasa.over(ports), new_shop(ports)
    kasa.invoicing.issue(owner, kasa.invoicing.draft(owner, DRAFT).id)
    _collide(administrator, "40P01", 1, InvoicePrinted.kind)
    ends: list[Outcome] = []

    def run(job: Job) -> Outcome:
        ends.append(kasa.run(job))
        return ends[-1]

    ports.worker.drain(run)
    (again,) = [end for end in ends if isinstance(end, Retry)]
    assert isinstance(again.cause, StoreBusy)
    assert all(isinstance(end, Done | Retry) for end in ends)
    assert InvoicePrinted.kind not in _kinds(kasa, owner)
    with psycopg.connect(database.addresses.jobs) as queue:
        queue.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")
    ports.worker.drain(run)
    assert _kinds(kasa, owner).count(InvoicePrinted.kind) == 1


def _kinds(kasa: Kasa, owner: Actor) -> list[str]:
    return [row.event.kind for row in kasa.operations.read_audit(owner).items]


def _refused(ports: Ports, owner: Actor) -> float:
    """Return after how many seconds a use case is told that the store is busy."""
    began = time.monotonic()
    with pytest.raises(Unavailable) as told:
        Kasa.over(ports).tenancy.queries.tenant(owner)
    assert (told.value.code, told.value.retry_after) == ("store.busy", 1)
    return time.monotonic() - began


@pytest.mark.G7
def test_a_full_pool_answers_within_two_seconds(database: Database) -> None:
    """With every connection held, a use case is refused in time, and works when one is free."""
    ports = database.ports()
    owner = new_shop(ports)
    release, held = threading.Event(), threading.Barrier(THREADS + 1)

    def hold() -> None:
        with ports.unit_of_work.read_only(owner):
            held.wait()
            release.wait()

    threads = [threading.Thread(target=hold) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    held.wait()
    try:
        took = [_refused(ports, owner)]
        while took[-1] > BUSY_SECONDS and len(took) < TRIES:
            took.append(_refused(ports, owner))
        assert min(took) <= BUSY_SECONDS
    finally:
        release.set()
        for thread in threads:
            thread.join()
    assert Kasa.over(ports).tenancy.queries.tenant(owner).id == owner.tenant
