"""Reading an archive of a shop back: that it is whole, unchanged, and of that shop alone."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from hashlib import sha256
from types import MappingProxyType
from typing import Any

import attrs

from kasa.application.ports.archives import MANIFEST, ArchiveReader, ArchiveUnreadable
from kasa.application.tenancy.archived import (
    INDEX,
    MANIFEST_LIMIT_BYTES,
    TABLES,
    ArchiveChecked,
    ArchiveDamaged,
    ArchiveForeign,
    ArchiveManifest,
    Entry,
    Kept,
)

LINE_LIMIT_BYTES = 32 * 2**20
KEPT_BY_LAW: Mapping[str, str] = MappingProxyType(
    {
        "invoices": "issue_date",
        "invoice_entries": "at",
        "credit_notes": "issue_date",
        "customer_credit_entries": "at",
        "payments": "submitted_at",
        "payment_references": "first_seen",
        "stock_movements": "at",
        "events": "at",
    }
)
"""Tables of records that the law wants kept, and the column of their day; drafts have none."""


@attrs.define
class _Days:
    """Which days the records of a table have."""

    column: str | None
    rows: int = 0
    first: date = date.max
    last: date = date.min

    def note(self, row: Mapping[str, Any]) -> None:
        told = row.get(self.column) if self.column else None
        if told:
            day = date.fromisoformat(str(told)[:10])
            self.rows += 1
            self.first, self.last = min(self.first, day), max(self.last, day)


def check_archive(reader: ArchiveReader) -> ArchiveChecked:
    """Return what an archive holds when it is whole.

    Raises ``archive.unreadable`` when it is none or was never finished, ``archive.damaged`` when
    anything is missing, added or changed, and ``archive.foreign`` when it holds a row of another
    shop.
    """
    data = _manifest(reader)
    manifest = ArchiveManifest.of(data)
    listed = {one.name for one in manifest.tables} | {MANIFEST, INDEX}
    days = {one.name: _Days(KEPT_BY_LAW.get(_table(one))) for one in manifest.tables}
    keys: set[str] = set()
    for entry in manifest.tables:
        for row in _rows(reader, entry):
            if row.get("tenant_id") != str(manifest.tenant):
                raise ArchiveForeign(f"{entry.name} holds a row of another shop.")
            days[entry.name].note(row)
            if _table(entry) == "files" and "key" in row and "sha256" in row:
                keys.add(row["key"])
    for row in _rows(reader, manifest.files):
        listed.add(_whole_file(reader, row))
        keys.discard(row["key"])
    if sorted(listed) != sorted(reader.names()):
        raise ArchiveDamaged("The archive holds other entries than its manifest names.")
    if keys != set(manifest.missing):
        raise ArchiveDamaged("Files of the shop are missing.")
    return ArchiveChecked(
        manifest=manifest, sha256=sha256(data).hexdigest(), kept=_kept(manifest, days)
    )


def _manifest(reader: ArchiveReader) -> bytes:
    if MANIFEST not in reader.names():
        raise ArchiveUnreadable("There is no manifest: this is no archive, or an unfinished one.")
    data = b""
    for chunk in reader.read(MANIFEST):
        data += chunk
        if len(data) > MANIFEST_LIMIT_BYTES:
            raise ArchiveUnreadable("The manifest is too large.")
    return data


def _table(entry: Entry) -> str:
    return entry.name.removeprefix(TABLES).removesuffix(".jsonl")


def _rows(reader: ArchiveReader, entry: Entry) -> Iterator[dict[str, Any]]:
    made, size, count = sha256(), 0, 0

    def seen() -> Iterator[bytes]:
        nonlocal size
        for chunk in reader.read(entry.name):
            made.update(chunk)
            size += len(chunk)
            yield chunk

    for line in _lines(seen()):
        count += 1
        yield _object(entry, line)
    if (size, count, made.hexdigest()) != (entry.size_bytes, entry.rows, entry.sha256):
        raise ArchiveDamaged(f"{entry.name} is not what was written.")


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
        if len(rest) > LINE_LIMIT_BYTES:
            raise ArchiveDamaged("A line is longer than any row.")
    if rest:
        yield rest


def _object(entry: Entry, line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise ArchiveDamaged(f"{entry.name} holds a line that is no JSON.") from error
    if not isinstance(row, dict):
        raise ArchiveDamaged(f"{entry.name} holds a line that is no row.")
    return row


def _whole_file(reader: ArchiveReader, row: Mapping[str, Any]) -> str:
    made, size = sha256(), 0
    for chunk in reader.read(str(row.get("name"))):
        made.update(chunk)
        size += len(chunk)
    if (size, made.hexdigest()) != (row.get("size_bytes"), row.get("sha256")):
        raise ArchiveDamaged(f"{row.get('name')} is not what was written.")
    return str(row["name"])


def _kept(manifest: ArchiveManifest, days: Mapping[str, _Days]) -> tuple[Kept, ...]:
    return tuple(
        Kept(
            table=_table(entry),
            rows=found.rows,
            first=found.first,
            last=found.last,
            until=date(found.last.year + manifest.keep_years, 12, 31),
        )
        for entry in manifest.tables
        if (found := days[entry.name]).rows
    )
