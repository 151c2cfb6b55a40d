"""Every statement is answered from indexes that begin with the tenant."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_type_hints
from uuid import UUID

import attrs
import psycopg
import pytest
from sqlalchemy import text

from kasa.adapters.postgres.embedded import EmbeddedServer
from kasa.adapters.postgres.work import PostgresReadOnly
from kasa.application.ports.inventory import MovementFilter
from kasa.application.ports.invoicing import InvoiceFilter, InvoiceTab
from kasa.application.ports.work import ReadOnly
from kasa.domain.inventory.movement import MovementKind
from kasa.domain.kernel.ids import TenantId
from kasa.domain.kernel.moments import Period
from kasa.domain.kernel.money import KHR, Money, currency
from kasa.domain.kernel.paging import Cursor
from kasa.domain.payments.references import Reference, ReferenceKeys
from kasa.domain.payments.states import PaymentState
from kasa.entrypoints.bootstrap_load import WantedLoad, load_into
from tests.integration.conftest import own_copy
from tests.integration.loading.plans import (
    NOT_LEAKPROOF,
    ExplainingConnection,
    as_application,
    generic_plan,
    statements,
)

pytestmark = [pytest.mark.integration, pytest.mark.deep, pytest.mark.direct]

TENANTS, INVOICES = 500, 20_000
PAGE_BUFFERS = 200
LARGE_PAGES = 64
STATEMENTS_AT_LEAST = 80
TODAY = datetime.now(UTC).date()
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

EUR = currency("EUR")
REFERENCES = ReferenceKeys(read=(Reference("amk.trx", "12345678901234567"),))
AUDITS = {"books._OWN_SHOP"}
"""Statements of a nightly audit, which reads whole shops."""

Read = Callable[[Any, "Sample"], object]


@attrs.frozen(kw_only=True)
class Sample:
    """The address of the loaded database, its largest shop, and some identifiers of that shop."""

    owner: str
    app: str
    tenant: TenantId
    large: frozenset[str]
    ids: Mapping[str, UUID]
    number: str
    oldest: str
    code: str

    def __getitem__(self, table: str) -> Any:
        return self.ids[table]


PAGES: Mapping[str, Read] = {
    "events.event": lambda view, one: view.event(one["events"]),
    "events.about": lambda view, one: view.about(one["invoices"]),
    "events.trail": lambda view, _: view.trail(),
    "events.trail of a kind": lambda view, _: view.trail(kinds=["invoicing.invoice_voided"]),
    "tenants.show": lambda view, _: view.show(),
    "files.listed": lambda view, _: view.listed(),
    "files.with_checksum": lambda view, _: view.with_checksum("0" * 64),
    "payments.show": lambda view, one: view.show(one["payments"]),
    "payments.evidence_of": lambda view, one: view.evidence_of(one["payments"]),
    "payments.used": lambda view, _: view.used(REFERENCES),
    "payments.listed": lambda view, _: view.listed(),
    "payments.listed in review": lambda view, _: view.listed(states=[PaymentState.IN_REVIEW]),
    "payments.listed of an invoice": lambda view, one: view.listed(invoice=one["invoices"]),
    "payments.listed later": lambda view, one: view.listed(after=Cursor((), one["payments"])),
    "alerts.show": lambda view, one: view.show(one["bank_alerts"]),
    "alerts.listed": lambda view, _: view.listed(),
    "alerts.listed unassigned": lambda view, _: view.listed(unassigned=True),
    "alerts.unjoined": lambda view, _: view.unjoined(Money(5_000, KHR), since=LONG_AGO),
    "accounts.listed": lambda view, _: view.listed(),
    "accounts.show": lambda view, one: view.show(one["receiving_accounts"]),
    "accounts.policy": lambda view, _: view.policy(),
    "khqr.codes_of": lambda view, one: view.codes_of([one["invoices"]]),
    "bank_questions.of_payment": lambda view, one: view.of_payment(one["payments"]),
    "bank_questions.of_code": lambda view, _: view.of_code("0" * 32),
    "bank_questions.codes": lambda view, one: view.codes(one["invoices"]),
    "stock.product": lambda view, one: view.product(one["products"]),
    "stock.find": lambda view, one: view.find(one.code),
    "stock.products": lambda view, _: view.products(),
    "stock.level": lambda view, one: view.level(one["products"]),
    "stock.levels": lambda view, _: view.levels(),
    "stock.owed": lambda view, _: view.owed(),
    "stock.reservations": lambda view, _: view.reservations(),
    "stock.reservations of all": lambda view, _: view.reservations(state=None),
    "stock.reservations_of": lambda view, one: view.reservations_of("invoice", one["invoices"]),
    "stock.movements": lambda view, _: view.movements(MovementFilter()),
    "stock.movements of goods": lambda view, one: view.movements(MovementFilter(sku=one["skus"])),
    "stock.movements of a source": lambda view, one: view.movements(
        MovementFilter(source=one["invoices"])
    ),
    "stock.book": lambda view, one: view.book([one["skus"]], one["stock_locations"]),
    "customers.show": lambda view, one: view.show(one["customers"]),
    "customers.page": lambda view, _: view.page(),
    "customers.page by name": lambda view, _: view.page(name="Bopha"),
    "customers.page later": lambda view, one: view.page(
        after=Cursor(("bopha chan",), one["customers"])
    ),
    "invoices.show": lambda view, one: view.show(one["invoices"]),
    "invoices.by_number": lambda view, one: view.by_number(one.number),
    "invoices.page": lambda view, _: view.page(InvoiceFilter(today=TODAY)),
    "invoices.page later": lambda view, one: view.page(
        InvoiceFilter(today=TODAY),
        after=Cursor(
            (datetime.now(UTC).replace(year=TODAY.year - 1, day=1).isoformat(),), one["invoices"]
        ),
    ),
    "invoices.page open": lambda view, _: view.page(
        InvoiceFilter(today=TODAY, tab=InvoiceTab.OPEN)
    ),
    "invoices.page void": lambda view, _: view.page(
        InvoiceFilter(today=TODAY, tab=InvoiceTab.VOID)
    ),
    "invoices.page of a customer": lambda view, one: view.page(
        InvoiceFilter(today=TODAY, customer=one["customers"])
    ),
    "invoices.page by number": lambda view, one: view.page(
        InvoiceFilter(today=TODAY, number=one.number)
    ),
    "invoices.page by an old number": lambda view, one: view.page(
        InvoiceFilter(today=TODAY, number=one.oldest)
    ),
    "invoices.page by no number": lambda view, _: view.page(
        InvoiceFilter(today=TODAY, number="INV-1999-1")
    ),
    "invoices.page of an old day": lambda view, _: view.page(
        InvoiceFilter(today=TODAY, since=date(2020, 1, 1), until=date(2020, 2, 1))
    ),
    "customers.page by no name": lambda view, _: view.page(name="zzz"),
    "stock.movements of an old day": lambda view, _: view.movements(
        MovementFilter(period=Period(LONG_AGO, LONG_AGO + timedelta(1)))
    ),
    "stock.movements of a rare kind": lambda view, _: view.movements(
        MovementFilter(kinds=[MovementKind.SCRAP])
    ),
    "credits.note": lambda view, one: view.note(one["credit_notes"]),
    "credits.of_customer": lambda view, one: view.of_customer(one["customers"]),
}
"""Reads that may cost at most 200 buffers, however large the shop is."""
FILTERED: Mapping[str, Read] = {
    "invoices.page overdue": lambda view, _: view.page(
        InvoiceFilter(today=TODAY, tab=InvoiceTab.OVERDUE)
    ),
    "invoices.page partly paid": lambda view, _: view.page(
        InvoiceFilter(today=TODAY, tab=InvoiceTab.PARTLY_PAID)
    ),
    "invoices.page of another currency": lambda view, _: view.page(
        InvoiceFilter(today=TODAY, currency=EUR)
    ),
    "events.trail of nobody": lambda view, one: view.trail(by=one["invoices"]),
    "events.trail of an old day": lambda view, _: view.trail(
        since=LONG_AGO, until=LONG_AGO + timedelta(1)
    ),
}
"""Filters behind an indexed range of the shop: what does not fit is read and left out."""
WHOLE = {
    "books.differences": "a nightly audit reads the whole shop",
    "invoices.counts": "counts a shop by state",
    "stock.valuation": "sums up every level of a shop",
    "stock.cost_of_goods": "sums up a period",
    "stock.low": "compares every level of a shop with its mark",
    "stock.count": "no stocktake is loaded; it reads its lines by their key",
    "events.fact": "reads like events.event",
    "files.show": "no file is loaded; it reads by its key",
    "payments.case": "reads at most 1,000 open invoices, for a job",
    "payments.case_of": "reads at most 1,000 open invoices, for a job",
    "payments.near": "needs evidence; its statement is among the named ones",
    "alerts.without_alert": "reads the payments of one money, at most 50",
}


@pytest.fixture(scope="module")
def sample(server: EmbeddedServer, clone: str) -> Iterator[Sample]:
    """Return a database of 500 shops, few of them large, with statistics."""
    with own_copy(server, f"{clone}_plans") as made:
        addresses = made.addresses
        load_into(addresses.owner, WantedLoad(tenants=TENANTS, invoices=INVOICES, seed=5))
        yield _sample(addresses.owner, addresses.app)


def _sample(owner: str, app: str) -> Sample:
    with psycopg.connect(owner) as connection:

        def rows(statement: str, *values: object) -> list[Any]:
            return connection.execute(statement.encode(), values).fetchall()

        ((tenant, _),) = rows(
            "SELECT tenant_id, count(*) FROM kasa.invoices GROUP BY 1 ORDER BY 2 DESC LIMIT 1"
        )
        tables = {
            table: rows(f"SELECT id FROM kasa.{table} WHERE tenant_id = %s ORDER BY id", tenant)
            for table in (
                *("events", "invoices", "payments", "customers", "products", "skus"),
                *("bank_alerts", "receiving_accounts", "credit_notes", "stock_locations"),
            )
        }
        large = rows(
            "SELECT relname FROM pg_class WHERE relnamespace = 'kasa'::regnamespace "
            "AND relkind = 'r' AND relpages > %s",
            LARGE_PAGES,
        )
        ((number, oldest),) = rows(
            "SELECT max(number), min(number) FROM kasa.invoices WHERE tenant_id = %s", tenant
        )
        ((code,),) = rows("SELECT max(code) FROM kasa.skus WHERE tenant_id = %s", tenant)
    return Sample(
        owner=owner,
        app=app,
        tenant=TenantId(tenant),
        large=frozenset(row[0] for row in large),
        ids={table: found[len(found) // 2][0] for table, found in tables.items()},
        number=number,
        oldest=oldest,
        code=code,
    )


def test_the_sample_is_large(sample: Sample) -> None:
    """The tables that matter have so many pages that reading all of one would be noticed."""
    wanted = {"invoices", "invoice_lines", "events", "payments", "stock_movements", "customers"}
    assert wanted <= sample.large


def test_every_named_statement_begins_with_the_tenant(sample: Sample) -> None:
    """No named statement reads a large table from end to end, or an index past its tenant."""
    faults, asked = {}, 0
    with as_application(sample.app, sample.tenant) as driver:
        for name, statement in statements().items():
            if name in AUDITS or "tenant_id" not in statement.text:
                continue
            plan = generic_plan(driver, statement)
            asked += 1
            found = [*plan.scans(sample.large), *plan.strays(sample.large)]
            if found:
                faults[name] = found
    assert {} == faults
    assert asked > STATEMENTS_AT_LEAST


def test_no_named_statement_compares_what_leaks() -> None:
    """Row security keeps LIKE, containment and their kind from every index: none is used."""
    found = {name for name, one in statements().items() if NOT_LEAKPROOF.search(one.text)}
    assert set() == found - AUDITS


def test_what_reads_a_whole_shop_is_noticed(sample: Sample) -> None:
    """The eye of these tests sees: words inside of payloads cost far more than a page may."""
    words = text("SELECT id FROM events WHERE tenant_id = :tenant AND payload::text LIKE :words")
    with as_application(sample.app, sample.tenant) as driver:
        rows = ExplainingConnection(driver, sample.tenant)
        rows.all(words, words="%nothing of this kind%")
    assert rows.plans[0].buffers > PAGE_BUFFERS
    with psycopg.connect(sample.owner) as owner:
        owner.execute("SET search_path = kasa")
        plan = generic_plan(owner, text("SELECT id FROM events WHERE payload::text = :words"))
        assert ["events"] == plan.scans(sample.large)


def test_every_view_is_asked_about() -> None:
    """Each method of each view is in a table: pages with their limit, the rest with a reason."""
    views = get_type_hints(ReadOnly)
    named = {name.partition(" ")[0] for name in PAGES} | set(WHOLE)
    there = {
        f"{view}.{method}"
        for view, port in views.items()
        for method, value in vars(port).items()
        if callable(value) and not method.startswith("_")
    }
    assert there == named


@pytest.mark.parametrize("name", PAGES)
def test_a_read_costs_few_buffers(sample: Sample, name: str) -> None:
    """In the largest shop a read takes at most 200 buffers, all from indexes of the tenant."""
    with as_application(sample.app, sample.tenant) as driver:
        rows = ExplainingConnection(driver, sample.tenant)
        view = getattr(PostgresReadOnly(rows), name.partition(".")[0])
        PAGES[name](view, sample)
    assert [] == [table for plan in rows.plans for table in plan.scans(sample.large)]
    costs = {plan.text: plan.buffers for plan in rows.plans}
    assert {} == {text: buffers for text, buffers in costs.items() if buffers > PAGE_BUFFERS}


@pytest.mark.parametrize("name", FILTERED)
def test_a_filter_stays_within_the_shop(sample: Sample, name: str) -> None:
    """What is filtered is read from an index of the tenant, never from a whole table."""
    with as_application(sample.app, sample.tenant) as driver:
        rows = ExplainingConnection(driver, sample.tenant)
        view = getattr(PostgresReadOnly(rows), name.partition(".")[0])
        FILTERED[name](view, sample)
    assert [] == [table for plan in rows.plans for table in plan.scans(sample.large)]
    assert [] == [index for plan in rows.plans for index in plan.strays(sample.large)]


def test_a_page_of_50_is_one_statement(sample: Sample) -> None:
    """A list of invoices is read at once, with the names of the customers."""
    with as_application(sample.app, sample.tenant) as driver:
        rows = ExplainingConnection(driver, sample.tenant)
        page = PostgresReadOnly(rows).invoices.page(InvoiceFilter(today=TODAY), limit=50)
    assert (50, 1) == (len(page.items), len(rows.plans))
