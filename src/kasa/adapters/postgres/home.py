"""The folder of the embedded server: its lock, its passwords, the place of its socket."""

import fcntl
import json
import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kasa.adapters.postgres.binaries import Binaries
from kasa.adapters.postgres.roles import LOGINS, SUPERUSER, new_password
from kasa.domain.kernel.errors import KasaError, Unavailable

SOCKET_PATH_LIMIT_BYTES = 100
SOCKET_NAME = ".s.PGSQL.5432"
LOCK_TIMEOUT_SECONDS = 60
LOCK_POLL_SECONDS = 0.05
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/._+-]+\Z")


class HomeUnreachable(KasaError):
    """The server's user cannot enter the folder above KASA_HOME; choose another KASA_HOME."""

    code = "embedded.home"


class PasswordsLost(KasaError):
    """The passwords of the embedded server are gone: `kasa db passwords --reset` makes new ones."""

    code = "embedded.passwords_lost"


class HomeUnfinished(KasaError):
    """A restore into this KASA_HOME did not end; run `kasa db restore` again."""

    code = "backup.unfinished"


class ServerHome:
    """``pg/`` with the data, ``run/`` with the socket, ``database.json`` with what is secret."""

    def __init__(self, folder: Path, binaries: Binaries) -> None:
        self.folder = folder
        self.data = folder / "pg"
        self.run = folder / "run"
        self.unfinished = folder / "restoring"
        self.facts: dict[str, Any] = {}
        self._binaries = binaries

    @property
    def socket(self) -> Path:
        """The folder of the socket."""
        return Path(self.facts.get("socket") or self.run)

    def password(self, role: str) -> str:
        """Return the password of a role."""
        return str(self.facts["passwords"][role])

    def make(self) -> None:
        """Make the folder itself, 0700 (0711 for root), or raise ``embedded.home``."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.folder.chmod(0o700 if self._binaries.user is None else 0o711)
        except OSError as error:
            raise HomeUnreachable(
                f"{self.folder} cannot be made or written: {error.strerror}; set KASA_HOME."
            ) from error
        if not self._binaries.reaches(self.folder):
            raise HomeUnreachable(home=str(self.folder))

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other starts out, waiting up to 60 s for them to end."""
        descriptor = os.open(self.folder / "pg.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            until = time.monotonic() + LOCK_TIMEOUT_SECONDS
            while not _lock(descriptor):
                if time.monotonic() > until:
                    raise Unavailable("Another start of kasa does not end.")
                time.sleep(LOCK_POLL_SECONDS)
            yield
        finally:
            os.close(descriptor)

    def open(self) -> None:
        """Read the facts, invent the passwords at the first start, make the socket's folder.

        Raises ``embedded.passwords_lost`` when there is data and nobody knows its passwords.
        """
        path = self.folder / "database.json"
        if path.exists():
            self.facts = json.loads(path.read_text())
        elif (self.data / "PG_VERSION").exists():
            raise PasswordsLost(home=str(self.folder))
        else:
            self.keep(passwords={role: new_password() for role in (SUPERUSER, *LOGINS)})
        self.run.mkdir(exist_ok=True)
        self._binaries.own(self.run, mode=0o700)
        if not self._has_socket_folder():
            self._make_socket_folder()

    def keep(self, **facts: Any) -> None:
        """Remember facts in ``database.json``, 0600, whole or not at all."""
        self.facts |= facts
        path = self.folder / "database.json"
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(self.facts, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(path)

    def _has_socket_folder(self) -> bool:
        if "socket" in self.facts:
            return self.socket.is_dir()
        path = str(self.run / SOCKET_NAME)
        return len(path.encode()) <= SOCKET_PATH_LIMIT_BYTES and bool(_PLAIN_PATH.match(path))

    def _make_socket_folder(self) -> None:
        above = os.environ.get("XDG_RUNTIME_DIR") if self._binaries.user is None else None
        folder = Path(tempfile.mkdtemp(prefix="kasa-", dir=above))
        self._binaries.own(folder, mode=0o700)
        self.keep(socket=str(folder))


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
