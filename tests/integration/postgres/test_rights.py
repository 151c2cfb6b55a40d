"""What each role cannot do (data.md, sections 2 and 9.3)."""

import psycopg
import pytest
from psycopg import errors

from kasa.adapters.conformance.shops import new_shop
from kasa.adapters.postgres.roles import APP, BACKUP, JOBS, OWNER
from tests.integration.conftest import Database

pytestmark = [pytest.mark.integration, pytest.mark.direct]

FORBIDDEN = [
    (APP, "SELECT args FROM jobs.procrastinate_jobs"),
    (APP, "UPDATE jobs.procrastinate_jobs SET status = 'failed'"),
    (APP, "DELETE FROM jobs.procrastinate_jobs"),
    (APP, "SELECT jobs.procrastinate_fetch_job_v2(NULL, NULL)"),
    (APP, "SELECT jobs.procrastinate_finish_job_v1(1, 'failed', true)"),
    (APP, "SET ROLE kasa_owner"),
    (APP, "SET ROLE kasa_jobs"),
    (APP, "SET ROLE kasa_backup"),
    (APP, "SET ROLE postgres"),
    (APP, "TRUNCATE kasa.usage_counters"),
    (APP, "CREATE TABLE kasa.mine (id int)"),
    (APP, "CREATE TABLE public.mine (id int)"),
    (APP, "CREATE TEMPORARY TABLE mine (id int)"),
    (APP, "CREATE SCHEMA mine"),
    (APP, "CREATE TABLE jobs.mine (id int)"),
    (APP, "ALTER TABLE kasa.events DISABLE ROW LEVEL SECURITY"),
    (APP, "DROP POLICY tenant ON kasa.events"),
    (APP, "CREATE TRIGGER mine BEFORE INSERT ON kasa.events EXECUTE FUNCTION suppress()"),
    (APP, "UPDATE kasa.events SET kind = 'x'"),
    (APP, "DELETE FROM kasa.reactions_done"),
    (APP, "SELECT * FROM platform.tenants_list(NULL, NULL, NULL, 1)"),
    (APP, "CREATE ROLE mine"),
    (APP, "SELECT pg_read_file('/etc/passwd')"),
    (APP, "COPY (SELECT 1) TO PROGRAM 'true'"),
    (APP, "SET ROLE kasa_platform; SELECT * FROM kasa.tenants"),
    (APP, "SET ROLE kasa_platform; UPDATE kasa.events SET kind = 'x'"),
    (APP, "SET ROLE kasa_platform; SELECT args FROM jobs.procrastinate_jobs"),
    (APP, "SET ROLE kasa_platform; CREATE TABLE platform.mine (id int)"),
    (JOBS, "SELECT * FROM kasa.tenants"),
    (JOBS, "SELECT * FROM kasa.events"),
    (JOBS, "SELECT * FROM platform.version"),
    (JOBS, "SET ROLE kasa_app"),
    (OWNER, "CREATE ROLE mine"),
    (OWNER, "ALTER ROLE kasa_app SUPERUSER"),
    (OWNER, "CREATE DATABASE mine"),
    (OWNER, "SELECT * FROM jobs.procrastinate_jobs"),
    (BACKUP, "DELETE FROM kasa.events"),
    (BACKUP, "CREATE TABLE kasa.mine (id int)"),
]


@pytest.mark.parametrize(("role", "statement"), FORBIDDEN)
def test_a_role_cannot(database: Database, role: str, statement: str) -> None:
    """Each role is refused what is not its business."""
    with (
        psycopg.connect(
            database.server.address(role, database.name), autocommit=True
        ) as connection,
        pytest.raises(errors.InsufficientPrivilege),
    ):
        connection.execute(statement.encode())


def test_the_application_cannot_dump(database: Database) -> None:
    """Reading past row security is an error for a role that it holds, not a partial answer."""
    with psycopg.connect(database.addresses.app) as connection:
        connection.execute("SET row_security = off")
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("SELECT * FROM kasa.tenants")


def test_the_backup_reads_everything(database: Database) -> None:
    """A dump holds the rows of every tenant."""
    shop = new_shop(database.ports())
    statement = "SELECT count(*) FROM kasa.tenants WHERE tenant_id = %s"
    with psycopg.connect(database.server.address(BACKUP, database.name)) as connection:
        assert (1,) == connection.execute(statement, [shop.tenant]).fetchone()


def test_nobody_else_connects(database: Database) -> None:
    """Only the listed roles may connect to the database."""
    with psycopg.connect(database.server.address("postgres", "postgres")) as connection:
        found = connection.execute(
            """SELECT rolname FROM pg_roles WHERE rolname NOT LIKE 'pg\\_%%' AND rolcanlogin
            AND has_database_privilege(rolname, %s, 'CONNECT')""",
            [database.name],
        ).fetchall()
    assert {APP, OWNER, JOBS, BACKUP, "postgres"} == {row[0] for row in found}
