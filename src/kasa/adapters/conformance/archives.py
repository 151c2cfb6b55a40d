"""What an archive that is handed out must do: whole under its name, or not there."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from hashlib import sha256

import pytest

from kasa.application.ports.archives import (
    MANIFEST,
    ArchiveExists,
    ArchiveReader,
    ArchiveUnreadable,
    ArchiveWriter,
)

LARGE = bytes(range(256)) * 5000


class ArchivesConformance:
    """One place for an archive: it is written there once, and read back."""

    def make_ports(self) -> AbstractContextManager[ArchiveWriter]:
        """Open what writes an archive at the place of this test."""
        raise NotImplementedError

    def reader(self) -> AbstractContextManager[ArchiveReader]:
        """Open what reads the archive at that place."""
        raise NotImplementedError

    def test_entries_come_back(self) -> None:
        """Each as it was written, with its size and digest, and the manifest among them."""
        with self.make_ports() as writer:
            small = writer.add("tables/a.jsonl", [b"{", b"}\n"])
            large = writer.add("files/b.pdf", iter([LARGE[:7], LARGE[7:]]))
            empty = writer.add("tables/none.jsonl", [])
            writer.finish(b"{}")
        assert (3, sha256(b"{}\n").hexdigest()) == (small.size_bytes, small.sha256)
        assert (len(LARGE), sha256(LARGE).hexdigest()) == (large.size_bytes, large.sha256)
        assert 0 == empty.size_bytes
        with self.reader() as reader:
            assert (
                "files/b.pdf",
                MANIFEST,
                "tables/a.jsonl",
                "tables/none.jsonl",
            ) == reader.names()
            assert LARGE == b"".join(reader.read("files/b.pdf"))
            assert b"{}\n" == b"".join(reader.read("tables/a.jsonl"))
            with pytest.raises(ArchiveUnreadable):
                list(reader.read("tables/missing.jsonl"))

    def test_an_unfinished_one_is_not_there(self) -> None:
        """Neither when its entries break off, nor when nobody finishes it."""

        def chunks() -> Iterator[bytes]:
            yield b"half"
            raise ConnectionError

        with self.make_ports() as writer, pytest.raises(ConnectionError):
            writer.add("tables/a.jsonl", chunks())
        with pytest.raises(ArchiveUnreadable), self.reader() as reader:
            list(reader.read(MANIFEST))

    def test_it_is_never_written_over(self) -> None:
        """A second one is refused, whenever the first one came, and the first one stays."""
        with self.make_ports() as late:
            late.add("tables/a.jsonl", [b"late"])
            with self.make_ports() as writer:
                writer.add("tables/a.jsonl", [b"first"])
                writer.finish(b"{}")
            with pytest.raises(ArchiveExists):
                late.finish(b"{}")
        with pytest.raises(ArchiveExists), self.make_ports() as again:
            again.finish(b"{}")
        with self.reader() as reader:
            assert b"first" == b"".join(reader.read("tables/a.jsonl"))
