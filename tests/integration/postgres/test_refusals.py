"""Every state of the table of errors (data.md, section 7), provoked by the server itself."""

import logging
import select
import traceback
from collections.abc import Sequence

import attrs
import psycopg
import pytest
from sqlalchemy import text

from kasa.adapters.conformance.shops import new_shop
from kasa.adapters.postgres.constraints import StoreFault, StoreFull, StoreReadOnly, StoreSchema
from kasa.adapters.postgres.constraints import ValueRefused as Refused
from kasa.adapters.postgres.roles import SUPERUSER
from kasa.application.ports.work import Collided, StoreBusy, UnitOfWork
from kasa.domain.invoicing.customer import PhoneTaken
from kasa.domain.kernel.errors import NotFound, Unavailable
from kasa.entrypoints.logs import JsonLines
from tests.integration.conftest import Database, rows_of

pytestmark = pytest.mark.integration

SECRET = "of-nobody-else"
DEADLINE_SECONDS = 30


def raised(state: str, constraint: str = "") -> tuple[str, ...]:
    """Return the statement by which the server raises a state."""
    named = f", CONSTRAINT = '{constraint}'" if constraint else ""
    return (f"DO $$ BEGIN RAISE '{SECRET}' USING ERRCODE = '{state}'{named}; END $$",)


STATES: dict[str, tuple[Sequence[str], type[Exception]]] = {
    "08000": (raised("08000"), Unavailable),
    "08006": (raised("08006"), Unavailable),
    "57P01": (("SELECT pg_terminate_backend(pg_backend_pid())",), Unavailable),
    "57P02": (raised("57P02"), Unavailable),
    "57P03": (raised("57P03"), Unavailable),
    "53300": (raised("53300"), Unavailable),
    "40001": (raised("40001"), Collided),
    "40P01": (raised("40P01"), Collided),
    "55P03": (raised("55P03"), StoreBusy),
    "57014": (("SET LOCAL statement_timeout = '20ms'", "SELECT pg_sleep(20), :word"), StoreBusy),
    "25P03": (
        ("SET LOCAL idle_in_transaction_session_timeout = '20ms'", "wait", "SELECT :word"),
        StoreBusy,
    ),
    "25P04": (("SET LOCAL transaction_timeout = '20ms'", "SELECT pg_sleep(20), :word"), StoreBusy),
    "25006": (
        (
            "SET LOCAL transaction_read_only = on",
            "UPDATE tenants SET name = :word WHERE tenant_id = :tenant",
        ),
        StoreReadOnly,
    ),
    "53100": (raised("53100"), StoreFull),
    "23505": (raised("23505", "customers_phone_key"), PhoneTaken),
    "23503": (
        ("INSERT INTO reactions_done VALUES (:tenant, gen_random_uuid(), :word)",),
        NotFound,
    ),
    "23P01": (raised("23P01", "customers_phone_key"), PhoneTaken),
    "23514": (
        ("UPDATE tenants SET riel_step = 0, name = :word WHERE tenant_id = :tenant",),
        StoreFault,
    ),
    "42501": (
        ("INSERT INTO usage_counters VALUES (gen_random_uuid(), :word, '2026-01-01', 1)",),
        NotFound,
    ),
    "22P02": (("SELECT CAST(:word AS uuid)",), Refused),
    "22003": (("SELECT CAST('99999999999' AS int), :word",), Refused),
    "22007": (("SELECT CAST(:word AS date)",), Refused),
    "22008": (("SELECT CAST('2026-13-45' AS date), :word",), Refused),
    "22021": (("SELECT CAST(E'\\xff' AS text), :word",), Refused),
    "22P05": (("SELECT convert_to('ក' || :word, 'LATIN1')",), Refused),
    "42P01": (("SELECT :word FROM tables_of_tomorrow WHERE tenant_id = :tenant",), StoreSchema),
    "42703": (
        ("SELECT column_of_tomorrow, :word FROM tenants WHERE tenant_id = :tenant",),
        StoreSchema,
    ),
    "3F000": (("SELECT tomorrow.name(:word)",), StoreSchema),
    "23502": (
        ("UPDATE tenants SET name = NULL, tin = :word WHERE tenant_id = :tenant",),
        StoreFault,
    ),
    "0A000": (
        ("SELECT count(*), :word FROM tenants WHERE tenant_id = :tenant FOR UPDATE",),
        StoreFault,
    ),
    "42601": (("SELEC :word",), StoreFault),
    "22012": (("SELECT length(:word) / 0",), StoreFault),
}
ALERTS = {"57014", "25P03", "25P04", "25006", "53100", "42501"}


