"""Restores a backup into an empty home; until it has ended the home is marked and serves nobody."""

import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

import attrs
import psycopg

from kasa.adapters.postgres.backups.bases import (
    Link,
    combined,
    is_base,
    verified_chain,
)
from kasa.adapters.postgres.backups.filing import put_back
from kasa.adapters.postgres.backups.loading import compared, load
from kasa.adapters.postgres.backups.manifest import Manifest, stored_files, verified
from kasa.adapters.postgres.backups.programs import Programs
from kasa.adapters.postgres.backups.refusals import (
    BackupDiffers,
    BackupFailed,
    BackupTargetNotEmpty,
)
from kasa.adapters.postgres.backups.whole import replaced, room_on_disk, settle
from kasa.adapters.postgres.binaries import ProgramFailed
from kasa.adapters.postgres.embedded import EmbeddedServer
from kasa.adapters.postgres.passwords import reset_passwords
from kasa.adapters.postgres.roles import SUPERUSER
from kasa.adapters.postgres.upgrade import upgrade
from kasa.application.ports.sealing import BackupChecksum
from kasa.application.ports.storage import FileStorage

AFTERWARDS: dict[str, str] = {
    "platform.sessions": "UPDATE platform.sessions SET ended_at = now() WHERE ended_at IS NULL",
    "platform.links": "UPDATE platform.links SET used_at = now() WHERE used_at IS NULL",
    "platform.mails": "UPDATE platform.mails SET state = 'failed', sealed = NULL"
    " WHERE state = 'queued'",
    "kasa.outbound_messages": "UPDATE kasa.outbound_messages SET state = 'unknown'"
    " WHERE state = 'queued' AND not_before < now() - interval '1 hour'",
}
"""What must not come back to life, by its table: data.md, section 16."""


HURRIED = MappingProxyType({"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"})
"""For a server whose data counts only when all of it is there."""


@attrs.frozen(kw_only=True)
class Restored:
    """What is restored: its moment, its stored files and their bytes, its schema.

    ``manifest`` is that of a dump; a base backup has none, and tells no schema.
    """

    at: datetime
    files: int
    size: int
    schema: str | None = None
    manifest: Manifest | None = None


@attrs.frozen(kw_only=True)
class Restorer:
    """Restores into one home and one file storage.

    ``own_storage`` tells that the storage is one that was named, and may hold other files.
    """

    home: Path
    storage: FileStorage
    programs: Programs
    own_storage: bool = False

    def check(self, folder: Path) -> Restored:
        """Read all of a backup and look at the home; raise why it cannot be restored."""
        self._check_empty()
        if is_base(folder):
            return self._checked_base(folder)
        made = verified(folder)
        return Restored(
            at=made.at, files=made.files, size=made.size, schema=made.schema, manifest=made
        )

    def _checked_base(self, folder: Path) -> Restored:
        link = Link(name=folder.name, folder=folder)
        verified_chain(link, self.programs)
        sizes = [one.size for one in stored_files(folder)]
        size = sum(
            path.stat().st_size
            for one in link.chain
            for path in one.folder.rglob("*")
            if path.is_file()
        )
        return Restored(at=link.at, files=len(sizes), size=size)

    def restore(self, folder: Path) -> Restored:
        """Restore a dump or a base backup; the caller has the turn of the home's shelf.

        When it fails, the home is as empty as before; when files were put back already, or it is
        killed, the home stays marked and a second restore begins anew. Raises ``backup.*``.
        """
        made = self.check(folder)
        server = self._server()
        if server.home.unfinished.exists():
            forget_server(server)
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        replaced(server.home.unfinished, folder.name.encode())
        try:
            with room_on_disk():
                if made.manifest is None:
                    started_from(Link(name=folder.name, folder=folder), server, self.programs)
                else:
                    server.start()
                    self._fill(server, folder, made.manifest)
                put_back(self.storage, folder)
                upgrade(server.addresses().owner)
                end_what_was_open(server.address(SUPERUSER))
            server.stop()
            server.binaries.run("initdb", "--sync-only", "-D", str(server.home.data))
        except BaseException:
            self._give_up(server)
            raise
        server.home.unfinished.unlink()
        settle(self.home)
        return made

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

    def _give_up(self, server: EmbeddedServer) -> None:
        """Remove the database; where files were put back already the home stays marked."""
        forget_server(server)
        if self.own_storage or next(iter(self.storage.keys()), None) is None:
            server.home.unfinished.unlink()


def started_from(link: Link, server: EmbeddedServer, programs: Programs) -> None:
    """Start a server from a verified base backup, with new passwords and sound pages.

    Its pages are checked while it stands still: its own log has been played into them then.
    """
    data = server.home.data
    server.home.make()
    combined(link, data, programs)
    reset_passwords(server)
    try:
        programs.run("pg_checksums", "--check", f"--pgdata={data}")
    except BackupFailed as error:
        raise BackupChecksum(f"A page of the database is damaged: {error.message}") from error
    server.start()


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
