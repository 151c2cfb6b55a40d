"""Verifies the files of a base backup by its own ``backup_manifest``.

PostgreSQL's own program for this does not run everywhere, and it would not look at the manifest's
digest in kasa's words (data.md, section 16).
"""

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from kasa.adapters.postgres.backups.programs import Programs
from kasa.adapters.postgres.backups.refusals import BackupFailed
from kasa.adapters.postgres.backups.whole import Sum, summed
from kasa.application.ports.sealing import BackupChecksum, BackupForeign, BackupTruncated

MANIFEST = "backup_manifest"
WAL = "pg_wal"


def verified_base(data: Path, programs: Programs) -> None:
    """Read every file of a base backup, and its log over the range that it needs.

    The log has a checksum for each of its records; a manifest knows at most a part of it.

    Raises ``backup.truncated`` for what is missing or short, ``backup.checksum`` for what was
    changed, ``backup.foreign`` for a file that the manifest does not know.
    """
    manifest = _manifest(data)
    listed = {_path(one): one for one in manifest["Files"]}
    for name, one in listed.items():
        if not name.startswith(f"{WAL}/"):
            _check(data / name, name, one)
    for path in _found(data):
        if path not in listed:
            raise BackupForeign(f"{path} is no part of this base backup.", part=path)
    for wal in manifest["WAL-Ranges"]:
        _check_wal(data, wal, programs)


def _manifest(data: Path) -> dict[str, Any]:
    try:
        text = (data / MANIFEST).read_bytes()
    except FileNotFoundError as error:
        raise BackupTruncated(part=MANIFEST) from error
    body, _, last = text.rstrip(b"\n").rpartition(b"\n")
    try:
        manifest: dict[str, Any] = json.loads(text)
    except ValueError as error:
        raise BackupTruncated("The manifest of the base backup is cut.", part=MANIFEST) from error
    if not last.startswith(b'"Manifest-Checksum"'):
        raise BackupChecksum(part=MANIFEST)
    if manifest["Manifest-Checksum"] != sha256(body + b"\n").hexdigest():
        raise BackupChecksum(part=MANIFEST)
    return manifest


def _path(one: Mapping[str, Any]) -> str:
    if "Path" in one:
        return str(one["Path"])
    return bytes.fromhex(one["Encoded-Path"]).decode(errors="surrogateescape")


def _check(path: Path, name: str, one: Mapping[str, Any]) -> None:
    size = path.stat().st_size if path.is_file() else -1
    if size < one["Size"]:
        raise BackupTruncated(f"{name} is missing or too short.", part=name)
    if size > one["Size"] or one.get("Checksum-Algorithm") != "SHA256":
        raise BackupChecksum(f"{name} was changed.", part=name)
    if summed(path) != Sum(one["Size"], one["Checksum"]):
        raise BackupChecksum(f"{name} was changed.", part=name)


def _found(data: Path) -> Iterator[str]:
    """Yield the files of a data directory but its log, which the manifest does not list."""
    for path in data.rglob("*"):
        name = str(path.relative_to(data))
        if path.is_file() and name != MANIFEST and not name.startswith(f"{WAL}/"):
            yield name


def _check_wal(data: Path, wal: Mapping[str, Any], programs: Programs) -> None:
    try:
        programs.mine.run(
            "pg_waldump",
            *("--quiet", f"--path={data / WAL}", f"--timeline={wal['Timeline']}"),
            *(f"--start={wal['Start-LSN']}", f"--end={wal['End-LSN']}"),
        )
    except BackupFailed as error:
        raise BackupTruncated(
            f"The log of the base backup is not whole: {error.message}"
        ) from error
