"""A commit that fails is told, and leaves nothing."""

from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy

from kasa.adapters.conformance.shops import new_shop
from kasa.adapters.conformance.stage import FIRST, reaction
from kasa.adapters.postgres.constraints import StoreFault
from kasa.adapters.postgres.roles import SUPERUSER
from kasa.application.ports.bundle import Ports
from kasa.application.ports.events import Reactions
from kasa.application.ports.work import Collided, WorkAborted
from kasa.domain.identity.access import Actor
from kasa.domain.kernel.errors import KasaError, Unavailable
from kasa.domain.tenancy.events import TenantChanged
from tests.integration.conftest import Database, rows_of

pytestmark = [pytest.mark.integration, pytest.mark.B7]

FAULTS = {
    "the disk is full": ("RAISE EXCEPTION USING ERRCODE = '53100'", "store.full"),
    "another was first": ("RAISE EXCEPTION USING ERRCODE = '40001'", Collided.code),
    "the server is gone": ("PERFORM pg_terminate_backend(pg_backend_pid())", Unavailable.code),
}
MAKE = """CREATE FUNCTION kasa.fail_at_commit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
AS $$ BEGIN {fault}; RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER fail_at_commit AFTER INSERT ON kasa.events
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kasa.fail_at_commit()"""
DROP = "DROP FUNCTION IF EXISTS kasa.fail_at_commit CASCADE"


@pytest.fixture
def administrator(database: Database) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Return who can break a commit; it is mended after the test."""
    address = database.server.address(SUPERUSER, database.name)
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection
        connection.execute(DROP)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_commit_that_fails_is_told_and_leaves_nothing(
    database: Database, administrator: psycopg.Connection[tuple[object, ...]], fault: str
) -> None:
    """Whatever goes wrong at COMMIT: no fact, no job, and an error with its code."""
    how, code = FAULTS[fault]
    ports = database.ports(Reactions((reaction(FIRST),)))
    owner = new_shop(ports)
    administrator.execute(MAKE.format(fault=how).encode())
    with pytest.raises(KasaError) as told, ports.unit_of_work(owner) as work:
        event = TenantChanged(subject=owner.tenant, fields=("a",))
        work.events.record(event, at=ports.clock.now())
    assert told.value.code == code
    administrator.execute(DROP)
    _hold_nothing(database, ports, owner)


def test_a_swallowed_refusal_of_the_database_adds_no_job(database: Database) -> None:
    """COMMIT of a failed transaction answers ROLLBACK without a word: the unit of work tells."""
    ports = database.ports(Reactions((reaction(FIRST),)))
    owner = new_shop(ports)
    with pytest.raises(WorkAborted), ports.unit_of_work(owner) as work:
        event = TenantChanged(subject=owner.tenant, fields=("a",))
        work.events.record(event, at=ports.clock.now())
        with pytest.raises(StoreFault):
            rows_of(work).scalar(sqlalchemy.text("SELECT 1 / 0"))
    _hold_nothing(database, ports, owner)


def test_a_commit_that_answers_rollback_is_told(database: Database) -> None:
    """A transaction that ended behind the unit of work's back is no success either."""
    ports = database.ports(Reactions((reaction(FIRST),)))
    owner = new_shop(ports)
    with pytest.raises(WorkAborted), ports.unit_of_work(owner) as work:
        event = TenantChanged(subject=owner.tenant, fields=("a",))
        work.events.record(event, at=ports.clock.now())
        rows_of(work).write(sqlalchemy.text("ROLLBACK"))
    _hold_nothing(database, ports, owner)


def _hold_nothing(database: Database, ports: Ports, owner: Actor) -> None:
    with ports.unit_of_work.read_only(owner) as view:
        assert view.events.trail(kinds=(TenantChanged.kind,)).items == ()
    with psycopg.connect(database.addresses.jobs) as connection:
        assert connection.execute("SELECT id FROM procrastinate_jobs").fetchall() == []
