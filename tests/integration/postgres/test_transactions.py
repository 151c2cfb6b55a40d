"""What a unit of work does when its transaction does not end as it should."""

import threading
import time

import psycopg
import pytest
from sqlalchemy import text

from kasa.adapters.conformance.shops import new_shop, with_key
from kasa.adapters.conformance.work import kinds, state, suspend
from kasa.adapters.postgres.constraints import StoreFault
from kasa.adapters.postgres.database import repeated
from kasa.adapters.postgres.engine import REST_LIMIT_SECONDS
from kasa.adapters.postgres.overhearing import Sent, overhear
from kasa.adapters.postgres.roles import SUPERUSER
from kasa.application.ports.work import Collided, StoreBusy, WorkAborted
from kasa.domain.kernel.errors import NotFound, Unavailable
from kasa.domain.kernel.idempotency import Answered
from kasa.domain.kernel.ids import EventId
from kasa.domain.subscriptions.plan import CAPACITY_PERIOD, Meter
from kasa.domain.tenancy.events import TenantSuspended
from kasa.domain.tenancy.tenant import TenantState
from tests.integration.conftest import Database, rows_of

pytestmark = pytest.mark.integration


def _cut(database: Database) -> None:
    """End every connection of the application, as a restart of the server does."""
    address = database.server.address(SUPERUSER, database.name)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
            WHERE datname = current_database() AND usename = 'kasa_app'"""
        )


@pytest.mark.B7
def test_a_swallowed_database_error_aborts_the_unit_of_work(database: Database) -> None:
    """Leaving a failed transaction as if nothing was wrong raises, and nothing is stored."""
    ports = database.ports()
    owner = new_shop(ports)
    with pytest.raises(WorkAborted), ports.unit_of_work(owner) as work:
        tenant = work.tenants.lock().suspend()
        work.tenants.save(tenant)
        work.events.record(TenantSuspended(subject=tenant.id), at=ports.clock.now())
        with pytest.raises(Exception, match="tenants_pkey"):
            work.tenants.add(tenant)
    assert state(ports, owner) is TenantState.OPEN
    assert kinds(ports, owner) == ["tenancy.tenant_opened"]


def test_a_swallowed_error_of_a_view_is_told_too(database: Database) -> None:
    """A view that failed inside does not end as if it had not."""
    ports = database.ports()
    owner = new_shop(ports)
    opened = ports.unit_of_work.read_only(owner)
    with (
        pytest.raises(WorkAborted),
        opened as view,
        pytest.raises(StoreFault, match="22012 DivisionByZero"),
    ):
        rows_of(view).scalar(text("SELECT 1 / 0"))


def test_a_view_cannot_write(database: Database) -> None:
    """A read-only transaction refuses changes by itself."""
    ports = database.ports()
    owner = new_shop(ports)
    statement = text("UPDATE tenants SET state = 'suspended' WHERE tenant_id = :tenant")
    with pytest.raises(Unavailable) as refused, ports.unit_of_work.read_only(owner) as view:
        rows_of(view).write(statement)
    assert refused.value.code == "store.read_only"


def test_a_snapshot_sees_one_moment(database: Database) -> None:
    """With ``snapshot`` a later commit of others is not seen, without it is."""
    ports = database.ports()
    for snapshot, expected in [(True, TenantState.OPEN), (False, TenantState.SUSPENDED)]:
        owner = new_shop(ports)
        with ports.unit_of_work.read_only(owner, snapshot=snapshot) as view:
            assert view.tenants.show().state is TenantState.OPEN
            thread = threading.Thread(target=suspend, args=(ports, owner))
            thread.start()
            thread.join()
            assert expected is view.tenants.show().state


def test_a_lock_that_is_held_too_long_is_busy(database: Database) -> None:
    """Waiting for a row ends after the lock timeout with ``store.busy``."""
    ports = database.ports()
    owner = new_shop(ports)
    with psycopg.connect(database.server.address(SUPERUSER, database.name)) as other:
        other.execute("SELECT 1 FROM kasa.tenants WHERE tenant_id = %s FOR UPDATE", [owner.tenant])
        with pytest.raises(StoreBusy), ports.unit_of_work(owner) as work:
            rows_of(work).write(text("SET LOCAL lock_timeout = '50ms'"))
            work.tenants.lock()


@pytest.mark.G6
def test_a_deadlock_is_repeated(database: Database) -> None:
    """Two units of work that meet: one is told to start again, and then succeeds."""
    ports = database.ports()
    owner = new_shop(ports)
    with ports.unit_of_work(owner) as work:
        for meter in (Meter.PRODUCTS, Meter.CUSTOMERS):
            work.usage.spend(meter, 1, period=CAPACITY_PERIOD, limit=99)
    meet = threading.Barrier(2, timeout=5)
    tries: list[Meter] = []

    def spend(first: Meter, second: Meter) -> None:
        with ports.unit_of_work(owner) as work:
            work.usage.spend(first, 1, period=CAPACITY_PERIOD, limit=99)
            tries.append(first)
            if len(tries) <= 2:
                meet.wait()
            work.usage.spend(second, 1, period=CAPACITY_PERIOD, limit=99)

    pairs = [(Meter.PRODUCTS, Meter.CUSTOMERS), (Meter.CUSTOMERS, Meter.PRODUCTS)]
    threads = [threading.Thread(target=repeated, args=(spend, *pair)) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with ports.unit_of_work(owner) as work:
        used = [work.usage.used(meter, period=CAPACITY_PERIOD) for meter, _ in pairs]
    assert used == [3, 3]
    assert len(tries) == 3


@pytest.mark.G6
def test_repeats_end() -> None:
    """A use case that collides every time is called four times in all."""
    calls: list[int] = []

    def collide() -> None:
        calls.append(1)
        raise Collided(retry_after=1)

    with pytest.raises(Collided):
        repeated(collide)
    assert len(calls) == 4


def test_a_twin_that_finished_meanwhile_is_answered(database: Database) -> None:
    """A request that fails because its twin was faster gets the twin's answer."""
    ports = database.ports()
    owner = with_key(new_shop(ports), "k1")
    with pytest.raises(Answered) as answered, ports.unit_of_work(owner) as work:
        with psycopg.connect(database.server.address(SUPERUSER, database.name)) as twin:
            twin.execute(
                """INSERT INTO kasa.idempotency_keys
                (tenant_id, caller, route, key, fingerprint, type, answer)
                VALUES (%s, %s, 'POST /x', 'k1', 'f', 'str', '"done"')""",
                [owner.tenant, owner.caller],
            )
        work.answer("mine")
    assert answered.value.value == "done"


