"""What a backup says of itself, and whether it still holds.

The manifest lists every part with its size and SHA-256 and carries its own digest. The stored
files stand in a part of their own, one line each.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import attrs

from kasa.adapters.postgres.backups.refusals import BackupFileMissing, BackupVersion
from kasa.adapters.postgres.backups.whole import Sum, summed, written
from kasa.adapters.postgres.binaries import MAJOR
from kasa.adapters.postgres.upgrade import newest_revision
from kasa.application.ports.sealing import BackupChecksum, BackupForeign, BackupTruncated
from kasa.application.ports.storage import StorageKey

KIND = "kasa-backup"
FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "database.dump"
ROLES = "roles.sql"
FIGURES = "figures.jsonl"
LISTED = "files.jsonl"
PARTS = (DUMP, ROLES, FIGURES, LISTED)
FILES = "files"
MANIFEST_BYTES_MAX = 1024 * 1024


@attrs.frozen(kw_only=True)
class StoredFile:
    """A stored file in a backup."""

    key: StorageKey
    size: int
    sha256: str


@attrs.frozen(kw_only=True)
class Manifest:
    """One backup: when and by what it was made, and its parts by name.

    ``server`` is the version of PostgreSQL, ``schema`` the revision of the database, ``size`` the
    bytes of all parts and stored files, ``files`` their number.
    """

    at: datetime
    seconds: int
    made_by: str
    server: str
    schema: str
    parts: Mapping[str, Sum]
    files: int
    size: int

    def write(self, folder: Path) -> None:
        """Write the manifest into the folder of its backup, as the last of its parts."""
        told = {
            **attrs.asdict(self),
            "kind": KIND,
            "format": FORMAT,
            "at": self.at.isoformat(),
        }
        document = {"manifest": told, "sha256": _digest(told)}
        written(folder / MANIFEST, [json.dumps(document, indent=1).encode()])

    @property
    def major(self) -> int:
        """The major version of the server."""
        return int(self.server.partition(".")[0])


def _digest(told: Mapping[str, Any]) -> str:
    return sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a backup, or raise ``backup.foreign``, ``truncated``, ``checksum``.

    Of a backup that this program cannot restore: ``backup.version``.
    """
    path = folder / MANIFEST
    try:
        with path.open("rb") as file:
            data = file.read(MANIFEST_BYTES_MAX)
    except (FileNotFoundError, NotADirectoryError) as error:
        if (folder / DUMP).exists() and (folder / ROLES).exists():
            raise BackupTruncated("The backup has no manifest: it was never finished.") from error
        raise BackupForeign from error
    try:
        document = json.loads(data)
    except ValueError as error:
        if KIND.encode() in data or data.startswith(b'{\n "manifest"'):
            raise BackupTruncated("The manifest of the backup is cut or unreadable.") from error
        raise BackupForeign from error
    return _manifest(document)


def _manifest(document: Any) -> Manifest:
    told = document.get("manifest") if isinstance(document, dict) else None
    if not isinstance(told, dict) or told.get("kind") != KIND:
        raise BackupForeign
    if document.get("sha256") != _digest(told):
        raise BackupChecksum("The manifest of the backup was changed.")
    if told["format"] != FORMAT:
        raise BackupVersion(f"The backup has format {told['format']}, this kasa reads {FORMAT}.")
    made = Manifest(
        at=datetime.fromisoformat(told["at"]),
        seconds=told["seconds"],
        made_by=told["made_by"],
        server=told["server"],
        schema=told["schema"],
        parts={name: Sum(part["size"], part["sha256"]) for name, part in told["parts"].items()},
        files=told["files"],
        size=told["size"],
    )
    if set(made.parts) != set(PARTS):
        raise BackupForeign
    if made.major > int(MAJOR):
        raise BackupVersion(
            f"The backup is of PostgreSQL {made.major}, this kasa brings {MAJOR}: use a newer kasa."
        )
    if made.schema > newest_revision():
        raise BackupVersion(
            f"The backup has the schema {made.schema}, this kasa ends at {newest_revision()}: "
            "use the kasa that made it, or a newer one."
        )
    return made


def stored_files(folder: Path) -> Iterator[StoredFile]:
    """Yield the stored files that a backup lists."""
    with (folder / LISTED).open(encoding="utf-8") as lines:
        for line in lines:
            yield StoredFile(**json.loads(line))


def verified(folder: Path) -> Manifest:
    """Read every byte of a backup and return its manifest, or raise why it is refused."""
    made = sized(folder)
    for name, part in made.parts.items():
        _check(folder / name, part)
    verified_files(folder, made.parts[LISTED])
    return made


def verified_files(folder: Path, listed: Sum) -> None:
    """Read the list of stored files and every file on it, or raise why they are refused."""
    sized_files(folder, listed)
    for one in stored_files(folder):
        _check(folder / FILES / one.key, Sum(one.size, one.sha256))


def sized(folder: Path) -> Manifest:
    """Look whether every part is there in its size, and return the manifest."""
    made = read_manifest(folder)
    for name, part in made.parts.items():
        _check_size(folder / name, part)
    sized_files(folder, made.parts[LISTED])
    return made


def sized_files(folder: Path, listed: Sum) -> None:
    """Look whether every stored file of the list is there in its size."""
    _check_size(folder / LISTED, listed)
    _check(folder / LISTED, listed)
    for one in stored_files(folder):
        path = folder / FILES / one.key
        if not path.is_file():
            raise BackupFileMissing(key=one.key)
        _check_size(path, Sum(one.size, one.sha256))


def _check_size(path: Path, wanted: Sum) -> None:
    size = path.stat().st_size if path.is_file() else -1
    if size < wanted.size:
        raise BackupTruncated(f"{path.name} is missing or too short.", part=path.name)
    if size > wanted.size:
        raise BackupChecksum(f"{path.name} is longer than it was.", part=path.name)


def _check(path: Path, wanted: Sum) -> None:
    if summed(path) != wanted:
        raise BackupChecksum(f"{path.name} was changed.", part=path.name)
