"""Tables in dictionaries: nobody sees half a change, and kinds are locked in their order."""

from threading import Event as Signal
from threading import Thread
from uuid import UUID

import pytest

from kasa.adapters.memory import transactions as memory_work
from kasa.adapters.memory.outside import (
    CountedIds,
    ScriptedSecrets,
    StoppedClock,
    refuse_inside_unit_of_work,
)
from kasa.adapters.memory.tables import Database, Table, Working
from kasa.application.kasa import Kasa
from kasa.application.ports.bundle import Ports
from kasa.application.ports.work import LockRank, NotNested, StoreBusy
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import TenantId
from tests.unit.conftest import Shop
from tests.unit.journeys.steps import Steps

INVOICES = Table[int, str]("invoices", LockRank.INVOICES)
PAYMENTS = Table[int, str]("payments", LockRank.PAYMENTS)
STOCK = Table[str, int]("stock", LockRank.STOCK)
NOTES = Table[int, str]("notes")
TENANT = TenantId(UUID(int=7))


def working() -> Working:
    """Return tables with one row each."""
    rows = {"invoices": {1: "a"}, "payments": {1: "p"}, "stock": {}, "notes": {1: "n"}}
    return Working(TENANT, rows)


def test_changes_are_seen_by_their_unit_of_work_alone() -> None:
    """What was committed stays as it was; the tables after the commit have the change."""
    rows = working()
    before = rows.after()
    rows.write(NOTES)[2] = "m"
    del rows.write(NOTES)[1]
    assert {2: "m"} == dict(rows.read(NOTES))
    assert {1: "n"} == before["notes"]
    assert {2: "m"} == rows.after()["notes"]


def test_an_emptied_table_is_empty() -> None:
    """The last row that is taken away does not come back from what was committed."""
    rows = working()
    rows.write(NOTES).clear()
    assert {} == dict(rows.read(NOTES))


def test_a_row_is_locked_before_it_is_saved() -> None:
    """Saving what was neither locked nor added is a bug."""
    rows = working()
    with pytest.raises(RuntimeError, match="locked before"):
        rows.save(INVOICES, 1, "b")
    assert rows.lock(INVOICES, 1) == "a"
    rows.save(INVOICES, 1, "b")
    rows.add(INVOICES, 2, "c")
    rows.save(INVOICES, 2, "d")
    assert {1: "b", 2: "d"} == dict(rows.read(INVOICES))
    with pytest.raises(RuntimeError, match="already"):
        rows.add(INVOICES, 1, "again")


def test_kinds_are_locked_in_their_order() -> None:
    """Payments before invoices before stock; the reverse would be a deadlock in a database."""
    rows = working()
    rows.lock(PAYMENTS, 1)
    rows.lock(INVOICES, 1)
    rows.claim(STOCK, ["scarf", "krama"])
    rows.lock(INVOICES, 1)
    rows.lock(NOTES, 1)
    with pytest.raises(RuntimeError, match="invoices is locked after stock"):
        rows.claim(INVOICES, [2])


def test_a_missing_row_is_not_found() -> None:
    """Neither got nor locked."""
    rows = working()
    with pytest.raises(NotFound):
        rows.get(INVOICES, 9)
    with pytest.raises(NotFound):
        rows.lock(INVOICES, 9)


def test_a_snapshot_does_not_move() -> None:
    """A view that is open sees what was committed when it was opened."""
    database = Database()
    before = database.snapshot(TENANT)
    rows = database.working(TENANT)
    rows.add(NOTES, 1, "n")
    database.rows[TENANT] = rows.after()
    assert {} == dict(before.read(NOTES))
    assert {1: "n"} == dict(database.snapshot(TENANT).read(NOTES))


def test_slow_calls_are_refused_inside(ports: Ports, shop: Shop) -> None:
    """Storage, pictures and recognition cannot be called while a unit of work is open."""
    refuse_inside_unit_of_work()
    with ports.unit_of_work(shop.owner):
        for call in (
            ports.storage.ping,
            lambda: ports.images.clean(b"a picture"),
            lambda: ports.codes.read(b"a picture"),
            lambda: ports.pdf_reader.picture(b"%PDF-"),
        ):
            with pytest.raises(NotNested):
                call()


def test_a_busy_shop_says_so(ports: Ports, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits too long for another unit of work of the shop is told to come back."""
    monkeypatch.setattr(memory_work, "LOCK_TIMEOUT_SECONDS", 0.01)
    inside, finish = Signal(), Signal()

    def slow() -> None:
        with ports.unit_of_work(shop.owner):
            inside.set()
            finish.wait(10)

    thread = Thread(target=slow)
    thread.start()
    try:
        assert inside.wait(10)
        with pytest.raises(StoreBusy), ports.unit_of_work(shop.owner):
            raise AssertionError("two at once")
    finally:
        finish.set()
        thread.join(10)


def test_shops_do_not_wait_for_each_other(kasa: Kasa, ports: Ports, shop: Shop) -> None:
    """While one shop's unit of work is open, another shop's runs in another thread."""
    states: list[str] = []
    with ports.unit_of_work(shop.owner):
        thread = Thread(target=lambda: states.append(Steps.open(kasa, ports).scarf.name))
        thread.start()
        thread.join(10)
    assert states == ["Silk scarf"]


def test_time_passes_only_forward() -> None:
    """The stopped clock moves when told to, and never back by itself."""
    clock = StoppedClock()
    start = clock.now()
    assert start == clock.now()
    with pytest.raises(ValueError, match="forward"):
        clock.pass_time(start - clock.now() - (start - start.replace(year=2025)))


def test_counted_ids_and_secrets_repeat_in_every_run() -> None:
    """Two fresh counters give the same identifiers and secrets in the same order."""
    at = StoppedClock().now()
    first, second = CountedIds(), CountedIds()
    assert [first.new(at) for _ in range(5)] == [second.new(at) for _ in range(5)]
    assert ScriptedSecrets().token() == ScriptedSecrets().token()
