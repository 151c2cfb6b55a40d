"""A dump of the database, its roles, and its figures, all of one snapshot."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
import psycopg

from kasa.adapters.postgres.backups.figures import lines
from kasa.adapters.postgres.backups.manifest import DUMP, FIGURES, ROLES
from kasa.adapters.postgres.backups.programs import Login, Programs, plain_address
from kasa.adapters.postgres.backups.refusals import BackupDiskFull, BackupFailed, BackupStopped
from kasa.adapters.postgres.backups.whole import Sum, summed, written
from kasa.adapters.postgres.constraints import StoreSchema, translated

LOCK_WAIT = "60s"
ROLES_END = b"-- PostgreSQL database cluster dump complete"
ROLES_END_BYTES = 1000
_OPEN = """BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL statement_timeout = 0"""
_ASKED = """SELECT pg_export_snapshot(), current_setting('server_version'),
  to_regclass('platform.version') IS NOT NULL, rolsuper OR rolbypassrls
FROM pg_roles WHERE rolname = current_user"""
_REVISION = "SELECT version_num FROM platform.version"


class BackupLoginWeak(BackupFailed):
    """The login of the backup sees no rows: it must bypass row security."""

    code = "backup.login_weak"


@attrs.frozen(kw_only=True)
class Dumped:
    """A dump: the version of its server, the revision of its schema, and its parts."""

    server: str
    schema: str
    parts: dict[str, Sum]


def dump(address: str, folder: Path, programs: Programs) -> Dumped:
    """Dump a database as the login ``kasa_backup`` into three files of a folder.

    While ``pg_dump`` runs, the figures are taken in the same snapshot, so that a restore can be
    compared with them whatever is written meanwhile.
    """
    login = Login.of(address)
    with _snapshot(address) as taken, ThreadPoolExecutor(1) as beside:
        dumping = beside.submit(
            programs.run,
            "pg_dump",
            *("--format=custom", "--no-unlogged-table-data", f"--snapshot={taken.snapshot}"),
            *(f"--lock-wait-timeout={LOCK_WAIT}", f"--dbname={login.text}"),
            login=login,
            target=folder / DUMP,
        )
        figures = written(folder / FIGURES, _encoded(taken.connection, programs.stopping))
        dumping.result()
    programs.run(
        "pg_dumpall",
        *("--roles-only", "--no-role-passwords", f"--dbname={login.text}"),
        login=login,
        target=folder / ROLES,
    )
    _check_end(folder / ROLES)
    parts = {name: summed(folder / name) for name in (DUMP, ROLES)}
    return Dumped(server=taken.server, schema=taken.schema, parts={**parts, FIGURES: figures})


def _check_end(roles: Path) -> None:
    """Raise unless ``pg_dumpall`` came to its end: it does not notice that a disk is full."""
    if not roles.exists() or ROLES_END not in roles.read_bytes()[-ROLES_END_BYTES:]:
        raise BackupDiskFull


def _encoded(connection: psycopg.Connection[Any], stopping: Callable[[], bool]) -> Iterator[bytes]:
    for line in lines(connection):
        if stopping():
            raise BackupStopped
        yield line.encode()


@attrs.frozen(kw_only=True)
class _Snapshot:
    connection: psycopg.Connection[Any]
    snapshot: str
    server: str
    schema: str


@contextmanager
def _snapshot(address: str) -> Iterator[_Snapshot]:
    try:
        with psycopg.connect(plain_address(address), application_name="kasa-backup") as connection:
            connection.execute(_OPEN, prepare=False)
            snapshot, version, is_ours, sees_all = _first(connection, _ASKED)
            if not is_ours:
                raise StoreSchema("The database has no tables yet: there is nothing to back up.")
            if not sees_all:
                raise BackupLoginWeak
            (revision,) = _first(connection, _REVISION)
            yield _Snapshot(
                connection=connection,
                snapshot=snapshot,
                server=version.partition(" ")[0],
                schema=revision,
            )
    except psycopg.Error as error:
        raise translated(error) from error


def _first(connection: psycopg.Connection[Any], statement: str) -> tuple[Any, ...]:
    row = connection.execute(statement.encode()).fetchone()
    assert row is not None
    return tuple(row)
