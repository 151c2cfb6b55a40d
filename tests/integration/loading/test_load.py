"""What is loaded for trials is as consistent as if it had happened."""

from collections import Counter
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

import attrs
import psycopg
import pytest

from kasa.adapters.postgres.books import all_differences
from kasa.application.kasa import Kasa
from kasa.application.payments.deciding import Cash
from kasa.application.ports.bundle import Ports
from kasa.application.ports.invoicing import InvoiceFilter, InvoiceTab
from kasa.application.ports.jobs import Done, Job, Queue
from kasa.application.ports.storage import StorageKey
from kasa.domain.identity.access import Actor, Role
from kasa.domain.invoicing.events import InvoiceIssued
from kasa.domain.invoicing.invoice import Invoice, InvoiceState
from kasa.domain.kernel.events import RecordedEvent
from kasa.domain.kernel.ids import InvoiceId, TenantId, UserId
from kasa.domain.kernel.moments import business_date
from kasa.domain.kernel.money import KHR, USD, ExchangeRate, Money
from kasa.entrypoints.bootstrap_load import DatabaseNotEmpty, WantedLoad, load_into
from tests.integration.conftest import Database
from tests.integration.pdf.printing import printer

pytestmark = pytest.mark.integration

TENANTS, INVOICES = 4, 163
LOAD = WantedLoad(tenants=TENANTS, invoices=INVOICES, seed=11)
REHEARSED = r"\m2091\M|\mQz|\mGz[a-z]{4}\M|\m7[01]0000[0-9]{3}\M"
"""What the story's placeholders look like: none may be left."""
EMPTY = {
    "api_keys",
    "bank_questions",
    "event_archives",
    "files",
    "idempotency_keys",
    "invitations",
    "invoice_copies",
    "khqr_codes",
    "match_policies",
    "memberships",
    "reactions_done",
    "service_clients",
    "share_links",
    "stock_count_lines",
    "stock_counts",
}
"""What the story does not tell: copies would need bytes in the file storage; nobody signs in."""


@attrs.define(kw_only=True)
class Loaded:
    """A database that was loaded, and its largest shop."""

    database: Database
    ports: Ports
    kasa: Kasa
    owner: Actor

    def rows(self, statement: str) -> list[Any]:
        """Return rows of every shop."""
        with psycopg.connect(self.database.addresses.owner) as connection:
            return connection.execute(statement.encode()).fetchall()

    def invoices(self, tab: InvoiceTab) -> list[Invoice]:
        """Return some invoices of the largest shop."""
        wanted = InvoiceFilter(today=date.min, tab=tab)
        page = self.kasa.invoicing.queries.invoices(self.owner, wanted)
        return [self.invoice(row.id) for row in page.items]

    def invoice(self, invoice: InvoiceId) -> Invoice:
        """Return one invoice as it is now."""
        return self.kasa.invoicing.queries.invoice(self.owner, invoice).invoice


@pytest.fixture
def loaded(empty: Database) -> Loaded:
    """Return a small load."""
    load_into(empty.addresses.owner, LOAD)
    with psycopg.connect(empty.addresses.owner) as connection:
        row = connection.execute(
            "SELECT tenant_id FROM kasa.invoices GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
        ).fetchone()
    assert row is not None
    ports = empty.ports()
    owner = Actor.member(TenantId(row[0]), UserId(UUID(int=7)), Role.OWNER, recent=True)
    return Loaded(database=empty, ports=ports, kasa=Kasa.over(ports), owner=owner)


def test_a_load_is_consistent_and_works_like_what_happened(loaded: Loaded) -> None:
    """Every sum agrees with its rows; loaded invoices are read, issued, paid, voided, printed."""
    _has_what_was_asked(loaded)
    with pytest.raises(DatabaseNotEmpty):
        load_into(loaded.database.addresses.owner, LOAD)
    with psycopg.connect(loaded.database.addresses.owner) as connection:
        assert () == all_differences(connection)
    _documents_are_their_own(loaded)
    _changes_like_any_other(loaded)
    _prints(loaded)
    with psycopg.connect(loaded.database.addresses.owner) as connection:
        assert () == all_differences(connection)


def _has_what_was_asked(loaded: Loaded) -> None:
    told = "SELECT count(*), count(DISTINCT name) FROM kasa.tenants"
    assert [(TENANTS, TENANTS)] == loaded.rows(told)
    assert [(INVOICES,)] == loaded.rows("SELECT count(*) FROM kasa.invoices")
    states = dict(loaded.rows("SELECT state, count(*) FROM kasa.invoices GROUP BY 1"))
    assert set(InvoiceState) == set(states)
    names = "SELECT relname FROM pg_stat_user_tables WHERE schemaname = 'kasa'"
    tables = {table for (table,) in loaded.rows(names)}
    filled = {table for table in tables if loaded.rows(f"TABLE kasa.{table} LIMIT 1")}
    assert tables - EMPTY == filled
    assert filled == {
        table
        for table in filled
        if loaded.rows(f"SELECT 1 FROM kasa.{table} AS t WHERE t::text ~ '[0-9a-f]{{8}}-'")
    }
    for table in sorted(filled):
        left = f"SELECT 1 FROM kasa.{table} AS t WHERE t::text ~ '{REHEARSED}'"
        assert [] == loaded.rows(left), table
    assert [] == loaded.rows("SELECT 1 FROM kasa.events WHERE at > now()")


