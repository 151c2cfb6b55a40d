"""The life of invoices through every store in PostgreSQL, and a race for the last number."""

import random
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from kasa.adapters.conformance.shops import new_shop
from kasa.application.kasa import Kasa
from kasa.application.ports.bundle import Ports
from kasa.application.ports.work import StoreBusy
from kasa.application.workflows.issuing import issue
from kasa.domain.invoicing.content import WantedInvoice
from kasa.domain.invoicing.line_item import WantedLine
from tests.integration.conftest import Database
from tests.unit.machines.invoice_life import InvoiceLife

pytestmark = pytest.mark.integration

STEPS, EXAMPLES = 30, 10
ISSUES, THREADS = 200, 8
DEEP = {"paid", "reopened", "credited", "overpaid", "refunded", "written off", "reinstated", "void"}


@pytest.mark.direct
def test_no_path_leaves_the_table_of_states(database: Database) -> None:
    """What memory does in whatever order, PostgreSQL does too, and the deep states are met."""
    ports = database.ports()

    class InvoiceLifeInPostgres(InvoiceLife):
        """Every example has a shop of its own in the same database."""

        @staticmethod
        def make_ports() -> Ports:
            """Return the ports of this process's database."""
            return ports

    InvoiceLife.seen.clear()
    run_state_machine_as_test(
        InvoiceLifeInPostgres,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert set() == DEEP - set(InvoiceLife.seen)


@pytest.mark.A3
def test_parallel_issues_have_no_gap(database: Database, seed: int) -> None:
    """200 issues, one in five rolled back at its very end, are numbered 1 to n."""
    ports = database.ports()
    kasa, owner = Kasa.over(ports), new_shop(ports)
    fails = set(random.Random(seed).sample(range(ISSUES), ISSUES // 5))
    line = WantedLine(text="Rice", price=Decimal(1000), quantity=Decimal(1))
    wanted = WantedInvoice(lines=(line,))
    drafts = [kasa.invoicing.draft(owner, wanted).id for _ in range(ISSUES)]

    def take(turn: int) -> int | None:
        with ports.unit_of_work(owner) as work:
            invoice = issue(work, work.invoices.lock(drafts[turn]), at=ports.clock.now())
            if turn in fails:
                raise ZeroDivisionError
        assert invoice.number is not None
        return invoice.number.number

    def patient(turn: int) -> int | None:
        for _ in range(50):
            try:
                return take(turn)
            except ZeroDivisionError:
                return None
            except StoreBusy:
                continue
        raise AssertionError("never a turn")

    with ThreadPoolExecutor(THREADS) as pool:
        taken = [number for number in pool.map(patient, range(ISSUES)) if number is not None]
    assert list(range(1, ISSUES - len(fails) + 1)) == sorted(taken)
