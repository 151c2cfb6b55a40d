"""The worker over PostgreSQL: its loop, its threads, and jobs of a unit of work's own commit."""

import threading
import time

import psycopg
import pytest

from kasa.adapters.conformance.stage import FIRST, Script, Stage, reaction
from kasa.adapters.postgres.worker import UnknownReaction
from kasa.application.ports.bundle import Ports
from kasa.application.ports.events import Reactions
from kasa.application.ports.jobs import Done, Job, Outcome, Queue
from tests.integration.conftest import Database

pytestmark = pytest.mark.integration

PATIENCE_SECONDS = 15
LONGER_THAN_A_FETCH_SECONDS = 0.2
LEFT = {
    "dead": "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 seconds'",
    "endless": "UPDATE procrastinate_events SET at = at - interval '16 minutes'",
}


def _stage(database: Database, *queues: Queue) -> Stage:
    def make_ports(reactions: Reactions) -> Ports:
        return database.ports(reactions)

    return Stage.over(
        make_ports, *(reaction(FIRST, queue=queue) for queue in queues), first=Script()
    )


def _waiting(database: Database) -> int:
    with psycopg.connect(database.addresses.jobs) as connection:
        row = connection.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
        ).fetchone()
    return int(row[0]) if row else -1


def test_jobs_of_a_unit_of_work_run_while_the_worker_listens(database: Database) -> None:
    """A running worker takes new jobs within a second or two, several at once, and then stops."""
    stage = _stage(database, Queue.MONEY)
    together = threading.Barrier(3, timeout=PATIENCE_SECONDS)
    ran: list[str] = []

    def run_job(job: Job) -> Outcome:
        together.wait()
        ran.append(job.key)
        return Done()

    def until() -> bool:
        return len(ran) >= 3 or time.monotonic() > end

    end = time.monotonic() + PATIENCE_SECONDS
    worker = threading.Thread(target=stage.ports.worker.run, args=(run_job, tuple(Queue), until))
    worker.start()
    stage.say("a", "b", "c")
    worker.join(2 * PATIENCE_SECONDS)
    assert len(set(ran)) == 3
    assert _waiting(database) == 0


@pytest.mark.direct
def test_the_next_of_an_order_is_taken_at_once(database: Database) -> None:
    """The end of a job wakes who may take the next: nobody waits for the next look, 5 s later."""

    def make_ports(reactions: Reactions) -> Ports:
        return database.ports(reactions)

    stage = Stage.over(make_ports, reaction(FIRST, queue=Queue.BULK, order=lambda _: "one"))
    ran: list[str] = []

    def run_job(job: Job) -> Outcome:
        time.sleep(LONGER_THAN_A_FETCH_SECONDS)
        ran.append(job.key)
        return Done()

    stage.say(*"abcdef")
    began = time.monotonic()
    end = began + 2 * PATIENCE_SECONDS
    stage.ports.worker.run(run_job, (Queue.BULK,), lambda: len(ran) == 6 or time.monotonic() > end)
    assert len(ran) == 6
    assert time.monotonic() - began < PATIENCE_SECONDS


def test_a_worker_runs_its_own_queues_alone(database: Database) -> None:
    """Jobs of other queues wait for their worker."""
    stage = _stage(database, Queue.BULK)
    stage.say("a")
    end = time.monotonic() + 1
    stage.ports.worker.run(
        lambda _: Done(), (Queue.MONEY, Queue.MESSAGES), lambda: time.monotonic() > end
    )
    assert _waiting(database) == 1
    assert stage.drain() == [(FIRST, "a")]


def test_a_worker_refuses_to_start_before_newer_jobs(database: Database) -> None:
    """A job whose reaction this program does not know is left for the newer worker."""
    stage = _stage(database, Queue.MONEY)
    stage.say("a")
    older = database.open(Reactions(()))
    with pytest.raises(UnknownReaction) as refused:
        older.worker.run(lambda _: Done(), tuple(Queue), lambda: True)
    assert refused.value.facts == {"reactions": (FIRST,)}
    assert _waiting(database) == 1


@pytest.mark.parametrize("left", ["dead", "endless"])
def test_what_a_dead_worker_left_is_run(database: Database, left: str) -> None:
    """A job that its worker never ended runs again, as its second attempt; a live one does not."""
    stage = _stage(database, Queue.MONEY)
    stage.say("a")
    with psycopg.connect(database.addresses.jobs) as connection:
        row = connection.execute("SELECT procrastinate_register_worker_v1()").fetchone()
        connection.execute("SELECT procrastinate_fetch_job_v2(ARRAY['money']::varchar[], %s)", row)
    assert stage.drain() == []
    with psycopg.connect(database.addresses.jobs) as connection:
        connection.execute(LEFT[left].encode())
    attempts: list[int] = []

    def run_job(job: Job) -> Outcome:
        attempts.append(job.attempt)
        return Done()

    stage.ports.worker.drain(run_job)
    assert attempts == [2]


def test_a_job_holds_identifiers_alone(database: Database) -> None:
    """What lies in the queue names no person, amount or text."""
    stage = _stage(database, Queue.MONEY)
    stage.say("a")
    with psycopg.connect(database.addresses.jobs) as connection:
        row = connection.execute("SELECT args FROM procrastinate_jobs").fetchone()
    assert row is not None
    assert {"tenant", "event", "made_at"} == set(row[0])
