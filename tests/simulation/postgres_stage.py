"""Worlds over PostgreSQL: a database of their own each, whose connections can be cut."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import attrs
import psycopg
from psycopg import sql
from sqlalchemy import event

from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.outside import StoppedClock
from kasa.adapters.postgres.database import open_postgres
from kasa.adapters.postgres.embedded import EmbeddedServer
from kasa.adapters.postgres.roles import SUPERUSER
from kasa.application.reactions import REACTIONS
from tests.simulation.ids import RoundIds
from tests.simulation.lines import Admin, PostgresLines
from tests.simulation.stage import world_over
from tests.simulation.world import BEGINNING, World

CUT_WAIT_MILLISECONDS = 5_000
THREADS = 1
RESTART_EVERY = 3


@contextmanager
def in_postgres(
    seed: int, server: EmbeddedServer, template: str, *, restarts: bool = False
) -> Iterator[World]:
    """Open a world in a copy of a template database, and remove it at the end.

    With ``restarts`` some cuts kill the whole server, which nobody else may use then.
    """
    name = f"kasa_world_{seed}"
    _drop(server, name)
    server.make_database(name, template=template)
    clock, ids = StoppedClock(BEGINNING), RoundIds()
    made = open_postgres(server.addresses(name), REACTIONS, ids, threads=THREADS)
    admin = Admin(server.address(SUPERUSER, name))
    try:
        ports = attrs.evolve(
            memory_ports(clock=clock), unit_of_work=made.unit_of_work, worker=made.worker, ids=ids
        )
        world = world_over(seed, ports, PostgresLines(admin), clock, ids)
        knife = _Knife(admin, server if restarts else None)
        event.listen(made.engine, "checkout", knife.note)
        world.faults.cut = knife.cut
        yield world
    finally:
        admin.close()
        made.close()
        _drop(server, name)


class _Knife:
    """Ends the server's side of the connection that was checked out last, or the whole server."""

    def __init__(self, admin: Admin, server: EmbeddedServer | None) -> None:
        self._admin, self._server = admin, server
        self._process = self._cuts = 0

    def note(self, connection: Any, *_: object) -> None:
        """Remember whose connection it is."""
        self._process = connection.info.backend_pid

    def cut(self) -> bool:
        """End it, and tell whether it is gone: the next statement will find out."""
        self._cuts += 1
        if self._server is not None and self._cuts % RESTART_EVERY == 1:
            data = str(self._server.home.data)
            self._server.binaries.run("pg_ctl", "stop", "-D", data, "-m", "immediate", "-w")
            self._server.start()
            return True
        (row,) = self._admin.execute(
            "SELECT pg_terminate_backend(%s, %s)", [self._process, CUT_WAIT_MILLISECONDS]
        )
        return bool(row["pg_terminate_backend"])


def _drop(server: EmbeddedServer, name: str) -> None:
    with psycopg.connect(server.address(SUPERUSER, "postgres"), autocommit=True) as connection:
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        connection.execute(statement.format(sql.Identifier(name)))
