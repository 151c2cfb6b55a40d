"""Every statement is answered from indexes that begin with the tenant."""

from collections.abc import Iterator
from typing import Any, get_type_hints

import psycopg
import pytest
from sqlalchemy import text

from kasa.adapters.postgres.embedded import EmbeddedServer
from kasa.adapters.postgres.work import PostgresReadOnly
from kasa.application.ports.invoicing import InvoiceFilter
from kasa.application.ports.work import ReadOnly
from kasa.domain.kernel.ids import TenantId
from kasa.entrypoints.bootstrap_load import WantedLoad, load_into
from tests.integration.conftest import own_copy
from tests.integration.loading.plans import (
    NOT_LEAKPROOF,
    ExplainingConnection,
    as_application,
    generic_plan,
    statements,
)
from tests.integration.loading.reads import FILTERED, PAGES, TODAY, WHOLE, Sample

pytestmark = [pytest.mark.integration, pytest.mark.deep, pytest.mark.direct]

TENANTS, INVOICES = 500, 20_000
PAGE_BUFFERS = 200
LARGE_PAGES = 64
STATEMENTS_AT_LEAST = 80
AUDITS = {"books._OWN_SHOP"}
"""Statements of a nightly audit, which reads whole shops."""


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
                *(
                    "bank_alerts",
                    "receiving_accounts",
                    "credit_notes",
                    "stock_locations",
                    "evidence",
                ),
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
            of_shops = "tenant_id" in statement.text and "platform." not in statement.text
            if name in AUDITS or not of_shops:
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
