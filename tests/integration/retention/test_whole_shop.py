"""A day of a whole shop in PostgreSQL: handed out, erased, and looked for everywhere."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import attrs
import psycopg
import pytest
from psycopg import sql

from kasa.adapters.conformance.shops import new_shop
from kasa.adapters.memory.outside import StoppedClock
from kasa.adapters.postgres.roles import SUPERUSER
from kasa.adapters.storage.archives import archive_reader, archive_writer
from kasa.adapters.storage.storage import ObstoreStorage
from kasa.application.kasa import Kasa
from kasa.application.tenancy.checking import check_archive
from kasa.domain.identity.access import PlatformActor
from kasa.domain.kernel.ids import TenantId
from kasa.domain.tenancy.erasure import EraseReason
from tests.integration.conftest import Database
from tests.unit.journeys.steps import Steps
from tests.unit.samples.story import CHAPTERS
from tests.unit.tenancy.erasing import fill, snapshot

pytestmark = [pytest.mark.integration, pytest.mark.G8]

OPERATOR = PlatformActor(operator=True)
NEW_TABLE = """
CREATE TABLE kasa.zz_notes (tenant_id uuid NOT NULL, id uuid NOT NULL, invoice_id uuid,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, invoice_id) REFERENCES kasa.invoices (tenant_id, id));
ALTER TABLE kasa.zz_notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON kasa.zz_notes USING (tenant_id = kasa.current_tenant());
GRANT SELECT, INSERT ON kasa.zz_notes TO kasa_app"""
_TABLES = """SELECT n.nspname, c.relname FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('kasa', 'platform', 'jobs') AND c.relkind IN ('r', 'p')"""


@pytest.fixture
def superuser(database: Database) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Return a login that sees past every wall."""
    address = database.server.address(SUPERUSER, database.name)
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection


@pytest.fixture
def new_table(superuser: psycopg.Connection[tuple[object, ...]]) -> Iterator[str]:
    """Make a table that no release has, as a later revision would."""
    superuser.execute("SET ROLE kasa_owner")
    superuser.execute(NEW_TABLE)
    superuser.execute("RESET ROLE")
    yield "kasa.zz_notes"
    superuser.execute("DROP TABLE kasa.zz_notes")


def found_in(connection: psycopg.Connection[tuple[object, ...]], word: str) -> list[str]:
    """Return the tables of every schema of which some row holds a word, wherever in it."""
    return [
        f"{schema}.{table}"
        for schema, table in connection.execute(_TABLES).fetchall()
        if connection.execute(
            sql.SQL("SELECT 1 FROM {} t WHERE t::text LIKE %s LIMIT 1").format(
                sql.Identifier(str(schema), str(table))
            ),
            [f"%{word}%"],
        ).fetchone()
    ]


def test_nothing_of_a_shop_is_found_again(
    database: Database,
    superuser: psycopg.Connection[tuple[object, ...]],
    new_table: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Not its id, not its customer, in no table, job, key or line of the log; others have all.

    The archive holds what was there, and names what the law keeps. A table that a later revision
    makes is handed out and erased with the rest.
    """
    clock = StoppedClock()
    ports = attrs.evolve(
        database.ports(clock=clock), storage=ObstoreStorage.on_disk(tmp_path / "files")
    )
    steps = Steps.open(Kasa.over(ports), ports)
    for chapter in CHAPTERS:
        assert list(chapter(steps, clock))
    shop = steps.owner.tenant
    superuser.execute(
        sql.SQL(
            "INSERT INTO {} SELECT tenant_id, %s, id FROM kasa.invoices WHERE tenant_id = %s "
            "LIMIT 1"
        ).format(sql.SQL(new_table)),
        [uuid4(), shop],
    )
    other = new_shop(ports)
    fill(ports, other)
    before = snapshot(ports, other.tenant)
    there = found_in(superuser, str(shop))
    assert {"kasa.invoices", "kasa.zz_notes", "jobs.procrastinate_jobs"} <= set(there)
    caplog.clear()
    caplog.set_level(logging.DEBUG)
    with archive_writer(tmp_path / "shop.zip") as writer:
        steps.kasa.tenancy.export(steps.owner, writer)
    with archive_reader(tmp_path / "shop.zip") as reader:
        checked = check_archive(reader)
        notes = list(reader.read("tables/zz_notes.jsonl"))
        invoices = b"".join(reader.read("tables/invoices.jsonl")).splitlines()
    assert 1 == len(notes)
    steps.kasa.tenancy.erase(OPERATOR, shop, checked, reason=EraseReason.OWNER)
    assert [] == found_in(superuser, str(shop))
    assert [] == found_in(superuser, shop.hex)
    for invoice in invoices:
        assert [] == found_in(superuser, json.loads(invoice)["id"])
    assert [] == list(ports.storage.keys_of(shop))
    assert not (tmp_path / "files" / str(shop)).exists() or not any(
        (tmp_path / "files" / str(shop)).iterdir()
    )
    assert before == snapshot(ports, other.tenant)
    _nothing_said(caplog, shop)
    kept = {one.table: one for one in checked.kept}
    issued = [row for row in map(json.loads, invoices) if row["number"]]
    assert len(issued) == kept["invoices"].rows
    assert {"credit_notes", "payments", "invoice_entries", "stock_movements"} <= set(kept)
    assert "2036-12-31" == kept["invoices"].until.isoformat()


def _nothing_said(caplog: pytest.LogCaptureFixture, shop: TenantId) -> None:
    for record in caplog.records:
        said = f"{record.getMessage()} {vars(record)}"
        for word in (str(shop), "Dara Chan", "12345678"):
            assert word not in said


@pytest.mark.parametrize(
    "change",
    [
        "SELECT * FROM platform.archive(%(shop)s, now() - interval '1 year', ARRAY[]::uuid[])",
        "SELECT * FROM platform.archive(%(other)s, now() - interval '9 years', ARRAY[]::uuid[])",
        "SELECT platform.forget_tenant(%(shop)s)",
        "DELETE FROM kasa.events",
    ],
)
def test_the_application_cannot_take_the_short_way(database: Database, change: str) -> None:
    """Neither younger events, nor another shop's, nor a shop as a whole, nor the log by hand."""
    ports = database.ports()
    shop, other = new_shop(ports), new_shop(ports)
    with (
        psycopg.connect(database.addresses.app) as connection,
        pytest.raises(psycopg.errors.Error) as refused,
    ):
        connection.execute("SELECT set_config('kasa.tenant', %s, false)", [str(shop.tenant)])
        connection.execute(change, {"shop": shop.tenant, "other": other.tenant})
    assert refused.value.sqlstate in {"42501", "KA002"}


def test_the_owner_cannot_remove_issued_invoices_of_a_shop_that_stays(database: Database) -> None:
    """What a shop issued goes with the whole shop, and in no other way, whoever asks."""
    clock = StoppedClock()
    ports = database.ports(clock=clock)
    steps = Steps.open(Kasa.over(ports), ports)
    invoice = steps.issue()
    for address in (database.addresses.owner, database.server.address(SUPERUSER, database.name)):
        for table, column in (("invoice_lines", "invoice_id"), ("invoices", "id")):
            with (
                psycopg.connect(address) as connection,
                pytest.raises(psycopg.errors.Error) as refused,
            ):
                connection.execute(
                    sql.SQL("DELETE FROM kasa.{} WHERE {} = %s").format(
                        sql.Identifier(table), sql.Identifier(column)
                    ),
                    [invoice.id],
                )
            assert "KA001" == refused.value.sqlstate
