"""Restores a backup into an empty home; until it has ended the home is marked and serves nobody."""

import shutil
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

import attrs
import psycopg

from kasa.adapters.postgres.backups.filing import put_back
from kasa.adapters.postgres.backups.loading import compared, load
from kasa.adapters.postgres.backups.manifest import Manifest, verified
from kasa.adapters.postgres.backups.programs import Programs
from kasa.adapters.postgres.backups.refusals import BackupDiffers, BackupTargetNotEmpty
from kasa.adapters.postgres.backups.whole import replaced, room_on_disk, settle
from kasa.adapters.postgres.binaries import ProgramFailed
from kasa.adapters.postgres.embedded import EmbeddedServer
from kasa.adapters.postgres.roles import SUPERUSER
from kasa.adapters.postgres.upgrade import newest_revision, upgrade
from kasa.application.ports.storage import FileStorage

AFTERWARDS: dict[str, str] = {
    "platform.sessions": "UPDATE platform.sessions SET ended_at = now() WHERE ended_at IS NULL",
    "platform.links": "UPDATE platform.links SET used_at = now() WHERE used_at IS NULL",
    "kasa.outbound_messages": "UPDATE kasa.outbound_messages SET state = 'unknown'"
    " WHERE state = 'queued' AND not_before < now() - interval '1 hour'",
}
"""What must not come back to life, by its table: data.md, section 16."""


HURRIED = MappingProxyType({"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"})
"""For a server whose data counts only when all of it is there."""


@attrs.frozen(kw_only=True)
class Restored:
    """A restore that ended: what was restored, and the revision it was brought to."""

    manifest: Manifest
    schema: str


@attrs.frozen(kw_only=True)
class Restorer:
    """Restores into one home and one file storage.

    ``own_storage`` tells that the storage is one that was named, and may hold other files.
    """

    home: Path
    storage: FileStorage
    programs: Programs
    own_storage: bool = False

    def check(self, folder: Path) -> Manifest:
        """Read all of a backup and look at the home; raise why it cannot be restored."""
        made = verified(folder)
        self._check_empty()
        return made

    def restore(self, folder: Path) -> Restored:
        """Restore a backup; the caller has the turn of the home's shelf.

        When it fails, the home is as empty as before; when it is killed, the home stays marked and
        a second restore begins anew. Raises ``backup.*``.
        """
        made = self.check(folder)
        server = self._server()
        self._discard(server)
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        replaced(server.home.unfinished, folder.name.encode())
        try:
            with room_on_disk():
                server.start()
                self._fill(server, folder, made)
            server.stop()
            server.binaries.run("initdb", "--sync-only", "-D", str(server.home.data))
        except BaseException:
            self._discard(server)
            raise
        server.home.unfinished.unlink()
        settle(self.home)
        return Restored(manifest=made, schema=newest_revision())

    def _server(self) -> EmbeddedServer:
        """Return the home's server; it writes without waiting, and all is synced at the end."""
        return EmbeddedServer(
            self.home, binaries=self.programs.binaries, settings=HURRIED, restoring=True
        )

    def _fill(self, server: EmbeddedServer, folder: Path, made: Manifest) -> None:
        load(server, folder, self.programs)
        found = compared(server, folder, made)
        if found:
            raise BackupDiffers(f"What was restored differs: {found[0]}", faults=found)
        put_back(self.storage, folder)
        upgrade(server.addresses().owner)
        end_what_was_open(server.address(SUPERUSER))

    def _check_empty(self) -> None:
        home = self._server().home
        if home.unfinished.exists():
            return
        here = [path.name for path in (home.data, home.folder / "database.json") if path.exists()]
        if not self.own_storage and next(iter(self.storage.keys()), None) is not None:
            here.append("files")
        if here:
            raise BackupTargetNotEmpty(
                f"{self.home} has {' and '.join(here)} already; set KASA_HOME to an empty folder."
            )

    @staticmethod
    def _discard(server: EmbeddedServer) -> None:
        """Remove what an unfinished restore has made; of a home that is whole nothing."""
        home = server.home
        if not home.unfinished.exists():
            return
        forget_server(server)
        home.unfinished.unlink()


def forget_server(server: EmbeddedServer) -> None:
    """Stop a server that nobody needs any more, whoever started it, and remove its data."""
    home = server.home
    if (home.data / "postmaster.pid").exists():
        with suppress(ProgramFailed):
            server.binaries.run("pg_ctl", "stop", "-D", str(home.data), "-m", "immediate")
    server.started = False
    if home.socket != home.run:
        shutil.rmtree(home.socket, ignore_errors=True)
    for folder in (home.data, home.folder / "pg.new", home.run):
        shutil.rmtree(folder, ignore_errors=True)
    (home.folder / "database.json").unlink(missing_ok=True)


def end_what_was_open(address: str) -> None:
    """End sessions and links, and hold back messages that are an hour old; see ``AFTERWARDS``."""
    with psycopg.connect(address) as connection:
        for table, statement in AFTERWARDS.items():
            row = connection.execute("SELECT to_regclass(%s)", [table]).fetchone()
            if row is not None and row[0] is not None:
                connection.execute(statement.encode())
