"""Issued invoices in PostgreSQL: kept by triggers, numbered without gaps, whoever is in a hurry."""

import random
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal

import attrs
import psycopg
import pytest

from kasa.adapters.conformance.invoicing.books import DAY, Books
from kasa.application.ports.work import StoreBusy
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.invoicing.numbering import SeriesClockBehind
from tests.integration.conftest import Database

pytestmark = pytest.mark.integration

ISSUES = 200
THREADS = 8


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE kasa.invoices SET content = '{}' WHERE id = %(id)s",
        "UPDATE kasa.invoices SET totals = '{}' WHERE id = %(id)s",
        "UPDATE kasa.invoices SET gross_minor = 1, due_minor = 1 WHERE id = %(id)s",
        "UPDATE kasa.invoices SET number = 'INV-2026-999999' WHERE id = %(id)s",
        "UPDATE kasa.invoices SET number = NULL, snapshot = NULL WHERE id = %(id)s",
        "UPDATE kasa.invoices SET snapshot = '{\"a\":1}' WHERE id = %(id)s",
        "UPDATE kasa.invoices SET due_date = due_date + 1 WHERE id = %(id)s",
        "UPDATE kasa.invoices SET customer_id = NULL, digest = 'x' WHERE id = %(id)s",
        "DELETE FROM kasa.invoices WHERE id = %(id)s",
        "UPDATE kasa.invoice_lines SET amount_minor = 1 WHERE invoice_id = %(id)s",
        "DELETE FROM kasa.invoice_lines WHERE invoice_id = %(id)s",
        (
            "INSERT INTO kasa.invoice_lines SELECT tenant_id, invoice_id, 2, revision, product_id,"
            " sku_id, quantity, unit_code, unit_price, category, percent, amount_minor,"
            " discount_minor, document_discount_minor, tax_minor, issued_at, item"
            " FROM kasa.invoice_lines WHERE invoice_id = %(id)s"
        ),
    ],
)
def test_no_statement_changes_what_an_issued_invoice_says(database: Database, change: str) -> None:
    """Not even one written by hand, with every right of the application."""
    books = Books.of(database.ports())
    invoice = books.issued()
    with (
        psycopg.connect(database.addresses.app) as connection,
        pytest.raises(psycopg.errors.Error) as refused,
    ):
        connection.execute("SELECT set_config('kasa.tenant', %s, false)", [str(books.owner.tenant)])
        connection.execute(change, {"id": invoice.id})
    assert "KA001" == refused.value.sqlstate
    assert invoice == books.locked(invoice.id)


@pytest.mark.parametrize(
    "change",
    ["UPDATE kasa.invoice_entries SET amount_minor = 1", "DELETE FROM kasa.credit_notes"],
)
def test_entries_and_notes_are_only_appended(database: Database, change: str) -> None:
    """The application has no right to change or remove one."""
    with (
        psycopg.connect(database.addresses.app) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(change)


def test_parallel_numbers_have_no_gap(database: Database, seed: int) -> None:
    """200 takers, one in five rolled back, leave exactly 1 to n; the other year has its own."""
    books = Books.of(database.ports())
    fails = random.Random(seed).sample(range(ISSUES), ISSUES // 5)

    def take(turn: int) -> int | None:
        day = DAY if turn % 4 else date(2027, 1, 1)
        for _ in range(50):
            try:
                with books.work() as work:
                    number = work.series.next("INV", on=day)
                    _fail_if(turn in fails)
                    return number.number if day == DAY else -number.number
            except ZeroDivisionError:
                return None
            except StoreBusy:
                continue
        raise AssertionError("never a turn")

    with ThreadPoolExecutor(THREADS) as pool:
        taken = [number for number in pool.map(take, range(ISSUES)) if number is not None]
    this_year = sorted(number for number in taken if number > 0)
    next_year = sorted(-number for number in taken if number < 0)
    assert list(range(1, len(this_year) + 1)) == this_year
    assert list(range(1, len(next_year) + 1)) == next_year
    assert ISSUES - len(fails) == len(taken)


def _fail_if(wanted: bool) -> None:  # noqa: FBT001  # the condition is all there is
    if wanted:
        raise ZeroDivisionError


def test_a_clock_that_was_set_back_gives_no_number(database: Database) -> None:
    """The refusal says until which day, and leaves the series as it was."""
    books = Books.of(database.ports())
    with books.work() as work:
        work.series.next("INV", on=DAY)
    with pytest.raises(SeriesClockBehind) as refused, books.work() as work:
        work.series.next("INV", on=DAY - timedelta(days=1))
    assert DAY.isoformat() == refused.value.facts["until"]
    with books.work() as work:
        assert 2 == work.series.next("INV", on=DAY).number


def test_who_waits_for_the_lock_reads_the_lines_of_the_winner(database: Database) -> None:
    """A statement that waited joins lines of its older snapshot; kasa reads them again."""
    books = Books.of(database.ports())
    draft = books.draft()
    line = attrs.evolve(draft.lines[0], text="Salt", quantity=Decimal(3))
    more = attrs.evolve(draft.content, lines=(line, attrs.evolve(line, no=2)))
    revised = draft.revised(more, version=1, at=draft.updated_at)
    with ThreadPoolExecutor(1) as pool:
        with books.work() as work:
            work.invoices.lock(draft.id)
            work.invoices.save(revised)
            waiting = pool.submit(books.locked, draft.id)
            assert not _done_within(waiting, seconds=0.3)
        assert revised == waiting.result(timeout=10)


def _done_within(waiting: Future[Invoice], *, seconds: float) -> bool:
    try:
        waiting.result(timeout=seconds)
    except TimeoutError:
        return False
    return True
