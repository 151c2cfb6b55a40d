"""Every method of every store, asked by a stranger with its filter taken out (promise C2)."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import attrs
import psycopg
import pytest

from kasa.adapters.conformance.shops import new_shop
from kasa.adapters.postgres.roles import SUPERUSER
from kasa.adapters.postgres.transactions import PostgresUnitOfWorkFactory
from kasa.application.ports.work import ReadOnly, UnitOfWork
from kasa.domain.identity.access import Actor
from tests.integration.conftest import Database, Walls, _without_filter, rewritten, rows_of
from tests.integration.postgres.foreign import (
    Call,
    Method,
    Recording,
    Undone,
    methods_of,
    without_claims,
)
from tests.integration.postgres.walking import Walk
from tests.integration.postgres.walking_links import walk_links
from tests.integration.postgres.walking_people import walk_people

pytestmark = [pytest.mark.integration, pytest.mark.direct, pytest.mark.C2]

TABLES = """SELECT relname FROM pg_class
WHERE relnamespace = 'kasa'::regnamespace AND relkind = 'r' ORDER BY 1"""
VIEW, WORK = "PostgresReadOnly", "PostgresUnitOfWork"
NEW_ROWS = {
    "accounts": {"add", "set_policy"},
    "alerts": {"hold"},
    "bank_questions": {"add"},
    "clients": {"add"},
    "counts": {"add"},
    "credits": {"add", "append"},
    "customers": {"add"},
    "events": {"once", "record"},
    "files": {"add"},
    "invitations": {"add"},
    "invoices": {"add", "add_copy"},
    "keys": {"add"},
    "khqr": {"add"},
    "members": {"add"},
    "payments": {"add", "attach"},
    "rates": {"set"},
    "references": {"register"},
    "series": {"next", "set"},
    "share_links": {"add"},
    "tenant_links": {"put"},
    "tenants": {"add"},
    "usage": {"spend"},
}
"""What puts rows in, or waits: a row carries the tenant of its writer, no filter is in it."""
OWN_KEYS = {
    "accounts": {"save"},
    "counts": {"save"},
    "invoices": {"save"},
    "stock": {"keep"},
    "tenants": {"save"},
}
"""What writes other rows of the writer in the same statement: a key refuses the two together."""
NOTHING_THERE = {
    (VIEW, "archive", "parts"),
    (VIEW, "tables", "lines"),
    (VIEW, "tables", "names"),
    (VIEW, "tables", "schema"),
    (WORK, "answers", "forget"),
    (WORK, "archive", "take_out"),
    (VIEW, "books", "differences"),
    (VIEW, "stock", "cost_of_goods"),
    (VIEW, "stock", "level"),
    (VIEW, "stock", "low"),
    (VIEW, "sent_evidence", "sent_by"),
    (VIEW, "stock", "owed"),
    (WORK, "payments", "asked_since"),
    (WORK, "payments", "payers"),
    (WORK, "payments", "same_file"),
    (WORK, "stock", "drifts"),
    (WORK, "stock", "is_reversed"),
    (WORK, "stock", "owed"),
    (WORK, "stock", "value_in"),
    (WORK, "tenant_links", "end"),
    (WORK, "tenant_links", "use"),
}
"""What finds nothing in the shop itself, is the same for all, or reads by a cursor or function."""
UNNOTICED = NOTHING_THERE | {
    (WORK, store, method)
    for stores in (NEW_ROWS, OWN_KEYS)
    for store, found in stores.items()
    for method in found
}


@attrs.frozen
class Stage:
    """A shop with everything, what was asked of its stores, and what its rows are."""

    database: Database
    owner: Actor
    calls: tuple[Call, ...]
    digest: str
    before: str

    @classmethod
    def over(cls, database: Database) -> "Stage":
        """Do everything once in a shop."""
        recording = Recording(database.open().unit_of_work)
        ports = attrs.evolve(database.ports(), unit_of_work=recording)
        walk = Walk.through(ports)
        walk_links(walk)
        walk_people(walk)
        owner = walk.desk.owner
        with psycopg.connect(database.server.address(SUPERUSER, database.name)) as connection:
            tables = [row[0] for row in connection.execute(TABLES).fetchall()]
            digest = " || ".join(
                f"coalesce((SELECT md5(string_agg(t.ctid || t::text, ',' ORDER BY t.ctid)) "
                f"FROM kasa.{table} t WHERE tenant_id = '{owner.tenant}'), '-')"
                for table in tables
            )
        made = cls(database, owner, recording.calls, f"SELECT {digest} AS digest", "")
        return attrs.evolve(made, before=made.now())

    def now(self) -> str:
        """Return a figure of every row of the shop."""
        with psycopg.connect(
            self.database.server.address(SUPERUSER, self.database.name)
        ) as connection:
            row = connection.execute(self.digest.encode()).fetchone()
        assert row is not None
        return str(row[0])

    def is_changed(self, work: UnitOfWork | ReadOnly) -> bool:
        """Tell whether a superuser's unit of work changed a row of the shop."""
        cursor = psycopg.Cursor(rows_of(work)._cursor.connection)
        return cursor.execute(self.digest.encode()).fetchone() != (self.before,)


