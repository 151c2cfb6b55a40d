"""Many at once: what may happen once happens once, and what is counted is counted right."""

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial

import attrs
import psycopg
import pytest

from kasa.adapters.conformance.shops import new_shop
from kasa.adapters.memory.outside import StoppedClock
from kasa.adapters.postgres.roles import SUPERUSER
from kasa.adapters.postgres.transactions import PostgresUnitOfWorkFactory
from kasa.application.kasa import Kasa
from kasa.application.ports.jobs import Job
from kasa.application.ports.work import PlatformWork, ReadOnly, Scope, UnitOfWork
from kasa.domain.identity.access import Actor, PlatformActor
from kasa.domain.invoicing.content import WantedInvoice
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.invoicing.line_item import WantedLine
from kasa.domain.invoicing.numbering import SeriesClockBehind
from kasa.domain.kernel.errors import Conflict, KasaError
from tests.integration.conftest import Database
from tests.integration.postgres.racing import at_once, wide_ports

pytestmark = pytest.mark.integration

CONTENDERS = 200
DRAFT = WantedInvoice(lines=(WantedLine(quantity=Decimal(1), text="Tea", price=Decimal(4000)),))


@attrs.define
class Faltering:
    """Units of work of which every fifth fails at its very end."""

    inner: PostgresUnitOfWorkFactory
    dice: random.Random

    def __call__(self, scope: Scope) -> AbstractContextManager[UnitOfWork]:
        """Open a unit of work that may fail."""
        return self._open(scope)

    def read_only(
        self, scope: Scope, *, snapshot: bool = False
    ) -> AbstractContextManager[ReadOnly]:
        """Open a view."""
        return self.inner.read_only(scope, snapshot=snapshot)

    def platform(
        self, scope: PlatformActor | Job | None = None
    ) -> AbstractContextManager[PlatformWork]:
        """Open a unit of work that belongs to no tenant."""
        return self.inner.platform(scope)

    @contextmanager
    def _open(self, scope: Scope) -> Iterator[UnitOfWork]:
        with self.inner(scope) as work:
            yield work
            if self.dice.random() < 0.2:
                raise Conflict


def _numbered(database: Database, owner: Actor) -> list[tuple[int, date]]:
    """Return the numbers of a shop's invoices, with the day of each, by number."""
    with psycopg.connect(database.server.address(SUPERUSER, database.name)) as connection:
        return connection.execute(
            "SELECT series_number, issue_date FROM kasa.invoices "
            "WHERE tenant_id = %s AND number IS NOT NULL ORDER BY 1",
            [owner.tenant],
        ).fetchall()


@pytest.mark.A3
def test_numbers_are_gapless_under_200_issues(database: Database, seed: int) -> None:
    """Gapless and by day, though a fifth rolled back and midnight came to some doors first."""
    ports = wide_ports(database)
    owner = new_shop(ports)
    assert isinstance(ports.unit_of_work, PostgresUnitOfWorkFactory)
    faltering = Faltering(ports.unit_of_work, random.Random(seed))
    drafts = [Kasa.over(ports).invoicing.draft(owner, DRAFT) for _ in range(CONTENDERS)]
    before = datetime(2026, 11, 21, 16, 59, 59, tzinfo=UTC)
    days = (*[before] * 3, before + timedelta(seconds=2))
    doors = [
        Kasa.over(attrs.evolve(ports, unit_of_work=faltering, clock=StoppedClock(at)))
        for at in days
    ]

    def issuing(turn: int) -> Callable[[], object]:
        day = 0 if turn < CONTENDERS // 2 else turn % len(doors)
        return partial(doors[day].invoicing.issue, owner, drafts[turn].id)

    ends = at_once(*map(issuing, range(CONTENDERS)))
    issued = [end for end in ends if isinstance(end, Invoice)]
    assert {type(end) for end in ends} == {Invoice, Conflict, SeriesClockBehind}
    rows = _numbered(database, owner)
    assert [(number, issued_on) for number, issued_on in rows] == sorted(
        (end.number.number, end.issue_date) for end in issued if end.number and end.issue_date
    )
    assert list(range(1, len(issued) + 1)) == [number for number, _ in rows]
    assert [day for _, day in rows] == sorted(day for _, day in rows)
    with ports.unit_of_work.read_only(owner) as view:
        assert () == view.books.differences()


@pytest.mark.A3
def test_a_clock_that_runs_behind_gives_no_number(database: Database) -> None:
    """A document is never numbered before an earlier day's: the clock is refused."""
    ports = database.ports()
    owner = new_shop(ports)
    kasa = Kasa.over(ports)
    first, second = (kasa.invoicing.draft(owner, DRAFT) for _ in range(2))
    kasa.invoicing.issue(owner, first.id)
    behind = StoppedClock(ports.clock.now() - timedelta(days=1))
    with pytest.raises(KasaError) as refused:
        Kasa.over(attrs.evolve(ports, clock=behind)).invoicing.issue(owner, second.id)
    assert refused.value.code == "series.clock_behind"
