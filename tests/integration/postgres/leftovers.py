"""What an act left in a shop: rows of every table, jobs and numbers."""

from collections import Counter
from collections.abc import Mapping

import psycopg

from kasa.adapters.postgres.roles import SUPERUSER
from kasa.domain.kernel.ids import TenantId
from tests.integration.conftest import Database

TABLES = """SELECT relname FROM pg_class
WHERE relnamespace = 'kasa'::regnamespace AND relkind = 'r' ORDER BY 1"""
JOBS = "SELECT count(*) FROM jobs.procrastinate_jobs WHERE args ->> 'tenant' = %s"
NUMBERS = "SELECT coalesce(sum(next - first), 0) FROM kasa.number_series WHERE tenant_id = %s"
VERSIONS = "SELECT coalesce(sum(version), 0) FROM kasa.invoices WHERE tenant_id = %s"


def left_in(database: Database, tenant: TenantId) -> Mapping[str, int]:
    """Return how many rows and jobs a shop has, how many numbers it gave, and how often it wrote.

    Two shops that went through the same have the same.
    """
    found = Counter[str]()
    address = database.server.address(SUPERUSER, database.name)
    with psycopg.connect(address, autocommit=True) as connection:

        def count(statement: str, value: object) -> int:
            row = connection.execute(statement.encode(), [value]).fetchone()
            return int(row[0]) if row else 0

        for (table,) in connection.execute(TABLES).fetchall():
            found[table] = count(f"SELECT count(*) FROM kasa.{table} WHERE tenant_id = %s", tenant)
        found["jobs"] = count(JOBS, str(tenant))
        found["numbers"] = count(NUMBERS, tenant)
        found["versions"] = count(VERSIONS, tenant)
    return found
