"""File storage on disk."""

import stat
from pathlib import Path

import pytest

from kasa.adapters.conformance.storage import SHOP, FileStorageConformance, key
from kasa.adapters.storage.storage import ObstoreStorage, StorageUrlUnknown
from kasa.application.ports.storage import FileStorage, StorageUnavailable

pytestmark = pytest.mark.integration


class TestDiskStorage(FileStorageConformance):
    """The storage in a folder."""

    @pytest.fixture(autouse=True)
    def in_folder(self, tmp_path: Path) -> None:
        """Take a fresh folder."""
        self.folder = tmp_path / "files"

    def make_ports(self) -> FileStorage:
        """Return an empty storage."""
        return ObstoreStorage.on_disk(self.folder)


class TestObstoreMemory(FileStorageConformance):
    """The storage in the memory of obstore."""

    def make_ports(self) -> FileStorage:
        """Return an empty storage."""
        return ObstoreStorage.at("memory://")


def test_folders_are_private(tmp_path: Path) -> None:
    """Nobody but the owner can enter the folder of the files, or that of a tenant."""
    folder = tmp_path / "deep" / "files"
    ObstoreStorage.on_disk(folder).put(key(1), [b"private"])
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (folder, folder / str(SHOP))]
    assert modes == [0o700, 0o700]
    assert (folder / key(1)).read_bytes() == b"private"


def test_nothing_else_lies_in_the_folder(tmp_path: Path) -> None:
    """Broken, refused and removed files leave no traces on the disk."""
    storage = ObstoreStorage.on_disk(tmp_path)
    storage.put(key(1), [b"one"])
    storage.put(key(2), [b"two"])
    storage.remove(key(2))
    storage.ping()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / key(1)]


def test_urls(tmp_path: Path) -> None:
    """A URL and a plain path name the same folder; unknown schemes are refused."""
    ObstoreStorage.at(f"file://{tmp_path}/a%20b").put(key(1), [b"one"])
    assert b"".join(ObstoreStorage.at(str(tmp_path / "a b")).get(key(1))) == b"one"
    for url in ("ftp://example.org/x", "file://host/x", "", "file://"):
        with pytest.raises(StorageUrlUnknown):
            ObstoreStorage.at(url)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """A file in the place of the folder makes the storage unavailable, with its code."""
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageUnavailable):
        ObstoreStorage.on_disk(tmp_path / "file" / "files")
