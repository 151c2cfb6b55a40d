"""PgBouncer in transaction mode before the server of the tests."""

import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs
import psycopg
from psycopg import conninfo

from kasa.adapters.postgres.embedded import EmbeddedServer
from kasa.adapters.postgres.roles import APP, JOBS, SUPERUSER
from tests.places import PGBOUNCER

PORT = 6432
SERVER_CONNECTIONS = 4
START_SECONDS = 20
SETTINGS = """[databases]
* = host={server} port=5432
[pgbouncer]
listen_addr =
listen_port = {port}
unix_socket_dir = {folder}
unix_socket_mode = 0700
auth_type = scram-sha-256
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = {connections}
max_client_conn = 500
query_wait_timeout = 3
server_login_retry = 1
logfile = {folder}/log
"""


@attrs.frozen
class Bouncer:
    """A running PgBouncer; ``folder`` holds its socket, its users and its log."""

    folder: Path

    def through(self, address: str) -> str:
        """Return an address of the server as one that leads through the pooler."""
        return conninfo.make_conninfo(address, host=str(self.folder), port=PORT)


@contextmanager
def running_bouncer(server: EmbeddedServer, folder: Path) -> Iterator[Bouncer]:
    """Run one in an empty folder, as the system user that runs the server, and stop it."""
    assert PGBOUNCER is not None
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    users = [f'"{role}" "{server.home.password(role)}"' for role in (APP, JOBS, SUPERUSER)]
    settings = SETTINGS.format(
        server=server.home.socket, port=PORT, folder=folder, connections=SERVER_CONNECTIONS
    )
    for name, text in {"users": "\n".join(users) + "\n", "settings.ini": settings}.items():
        (folder / name).write_text(text)
        server.binaries.own(folder / name, mode=0o600)
    server.binaries.own(folder, mode=0o700)
    account = pwd.getpwnam(server.binaries.user) if server.binaries.user else None
    process = subprocess.Popen(
        [PGBOUNCER, "-q", str(folder / "settings.ini")],
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        made = Bouncer(folder)
        _wait(made.through(server.address(APP)), process)
        yield made
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            assert process.poll() is None, "PgBouncer ended by itself"
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return
