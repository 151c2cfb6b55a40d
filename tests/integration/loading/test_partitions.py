"""The event log can be cut by month or by tenant, with the same key, policy and rights."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import psycopg
import pytest

from kasa.adapters.conformance.events import EventsConformance
from kasa.adapters.conformance.shops import new_shop
from kasa.adapters.postgres.embedded import EmbeddedServer
from kasa.adapters.postgres.migrations.template import POLICY, foreign
from kasa.application.ports.bundle import Ports
from kasa.application.ports.events import Reactions
from kasa.domain.kernel.ids import uuid7
from kasa.domain.tenancy.events import TenantChanged
from tests.integration.conftest import Database, own_copy

pytestmark = [pytest.mark.integration, pytest.mark.direct]

LOWEST = bytes(10)
PARTS = 4
_MOVE = (
    "ALTER TABLE kasa.reactions_done DROP CONSTRAINT reactions_done_event_id_fkey",
    "ALTER TABLE kasa.events RENAME TO events_before",
    "ALTER INDEX kasa.events_pkey RENAME TO events_before_pkey",
    "ALTER INDEX kasa.events_subject RENAME TO events_before_subject",
    "ALTER INDEX kasa.events_kind RENAME TO events_before_kind",
)
_FINISH = (
    "ALTER TABLE kasa.events ADD CONSTRAINT events_pkey PRIMARY KEY (tenant_id, id)",
    "CREATE INDEX events_subject ON kasa.events (tenant_id, subject, id)",
    "CREATE INDEX events_kind ON kasa.events (tenant_id, kind, id)",
    "ALTER TABLE kasa.events ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE kasa.events FORCE ROW LEVEL SECURITY",
    f"CREATE POLICY tenant ON kasa.events USING ({POLICY}) WITH CHECK ({POLICY})",
    "GRANT SELECT, INSERT ON kasa.events TO kasa_app, kasa_platform",
    "INSERT INTO kasa.events SELECT * FROM kasa.events_before",
    f"ALTER TABLE kasa.reactions_done ADD {foreign('reactions_done', 'event_id', 'events')}",
    "DROP TABLE kasa.events_before",
)


def _months() -> list[tuple[str, str, str]]:
    """Return the names and bounds of this month, the two before and the three behind it."""
    this = datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    starts = [_first(this, shift) for shift in range(-2, 5)]
    return [
        (f"events_{one:%Y_%m}", str(uuid7(one, LOWEST)), str(uuid7(following, LOWEST)))
        for one, following in pairwise(starts)
    ]


def _first(month: datetime, shift: int) -> datetime:
    count = month.year * 12 + month.month - 1 + shift
    return month.replace(year=count // 12, month=count % 12 + 1)


def _by_month() -> list[str]:
    parts = [
        f"CREATE TABLE kasa.{name} PARTITION OF kasa.events FOR VALUES FROM ('{low}') TO ('{high}')"
        for name, low, high in _months()
    ]
    return [_parent("RANGE (id)"), *parts]


def _by_tenant() -> list[str]:
    parts = [
        f"CREATE TABLE kasa.events_{part} PARTITION OF kasa.events "
        f"FOR VALUES WITH (MODULUS {PARTS}, REMAINDER {part})"
        for part in range(PARTS)
    ]
    return [_parent("HASH (tenant_id)"), *parts]


def _parent(by: str) -> str:
    return (
        "CREATE TABLE kasa.events (LIKE kasa.events_before "
        f"INCLUDING CONSTRAINTS INCLUDING DEFAULTS) PARTITION BY {by}"
    )


@pytest.fixture(scope="module", params=["month", "tenant"])
def cut(request: pytest.FixtureRequest, server: EmbeddedServer, clone: str) -> Iterator[Database]:
    """Return a database whose event log was cut in one of the two ways, with rows in it."""
    made = _by_month() if request.param == "month" else _by_tenant()
    with own_copy(server, f"{clone}_cut_{request.param}") as database:
        new_shop(database.ports())
        with psycopg.connect(database.addresses.owner) as connection:
            for statement in (*_MOVE, *made, *_FINISH):
                connection.execute(statement.encode())
        yield database


class TestEventsInParts(EventsConformance):
    """The suite of the event log, over the one that was cut."""

    @pytest.fixture(autouse=True)
    def keep_database(self, cut: Database) -> None:
        """Hand the database to the suite's hook."""
        self.database = cut

    def make_ports(self, reactions: Reactions) -> Ports:
        """Return the ports of the cut database with these reactions."""
        return self.database.ports(reactions)


def test_events_find_their_part_and_one_part_is_read(cut: Database) -> None:
    """Events of other months are stored and found, and a read by key opens a single part."""
    ports = cut.ports()
    owner = new_shop(ports)
    now = ports.clock.now()
    changed = TenantChanged(subject=owner.tenant, fields=("name",))
    for days in (0, 35, 70):
        with ports.unit_of_work(owner) as work:
            work.events.record(changed, at=now + timedelta(days))
    with ports.unit_of_work.read_only(owner) as view:
        found = view.events.trail(kinds=[TenantChanged.kind]).items
    assert 3 == len(found)
    with psycopg.connect(cut.addresses.owner) as connection:
        plan = connection.execute(
            "EXPLAIN (FORMAT JSON) SELECT id FROM kasa.events "
            f"WHERE tenant_id = '{owner.tenant}' AND id = '{found[0].id}'".encode()
        ).fetchone()
        parts = connection.execute(
            "SELECT count(DISTINCT tableoid) FROM kasa.events WHERE tenant_id = %s", [owner.tenant]
        ).fetchone()
    assert plan is not None
    assert "Append" not in str(plan[0])
    assert parts == ((3,) if cut.name.endswith("month") else (1,))


def test_a_part_has_no_door_of_its_own(cut: Database) -> None:
    """Rights stand on the whole alone: the application cannot come past the policy."""
    with psycopg.connect(cut.addresses.owner) as connection:
        reached = connection.execute(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
            "WHERE i.inhparent = 'kasa.events'::regclass AND c.relkind = 'r' AND ("
            "has_table_privilege('kasa_app', c.oid, 'SELECT, INSERT, UPDATE, DELETE') "
            "OR has_table_privilege('kasa_platform', c.oid, 'SELECT, INSERT, UPDATE, DELETE'))"
        ).fetchall()
        counted = connection.execute(
            "SELECT count(*) FROM pg_inherits WHERE inhparent = 'kasa.events'::regclass"
        ).fetchone()
    assert [] == reached
    assert counted is not None
    assert counted[0] >= PARTS
