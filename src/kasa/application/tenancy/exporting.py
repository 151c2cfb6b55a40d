"""Everything of a shop as one archive: every row as it lies there, and every file."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from types import MappingProxyType
from typing import ClassVar

import attrs

from kasa.application.ports.archives import ArchiveWriter, Written
from kasa.application.ports.storage import FileStorage, StorageKey
from kasa.application.ports.system import Clock
from kasa.application.ports.work import ReadOnly, UnitOfWorkFactory
from kasa.application.tenancy.archived import FILES, INDEX, TABLES, ArchiveManifest, Entry
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.kernel.errors import NotFound
from kasa.domain.tenancy.events import TenantExported
from kasa.domain.tenancy.tenant import Tenant

LEFT_OUT = frozenset({"idempotency_keys"})
"""Answers that are kept for two days so that a repeat gets them; they may hold what is secret."""

FILE_TABLE = "files"
LINES_OF_A_CHUNK = 200
ENDINGS: Mapping[str, str] = MappingProxyType(
    {
        "application/pdf": ".pdf",
        "image/png": ".png",
        "image/jpeg": ".jpg",
        "image/webp": ".webp",
        "text/csv": ".csv",
    }
)


@attrs.frozen
class _Listed:
    """What the shop's list says of a file."""

    ending: str
    sha256: str


@attrs.define
class _Found:
    """What came of the files: the lines of their index, and what was wrong."""

    lines: list[str] = attrs.Factory(list)
    keys: set[str] = attrs.Factory(set)
    damaged: list[str] = attrs.Factory(list)


@attrs.frozen(kw_only=True, eq=False)
class NoteExport:
    """Tell in the log that everything of the shop is about to be handed out."""

    permission: ClassVar[Permission] = Permission.CLOSE_TENANT

    unit_of_work: UnitOfWorkFactory

    def __call__(self, actor: Actor, manifest: ArchiveManifest) -> Tenant:
        """Record the export under the digest of its manifest, and return the shop."""
        actor.require(self.permission)
        digest = sha256(manifest.text()).hexdigest()
        with self.unit_of_work(actor) as work:
            told = TenantExported(
                subject=actor.tenant,
                rows=manifest.rows,
                files=manifest.files.rows,
                sha256=digest,
            )
            work.events.record(told, at=manifest.made_at)
            return work.answer(work.tenants.lock())


@attrs.frozen(kw_only=True, eq=False)
class ExportTenant:
    """Write everything of a shop into an archive; the manifest comes last.

    The rows are those of one moment. Memory grows with the number of files alone, by some hundred
    bytes each. Nothing of other shops is in it, and no secret.
    """

    permission: ClassVar[Permission] = Permission.CLOSE_TENANT

    unit_of_work: UnitOfWorkFactory
    storage: FileStorage
    clock: Clock
    note: NoteExport

    def __call__(self, actor: Actor, archive: ArchiveWriter) -> ArchiveManifest:
        """Fill the archive, finish it and return its manifest; the log tells that it was made."""
        actor.require(self.permission)
        listed: dict[str, _Listed] = {}
        with self.unit_of_work.read_only(actor, snapshot=True) as view:
            shop, schema = view.tenants.show(), view.tables.schema()
            names = view.tables.names()
            tables = tuple(
                _table(view, archive, name, listed) for name in names if name not in LEFT_OUT
            )
        found = self._files(actor, archive, listed)
        manifest = ArchiveManifest(
            tenant=shop.id,
            shop=shop.profile.name,
            schema=schema,
            made_at=self.clock.now(),
            keep_years=shop.profile.keep_years,
            tables=tables,
            files=_entry(archive, INDEX, found.lines),
            left_out=tuple(name for name in names if name in LEFT_OUT),
            missing=tuple(sorted(listed.keys() - found.keys)),
            damaged=tuple(sorted(found.damaged)),
        )
        self.note(actor, manifest)
        archive.finish(manifest.text())
        return manifest

    def _files(self, actor: Actor, archive: ArchiveWriter, listed: Mapping[str, _Listed]) -> _Found:
        found = _Found()
        for key in sorted(self.storage.keys_of(actor.tenant)):
            # A file that is removed meanwhile is in the list of that moment, and told as missing.
            with suppress(NotFound):
                self._file(archive, key, listed.get(key, _Listed("", "")), found)
        return found

    def _file(self, archive: ArchiveWriter, key: StorageKey, known: _Listed, found: _Found) -> None:
        name = f"{FILES}{key.rpartition('/')[2]}{known.ending}"
        written = archive.add(name, self.storage.get(key))
        found.keys.add(key)
        if known.sha256 not in {"", written.sha256}:
            found.damaged.append(key)
        facts = {"name": name, "key": key, **attrs.asdict(written)}
        found.lines.append(json.dumps(facts))


def _table(view: ReadOnly, archive: ArchiveWriter, name: str, listed: dict[str, _Listed]) -> Entry:
    lines = view.tables.lines(name)
    if name == FILE_TABLE:
        lines = _noting(lines, listed)
    return _entry(archive, f"{TABLES}{name}.jsonl", lines)


def _noting(lines: Iterator[str], listed: dict[str, _Listed]) -> Iterator[str]:
    for line in lines:
        row = json.loads(line)
        if "media_type" in row:
            listed[row["key"]] = _Listed(ENDINGS.get(row["media_type"], ""), row["sha256"])
        yield line


def _entry(archive: ArchiveWriter, name: str, lines: Iterable[str]) -> Entry:
    count = 0

    def counted() -> None:
        nonlocal count
        count += 1

    written: Written = archive.add(name, _chunks(lines, counted))
    return Entry(name=name, rows=count, size_bytes=written.size_bytes, sha256=written.sha256)


def _chunks(lines: Iterable[str], counted: Callable[[], None]) -> Iterator[bytes]:
    waiting: list[str] = []
    for line in lines:
        counted()
        waiting.append(f"{line}\n")
        if len(waiting) == LINES_OF_A_CHUNK:
            yield "".join(waiting).encode()
            waiting.clear()
    yield "".join(waiting).encode()
