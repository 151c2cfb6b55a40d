"""The login ``kasa_jobs``: short connections beside procrastinate's own pool."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

import psycopg
from psycopg import conninfo
from psycopg.rows import DictRow, dict_row

from kasa.adapters.postgres.constraints import StoreSchema, translated
from kasa.adapters.postgres.upgrade import STRONG, RoleTooStrong
from kasa.domain.kernel.errors import KasaError, NotFound

LIVENESS: Mapping[str, int] = MappingProxyType(
    {
        "connect_timeout": 3,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 15_000,
    }
)
"""A server that vanished without a word is noticed within seconds; an address may say otherwise."""

_LOGIN = """SELECT
  to_regclass('procrastinate_jobs') IS NOT NULL
    AND to_regclass('kasa_schedule') IS NOT NULL AS made,
  coalesce(has_table_privilege(to_regclass('jobs.procrastinate_jobs'), 'UPDATE'), true) AS may"""


class RoleTooWeak(KasaError):
    """The worker's login may not take jobs: set KASA_JOBS_DATABASE_URL to the login kasa_jobs."""

    code = "setup.role_too_weak"


def lively(address: str) -> str:
    """Return an address whose connections notice a server that is gone."""
    given = conninfo.conninfo_to_dict(address)
    return conninfo.make_conninfo("", **{**LIVENESS, **given})


@contextmanager
def connected(address: str) -> Iterator[psycopg.Connection[DictRow]]:
    """Yield a connection whose clean exit commits; what the database refuses is translated."""
    try:
        with psycopg.connect(
            address, row_factory=dict_row, prepare_threshold=None, application_name="kasa-queue"
        ) as connection:
            yield connection
    except psycopg.Error as error:
        raise translated(error) from None


def check_login(address: str) -> None:
    """Return when the worker may use the queue of an address.

    Raises ``store.unavailable``, ``store.schema``, ``setup.role_too_strong`` or
    ``setup.role_too_weak``.
    """
    with connected(address) as connection:
        strong = connection.execute(STRONG.encode()).fetchone()
    if strong is None or strong["exists"]:
        raise RoleTooStrong
    try:
        with connected(address) as connection:
            row: Mapping[str, Any] = connection.execute(_LOGIN).fetchone() or {}
    except NotFound:
        raise RoleTooWeak from None
    if not row.get("may"):
        raise RoleTooWeak
    if not row["made"]:
        raise StoreSchema
