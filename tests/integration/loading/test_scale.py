"""The rules that keep growth possible: poolers, replicas, partitions, shards."""

import re
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest

from kasa.adapters.postgres.jobs import row_of
from kasa.adapters.postgres.overhearing import overhear
from kasa.adapters.postgres.roles import SUPERUSER
from kasa.application.kasa import Kasa
from kasa.application.ports.jobs import Job, Queue
from kasa.domain.kernel.ids import EventId, TenantId
from tests.integration.conftest import Database
from tests.integration.loading.plans import statements
from tests.unit.journeys.steps import Steps

pytestmark = [pytest.mark.integration, pytest.mark.direct]

SESSION = re.compile(
    r"\b(LISTEN|NOTIFY|UNLISTEN|DISCARD|PREPARE|DEALLOCATE|nextval|WITH HOLD)\b"
    r"|\bpg_(try_)?advisory_(lock|unlock)\b|\bTEMP(ORARY)?\b|\bSET\s+(?!LOCAL\b)\w+\s*(=|TO)\s*'",
)
WRITES = re.compile(r"\b(INSERT|UPDATE|DELETE|MERGE|TRUNCATE|SHARE)\b|set_config\('transaction_")
NAMED = re.compile(
    r"\b(?:FROM|JOIN|INTO|UPDATE)\s+(?!(?:platform\.|pg_|LATERAL|unnest|CAST)|(?:SET|SKIP)\b)(\w+)"
)
WITHIN = re.compile(r"\b(\w+) AS (?:MATERIALIZED )?\(")
"""What a statement itself gives a name to."""


def _of_shops(statement: str) -> set[str]:
    """Return the tables of shops that a statement names."""
    return set(NAMED.findall(statement)) - set(WITHIN.findall(statement))


def _asked(database: Database, question: str) -> list[tuple[object, ...]]:
    address = database.server.address(SUPERUSER, database.name)
    with psycopg.connect(address) as connection:
        return connection.execute(question.encode()).fetchall()


def test_the_catalogue_keeps_every_step_open(database: Database) -> None:
    """No sequence, no deferrable or exclusion constraint, one type of tenant, no extension."""
    assert [] == _asked(
        database,
        "SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = 'kasa'::regnamespace",
    )
    assert [] == _asked(
        database,
        "SELECT conname FROM pg_constraint WHERE connamespace = 'kasa'::regnamespace "
        "AND (condeferrable OR contype IN ('x', 't'))",
    )
    assert [("uuid",)] == _asked(
        database,
        "SELECT DISTINCT udt_name FROM information_schema.columns "
        "WHERE column_name = 'tenant_id' AND table_schema IN ('kasa', 'platform')",
    )
    assert [] == _asked(
        database,
        "SELECT conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.confrelid "
        "WHERE k.connamespace = 'kasa'::regnamespace "
        "AND c.relnamespace <> 'kasa'::regnamespace",
    )
    assert [] == _asked(
        database,
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = 'kasa' AND (is_identity = 'YES' OR is_generated <> 'NEVER' "
        "OR column_default ~ 'uuid|nextval')",
    )
    assert [("plpgsql",)] == _asked(database, "SELECT extname FROM pg_extension")


def test_no_statement_outlives_its_transaction_or_asks_without_a_tenant() -> None:
    """What stores send works behind a pooler and on a shard: nothing of a session, one tenant."""
    found = statements()
    assert set() == {name for name, one in found.items() if SESSION.search(one.text)}
    nobody = {name for name, one in found.items() if ":tenant" not in one.text}
    assert set() == {name for name in nobody if _of_shops(found[name].text)}
    assert {"invoices"} == _of_shops("SELECT id FROM invoices WHERE id = :id FOR UPDATE")
    nowhere = {name for name in nobody if "platform." not in found[name].text}
    assert len(nowhere) < len(found) // 10


def test_a_job_names_its_tenant_and_no_more_than_identifiers() -> None:
    """The queue of a shard holds all that is needed to run a job there."""
    at = datetime(2026, 11, 2, tzinfo=UTC)
    job = Job(
        tenant=TenantId(UUID(int=1)),
        event=EventId(UUID(int=2)),
        reaction="payments.verify",
        queue=Queue.MONEY,
        made_at=at,
    )
    wanted = {"tenant": str(job.tenant), "event": str(job.event), "made_at": at.isoformat()}
    assert wanted == row_of(job).task_kwargs


def test_what_only_reads_could_read_a_replica(database: Database) -> None:
    """A view opens a transaction that may not write, and sends nothing that a replica refuses."""
    heard: list[str] = []
    ports = database.ports()
    engine = database.opened[-1].engine
    overhear(engine, lambda sent: heard.append(sent.text))
    engine.dispose()
    steps = Steps.open(Kasa.over(ports), ports)
    invoice, owner = steps.issue(), steps.owner
    heard.clear()
    kasa = steps.kasa
    kasa.invoicing.queries.invoices(owner)
    kasa.invoicing.queries.invoice(owner, invoice.id)
    kasa.invoicing.queries.counts(owner)
    kasa.invoicing.queries.customers(owner)
    kasa.inventory.queries.products(owner)
    kasa.inventory.queries.levels(owner)
    kasa.payments.queries.payments(owner)
    kasa.payments.alerts.alerts(owner)
    kasa.operations.read_audit(owner)
    kasa.tenancy.queries.tenant(owner)
    openings = [text for text in heard if text.startswith("BEGIN")]
    assert len(openings) >= 10
    assert [] == [text for text in openings if "READ ONLY" not in text.partition(";")[0]]
    assert [] == [text for text in heard if WRITES.search(text)]