def test_a_connection_that_died_at_rest_is_replaced(database: Database) -> None:
    """The first request after the server dropped every connection succeeds."""
    made = database.open(threads=1)
    owner = new_shop(database.ports())
    with made.unit_of_work.read_only(owner):
        pass
    _cut(database)
    time.sleep(REST_LIMIT_SECONDS)
    with made.unit_of_work.read_only(owner) as view:
        assert owner.tenant == view.tenant.id


@pytest.mark.B7
def test_a_connection_lost_inside_is_unavailable_once(database: Database) -> None:
    """A unit of work whose connection is cut stores nothing; the next one succeeds at once."""
    ports = database.ports()
    owner = new_shop(ports)
    with pytest.raises(Unavailable) as lost, ports.unit_of_work(owner) as work:
        work.tenants.save(work.tenants.lock().suspend())
        _cut(database)
        work.tenants.lock()
    assert lost.value.code == "store.unavailable"
    assert state(ports, owner) is TenantState.OPEN
    with pytest.raises(Unavailable), ports.unit_of_work(owner) as work:
        work.tenants.save(work.tenants.lock().suspend())
        _cut(database)
    assert state(ports, owner) is TenantState.OPEN


def test_an_opening_is_one_round_trip(database: Database) -> None:
    """A view that reads the tenant once sends one statement between opening and end."""
    made = database.open()
    owner = new_shop(database.ports())
    sent: list[Sent] = []
    overhear(made.engine, sent.append)
    with made.unit_of_work.read_only(owner) as view:
        assert view.tenant == view.tenant
    assert ["BEGIN", "SELECT", "COMMIT"] == [one.text.split()[0] for one in sent]


def test_a_mark_for_a_missing_event_is_not_found(database: Database) -> None:
    """``once`` for an event that this tenant does not have is refused."""
    ports = database.ports()
    owner = new_shop(ports)
    statement = text(
        "INSERT INTO reactions_done (tenant_id, event_id, reaction) VALUES (:tenant, :id, 'x')"
    )
    with pytest.raises(NotFound), ports.unit_of_work(owner) as work:
        rows_of(work).write(statement, id=EventId(ports.ids.new(ports.clock.now())))
