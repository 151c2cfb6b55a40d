"""Archives on disk: folders and ZIP files."""

import stat
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from kasa.adapters.conformance.archives import ArchivesConformance
from kasa.adapters.storage.archives import archive_reader, archive_writer
from kasa.application.ports.archives import (
    ArchiveReader,
    ArchiveUnreadable,
    ArchiveUnwritable,
    ArchiveWriter,
)

pytestmark = [pytest.mark.integration, pytest.mark.G8]


class TestFolder(ArchivesConformance):
    """An archive that is a folder."""

    name = "shop"

    @pytest.fixture(autouse=True)
    def at_a_place(self, tmp_path: Path) -> None:
        """Take an empty place."""
        self.place = tmp_path / self.name

    def make_ports(self) -> AbstractContextManager[ArchiveWriter]:
        """Return what writes to the place."""
        return archive_writer(self.place)

    def reader(self) -> AbstractContextManager[ArchiveReader]:
        """Return what reads from the place."""
        return archive_reader(self.place)


class TestZip(TestFolder):
    """An archive that is a ZIP file."""

    name = "shop.zip"


@pytest.mark.parametrize("name", ["shop", "shop.zip"])
def test_archives_are_private_and_leave_nothing_beside(tmp_path: Path, name: str) -> None:
    """Only their owner reads them; neither a finished nor a given up one leaves a trace."""
    with archive_writer(tmp_path / name) as given_up:
        given_up.add("tables/a.jsonl", [b"{}\n"])
    assert [] == list(tmp_path.iterdir())
    with archive_writer(tmp_path / name) as writer:
        writer.add("tables/a.jsonl", [b"{}\n"])
        writer.finish(b"{}")
    assert [tmp_path / name] == list(tmp_path.iterdir())
    assert 0 == stat.S_IMODE((tmp_path / name).stat().st_mode) & 0o077


def test_places_that_cannot_hold_one(tmp_path: Path) -> None:
    """A folder that is not there is named; a file that is no archive is none."""
    with pytest.raises(ArchiveUnwritable), archive_writer(tmp_path / "no" / "shop.zip"):
        raise AssertionError("nothing was opened")
    other = tmp_path / "other.zip"
    other.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(ArchiveUnreadable), archive_reader(other):
        raise AssertionError("nothing was opened")
