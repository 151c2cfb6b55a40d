"""Loads the dump of a backup into an embedded server, and compares what came of it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from kasa.adapters.postgres.backups.comparing import (
    ALL_SUBJECTS,
    OTHER_MAJOR_SUBJECTS,
    differences,
)
from kasa.adapters.postgres.backups.figures import lines
from kasa.adapters.postgres.backups.manifest import DUMP, FIGURES, ROLES, Manifest
from kasa.adapters.postgres.backups.programs import Login, Programs
from kasa.adapters.postgres.binaries import MAJOR
from kasa.adapters.postgres.embedded import EmbeddedServer
from kasa.adapters.postgres.roles import DATABASE, SUPERUSER

_STATEMENT = re.compile(r"(CREATE|ALTER|GRANT|COMMENT) .*;\Z")
_SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = 0"


def load(server: EmbeddedServer, folder: Path, programs: Programs) -> None:
    """Load the database of a verified backup into a started server that was made for it.

    Roles come without passwords; those of kasa get the server's new ones. Raises ``backup.failed``,
    ``backup.disk_full`` or ``backup.stopped``.
    """
    with psycopg.connect(server.address(SUPERUSER, "postgres"), autocommit=True) as connection:
        for statement in _roles(folder):
            _make_role(connection, statement)
        name = sql.Identifier(DATABASE)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(name))
    login = Login.of(server.address(SUPERUSER))
    programs.run(
        "pg_restore",
        *("--exit-on-error", f"--dbname={login.text}"),
        login=login,
        source=folder / DUMP,
    )
    server.make_database(DATABASE)
    with psycopg.connect(server.address(SUPERUSER), autocommit=True) as connection:
        connection.execute("ANALYZE")


def compared(server: EmbeddedServer, folder: Path, manifest: Manifest) -> tuple[str, ...]:
    """Return what differs between a server and the figures of a backup, if anything."""
    same = manifest.major == int(MAJOR)
    with (
        psycopg.connect(server.address(SUPERUSER)) as connection,
        (folder / FIGURES).open(encoding="utf-8") as expected,
    ):
        connection.execute(_SNAPSHOT, prepare=False)
        return differences(
            expected,
            lines(connection),
            subjects=ALL_SUBJECTS if same else OTHER_MAJOR_SUBJECTS,
        )


def _roles(folder: Path) -> Iterator[str]:
    with (folder / ROLES).open(encoding="utf-8") as found:
        yield from (line.strip() for line in found if _STATEMENT.match(line.strip()))


def _make_role(connection: psycopg.Connection[Any], statement: str) -> None:
    try:
        connection.execute(statement.encode())
    except psycopg.errors.DuplicateObject:
        return
