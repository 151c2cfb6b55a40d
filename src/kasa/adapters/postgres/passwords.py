"""New passwords for the embedded server, without the old ones (data.md, section 1).

The server is started once in a fresh folder that only its own user can enter, with access rules
that let its superuser in from there and nobody else; nothing in its data is changed for that.
"""

import shlex
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from kasa.adapters.postgres.binaries import Binaries, ProgramFailed
from kasa.adapters.postgres.embedded import EmbeddedServer
from kasa.adapters.postgres.roles import (
    DATABASE,
    LOGINS,
    SUPERUSER,
    new_password,
    set_password,
)
from kasa.domain.kernel.errors import KasaError

_RULES = f"local all {SUPERUSER} trust\n"


class NoData(KasaError):
    """There is no embedded database in this KASA_HOME."""

    code = "embedded.no_data"


def reset_passwords(server: EmbeddedServer) -> None:
    """Give every login of kasa a new password and remember it; a running server is stopped.

    Processes that hold the old passwords have to be started again. Raises ``embedded.no_data``.
    """
    home = server.home
    if not (home.data / "PG_VERSION").exists():
        raise NoData(home=str(home.folder))
    home.make()
    with home.locked():
        if (home.data / "postmaster.pid").exists():
            with suppress(ProgramFailed):
                server.binaries.run("pg_ctl", "stop", "-D", str(home.data), "-m", "fast")
        words = {role: new_password() for role in (SUPERUSER, *LOGINS)}
        with _alone(server.binaries, home.data) as connection:
            for role, word in words.items():
                set_password(connection, role, word)
            connection.commit()
            row = connection.execute(
                "SELECT system_identifier::text FROM pg_control_system()"
            ).fetchone()
        assert row is not None
        home.keep(passwords=words, system_identifier=str(row[0]), database=DATABASE)


@contextmanager
def _alone(binaries: Binaries, data: Path) -> Iterator[psycopg.Connection[Any]]:
    folder = Path(tempfile.mkdtemp(prefix="kasa-"))
    binaries.own(folder, mode=0o700)
    rules = folder / "rules"
    rules.write_text(_RULES)
    binaries.own(rules, mode=0o600)
    wanted = {"unix_socket_directories": folder, "hba_file": rules, "listen_addresses": ""}
    options = shlex.join(
        part for name, value in wanted.items() for part in ("-c", f"{name}={value}")
    )
    try:
        binaries.run(
            *("pg_ctl", "start", "-w", "-t", "100", "-D", str(data)),
            *("-l", str(folder / "log"), "-o", options),
        )
        try:
            with psycopg.connect(host=str(folder), user=SUPERUSER, dbname="postgres") as connection:
                yield connection
        finally:
            binaries.run("pg_ctl", "stop", "-w", "-D", str(data), "-m", "fast", "-t", "60")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
