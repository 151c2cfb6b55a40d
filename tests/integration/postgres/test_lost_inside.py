"""A connection that is lost between two statements of one unit of work."""

from contextlib import suppress

import psycopg
import pytest

from kasa.adapters.conformance.shops import new_shop
from kasa.adapters.memory.outside import StoppedClock
from kasa.adapters.postgres.database import PostgresDatabase
from kasa.adapters.postgres.overhearing import Sent, overhear
from kasa.adapters.postgres.roles import SUPERUSER
from kasa.application.kasa import Kasa
from kasa.domain.kernel.errors import Unavailable
from tests.integration.conftest import Database
from tests.integration.postgres.test_concurrency import DRAFT

pytestmark = [pytest.mark.integration, pytest.mark.direct, pytest.mark.B7]

END = """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND usename = 'kasa_app'"""
STORED = """SELECT (SELECT count(*) FROM kasa.events WHERE tenant_id = %(tenant)s),
(SELECT count(*) FROM kasa.invoices WHERE tenant_id = %(tenant)s AND number IS NOT NULL),
(SELECT count(*) FROM kasa.number_series WHERE tenant_id = %(tenant)s),
(SELECT count(*) FROM jobs.procrastinate_jobs)"""


class Cut:
    """Ends the connections of the application right after one of their statements."""

    def __init__(self, database: Database, made: PostgresDatabase) -> None:
        self._after = 0
        self._seen = 0
        self._address = database.server.address(SUPERUSER, database.name)
        overhear(made.engine, self._look)

    def at(self, place: int) -> None:
        """Cut after this statement, counted from 1; never for 0."""
        self._after, self._seen = place, 0

    def _look(self, _: Sent) -> None:
        self._seen += 1
        if self._seen == self._after:
            with psycopg.connect(self._address, autocommit=True) as administrator:
                administrator.execute(END)


def test_a_connection_lost_between_any_two_statements_leaves_nothing(database: Database) -> None:
    """Issuing an invoice is cut after each of its statements in turn: nothing is half done."""
    clock = StoppedClock()
    ports = database.ports(clock=clock)
    cut = Cut(database, database.opened[0])
    kasa, owner = Kasa.over(ports), new_shop(ports)
    draft = kasa.invoicing.draft(owner, DRAFT)
    with psycopg.connect(
        database.server.address(SUPERUSER, database.name), autocommit=True
    ) as administrator:
        before = administrator.execute(STORED, {"tenant": owner.tenant}).fetchone()
        place, issued = 0, None
        while issued is None:
            place += 1
            cut.at(place)
            with suppress(Unavailable):
                issued = kasa.invoicing.issue(owner, draft.id)
            cut.at(0)
            if issued is None:
                assert before == administrator.execute(STORED, {"tenant": owner.tenant}).fetchone()
                assert kasa.invoicing.queries.invoice(owner, draft.id).invoice == draft
    assert place > 5
    assert issued.number is not None
    assert issued.number.number == 1