def _run(work: UnitOfWork, statements: Sequence[str]) -> None:
    rows = rows_of(work)
    for statement in statements:
        if statement == "wait":
            ended = select.select([rows._cursor.connection.fileno()], [], [], DEADLINE_SECONDS)
            assert ended[0]
        else:
            rows.write(text(statement), word=SECRET)


@pytest.mark.parametrize("state", STATES)
def test_a_state_has_its_meaning_and_tells_no_value(
    database: Database, caplog: pytest.LogCaptureFixture, state: str
) -> None:
    """Each state becomes its error, and neither that nor the log repeats statement or value."""
    statements, wanted = STATES[state]
    ports = database.ports()
    owner = new_shop(ports)
    with pytest.raises(wanted) as told, ports.unit_of_work(owner) as work:
        _run(work, statements)
    assert wanted is type(told.value)
    found = "".join(traceback.format_exception(told.value))
    lines = [JsonLines().format(record) for record in caplog.records]
    assert state in ALERTS or wanted in {StoreFault, Refused} or lines == []
    assert (wanted is not StoreFault) or str(told.value).startswith(state)
    if lines:
        assert f'"sqlstate": "{state}"' in lines[0]
        assert str(owner.tenant) in lines[0]
    else:
        assert state not in ALERTS
    for text_told in (found, *lines, *(record.getMessage() for record in caplog.records)):
        assert SECRET not in text_told
        assert statements[-1] not in text_told


def test_a_value_that_cannot_be_sent_is_refused(database: Database) -> None:
    """NUL is refused by the driver, before the server sees it."""
    ports = database.ports()
    with pytest.raises(Refused), ports.unit_of_work(new_shop(ports)) as work:
        rows_of(work).write(text("SELECT :word"), word="a\0b")


@attrs.frozen
class _Thing:
    word: str


def test_a_value_of_the_wrong_type_is_a_bug_that_tells_no_value(database: Database) -> None:
    """What cannot be bound is told by its kind alone."""
    ports = database.ports()
    with pytest.raises(StoreFault) as told, ports.unit_of_work(new_shop(ports)) as work:
        rows_of(work).write(text("SELECT :word"), word=_Thing(SECRET))
    assert SECRET not in "".join(traceback.format_exception(told.value))


def test_after_an_error_a_unit_of_work_is_over(database: Database) -> None:
    """A statement behind a swallowed error is 25P02: a bug."""
    ports = database.ports()
    with pytest.raises(StoreFault, match="25P02"), ports.unit_of_work(new_shop(ports)) as work:
        with pytest.raises(StoreFault):
            rows_of(work).write(text("SELECT 1 / 0"))
        rows_of(work).write(text("SELECT 1"))


def test_a_constraint_that_nobody_lists_is_told(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """It is a bug, and the log names constraint, statement, tenant and person."""
    ports = database.ports()
    owner = new_shop(ports)
    with pytest.raises(StoreFault), ports.unit_of_work(owner) as work:
        rows_of(work).write(text("UPDATE tenants SET riel_step = 0 WHERE tenant_id = :tenant"))
    (record,) = caplog.records
    line = JsonLines().format(record)
    assert logging.ERROR == record.levelno
    assert '"constraint": "tenants_riel_step_check"' in line
    assert '"statement": "update tenants"' in line
    assert str(owner.author) in line


@pytest.mark.direct
def test_a_server_without_free_connections_is_unavailable(database: Database) -> None:
    """53300 while connecting carries no state; it is judged by its kind."""
    owner = new_shop(database.ports())
    fresh = database.open()
    limit = f"ALTER DATABASE {database.name} CONNECTION LIMIT "
    address = database.server.address(SUPERUSER, "postgres")
    with psycopg.connect(address, autocommit=True) as administrator:
        administrator.execute(f"{limit} 0".encode())
        try:
            with pytest.raises(Unavailable) as told, fresh.unit_of_work(owner):
                pass
        finally:
            administrator.execute(f"{limit} -1".encode())
    assert "store.unavailable" == told.value.code