def _documents_are_their_own(loaded: Loaded) -> None:
    """Digests are right, and a document names the number and the buyer of its own rows."""
    for tab in (InvoiceTab.OPEN, InvoiceTab.PAID, InvoiceTab.VOID):
        for invoice in loaded.invoices(tab):
            assert invoice.snapshot is not None
            assert invoice.number is not None
            assert sha256(invoice.snapshot.text.encode()).hexdigest() == invoice.snapshot.digest
            view = loaded.kasa.invoicing.queries.invoice(loaded.owner, invoice.id)
            document = loaded.kasa.invoicing.queries.document(loaded.owner, invoice.id)
            assert view.customer is not None
            assert document.buyer is not None
            assert (invoice.number.text, invoice.issue_date) == (
                document.number,
                document.issue_date,
            )
            assert view.customer.details.name == document.buyer.name
            issued = _issued(loaded, invoice)
            assert (issued.digest, issued.number) == (invoice.snapshot.digest, invoice.number.text)


def _issued(loaded: Loaded, invoice: Invoice) -> InvoiceIssued:
    return next(
        row.event for row in _trail(loaded, invoice) if isinstance(row.event, InvoiceIssued)
    )


def _trail(loaded: Loaded, invoice: Invoice) -> tuple[RecordedEvent, ...]:
    with loaded.ports.unit_of_work.read_only(loaded.owner) as view:
        return view.events.about(invoice.id)


def _changes_like_any_other(loaded: Loaded) -> None:
    kasa, owner = loaded.kasa, loaded.owner
    last = loaded.rows(
        "SELECT series_number FROM kasa.invoices WHERE series = 'INV' "
        f"AND tenant_id = '{owner.tenant}' ORDER BY issued_at DESC LIMIT 1"
    )
    draft, *_ = loaded.invoices(InvoiceTab.DRAFT)
    if draft.content.currency == USD:
        today = business_date(loaded.ports.clock.now(), "Asia/Phnom_Penh")
        rate = ExchangeRate(base=USD, quote=KHR, rate=Decimal(4000), on=today, source="merchant")
        kasa.invoicing.set_rate(owner, rate)
    issued = kasa.invoicing.issue(owner, draft.id)
    assert issued.number is not None
    assert [(issued.number.number - 1,)] == last
    open_ = loaded.invoices(InvoiceTab.OPEN)
    one, other, *_ = (
        row for row in open_ if row.due_minor == row.totals.gross and not row.under_review
    )
    cash = Cash(invoice=one.id, amount=Money(one.due_minor, one.currency))
    kasa.payments.record(owner, cash)
    kasa.invoicing.void(owner, other.id, "ordered twice")
    assert (InvoiceState.PAID, InvoiceState.VOID) == (
        loaded.invoice(one.id).state,
        loaded.invoice(other.id).state,
    )
    assert Counter(kasa.invoicing.queries.counts(owner))[InvoiceTab.VOID] > 0


def _prints(loaded: Loaded) -> None:
    """The job of a loaded event draws the PDF of its invoice."""
    invoice, *_ = loaded.invoices(InvoiceTab.PAID)
    (event,) = (row for row in _trail(loaded, invoice) if isinstance(row.event, InvoiceIssued))
    ports = attrs.evolve(loaded.ports, printer=printer())
    job = Job(
        tenant=loaded.owner.tenant,
        event=event.id,
        reaction="invoicing.print_original",
        queue=Queue.MONEY,
        made_at=event.at,
    )
    assert isinstance(Kasa.over(ports).run(job), Done)
    (copy,) = loaded.kasa.invoicing.queries.invoice(loaded.owner, invoice.id).copies
    file = loaded.kasa.files.queries.file(loaded.owner, copy.file)
    assert b"".join(ports.storage.get(StorageKey(file.key))).startswith(b"%PDF-")


@pytest.mark.deep
def test_more_is_added_beside_what_is_there(loaded: Loaded) -> None:
    """With ``more`` a load adds whole shops, and leaves those that are there alone."""
    before = loaded.rows("SELECT tenant_id, count(*) FROM kasa.events GROUP BY 1 ORDER BY 1")
    owner = loaded.database.addresses.owner
    load_into(owner, attrs.evolve(LOAD, tenants=1, invoices=3, seed=12, more=True))
    after = loaded.rows("SELECT tenant_id, count(*) FROM kasa.events GROUP BY 1 ORDER BY 1")
    assert set(before) < set(after)
    assert [(TENANTS + 1,)] == loaded.rows("SELECT count(*) FROM kasa.tenants")
    with psycopg.connect(owner) as connection:
        assert () == all_differences(connection)


@pytest.mark.deep
def test_a_load_that_ends_in_the_middle_leaves_whole_shops(empty: Database) -> None:
    """Shops are committed whole, the one that was being written is not there, and triggers are."""

    def die(shops: int, _invoices: int) -> None:
        if shops == 2:
            raise KeyboardInterrupt

    wanted = attrs.evolve(LOAD, invoices=4_200, tell=die)
    with pytest.raises(KeyboardInterrupt):
        load_into(empty.addresses.owner, wanted)
    with psycopg.connect(empty.addresses.owner) as connection:
        assert () == all_differences(connection)
        row = connection.execute(
            "SELECT bool_and(tgenabled = 'O') FROM pg_trigger WHERE NOT tgisinternal"
        ).fetchone()
        assert (True,) == row
