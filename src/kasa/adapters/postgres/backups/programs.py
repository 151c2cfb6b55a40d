"""The programs of PostgreSQL as backups need them: for hours, with a login, stopped on demand."""

import os
import stat
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

import attrs
from psycopg import conninfo

from kasa.adapters.postgres.backups.refusals import BackupDiskFull, BackupFailed, BackupStopped
from kasa.adapters.postgres.binaries import Binaries

LOOK_SECONDS = 0.2
SAID_BYTES = 4000
NO_ROOM = "No space left on device"


def _never() -> bool:
    return False


@attrs.frozen(kw_only=True)
class Login:
    """An address for a program: ``text`` holds no password, ``environment`` does."""

    text: str
    environment: Mapping[str, str]

    @classmethod
    def of(cls, address: str) -> "Login":
        """Take the password out of a connection text or URL."""
        told = conninfo.conninfo_to_dict(plain_address(address))
        word = told.pop("password", None)
        text = conninfo.make_conninfo("", **told)
        return cls(text=text, environment={} if word is None else {"PGPASSWORD": str(word)})


def plain_address(address: str) -> str:
    """Return an address as PostgreSQL's own programs read it."""
    return address.replace("postgresql+psycopg://", "postgresql://", 1)


@attrs.frozen(kw_only=True)
class Programs:
    """Runs programs; when ``stopping`` answers true, what runs is ended."""

    binaries: Binaries
    stopping: Callable[[], bool] = _never

    @property
    def mine(self) -> "Programs":
        """The same, run by who runs kasa: for files that the server's own user cannot reach."""
        return attrs.evolve(self, binaries=attrs.evolve(self.binaries, user=None))

    def run(
        self,
        program: str,
        *arguments: str,
        login: Login | None = None,
        source: Path | None = None,
        target: Path | None = None,
    ) -> None:
        """Run a program to its end, its input from a file and its output into a new one.

        Files are opened by kasa, so the server's user needs no way to them. Raises
        ``backup.failed`` with what the program said, ``backup.disk_full`` or ``backup.stopped``.
        """
        with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as empty:
            given: IO[bytes] = source.open("rb") if source else empty
            taken: IO[bytes] = _new_file(target) if target else said
            try:
                running = self.binaries.start(
                    program,
                    *arguments,
                    environment=login.environment if login else {},
                    stdin=given,
                    stdout=taken,
                    stderr=said,
                )
                if self._end(running) != 0:
                    raise _failure(program, said)
                if stat.S_ISREG(os.fstat(taken.fileno()).st_mode):
                    os.fsync(taken.fileno())
            finally:
                for file in {given, taken} - {said, empty}:
                    file.close()

    def _end(self, running: subprocess.Popen[bytes]) -> int:
        try:
            while True:
                try:
                    return running.wait(LOOK_SECONDS)
                except subprocess.TimeoutExpired:
                    if self.stopping():
                        raise BackupStopped from None
        finally:
            if running.poll() is None:
                running.kill()
                running.wait()


def _new_file(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _failure(program: str, said: IO[bytes]) -> BackupFailed | BackupDiskFull:
    said.seek(max(0, said.seek(0, 2) - SAID_BYTES))
    words = said.read().decode(errors="replace").strip()
    if NO_ROOM in words:
        return BackupDiskFull()
    return BackupFailed(f"{program} failed: {words}", program=program)
