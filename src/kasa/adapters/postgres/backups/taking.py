"""Takes a backup: the database first, then the stored files, the manifest last."""

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import attrs

from kasa import __version__
from kasa.adapters.postgres.backups.dumping import dump
from kasa.adapters.postgres.backups.filing import copied_files
from kasa.adapters.postgres.backups.manifest import LISTED, Manifest
from kasa.adapters.postgres.backups.programs import Programs
from kasa.adapters.postgres.backups.retention import superfluous
from kasa.adapters.postgres.backups.shelf import Shelf, Shelved
from kasa.adapters.postgres.backups.whole import room_on_disk, settle
from kasa.application.ports.storage import FileStorage
from kasa.domain.kernel.moments import utc


@attrs.frozen(kw_only=True)
class BackupTaker:
    """Takes backups of one installation and keeps what the rule keeps.

    ``address`` is a direct one, as ``kasa_backup``.
    """

    address: str
    storage: FileStorage
    shelf: Shelf
    programs: Programs
    now: Callable[[], datetime]

    def take(self) -> Shelved:
        """Take a backup and return it; the caller has the shelf's turn.

        Until its folder is renamed it is none: a process that is killed leaves nothing whole.
        """
        at = utc(self.now()).replace(microsecond=0)
        name, began = self.shelf.name_at(at), time.monotonic()
        with room_on_disk(), self.shelf.unfinished(name) as fresh:
            dumped = dump(self.address, fresh, self.programs)
            filed = copied_files(self.storage, fresh, self._earlier(), self.programs.stopping)
            parts = {**dumped.parts, LISTED: filed.listed}
            made = Manifest(
                at=at,
                seconds=round(time.monotonic() - began),
                made_by=__version__,
                server=dumped.server,
                schema=dumped.schema,
                parts=parts,
                files=filed.count,
                size=filed.size + sum(part.size for part in parts.values()),
            )
            made.write(fresh)
            settle(fresh)
            fresh.rename(self.shelf.folder / name)
        settle(self.shelf.folder)
        return self.shelf.find(name)

    def prune(self, taken: Shelved) -> tuple[str, ...]:
        """Remove what the rule does not keep, and return the names; damaged ones stay.

        So does the one that was just taken.
        """
        found = [one for one in self.shelf.all() if one.code is None]
        names = sorted(superfluous((one.kept for one in found), taken=taken.name))
        for name in names:
            self.shelf.remove(name)
        return tuple(names)

    def _earlier(self) -> Path | None:
        return next((one.folder for one in self.shelf.all() if one.code is None), None)
