"""The pool of connections, and the one round trip that opens every transaction."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import psycopg
import sqlalchemy
from psycopg import conninfo
from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, QueuePool

from kasa.adapters.postgres.constraints import translated
from kasa.domain.kernel.ids import TenantId

POOL_TIMEOUT_SECONDS = 1.5
POOL_RECYCLE_SECONDS = 1800
REST_LIMIT_SECONDS = 1.0
PREPARE_AFTER = 5
LIVENESS: Mapping[str, int] = MappingProxyType(
    {
        "connect_timeout": 3,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": 30_000,
    }
)
"""A server that vanished without a word is noticed within a minute, and not after 12."""
_RETURNED_AT = "kasa_returned_at"


class DatabaseRole(StrEnum):
    """What a transaction acts as; ``SUPERUSER`` sees past row security, for tests."""

    APP = "kasa_app"
    PLATFORM = "kasa_platform"
    SUPERUSER = "postgres"


class Begin(StrEnum):
    """How a transaction begins."""

    WRITE = "BEGIN"
    READ = "BEGIN READ ONLY"
    SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


def opening(begin: Begin, role: DatabaseRole, tenant: TenantId) -> str:
    """Return the statements that open a transaction, sent together over the simple protocol.

    Only two words of enums and an identifier are put in. Every setting is local to the
    transaction, so it is safe behind a transaction pooler.
    """
    return (
        f"{begin.value}; SELECT set_config('role', '{role.value}', true), "
        f"set_config('kasa.tenant', '{tenant}', true), "
        "set_config('search_path', 'kasa,jobs,pg_temp', true), "
        "set_config('lock_timeout', '3000', true), "
        "set_config('statement_timeout', '15000', true), "
        "set_config('idle_in_transaction_session_timeout', '30000', true)"
    )


def make_engine(
    address: str, *, threads: int = 8, pooled: bool = False, door: str = "kasa"
) -> sqlalchemy.Engine:
    """Return the engine of one process; ``pooled`` behind PgBouncer in transaction mode.

    ``threads`` is the number of transactions at once. The engine sends no BEGIN of its own.
    """
    wanted: dict[str, Any] = {
        **conninfo.conninfo_to_dict(address),
        **LIVENESS,
        "application_name": door,
        "prepare_threshold": None if pooled else PREPARE_AFTER,
    }
    pool: dict[str, Any] = (
        {"poolclass": NullPool}
        if pooled
        else {
            "poolclass": QueuePool,
            "pool_size": threads,
            "max_overflow": 0,
            "pool_timeout": POOL_TIMEOUT_SECONDS,
            "pool_use_lifo": True,
            "pool_recycle": POOL_RECYCLE_SECONDS,
        }
    )
    engine = sqlalchemy.create_engine(
        "postgresql+psycopg://",
        connect_args=wanted,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
        **pool,
    )
    if not pooled:
        event.listen(engine, "checkin", _note_return)
        event.listen(engine, "checkout", _ping_rested)
    return engine


@contextmanager
def checked_out(engine: sqlalchemy.Engine) -> Iterator[sqlalchemy.Connection]:
    """Yield a connection of the pool; what is left open on it is rolled back at its return."""
    try:
        connection = engine.connect()
    except (sqlalchemy.exc.DBAPIError, sqlalchemy.exc.TimeoutError) as error:
        raise translated(error) from error
    with connection:
        yield connection


def driver_of(connection: sqlalchemy.Connection) -> psycopg.Connection[Any]:
    """Return the driver's connection beneath one of the pool."""
    found = connection.connection.driver_connection
    assert isinstance(found, psycopg.Connection)
    return found


def _note_return(_connection: Any, entry: ConnectionPoolEntry) -> None:
    entry.info[_RETURNED_AT] = time.monotonic()


def _ping_rested(connection: Any, entry: ConnectionPoolEntry, _proxy: Any) -> None:
    """Replace a connection that died while it rested, so that the first request succeeds."""
    returned = entry.info.get(_RETURNED_AT)
    if returned is None or time.monotonic() - returned < REST_LIMIT_SECONDS:
        return
    try:
        connection.execute("SELECT 1", prepare=False)
    except psycopg.Error as error:
        raise DisconnectionError from error
