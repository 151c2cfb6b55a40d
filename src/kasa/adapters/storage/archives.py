"""Archives on disk: a folder, or one ZIP file that any program opens.

Both are written under a name that ends in ``.partial`` and get their own at the very end, so that
one which was killed half way is never taken for whole.
"""

import os
import re
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from uuid import uuid4

from kasa.application.ports.archives import (
    MANIFEST,
    ArchiveExists,
    ArchiveReader,
    ArchiveUnreadable,
    ArchiveUnwritable,
    ArchiveWriter,
    Written,
)

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
CHUNK_BYTES = 256 * 1024
ZIP_ENDING = ".zip"
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*\Z")
_DAMAGED = (OSError, zipfile.BadZipFile, RuntimeError, ValueError, EOFError, NotImplementedError)


class _Place(Protocol):
    def opened(self, name: str) -> Any:
        """Return a context manager with what the bytes of an entry are written to."""

    def publish(self, target: Path) -> None:
        """Let what was written appear under its name."""

    def discard(self) -> None:
        """Remove what was written."""


class _Folder:
    def __init__(self, partial: Path) -> None:
        partial.mkdir(mode=PRIVATE_FOLDER)
        self._partial = partial

    def opened(self, name: str) -> BinaryIO:
        file = self._partial / name
        file.parent.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE), "wb")

    def publish(self, target: Path) -> None:
        for file in self._partial.rglob("*"):
            _settle(file)
        _settle(self._partial)
        self._partial.rename(target)

    def discard(self) -> None:
        shutil.rmtree(self._partial, ignore_errors=True)


class _Zip:
    def __init__(self, partial: Path) -> None:
        self._partial = partial
        descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
        self._file = os.fdopen(descriptor, "w+b")
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED)

    def opened(self, name: str) -> Any:
        return self._zip.open(name, "w", force_zip64=True)

    def publish(self, target: Path) -> None:
        self._zip.close()
        self._file.close()
        _settle(self._partial)
        os.link(self._partial, target)
        self._partial.unlink()

    def discard(self) -> None:
        with suppress(*_DAMAGED):
            self._zip.close()
        self._file.close()
        self._partial.unlink(missing_ok=True)


class DiskArchiveWriter:
    """Writes an archive beside its place."""

    def __init__(self, place: _Place, target: Path) -> None:
        self._place = place
        self._target = target

    def add(self, name: str, chunks: Iterable[bytes]) -> Written:
        """Write an entry from its chunks and return what it holds."""
        if not _NAME.match(name):
            raise ValueError(f"{name} is no name of an entry")
        digest, size = sha256(), 0
        with ExitStack() as entry:
            with _told(self._target):
                file = entry.enter_context(self._place.opened(name))
            for chunk in chunks:
                with _told(self._target):
                    file.write(chunk)
                digest.update(chunk)
                size += len(chunk)
            with _told(self._target):
                entry.close()
        return Written(size, digest.hexdigest())

    def finish(self, manifest: bytes) -> None:
        """Write the manifest and let the archive appear under its name, whole."""
        self.add(MANIFEST, [manifest])
        refuse_existing(self._target)
        with _told(self._target):
            self._place.publish(self._target)
            _settle(self._target.parent)


@contextmanager
def archive_writer(target: Path) -> Iterator[ArchiveWriter]:
    """Yield what writes an archive: a ZIP file when the name ends in ``.zip``, else a folder.

    What was not finished is removed. Raises ``archive.exists`` and ``archive.unwritable``.
    """
    refuse_existing(target)
    partial = target.with_name(f"{target.name}.{uuid4().hex[:8]}.partial")
    with _told(target):
        place = _Zip(partial) if target.suffix.lower() == ZIP_ENDING else _Folder(partial)
    try:
        yield DiskArchiveWriter(place, target)
    finally:
        place.discard()


@contextmanager
def archive_reader(target: Path) -> Iterator[ArchiveReader]:
    """Yield what reads an archive on disk, or raise ``archive.unreadable``."""
    if target.is_dir():
        yield FolderArchiveReader(target)
        return
    with _readable(target.name):
        opened = zipfile.ZipFile(target)
    with opened:
        yield ZipArchiveReader(opened)


class FolderArchiveReader:
    """Reads an archive that is a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> tuple[str, ...]:
        """Return the names of all entries, sorted."""
        found = (file for file in self._folder.rglob("*") if not file.is_dir())
        return tuple(sorted(str(file.relative_to(self._folder)) for file in found))

    def read(self, name: str) -> Iterator[bytes]:
        """Yield an entry in chunks; raise ``archive.unreadable`` when it is not there."""
        if not _NAME.match(name):
            raise ArchiveUnreadable(f"{name[:80]} is no name of an entry.")
        with _readable(name), (self._folder / name).open("rb") as file:
            yield from iter(lambda: file.read(CHUNK_BYTES), b"")


class ZipArchiveReader:
    """Reads an archive that is a ZIP file."""

    def __init__(self, opened: zipfile.ZipFile) -> None:
        self._opened = opened

    def names(self) -> tuple[str, ...]:
        """Return the names of all entries, sorted; one that is there twice is named twice."""
        return tuple(sorted(self._opened.namelist()))

    def read(self, name: str) -> Iterator[bytes]:
        """Yield an entry in chunks; raise ``archive.unreadable`` when it is not whole."""
        try:
            found = self._opened.getinfo(name)
        except KeyError as error:
            raise ArchiveUnreadable(f"{name[:80]} is missing.") from error
        with _readable(name), self._opened.open(found) as file:
            yield from iter(lambda: file.read(CHUNK_BYTES), b"")


def refuse_existing(target: Path) -> None:
    """Raise ``archive.exists`` when something stands at the path already."""
    if os.path.lexists(target):
        raise ArchiveExists(f"{target} exists already.")


@contextmanager
def _told(target: Path) -> Iterator[None]:
    try:
        yield
    except FileExistsError as error:
        raise ArchiveExists(f"{target} exists already.") from error
    except OSError as error:
        raise ArchiveUnwritable(f"{target} cannot be written: {error.strerror}.") from error


@contextmanager
def _readable(name: str) -> Iterator[None]:
    try:
        yield
    except _DAMAGED as error:
        raise ArchiveUnreadable(f"{name[:80]} cannot be read.") from error


def _settle(path: Path) -> None:
    """Have what was written survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
