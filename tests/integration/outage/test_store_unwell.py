"""A store that can only be read, or that is full: refused with its code, and nothing half done."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from kasa.adapters.conformance.shops import new_shop
from kasa.adapters.memory.outside import StoppedClock
from kasa.adapters.postgres.books import all_differences
from kasa.adapters.postgres.constraints import StoreFull
from kasa.adapters.postgres.embedded import EmbeddedServer
from kasa.adapters.postgres.roles import SUPERUSER
from kasa.application.kasa import Kasa
from kasa.application.ports.bundle import Ports
from kasa.domain.identity.access import Actor
from tests.integration.conftest import Database
from tests.integration.outage.twice import Met, a_day_twice
from tests.integration.postgres.test_concurrency import DRAFT

pytestmark = [pytest.mark.integration, pytest.mark.B6]

LOOKS = {
    "inventory.audit",
    "invoicing.preview",
    "operations.read_audit",
    "operations.read_history",
    "operations.reconcile",
}
"""What writes nothing where nothing is wrong."""
READ_ONLY = "ALTER ROLE kasa_app IN DATABASE {} SET default_transaction_read_only = on"
FULL_BYTES = 32 * 1024
BY_FUNCTION = f"""CREATE FUNCTION kasa.full() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
AS $$ BEGIN IF pg_relation_size('kasa.events') > {FULL_BYTES} THEN
  RAISE EXCEPTION USING ERRCODE = '53100'; END IF; RETURN NEW; END $$;
CREATE TRIGGER a_full BEFORE INSERT ON kasa.events FOR EACH ROW EXECUTE FUNCTION kasa.full()"""


@pytest.fixture
def administrator(ill: Database) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Return who can spoil the database."""
    address = ill.server.address(SUPERUSER, ill.name)
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection


def _count(administrator: psycopg.Connection[tuple[object, ...]], table: str) -> int:
    row = administrator.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
    assert row is not None
    return int(str(row[0]))


def test_a_store_that_can_only_be_read_refuses_every_write(
    ill: Database, administrator: psycopg.Connection[tuple[object, ...]], database: Database
) -> None:
    """A whole day of writes is refused, reading works, and the books are as without the tries."""
    clock = StoppedClock()
    well = ill.ports(clock=clock)
    new_shop(well)
    administrator.execute(READ_ONLY.format(ill.name).encode())
    unwell = ill.ports(clock=clock)
    met = Met(code="store.read_only")
    steps = a_day_twice(unwell, well, clock, met)
    assert {name for name in met.answered if "queries" not in name} <= LOOKS
    assert len(met.refused) > 40
    kasa = Kasa.over(unwell)
    page = kasa.operations.read_audit(steps.owner, limit=100)
    assert page == Kasa.over(well).operations.read_audit(steps.owner, limit=100)
    assert len(page.items) > 50
    assert kasa.invoicing.queries.invoices(steps.owner).items
    assert all_differences(administrator) == ()


@contextmanager
def _small_place(
    server: EmbeddedServer, administrator: psycopg.Connection[tuple[object, ...]]
) -> Iterator[bool]:
    """Yield with the event log on a disk of 2 MB, or false where nobody may mount one."""
    folder = Path(tempfile.mkdtemp(prefix="kasa-full-"))
    if not _mounted(folder):
        folder.rmdir()
        administrator.execute(BY_FUNCTION.encode())
        yield False
        return
    try:
        inside = folder / "space"
        inside.mkdir()
        server.binaries.own(inside, mode=0o700)
        administrator.execute(f"CREATE TABLESPACE small LOCATION '{inside}'".encode())
        administrator.execute("ALTER TABLE kasa.events SET TABLESPACE small")
        yield True
        administrator.execute("ALTER TABLE kasa.events SET TABLESPACE pg_default")
        administrator.execute("DROP TABLE IF EXISTS filler")
        administrator.execute("DROP TABLESPACE small")
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


def _mounted(folder: Path) -> bool:
    """Mount a disk of 2 MB, and return whether this machine lets us."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m,mode=0711", "none", str(folder)]
    try:
        return subprocess.run(mount, check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def _fill(administrator: psycopg.Connection[tuple[object, ...]], *, mounted: bool) -> None:
    """Leave no room on the disk of the event log."""
    if not mounted:
        return
    administrator.execute("CREATE TABLE filler (page text STORAGE PLAIN) TABLESPACE small")
    with pytest.raises(psycopg.errors.DiskFull):
        while True:
            administrator.execute("INSERT INTO filler VALUES (repeat('x', 7000))")


def _until_full(kasa: Kasa, owner: Actor) -> None:
    """Draft invoices until the store is full: its last pages take some more."""
    for _ in range(5_000):
        try:
            kasa.invoicing.draft(owner, DRAFT)
        except StoreFull:
            return
    raise AssertionError("the disk was never full")


def test_a_full_disk_refuses_and_corrupts_nothing(
    ill: Database, administrator: psycopg.Connection[tuple[object, ...]]
) -> None:
    """With no room for events nothing else is stored either; with room again all goes on."""
    clock = StoppedClock()
    ports = ill.ports(clock=clock)
    kasa, owner = Kasa.over(ports), new_shop(ports)
    kasa.invoicing.issue(owner, kasa.invoicing.draft(owner, DRAFT).id)
    with _small_place(ill.server, administrator) as mounted:
        print("a disk of 2 MB" if mounted else "53100 by a function: no disk can be mounted")  # noqa: T201  # which way it went
        _fill(administrator, mounted=mounted)
        _until_full(kasa, owner)
        before = _state(administrator)
        for _ in range(5):
            with pytest.raises(StoreFull) as told:
                kasa.invoicing.draft(owner, DRAFT)
            assert told.value.retry_after > 0
        assert before == _state(administrator)
        assert kasa.invoicing.queries.invoices(owner).items
        _make_room(administrator, mounted=mounted)
        invoice = kasa.invoicing.issue(owner, kasa.invoicing.draft(owner, DRAFT).id)
        assert invoice.number is not None
        assert invoice.number.number == 2
        assert all_differences(administrator) == ()
        _hold_jobs(ports, kasa)


def _state(administrator: psycopg.Connection[tuple[object, ...]]) -> list[int]:
    tables = ("kasa.events", "kasa.invoices", "kasa.invoice_lines", "jobs.procrastinate_jobs")
    return [_count(administrator, table) for table in tables]


def _make_room(administrator: psycopg.Connection[tuple[object, ...]], *, mounted: bool) -> None:
    administrator.execute("DROP TABLE filler" if mounted else "DROP FUNCTION kasa.full CASCADE")


def _hold_jobs(ports: Ports, kasa: Kasa) -> None:
    """Let every job of what was committed run."""
    assert ports.worker.drain(kasa.run) > 0
    assert ports.worker.drain(kasa.run) == 0
