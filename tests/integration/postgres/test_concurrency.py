"""Many at once: what may happen once happens once, and what is counted is counted right."""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from decimal import Decimal

import attrs
import psycopg
import pytest

from kasa.adapters.conformance.shops import new_shop, with_key
from kasa.adapters.memory.outside import StoppedClock
from kasa.adapters.postgres.database import repeated
from kasa.adapters.postgres.roles import SUPERUSER
from kasa.adapters.postgres.transactions import PostgresUnitOfWorkFactory
from kasa.application.kasa import Kasa
from kasa.application.ports.bundle import Ports
from kasa.application.ports.jobs import Job
from kasa.application.ports.work import PlatformWork, ReadOnly, Scope, StoreBusy, UnitOfWork
from kasa.domain.identity.access import Actor, PlatformActor
from kasa.domain.invoicing.content import WantedInvoice
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.invoicing.line_item import WantedLine
from kasa.domain.kernel.errors import Conflict, KasaError
from kasa.domain.kernel.idempotency import Answered, InProgress
from kasa.domain.subscriptions.plan import CAPACITY_PERIOD, Meter
from tests.integration.conftest import Database

pytestmark = pytest.mark.integration

CONTENDERS = 200
THREADS = 16
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


def _ports(database: Database) -> Ports:
    wide = database.open(threads=THREADS)
    return attrs.evolve(database.ports(), unit_of_work=wide.unit_of_work)


def _patiently(call: Callable[[], object]) -> object:
    """Return the answer of a call or the refusal that it ended with; wait while it is busy."""
    while True:
        try:
            return repeated(call)
        except StoreBusy:
            continue
        except (KasaError, Answered) as refusal:
            return refusal


def _at_once(calls: list[Callable[[], object]]) -> list[object]:
    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(_patiently, calls))


def _numbers(database: Database, owner: Actor) -> list[str]:
    with psycopg.connect(database.server.address(SUPERUSER, database.name)) as connection:
        found = connection.execute(
            "SELECT number FROM kasa.invoices WHERE tenant_id = %s AND number IS NOT NULL",
            [owner.tenant],
        ).fetchall()
    return sorted(row[0] for row in found)


@pytest.mark.A3
def test_numbers_are_gapless_under_200_issues(database: Database, seed: int) -> None:
    """Every number from the first to the last is given once, though a fifth rolled back."""
    ports = _ports(database)
    owner = new_shop(ports)
    assert isinstance(ports.unit_of_work, PostgresUnitOfWorkFactory)
    faltering = Faltering(ports.unit_of_work, random.Random(seed))
    calm, shaky = Kasa.over(ports), Kasa.over(attrs.evolve(ports, unit_of_work=faltering))
    drafts = [calm.invoicing.draft(owner, DRAFT) for _ in range(CONTENDERS)]

    def issuing(draft: Invoice) -> Callable[[], object]:
        return lambda: shaky.invoicing.issue(owner, draft.id)

    ends = _at_once([issuing(draft) for draft in drafts])
    issued = [end for end in ends if isinstance(end, Invoice)]
    assert {type(end) for end in ends} == {Invoice, Conflict}
    assert len(issued) == len(_numbers(database, owner))
    counted = sorted(end.number.number for end in issued if end.number is not None)
    assert list(range(1, len(issued) + 1)) == counted


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


def test_a_limit_is_a_limit_for_200_contenders(database: Database) -> None:
    """At one below the limit exactly one is admitted, and the counter says so."""
    ports = _ports(database)
    owner = new_shop(ports)

    def spend() -> int | None:
        with ports.unit_of_work(owner) as work:
            return work.usage.spend(Meter.PRODUCTS, 1, period=CAPACITY_PERIOD, limit=10)

    with ports.unit_of_work(owner) as work:
        work.usage.spend(Meter.PRODUCTS, 9, period=CAPACITY_PERIOD, limit=10)
    ends = _at_once([spend] * CONTENDERS)
    assert [10] == [end for end in ends if end is not None]
    with ports.unit_of_work(owner) as work:
        assert work.usage.used(Meter.PRODUCTS, period=CAPACITY_PERIOD) == 10


def test_50_equal_requests_have_one_effect(database: Database) -> None:
    """One runs; the others are told that it runs, or get its answer; later ones its answer."""
    ports = _ports(database)
    owner = new_shop(ports)
    kasa = Kasa.over(ports)
    request = with_key(owner, "the same", route="POST /invoices")

    def draft() -> Invoice:
        return kasa.invoicing.draft(request, DRAFT)

    ends = _at_once([draft] * 50)
    (made,) = [end for end in ends if isinstance(end, Invoice)]
    assert {type(end) for end in ends} <= {Invoice, Answered, InProgress}
    assert all(end.value == made for end in ends if isinstance(end, Answered))
    late = _patiently(draft)
    assert isinstance(late, Answered)
    assert late.value == made
    with psycopg.connect(database.server.address(SUPERUSER, database.name)) as connection:
        row = connection.execute(
            "SELECT count(*) FROM kasa.invoices WHERE tenant_id = %s", [owner.tenant]
        ).fetchone()
    assert row == (1,)