@contextmanager
def _opened(
    factory: PostgresUnitOfWorkFactory, actor: Actor, call: Call
) -> Iterator[UnitOfWork | ReadOnly]:
    reads = call.method[0] == "PostgresReadOnly"
    with factory.read_only(actor) if reads else factory(actor) as work:
        without_claims(work)
        yield work


def _answer(call: Call, work: UnitOfWork | ReadOnly) -> str:
    try:
        return repr(call.on(work))
    except Exception as error:  # noqa: BLE001  # whatever a stranger is told counts
        return f"{type(error).__name__}: {error}"


def _asked(factory: PostgresUnitOfWorkFactory, actor: Actor, call: Call) -> str:
    """Return what a call answers; nothing of it stays."""
    with suppress(Undone), _opened(factory, actor, call) as work:
        answer = _answer(call, work)
        raise Undone
    return answer


def _bare(database: Database) -> PostgresUnitOfWorkFactory:
    made = database.open(walls=Walls.FILTERS)
    rewritten(made.engine, _without_filter)
    return made.unit_of_work


def test_a_stranger_gets_the_same_with_and_without_filters(database: Database) -> None:
    """Row security alone answers what both walls answer; without any wall the shop is seen.

    Every public method of every store and view is asked with the things of another shop. What is
    not noticed without walls is listed: only that could pass unseen here.
    """
    stage = Stage.over(database)
    stranger, writer = new_shop(database.ports()), new_shop(database.ports())
    whole = database.open().unit_of_work
    behind = database.open(walls=Walls.POLICIES).unit_of_work
    bare = _bare(database)
    with whole(stranger) as work:
        there = methods_of(work)
    with whole.read_only(stranger) as view:
        there |= methods_of(view)
    unasked = sorted(there - {call.method for call in stage.calls})
    assert not unasked, unasked
    noticed: set[Method] = set()
    for call in stage.calls:
        answer = _asked(whole, stranger, call)
        assert (call.method, answer) == (call.method, _asked(behind, stranger, call))
        if answer != _asked(bare, stranger, call) or _changes(stage, bare, stranger, call):
            noticed.add(call.method)
    left = sorted(there - noticed - UNNOTICED)
    assert not left, left
    for call in stage.calls:
        with suppress(Exception), _opened(behind, writer, call) as work:
            call.on(work)
    assert stage.before == stage.now()


def _changes(stage: Stage, bare: PostgresUnitOfWorkFactory, stranger: Actor, call: Call) -> bool:
    """Tell whether a call without walls writes to a row of the shop; nothing of it stays."""
    changed = False
    with suppress(Undone, psycopg.Error), _opened(bare, stranger, call) as work:
        _answer(call, work)
        changed = stage.is_changed(work)
        raise Undone
    return changed
