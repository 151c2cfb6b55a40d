"""The server in the wheel: made once with passwords, then started, adopted and stopped.

There is never a moment with trust authentication, and no folder outside its home is
re-permissioned (data.md, section 1).
"""

import shlex
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import attrs
import psycopg
from psycopg import conninfo, sql

from kasa.adapters.postgres.binaries import MAJOR, Binaries, find_binaries
from kasa.adapters.postgres.home import HomeUnfinished, ServerHome
from kasa.adapters.postgres.roles import (
    APP,
    DATABASE,
    JOBS,
    LOGINS,
    OWNER,
    SUPERUSER,
    role_script,
    set_password,
)
from kasa.domain.kernel.errors import KasaError, Unavailable

ANSWER_TIMEOUT_SECONDS = 60
ROLES_LOCK = "SELECT pg_advisory_lock(hashtextextended('kasa.roles', 0))"
SETTINGS: Mapping[str, str] = MappingProxyType(
    {
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "shared_buffers": "128MB",
        "wal_level": "replica",
        "summarize_wal": "on",
        "timezone": "UTC",
        "jit": "off",
        "max_parallel_workers_per_gather": "0",
        "logging_collector": "on",
        "log_filename": "pg-%u.log",
        "log_truncate_on_rotation": "on",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        "log_min_duration_statement": "500ms",
        "log_lock_waits": "on",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
    }
)


class ForeignServer(KasaError):
    """Another PostgreSQL server answers on kasa's socket; stop it, or set another KASA_HOME."""

    code = "embedded.foreign_server"


class DataVersion(KasaError):
    """The data was written by another version of PostgreSQL."""

    code = "embedded.version"


@attrs.frozen(kw_only=True)
class Addresses:
    """Connection texts of one database, one per role that kasa logs in as."""

    app: str
    owner: str
    jobs: str


class EmbeddedServer:
    """One PostgreSQL server in one folder.

    ``settings`` are given at start only, above those the data directory was made with. Whoever
    started the server stops it; an adopted one is left running. A home in which a restore did
    not end is opened by ``restoring`` alone.
    """

    def __init__(
        self,
        home: Path,
        *,
        binaries: Binaries | None = None,
        settings: Mapping[str, str] = MappingProxyType({}),
        restoring: bool = False,
    ) -> None:
        self.binaries = binaries or find_binaries()
        self.home = ServerHome(home, self.binaries)
        self.settings = settings
        self.restoring = restoring
        self.started = False

    def start(self) -> None:
        """Make what is missing, then attach to the running server or start it.

        Raises ``embedded.version``, ``embedded.foreign_server``, ``embedded.home``,
        ``embedded.passwords_lost`` or ``backup.unfinished``; then nothing that it started is left
        running.
        """
        self.home.make()
        if self.home.unfinished.exists() and not self.restoring:
            raise HomeUnfinished
        try:
            with self.home.locked():
                self._start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server if this object started it."""
        if self.started:
            self.started = False
            self.binaries.run("pg_ctl", "stop", "-D", str(self.home.data), "-m", "fast", "-t", "30")

    def addresses(self, database: str = DATABASE) -> Addresses:
        """Return the connection texts of one of its databases."""
        return Addresses(
            app=self.address(APP, database),
            owner=self.address(OWNER, database),
            jobs=self.address(JOBS, database),
        )

    def address(self, role: str, database: str = DATABASE) -> str:
        """Return the connection text of one role; it holds the role's password."""
        return conninfo.make_conninfo(
            host=str(self.home.socket),
            port=5432,
            dbname=database,
            user=role,
            password=self.home.password(role),
            connect_timeout=3,
        )

    @property
    def _forgets(self) -> bool:
        return self.settings.get("fsync") == "off"

    def _start(self) -> None:
        self._check_version()
        self.home.open()
        if not (self.home.data / "PG_VERSION").exists():
            self._make_cluster()
        if not self._answers():
            self._start_server()
            if not self._answers():
                raise Unavailable("The embedded PostgreSQL does not answer.")
        self._make_database()

    def _make_cluster(self) -> None:
        fresh = self.home.folder / "pg.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        self.binaries.own(fresh, mode=0o700)
        word = self.home.run / "first-password"
        word.unlink(missing_ok=True)
        word.touch(0o600)
        word.write_text(self.home.password(SUPERUSER))
        self.binaries.own(word, mode=0o600)
        try:
            self.binaries.run(
                "initdb",
                *("-D", str(fresh), "-U", SUPERUSER, "--auth=scram-sha-256"),
                *(f"--pwfile={word}", "--encoding=UTF8", "--locale=C"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--data-checksums"),
                *(f"--set={name}={value}" for name, value in SETTINGS.items()),
                *(("--no-sync",) if self._forgets else ()),
            )
        finally:
            word.unlink(missing_ok=True)
        told = self.binaries.run("pg_controldata", "-D", str(fresh))
        self.home.keep(system_identifier=told.partition("system identifier:")[2].split()[0])
        fresh.rename(self.home.data)

    def _check_version(self) -> None:
        mark = self.home.data / "PG_VERSION"
        found = mark.read_text().strip() if mark.exists() else MAJOR
        if found != MAJOR:
            raise DataVersion(
                f"The data was written by PostgreSQL {found}, this kasa brings {MAJOR}. With the "
                "old wheel: `kasa db backup`; then with this one: `kasa db restore`.",
                found=found,
            )

    def _answers(self) -> bool:
        until = time.monotonic() + ANSWER_TIMEOUT_SECONDS
        while True:
            try:
                with psycopg.connect(self.address(SUPERUSER, "postgres"), autocommit=True) as found:
                    row = found.execute(
                        "SELECT system_identifier::text FROM pg_control_system()"
                    ).fetchone()
                break
            except psycopg.OperationalError as error:
                if "password authentication failed" in str(error):
                    raise ForeignServer(socket=str(self.home.socket)) from error
                if "starting up" not in str(error) or time.monotonic() > until:
                    return False
                time.sleep(0.1)
        if row is None or row[0] != self.home.facts.get("system_identifier"):
            raise ForeignServer(socket=str(self.home.socket))
        return True

    def _start_server(self) -> None:
        wanted = {"unix_socket_directories": str(self.home.socket), **self.settings}
        options = shlex.join(
            part for name, value in wanted.items() for part in ("-c", f"{name}={value}")
        )
        log = self.home.run / "start.log"
        self.binaries.run(
            *("pg_ctl", "start", "-w", "-t", "60", "-D", str(self.home.data)),
            *("-l", str(log), "-o", options),
        )
        self.started = True

    def _make_database(self) -> None:
        if self.home.facts.get("database"):
            return
        self.make_database(DATABASE)
        self.home.keep(database=DATABASE)

    def make_database(self, name: str, *, template: str = "template1") -> None:
        """Make a database with kasa's roles, their passwords and its schemas, if it is missing."""
        with psycopg.connect(self.address(SUPERUSER, "postgres"), autocommit=True) as connection:
            asked = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if asked.fetchone() is None:
                statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
                connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
            connection.execute(ROLES_LOCK)
            self._make_roles(name)

    def _make_roles(self, name: str) -> None:
        """Make what a database needs; roles are the whole server's, so one does it at a time."""
        with psycopg.connect(self.address(SUPERUSER, name)) as connection:
            connection.execute(sql.SQL(role_script()))
            for role in LOGINS:
                set_password(connection, role, self.home.password(role))
