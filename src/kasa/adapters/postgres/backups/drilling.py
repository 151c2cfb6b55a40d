"""The drill: a backup is restored beside the live server, and has to be what was backed up."""

import shutil
import time
from collections.abc import Callable
from datetime import datetime
from math import ceil
from pathlib import Path

import attrs
import psycopg

from kasa.adapters.postgres.backups.bases import Link, verified_chain
from kasa.adapters.postgres.backups.comparing import DIFFERENCES_MAX
from kasa.adapters.postgres.backups.loading import compared, load
from kasa.adapters.postgres.backups.manifest import verified
from kasa.adapters.postgres.backups.programs import Programs
from kasa.adapters.postgres.backups.refusals import BackupDiffers, BackupFailed, BackupFileMissing
from kasa.adapters.postgres.backups.restoring import HURRIED, forget_server, started_from
from kasa.adapters.postgres.backups.shelf import Drilled, Shelf, Shelved, record
from kasa.adapters.postgres.backups.whole import room_on_disk
from kasa.adapters.postgres.books import all_differences
from kasa.adapters.postgres.embedded import Addresses, EmbeddedServer
from kasa.adapters.postgres.upgrade import upgrade
from kasa.application.ports.sealing import BackupChecksum, BackupForeign, BackupTruncated

FOLDER = "drill"
DISPROVEN = (
    BackupTruncated,
    BackupChecksum,
    BackupForeign,
    BackupFileMissing,
    BackupDiffers,
    BackupFailed,
)
"""What speaks against the backup, not against the machine of the drill."""


@attrs.frozen(kw_only=True)
class Driller:
    """Proves backups in the folder ``drill`` of a home.

    ``smoke`` runs use cases over a restored server and returns what is wrong, in sentences. A
    stored total that is not the sum of its rows was so when the backup was taken: it is a warning,
    and the backup is proven all the same.
    """

    home: Path
    shelf: Shelf
    programs: Programs
    now: Callable[[], datetime]
    smoke: Callable[[Addresses], tuple[str, ...]]

    def drill(self, backup: Shelved | Link) -> Drilled:
        """Restore a backup, compare it, write down the result, and return it.

        A base backup ends at the last record of its log, for which nobody has figures: what is
        proven of it are its files, its pages, its start, its catalogue and the use cases.

        The caller has the shelf's turn. A backup that is refused or differs is written down as
        such; where the machine itself fails, the error is raised.
        """
        began, at = time.monotonic(), self.now()
        warnings: tuple[str, ...] = ()
        try:
            found, warnings = self._tried(backup)
            code = BackupDiffers.code if found else None
        except DISPROVEN as error:
            found, code = (error.message,), error.code
        made = Drilled(
            at=at,
            seconds=ceil(time.monotonic() - began),
            age_seconds=int((at - backup.at).total_seconds()),
            differences=found,
            warnings=warnings,
            code=code,
        )
        record(backup.folder, made)
        return made

    def _tried(self, backup: Shelved | Link) -> tuple[tuple[str, ...], tuple[str, ...]]:
        if isinstance(backup, Link):
            verified_chain(backup, self.programs)
        else:
            manifest = verified(backup.folder)
        server = self._fresh()
        try:
            with room_on_disk():
                if isinstance(backup, Link):
                    started_from(backup, server, self.programs)
                    return self._asked(server)
                server.start()
                load(server, backup.folder, self.programs)
                found = compared(server, backup.folder, manifest)
                return (found, ()) if found else self._asked(server)
        finally:
            self._forget(server)

    def _asked(self, server: EmbeddedServer) -> tuple[tuple[str, ...], tuple[str, ...]]:
        found = server.addresses()
        upgrade(found.owner)
        drift = _drift(found.owner)
        return self.smoke(found), drift

    def _fresh(self) -> EmbeddedServer:
        """Return a server in an empty folder; one that a killed drill left is ended."""
        server = EmbeddedServer(
            self.home / FOLDER, binaries=self.programs.binaries, settings=HURRIED
        )
        if server.home.folder.exists():
            self._forget(server)
        return server

    @staticmethod
    def _forget(server: EmbeddedServer) -> None:
        forget_server(server)
        shutil.rmtree(server.home.folder, ignore_errors=True)


def _drift(owner: str) -> tuple[str, ...]:
    """Return every stored total that is not the sum of its rows, in sentences."""
    with psycopg.connect(owner) as connection:
        found = all_differences(connection)
    return tuple(
        f"{one.total.value} {one.thing} of {one.tenant} is {one.stored}, its rows {one.counted}"
        for one in found[:DIFFERENCES_MAX]
    )
